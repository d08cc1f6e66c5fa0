"""Storing assumption sets from their folders: each is published once and never changed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from mapping.models import AssumptionSet, CurrentAssumptionSet, Lever, LeverRule
from pilots.acting import acting
from pilots.models import AgencyType, Person, Programme, ServiceLine, SpendType

from .reading import CASES, FOLDER, Known, SetFile, read_set
from .stored import engine_assumptions, service_tree

VIA = "command load_assumptions"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: sets that were published, what folders say otherwise than stored sets, the current set."""

    published: tuple[AssumptionSet, ...]
    differences: tuple[str, ...]
    current: AssumptionSet | None


def load_assumption_sets(programme: Programme, folder: Path = FOLDER, via: str = VIA) -> Loaded:
    """Publishes the sets in a folder that the programme has not; a stored set is left as it is.

    The first set becomes the current one where the programme has none. All or nothing: raises
    AssumptionsRefused for the first set that breaks a rule.
    """
    folders = sorted((path for path in folder.iterdir() if path.name.isdecimal()), key=lambda path: int(path.name))
    with acting(None, via):
        known = _known(programme)
        stored = {kept.number: kept for kept in AssumptionSet.objects.filter(programme=programme)}
        published: list[AssumptionSet] = []
        differences: list[str] = []
        for path in folders:
            read = read_set(path, known)
            if read.number in stored:
                differences += _differences(stored[read.number], read)
            else:
                published.append(_publish(programme, read))
        sets = AssumptionSet.objects.filter(programme=programme, published_at__isnull=False)
        if not CurrentAssumptionSet.objects.filter(programme=programme).exists() and (first := sets.first()):
            make_current(first, via=via)
        current = CurrentAssumptionSet.objects.select_related("assumption_set").filter(programme=programme).first()
    return Loaded(tuple(published), tuple(differences), current.assumption_set if current else None)


def make_current(assumption_set: AssumptionSet, person: Person | None = None, via: str = VIA) -> None:
    """From now on the programme's maps are made with this set. Raises ValueError for one that is not published."""
    if assumption_set.published_at is None:
        raise ValueError(f"{assumption_set} is not published yet.")
    with acting(person, via):
        CurrentAssumptionSet.objects.update_or_create(
            programme_id=assumption_set.programme_id, defaults={"assumption_set": assumption_set}
        )


def _known(programme: Programme) -> Known:
    return Known(
        service_tree(programme),
        set(SpendType.objects.values_list("code", flat=True)),
        set(AgencyType.objects.values_list("code", flat=True)),
    )


def _publish(programme: Programme, read: SetFile) -> AssumptionSet:
    stored = AssumptionSet.objects.create(
        programme=programme,
        number=read.number,
        title=read.title,
        source=read.source,
        reasons=dict(read.reasons),
        **read.settings,
    )
    levers = Lever.objects.bulk_create(_levers(stored, read))
    LeverRule.objects.bulk_create(_rules(programme, levers, read))
    # Its levers and rules are stored first: once it is published the database refuses any more.
    stored.published_at = timezone.now()
    stored.save(update_fields=["published_at"])
    return stored


def _levers(stored: AssumptionSet, read: SetFile) -> Iterator[Lever]:
    for position, lever in enumerate(read.assumptions.levers):
        cases = {
            f"{name}_{case}": getattr(values, case)
            for name, values in (("beta", lever.beta), ("own", lever.own))
            for case in CASES
        }
        yield Lever(
            assumption_set=stored,
            code=lever.code,
            name=lever.name,
            position=position,
            pool=lever.pool,
            cap=lever.cap,
            ramp=list(lever.ramp),
            cost_multiple=lever.cost_multiple,
            cost_profile=list(lever.cost_profile),
            effort_fixed_months=lever.effort_fixed_months,
            effort_months_per_agency=lever.effort_months_per_agency,
            effort_profile=list(lever.effort_profile),
            quality=lever.quality,
            evidence=read.evidence[lever.code],
            **cases,
        )


def _rules(programme: Programme, levers: list[Lever], read: SetFile) -> Iterator[LeverRule]:
    lines = {line.code: line for line in ServiceLine.objects.filter(programme=programme)}
    spend_types = {row.code: row for row in SpendType.objects.all()}
    agency_types = {row.code: row for row in AgencyType.objects.all()}
    for stored, lever in zip(levers, read.assumptions.levers, strict=True):
        for rule, why in zip(lever.rules, read.why.get(lever.code, ()), strict=True):
            yield LeverRule(
                lever=stored,
                service_line=lines[rule.service_line] if rule.service_line else None,
                spend_type=spend_types[rule.spend_type] if rule.spend_type else None,
                agency_type=agency_types[rule.agency_type] if rule.agency_type else None,
                share=rule.share,
                why=why,
            )


def _differences(stored: AssumptionSet, read: SetFile) -> Iterator[str]:
    """Where a folder says something else than the set that was published from it."""
    for name, value in read.settings.items():
        kept = getattr(stored, name)
        if kept != value:
            yield f"{stored}, {name}: {kept} here, {value} in the file"
    before = {lever.code: lever for lever in engine_assumptions(stored).levers}
    after = {lever.code: lever for lever in read.assumptions.levers}
    for code in before.keys() - after.keys():
        yield f"{stored}, {code}: a lever here, not in the file"
    for code in after.keys() - before.keys():
        yield f"{stored}, {code}: a lever in the file, not here"
    for code in before.keys() & after.keys():
        old, new = asdict(before[code]), asdict(after[code])
        old["rules"], new["rules"] = _by_key(old["rules"]), _by_key(new["rules"])
        for name in old:
            if old[name] != new[name]:
                yield f"{stored}, {code}, {name}: {_said(old[name])} here, {_said(new[name])} in the file"


def _by_key(rules: tuple[dict, ...]) -> dict[tuple[str, ...], Decimal]:
    return {tuple(rule[name] or "any" for name in rule if name != "share"): rule["share"] for rule in rules}


def _said(value: object) -> str:
    if isinstance(value, dict):
        named = {name if isinstance(name, str) else ", ".join(name): _said(part) for name, part in value.items()}
        return "; ".join(f"{name} {part}" for name, part in sorted(named.items()))
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value))
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)

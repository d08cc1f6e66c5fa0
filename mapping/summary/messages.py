"""What a summary has to say beside its figures, in sentences."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from totalplace.money import counted, listed, starting, together

from .mapped import Mapped, all_missing

BEING_COMPUTED = "The savings are being computed."
BEING_REMADE = "What the savings were computed from has changed since; they are being computed again."

KEPT = "What the savings were computed from has changed since; this map is kept as it was made."
CANNOT_BE_MADE = "The savings of {place} cannot be computed from what is recorded now: {why}"


def messages_of(
    versions: Sequence[Mapped], by_case: Mapping[str, tuple[Decimal, Decimal]], lagging: Sequence[str] = ()
) -> list[str]:
    """Partial years, places without a map, maps that are remade, and cases that cross."""
    said = [*_partial(versions, lagging), *_without_map(versions), *_cases_cross(by_case)]
    said += [CANNOT_BE_MADE.format(place=mapped.name, why=mapped.failure) for mapped in versions if mapped.failure]
    stale = [mapped for mapped in versions if mapped.is_stale and not mapped.failure]
    if any(not mapped.is_pinned for mapped in stale):
        said.append(BEING_REMADE)
    if any(mapped.is_pinned for mapped in stale):
        said.append(KEPT)
    return said


def _partial(versions: Sequence[Mapped], lagging: Sequence[str]) -> list[str]:
    missing = all_missing(versions, lagging)
    if not missing or not versions:
        return []
    return [
        f"{versions[0].year} is a partial year: it lacks {listed(missing)}, so its totals are “at least”. "
        "Do not set it beside complete years."
    ]


def _without_map(versions: Sequence[Mapped]) -> list[str]:
    without = sum(mapped.map_id is None for mapped in versions)
    if not without:
        return []
    if without == len(versions):
        return [BEING_COMPUTED]
    of = f"{counted(without, 'place')} of {len(versions)}"
    verb = "has" if without == 1 else "have"
    return [f"{starting(of)} {verb} no savings map yet: the savings are those of the others."]


def _cases_cross(by_case: Mapping[str, tuple[Decimal, Decimal]]) -> list[str]:
    saving = {case: amount for case, (amount, _) in by_case.items()}
    if not saving or saving["low"] <= saving["central"] <= saving["high"]:
        return []
    low, central, high = together([saving["low"], saving["central"], saving["high"]])
    return [
        f"The cases cross: low {low}, central {central}, high {high}. They are ordered by what they assume, "
        "not by what they save."
    ]

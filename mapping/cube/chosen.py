"""Which versions and maps a question is about: the places and years it cuts, and the map that is taken for each."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from mapping.freshness import Changes, changes_of, with_staleness
from mapping.models import SavingsMap
from mapping.summary.mapped import FIELDS, PLACE, Mapped, last_change, without_times
from mapping.summary.pinned import keeps_spend, pinned_at, pinned_to
from pilots.models import Programme, Version
from pilots.spend.years import newest_complete_year
from totalplace.money import listed
from totalplace.problems import NOT_FOUND, Problem

from .dimensions import OF_VERSION, Fact
from .members import Kept, check_members, kept_as
from .prices import factors_to
from .question import Question, refuse


@dataclass(frozen=True, slots=True)
class Which:
    """Whose spend: the newest published snapshots, the working versions, or what held at a time or in a map."""

    is_working: bool = False
    as_of: SavingsMap | datetime | None = None

    @property
    def programme(self) -> Programme | None:
        """The programme that a map belongs to."""
        return self.as_of.version.count.place.programme if isinstance(self.as_of, SavingsMap) else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The versions that a question is about, by name of place and year, and what its other cuts stand for."""

    programme: Programme
    versions: tuple[Mapped, ...]
    kept: Mapping[str, Kept]
    # The changes of themes; None where the question names none.
    of_themes: Changes | None = None
    # By label of year: what amounts of it are multiplied by, to be in the prices asked for.
    factors: Mapping[str, Decimal] | None = None

    @property
    def years(self) -> list[str]:
        return sorted({mapped.year for mapped in self.versions})

    @property
    def digest(self) -> str:
        """A digest of everything that the answer is made of: maps, the lines of versions, and the register."""
        parts = without_times(self.versions)
        factors = sorted((self.factors or {}).items())
        register = self.programme.register_revision, self.of_themes
        return hashlib.sha256(repr((parts, register, factors)).encode()).hexdigest()

    @property
    def changed_at(self) -> datetime | None:
        """When any of that last changed, where that is known."""
        return last_change(self.versions, self.of_themes, is_priced=self.factors is not None)


def choose(question: Question, programme: Programme, which: Which) -> Chosen:
    """The versions and ids that a question stands for; what was taken by default joins its messages.

    Raises Problem for a member that there is not, or where nothing is counted.
    """
    for name, keys in question.cuts.items():
        check_members(name, keys, programme)
    if isinstance(which.as_of, SavingsMap) and question.asks_for(Fact.SPEND) and not keeps_spend(which.as_of):
        raise refuse(
            "as_of",
            f"The lines that map {which.as_of.pk} was made from have changed since: its savings stand, its spend is "
            "kept no more. Ask for aggregates=saving.sum.",
        )
    years = _years(question, programme, which)
    versions = _fitting(question, _versions(programme, years, which))
    if not versions:
        kind = "working" if which.is_working else "published"
        question.messages.append(f"Nothing is counted there: no such place and year has a {kind} version.")
    _say_of_years(question, versions)
    others = {name: keys for name, keys in question.cuts.items() if name not in (*OF_VERSION, "theme")}
    kept = {name: kept_as(name, keys, programme) for name, keys in others.items()}
    of_themes = changes_of("pilots_theme", "pilots_themeline") if question.names("theme") else None
    return Chosen(programme, tuple(versions), kept, of_themes)


def _years(question: Question, programme: Programme, which: Which) -> Collection[str] | None:
    """The years that are read: those cut, all where years are drilled down to, else the newest complete one."""
    if isinstance(which.as_of, SavingsMap):
        return None
    if "year" in question.cuts:
        return question.cuts["year"]
    if question.drills("year"):
        return None
    newest = newest_complete_year(programme)
    if newest is None:
        raise Problem(NOT_FOUND, "Nothing complete is published yet, so that there is no year to take by default.")
    question.messages.append(f"Year {newest.label} was taken: the newest complete published one.")
    return [newest.label]


def _versions(programme: Programme, years: Collection[str] | None, which: Which) -> list[Mapped]:
    versions = Version.objects.filter(count__place__programme=programme, count__place__retired_on=None)
    if years is not None:
        versions = versions.filter(count__year__label__in=years)
    if isinstance(which.as_of, SavingsMap):
        return [pinned_to(which.as_of)]
    if which.as_of is not None:
        return pinned_at(versions, which.as_of)
    begun = Q(kind=Version.Kind.WORKING) & (Q(revision__gt=0) | Q(begun_from__isnull=False) | ~Q(status="draft"))
    wanted = begun if which.is_working else Q(published_for__isnull=False)
    ordered = with_staleness(versions.filter(wanted)).order_by(f"{PLACE}name", f"{PLACE}slug", "count__year__label")
    return [Mapped(*row) for row in ordered.values_list(*FIELDS)]


def _fitting(question: Question, versions: Iterable[Mapped]) -> list[Mapped]:
    """Of some versions those in the places that are cut, and of many years the complete ones."""
    cuts = question.cuts
    fitting = [
        mapped
        for mapped in versions
        if mapped.slug in cuts.get("place", (mapped.slug,))
        and mapped.kind in cuts.get("kind", (mapped.kind,))
        and mapped.region in cuts.get("region", (mapped.region,))
        and mapped.year in cuts.get("year", (mapped.year,))
    ]
    if "year" in cuts or not question.drills("year"):
        return fitting
    complete = {mapped.year for mapped in fitting if not mapped.missing}
    left_out = sorted({mapped.year for mapped in fitting} - complete)
    if left_out:
        question.messages.append(
            f"{listed(left_out)} {'is a partial year' if len(left_out) == 1 else 'are partial years'} and left out: "
            f"ask for {'it' if len(left_out) == 1 else 'them'} by name with cut=year:{';'.join(left_out)}."
        )
    return [mapped for mapped in fitting if mapped.year in complete]


def _say_of_years(question: Question, versions: Sequence[Mapped]) -> None:
    """Says which years are partial, and that years were added up."""
    missing: dict[str, list[str]] = {}
    for mapped in versions:
        lacking = missing.setdefault(mapped.year, [])
        lacking += [kind for kind in mapped.missing if kind not in lacking]
    for year, lacking in sorted(missing.items()):
        if lacking:
            question.messages.append(
                f"{year} is a partial year: it lacks {listed(lacking)}, so its totals are “at least”. "
                "Do not set it beside complete years."
            )
    if len(missing) > 1 and not question.drills("year"):
        question.messages.append(f"Years {listed(sorted(missing))} are added up, as the cut asks.")
    unmapped = [mapped.name for mapped in versions if mapped.map_id is None]
    if unmapped and question.asks_for(Fact.SAVING):
        shown = unmapped if len(unmapped) <= 5 else [*unmapped[:4], f"{len(unmapped) - 4} more"]
        question.messages.append(
            f"There is no savings map yet of {listed(shown)}: the savings are those of the others."
        )


def in_prices_of(chosen: Chosen, base: str) -> Chosen:
    """The same with amounts in the prices of a year. Raises Problem until the deflators that it takes are loaded."""
    return replace(chosen, factors=factors_to(base, chosen.programme, chosen.years))

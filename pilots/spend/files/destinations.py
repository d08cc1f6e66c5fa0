"""Which count each row of a file belongs to, and what whoever sends it may change there."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from pilots.models import FinancialYear, Person, Place, Version
from pilots.permissions import Action, NotAllowed, reach, refusal
from pilots.spend.checking import Names, Recordable
from pilots.spend.versions import begin_working_version, fill_from_published, open_count
from totalplace.money import listed

KIND_OF_BODY = re.compile(
    r" +((county|city|borough|district|metropolitan( borough)?) +)?(council|cc|bc|dc|mbc)$", re.IGNORECASE
)


class NotFound(LookupError):
    """There is no such place or year; the message names near ones. `field` is place or year."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Destination:
    """A version to record in, what its lines may name, and the bodies that may be changed (None: all)."""

    version: Version
    recordable: Recordable
    editable: frozenset[int] | None

    @property
    def place(self) -> Place:
        return self.recordable.place


class Destinations:
    """Finds the destination of a row by its place and year, or by what was said for the whole file."""

    # The one version of all rows, where there is one.
    version: Version | None = None

    def __init__(self, person: Person | None) -> None:
        self._person = person
        self._found: dict[tuple[str, str], Destination] = {}
        self._names: dict[int, Names] = {}
        self._recordable: dict[int, Recordable] = {}

    @property
    def used(self) -> list[Destination]:
        """Those found so far, one a version."""
        return list({one.version.pk: one for one in self._found.values()}.values())

    def find(self, place: str, year: str) -> Destination:
        """Raises NotFound, and NotAllowed where the person may change nothing in the place."""
        key = (place, year)
        if key not in self._found:
            self._found[key] = self._open(place, year)
        return self._found[key]

    def _open(self, place: str, year: str) -> Destination:
        raise NotImplementedError

    def fill(self) -> None:
        """Gives working versions that were begun on the way the lines they begin with, before anything is compared."""

    def _destination(self, version: Version, place: Place) -> Destination:
        same = next((one for one in self._found.values() if one.version.pk == version.pk), None)
        return same or Destination(version, self._recordable_of(place), editable_bodies(self._person, place))

    def _recordable_of(self, place: Place) -> Recordable:
        """What lines of a place may name: read once a programme, and once a place for all of its years."""
        if place.pk not in self._recordable:
            names = self._names.setdefault(place.programme_id, Names(place.programme_id))
            self._recordable[place.pk] = Recordable(place, names)
        return self._recordable[place.pk]


class OneCount(Destinations):
    """Every row belongs to one version; a row that names another place or year is refused.

    Raises NotAllowed where the person may change nothing of it.
    """

    def __init__(self, version: Version, person: Person | None) -> None:
        super().__init__(person)
        self.editable = editable_bodies(person, version.count.place)
        self.version: Version = version

    def _open(self, place: str, year: str) -> Destination:
        count = self.version.count
        names = {_plain(name) for name in (count.place.slug, count.place.name, count.place.short_name)}
        if place and _plain(place) not in names:
            raise NotFound("place", f'This count is of {count.place.name}, and the row is of "{place}".')
        if year and _year(year) != count.year.label:
            raise NotFound("year", f'This count is of {count.year.label}, and the row is of "{year}".')
        return self._destination(self.version, count.place)


class AnyCount(Destinations):
    """Rows name their place and year, or take them from what was said for the whole file.

    Working versions that are not open yet are opened, within the transaction of the import.
    """

    def __init__(self, person: Person | None, via: str, place: str = "", year: str = "") -> None:
        super().__init__(person)
        self.via, self.of_file = via, (place, year)
        self._begun: list[Version] = []

    @cached_property
    def places(self) -> dict[str, Place]:
        """Active places by slug, and by name where only one has it."""
        rows = list(Place.objects.filter(retired_on=None).select_related("programme"))
        names: dict[str, list[Place]] = {}
        for row in rows:
            for name in {_plain(row.name), _plain(row.short_name)}:
                names.setdefault(name, []).append(row)
        found = {name: same[0] for name, same in names.items() if len(same) == 1}
        return found | {row.slug: row for row in rows}

    @cached_property
    def years(self) -> dict[tuple[int, str], FinancialYear]:
        return {(year.programme_id, year.label): year for year in FinancialYear.objects.all()}

    def place(self, name: str) -> Place:
        """Raises NotFound with near names."""
        if not name:
            raise NotFound("place", "Say which place, in a column or for the whole file.")
        found = self.places.get(_plain(name))
        if found is None:
            raise NotFound("place", f'There is no place "{name}".{near(_plain(name), self.places)}')
        return found

    def year(self, place: Place, label: str) -> FinancialYear:
        """Raises NotFound with the years there are."""
        known = [one for programme, one in self.years if programme == place.programme_id]
        if not label:
            raise NotFound("year", f"Say which year, in a column or for the whole file: {listed(known)}.")
        found = self.years.get((place.programme_id, _year(label)))
        if found is None:
            raise NotFound("year", f'There is no year "{label}" in {place.programme}. Years: {listed(known)}.')
        return found

    @cached_property
    def _opened(self) -> dict[tuple[int, int], Version]:
        """The working versions that are open, by place and year."""
        working = Version.objects.filter(kind=Version.Kind.WORKING, count__place__retired_on=None)
        rows = working.select_related("count__place__programme", "count__year", "count__published")
        return {(row.count.place_id, row.count.year_id): row for row in rows}

    def fill(self) -> None:
        fill_from_published(self._begun)
        self._begun = []

    def _open(self, place: str, year: str) -> Destination:
        found = self.place(place or self.of_file[0])
        financial_year = self.year(found, year or self.of_file[1])
        editable_bodies(self._person, found)
        version = self._opened.get((found.pk, financial_year.pk)) or self._begin(found, financial_year)
        return self._destination(version, found)

    def _begin(self, place: Place, year: FinancialYear) -> Version:
        version, is_begun = begin_working_version(open_count(place, year, self._person, self.via))
        version.count.place, version.count.year = place, year
        if is_begun:
            self._begun.append(version)
        return version


def editable_bodies(person: Person | None, place: Place) -> frozenset[int] | None:
    """The bodies whose spending a person may change in a place, None for all. Raises NotAllowed for none."""
    if person is None:
        return None
    reached = reach(person, Action.EDIT_SPEND)
    if not reached.touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place, person=person))
    return None if reached.covers(place, None) else reached.bodies_in(place)


def near(name: str, known: Iterable[str], say: Callable[[str], str] = str) -> str:
    """Near names in words, to follow a refusal; empty where none is near. `say` is how a known one is written.

    What kind of council one is makes no difference: Kent CC is near to Kent.
    """
    names = list(known)
    shorter = {KIND_OF_BODY.sub("", one): one for one in names}
    close = [shorter[one] for one in get_close_matches(KIND_OF_BODY.sub("", name), shorter, n=3, cutoff=0.65)]
    close += get_close_matches(name, names, n=3, cutoff=0.65)
    found = [say(one) for one in dict.fromkeys(close)][:3]
    return f" Did you mean {listed([f'"{one}"' for one in found], 'or')}?" if found else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _year(label: str) -> str:
    """2010/11 is written 2010-11."""
    return label.strip().replace("/", "-").replace("–", "-")

"""What became of a place or a body: who changed what and when, read from the database's own history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from pilots.models import Agency, AgencyType, History, Membership, Person, Place, Population

OWN_TABLES = {Place._meta.db_table, Agency._meta.db_table}
NOTHING, NO_MEMBER = "nothing", "no member"
# Columns that a reader knows, by the words for them. Others are the system's own.
PLACE_FIELDS = {
    "name": "Name",
    "short_name": "Short name",
    "slug": "Address",
    "kind": "Kind",
    "participation": "Participation",
    "region": "Region",
    "studied": "Themes",
    "lead_body": "Lead body",
    "source": "Source",
    "retired_on": "Retired on",
}
AGENCY_FIELDS = {
    "code": "Code",
    "name": "Name",
    "type_id": "Kind of body",
    "region": "Region",
    "parent_id": "Part of",
    "successor_id": "Followed by",
    "first_year": "First year",
    "last_year": "Last year",
    "gss_code": "Area code",
    "retired_on": "Retired on",
    "source": "Source",
}


@dataclass(frozen=True)
class Difference:
    """What changed, in words, before and after."""

    what: str
    before: str
    after: str


@dataclass
class Change:
    """Everything that one person changed in one go."""

    at: datetime
    who: str
    via: str
    differences: list[Difference] = field(default_factory=list)
    is_beginning: bool = False
    """Whether the place or body itself was added."""


def newest_change(row: Place | Agency) -> int:
    """The id of the last change of a place, its members or its people, or of a body; 0 before any."""
    rows = _of_place(row) if isinstance(row, Place) else _of_agency(row)
    return rows.aggregate(newest=Max("id"))["newest"] or 0


def history_of_place(place: Place) -> list[Change]:
    """All changes of a place, its members and its people, newest first."""
    return _changes(_of_place(place), _Words(place.programme_id))


def history_of_agency(agency: Agency) -> list[Change]:
    """All changes of a body and of where it serves, newest first."""
    serving = _rows(Membership, agency_id=agency.pk)
    return _changes(_of_agency(agency) | serving, _Words(agency.programme_id, of_agency=True))


def _of_place(place: Place) -> QuerySet[History]:
    own = History.objects.filter(table_name=Place._meta.db_table, row_id=place.pk)
    return own | _rows(Membership, place_id=place.pk) | _rows(Population, place_id=place.pk)


def _of_agency(agency: Agency) -> QuerySet[History]:
    return History.objects.filter(table_name=Agency._meta.db_table, row_id=agency.pk)


def _rows(model: type[Membership] | type[Population], **key: int) -> QuerySet[History]:
    before = Q(**{f"before__{name}": value for name, value in key.items()})
    after = Q(**{f"after__{name}": value for name, value in key.items()})
    return History.objects.filter(before | after, table_name=model._meta.db_table)


def _changes(rows: QuerySet[History], words: "_Words") -> list[Change]:
    stored = list(rows.order_by("-id"))
    people = _names_of_people(stored)
    changes: dict[int, Change] = {}
    for row in stored:
        differences = list(words.differences(row))
        if differences:
            change = changes.get(row.transaction)
            if change is None:
                who = people.get(row.actor_id, "somebody") if row.actor_id else "the system"
                change = changes[row.transaction] = Change(row.at, who, row.via)
            change.differences[:0] = differences
            change.is_beginning |= row.operation == "insert" and row.table_name in OWN_TABLES
    return list(changes.values())


def _names_of_people(rows: Iterable[History]) -> dict[int | None, str]:
    actors = {row.actor_id for row in rows if row.actor_id}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=actors)}


class _Words:
    """Says history rows in words; the names behind ids are read once."""

    def __init__(self, programme_id: int, *, of_agency: bool = False) -> None:
        self.agencies = dict(Agency.objects.filter(programme=programme_id).values_list("id", "name"))
        self.places = dict(Place.objects.filter(programme=programme_id).values_list("id", "name"))
        self.types = dict(AgencyType.objects.values_list("id", "code"))
        self.of_agency = of_agency

    def differences(self, row: History) -> Iterator[Difference]:
        before, after = row.before or {}, row.after or {}
        if row.table_name == Membership._meta.db_table:
            yield from self._membership(before, after)
        elif row.table_name == Population._meta.db_table:
            yield from self._people(before, after)
        else:
            fields = AGENCY_FIELDS if row.table_name == Agency._meta.db_table else PLACE_FIELDS
            for name, words in fields.items():
                old, new = self._said(name, before.get(name)), self._said(name, after.get(name))
                if old != new:
                    yield Difference(words, old, new)

    def _membership(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
        either = after or before
        if self.of_agency:
            what = f"Serves {self.places.get(either['place_id'], 'a place')}"
        else:
            what = f"Member {self.agencies.get(either['agency_id'], 'a body')}"
        if (said := _share_words(before)) != (now := _share_words(after)):
            yield Difference(what, said, now)

    def _people(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
        old = f"{before['people']:,}" if before else NOTHING
        new = f"{after['people']:,}" if after else NOTHING
        if old != new:
            yield Difference(f"People in {(after or before)['year']}", old, new)

    def _said(self, name: str, value: Any) -> str:
        if value in (None, "", []):
            return NOTHING
        if name == "type_id":
            return self.types.get(value, str(value))
        if name in ("parent_id", "successor_id"):
            return self.agencies.get(value, str(value))
        if name == "kind":
            return str(Place.Kind(value).label)
        if name == "participation":
            return str(Place.Participation(value).label)
        return "; ".join(value) if isinstance(value, list) else str(value)


def _share_words(membership: Mapping[str, Any]) -> str:
    if not membership:
        return NO_MEMBER
    return f"share {membership['share']:g}, {membership['share_basis']}"

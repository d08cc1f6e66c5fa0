"""Starting a new financial year of a place: last year's bodies and structure, without amounts.

No line is made: a line of nothing would say that nothing was spent. The new working version remembers the version
that it was begun from, and `structure_of` says which cells are expected.
"""

from dataclasses import dataclass

from django.db import connection

from pilots.acting import acting
from pilots.models import Count, FinancialYear, Person, Place, Version
from pilots.permissions import Action, require
from pilots.signals import count_changed


class CannotStart(Exception):
    """The year cannot be started; the message says why."""


@dataclass(frozen=True)
class ExpectedCell:
    """A cell that last year had a line, by ids; the body is the one that followed it, where one did."""

    agency_id: int
    service_line_id: int
    spend_type_id: int
    funder_id: int | None
    is_capital: bool
    is_transfer: bool
    receiver_id: int | None


def start_year(place: Place, year: FinancialYear, person: Person, via: str = "page") -> Version:
    """Opens a place's count of a year with the structure of its last one. Raises NotAllowed and CannotStart."""
    require(person, Action.SUBMIT, place)
    with acting(person, via):
        Place.objects.select_for_update().get(pk=place.pk)
        if Version.objects.filter(count__place=place, count__year=year).exists():
            raise CannotStart(f"{place.name} has a count of {year.label} already.")
        before = _last_version(place, year)
        if before is None:
            raise CannotStart(f"{place.name} has no count before {year.label} to take the structure from.")
        count, _ = Count.objects.get_or_create(place=place, year=year)
        version = Version.objects.create(
            count=count, kind=Version.Kind.WORKING, status=Version.Status.DRAFT, begun_from=before
        )
        count_changed.send(sender=Version, version_ids=[version.pk])
    return version


STRUCTURE = """
    WITH RECURSIVE heirs AS (
        SELECT id, id AS heir, successor_id, 0 AS step FROM pilots_agency
            WHERE id IN (SELECT agency_id FROM pilots_spendline WHERE version_id = %(before)s)
        UNION ALL
        SELECT h.id, a.id, a.successor_id, step + 1 FROM heirs h JOIN pilots_agency a ON a.id = h.successor_id
            JOIN pilots_agency gone ON gone.id = h.heir
            WHERE gone.last_year <> '' AND gone.last_year < %(year)s
    ), newest AS (SELECT DISTINCT ON (id) id, heir FROM heirs ORDER BY id, step DESC)
    SELECT DISTINCT n.heir, l.service_line_id, l.spend_type_id, l.funder_id, l.is_capital, l.is_transfer, l.receiver_id
    FROM pilots_spendline l JOIN newest n ON n.id = l.agency_id WHERE l.version_id = %(before)s
"""


def structure_of(version: Version) -> set[ExpectedCell]:
    """The cells that the version which this one was begun from had; none where it is of the same year."""
    before = version.begun_from
    if before is None or before.count_id == version.count_id:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE, {"before": before.pk, "year": version.count.year.label})
        return {ExpectedCell(*row) for row in cursor.fetchall()}


def _last_version(place: Place, year: FinancialYear) -> Version | None:
    """What is published of the last year before, else its working version; of one without lines what it began from."""
    earlier = Count.objects.filter(place=place, year__label__lt=year.label).order_by("-year__label")
    found = None
    for count in earlier.select_related("published"):
        version = count.published or count.versions.filter(kind=Version.Kind.WORKING).first()
        found = found or version
        while version is not None and not version.lines.exists():
            version = version.begun_from
        if version is not None:
            return version
    return found

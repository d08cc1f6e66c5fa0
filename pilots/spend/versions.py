"""Finding and opening the versions of a count."""

from collections.abc import Collection, Mapping
from typing import Literal

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from pilots.acting import acting
from pilots.models import Count, FinancialYear, Person, Place, SpendLine, Version
from pilots.permissions import Action, Anyone, NotAllowed, reach, refusal, require
from pilots.signals import count_changed

Which = Literal["published", "working"]
NOT_STARTED = "not_started"
# Of versions those that somebody began: recorded in, gave last year's structure, or sent on its way.
BEGUN = Q(revision__gt=0) | Q(begun_from__isnull=False) | ~Q(status=Version.Status.DRAFT)

# Everything of a line but its identity and the number of its changes.
COPIED = [
    str(field.column) for field in SpendLine._meta.concrete_fields if field.name not in ("id", "version", "row_version")
]


def open_count(place: Place, year: FinancialYear, person: Person | None = None, via: str = "opening") -> Count:
    """The count of a place's year, made if there is none."""
    count = Count.objects.filter(place=place, year=year).select_related("place", "published").first()
    if count is not None:
        return count
    with acting(person, via):
        return Count.objects.get_or_create(place=place, year=year)[0]


def version_for(count: Count, which: Which, person: Anyone, via: str = "page") -> Version | None:
    """The version that somebody asks to read; the working one is opened if it is not yet.

    None where nothing is published. Raises NotAllowed where they may read nothing of it.
    """
    if which == "published":
        require(person, Action.READ_PUBLISHED, count.place)
        return count.published
    if not reach(person, Action.READ_WORKING).touches(count.place):
        raise NotAllowed(refusal(Action.READ_WORKING, count.place, person=person))
    return open_working_version(count, person if isinstance(person, Person) else None, via)


def open_working_version(count: Count, person: Person | None = None, via: str = "opening") -> Version:
    """A count's working version, begun from the published snapshot if nobody opened it before."""
    working = Version.objects.filter(count=count, kind=Version.Kind.WORKING)
    opened = working.first()
    if opened is not None:
        return opened
    with acting(person, via):
        version, is_begun = begin_working_version(count)
        if is_begun:
            fill_from_published([version])
            version.refresh_from_db(fields=["revision"])
        return version


def begin_working_version(count: Count) -> tuple[Version, bool]:
    """A count's working version without the lines it begins with, and whether it was begun now.

    Call it inside `acting`, and `fill_from_published` before anybody else can see it.
    """
    # Whoever else opens it at this moment waits here, and then finds it opened.
    locked = Count.objects.select_for_update(of=("self",)).select_related("published").get(pk=count.pk)
    opened = Version.objects.filter(count=locked, kind=Version.Kind.WORKING).first()
    if opened is not None:
        return opened, False
    published = locked.published
    begun = Version.objects.create(
        count=locked,
        kind=Version.Kind.WORKING,
        status=Version.Status.PUBLISHED if published else Version.Status.DRAFT,
        begun_from=published,
        missing=published.missing if published else [],
        left_out=published.left_out if published else [],
    )
    return begun, True


def fill_from_published(begun: Collection[Version]) -> None:
    """Copies into working versions that were just begun the lines of the snapshots they begin with. One statement."""
    copies = {version.pk: version.begun_from_id for version in begun if version.begun_from_id}
    if copies:
        copy_lines_between(copies)
        count_changed.send(sender=Version, version_ids=list(copies))


def copy_lines_between(sources: Mapping[int, int]) -> int:
    """Copies all spend lines of versions, `sources` by target, and returns how many; call it inside `acting`."""
    columns = ", ".join(COPIED)
    copied = ", ".join(f"l.{name}" for name in COPIED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO pilots_spendline (version_id, {columns})"  # noqa: S608 - our own column names
            f" SELECT c.target, {copied} FROM unnest(%s::bigint[], %s::bigint[]) AS c(target, source)"
            " JOIN pilots_spendline l ON l.version_id = c.source ORDER BY c.target, l.id",
            [list(sources), list(sources.values())],
        )
        return cursor.rowcount


def with_status(places: QuerySet[Place], year: FinancialYear | None) -> QuerySet[Place]:
    """Adds `status`: that of the place's working version in the year, or published, or not_started."""
    versions = Version.objects.filter(count__place=OuterRef("pk"), count__year=year)
    working = versions.filter(BEGUN, kind=Version.Kind.WORKING).values("status")[:1]
    published = (
        Count.objects.filter(place=OuterRef("pk"), year=year, published__isnull=False)
        .annotate(status=Value(Version.Status.PUBLISHED.value))
        .values("status")[:1]
    )
    return places.annotate(status=Coalesce(Subquery(working), Subquery(published), Value(NOT_STARTED)))

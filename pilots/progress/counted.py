"""Which count a day is the deadline of, and whether that count is published and so the deadline met."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from pilots.models import Count, Place, Version

from .years import worked_counts


def counts_of(places: Iterable[Place] | Iterable[int] | QuerySet[Place], until: str = "9999") -> dict[int, list[Count]]:
    """The counts that places work on or have published, by place id, the newest year first; none after a year.

    Each knows when it was first published (`first_published`). One query.
    """
    first = Version.objects.filter(count=OuterRef("pk"), published_at__isnull=False).order_by("published_at")
    counts = worked_counts(places).filter(year__label__lte=until).select_related("published")
    found: dict[int, list[Count]] = defaultdict(list)
    for count in counts.annotate(first_published=Subquery(first.values("published_at")[:1])):
        found[count.place_id].append(count)
    return found


def counted_on(due_on: date | None, counts: Iterable[Count]) -> date | None:
    """When the count that was due on a day was published; None while it is not.

    It is the count of the newest year that had begun by then, since no year is counted before. A day after it was
    first published is that of a count to come.
    """
    for count in counts:
        if due_on and due_on >= date(int(count.year.label[:4]), 4, 1):
            first = count.first_published  # type: ignore[attr-defined]
            on = timezone.localdate(first) if first else None
            return on if on and due_on <= on else None
    return None

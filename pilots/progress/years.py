"""Which financial years places work on: the newest is what progress is of when none is named."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from pilots.models import Count, FinancialYear, Place, Programme, Version
from pilots.spend.versions import BEGUN


def worked_counts(places: Iterable[Place] | Iterable[int] | QuerySet[Place]) -> QuerySet[Count]:
    """The counts of some places that somebody has begun or published, the newest year of each place first."""
    begun = Version.objects.filter(BEGUN, count=OuterRef("pk"), kind=Version.Kind.WORKING)
    counts = Count.objects.filter(Q(published__isnull=False) | Exists(begun), place__in=places)
    return counts.select_related("year").order_by("place_id", "-year__label")


def worked_years(places: Iterable[Place] | QuerySet[Place]) -> QuerySet[FinancialYear]:
    """The years of these counts, the newest first."""
    return FinancialYear.objects.filter(pk__in=worked_counts(places).order_by().values("year")).order_by("-label")


def worked_year(programme: Programme) -> FinancialYear | None:
    """The newest year that half of the active places at work have begun or published; without one the newest of all.

    So one place that begins a year early does not show all others as not started.
    """
    worked = worked_counts(Place.objects.filter(programme=programme, retired_on=None))
    places: dict[FinancialYear, set[int]] = {}
    for count in worked.order_by("-year__label"):
        places.setdefault(count.year, set()).add(count.place_id)
    at_work = len(set().union(*places.values()))
    shared = (year for year, begun in places.items() if 2 * len(begun) >= at_work)
    return next(shared, None) or programme.years.order_by("-label").first()

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
    """The newest year that any active place works on or has published; without one, the newest of the programme."""
    worked = worked_years(Place.objects.filter(programme=programme, retired_on=None)).first()
    return worked or programme.years.order_by("-label").first()

"""Which savings went the wrong way: what was measured last is worse than the baseline."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from pilots.models import Place, QualityMeasure, QualityReading, ServiceLineAncestor

from .worsened import ANY, HELD, QualityFlags, Worsened


def quality_flags(place: Place) -> QualityFlags:
    """What worsened in a place. Savings pages ask it once, and then `flags.of(service_line, lever)` for each row."""
    return quality_flags_of([place]).get(place.slug, HELD)


def quality_flags_of(places: Iterable[Place] | QuerySet[Place]) -> dict[str, QualityFlags]:
    """What worsened, by place slug; places where nothing did are left out.

    One query, however many the places.
    """
    among = places if isinstance(places, QuerySet) else list(places)
    come = QualityReading.objects.filter(measure__place__in=among, measured_on__lte=timezone.localdate())
    newest = come.order_by("measure", "-measured_on", "-pk")
    below = ServiceLineAncestor.objects.filter(ancestor__quality_measures=OuterRef("measure"))
    readings = (
        newest.distinct("measure")
        .select_related("measure__place")
        .annotate(services=ArraySubquery(below.values("service_line__code")))
    )
    worse = [reading for reading in readings if is_worse(reading.measure, reading.value)]
    flags: dict[str, list[Worsened]] = defaultdict(list)
    for reading in sorted(worse, key=lambda reading: reading.measure.indicator):
        measure = reading.measure
        flags[measure.place.slug].append(
            Worsened(
                measure.pk,
                measure.place.name,
                measure.place.slug,
                measure.indicator,
                measure.unit,
                measure.baseline,
                measure.baseline_on,
                reading.value,
                reading.measured_on,
                frozenset(reading.services),
                frozenset(measure.lever_codes),
            )
        )
    return {slug: QualityFlags(tuple(rows)) for slug, rows in flags.items()}


def standing_of(places: QuerySet[Place]) -> list[tuple[object, ...]]:
    """What the flags of some places say, in an order of its own: pages and answers are new where this is."""
    flags = quality_flags_of(places)
    return [measure.standing for slug in sorted(flags) for measure in flags[slug].worsened]


def worsened(place: Place) -> set[tuple[str, str]]:
    """(service line, lever) by code of every saving whose quality went the wrong way; "" stands for any."""
    return {
        (service, lever)
        for measure in quality_flags(place).worsened
        for service in measure.services or {ANY}
        for lever in measure.levers or {ANY}
    }


def is_worse(measure: QualityMeasure, value: Decimal) -> bool:
    """Whether a value is on the wrong side of the measure's baseline."""
    if measure.direction == QualityMeasure.Direction.HIGHER:
        return value < measure.baseline
    return value > measure.baseline


def is_reached(measure: QualityMeasure, value: Decimal) -> bool:
    """Whether a value is at the measure's target or better."""
    if measure.target is None:
        return False
    if measure.direction == QualityMeasure.Direction.HIGHER:
        return value >= measure.target
    return value <= measure.target

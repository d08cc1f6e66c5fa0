"""Which savings went the wrong way: what was measured last is worse than the baseline."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilots.models import Place, QualityMeasure, QualityReading, ServiceLineAncestor

ANY = ""


@dataclass(frozen=True)
class Worsened:
    """A measure whose newest reading is worse than its baseline, and what it tells of.

    `services` are codes of service lines with all that is below them, `levers` codes of ways to save; none of
    one kind means any.
    """

    measure_id: int
    indicator: str
    unit: str
    baseline: Decimal
    baseline_on: date
    actual: Decimal
    measured_on: date
    services: frozenset[str]
    levers: frozenset[str]

    def tells_of(self, service_line: str, lever: str) -> bool:
        """Whether it tells of a saving, by codes; without one of them, of a total over all of that kind."""
        if service_line and lever:
            return _names(self.services, service_line) and _names(self.levers, lever)
        return bool(service_line in self.services if service_line else lever in self.levers)


@dataclass(frozen=True)
class QualityFlags:
    """What worsened in a place. True where anything did."""

    worsened: tuple[Worsened, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.worsened)

    def of(self, service_line: str = ANY, lever: str = ANY) -> list[Worsened]:
        """What worsened of a saving on a service line through a lever, by code.

        With a lever alone, of its total: measures that name it. With a service line alone likewise.
        """
        return [measure for measure in self.worsened if measure.tells_of(service_line, lever)]


def quality_flags(place: Place) -> QualityFlags:
    """What worsened in a place. Savings pages ask it once, and then `flags.of(service_line, lever)` for each row."""
    return quality_flags_of([place]).get(place.slug, QualityFlags())


def quality_flags_of(places: Iterable[Place]) -> dict[str, QualityFlags]:
    """What worsened, by place slug, in four queries however many the places; places where nothing did are left out."""
    newest = QualityReading.objects.filter(measure__place__in=list(places)).order_by("measure", "-measured_on", "-pk")
    worse = {
        reading.measure_id: reading
        for reading in newest.distinct("measure").select_related("measure__place")
        if is_worse(reading.measure, reading.value)
    }
    services = _services_of(worse)
    flags: dict[str, list[Worsened]] = defaultdict(list)
    for reading in sorted(worse.values(), key=lambda reading: reading.measure.indicator):
        measure = reading.measure
        flags[measure.place.slug].append(
            Worsened(
                measure.pk,
                measure.indicator,
                measure.unit,
                measure.baseline,
                measure.baseline_on,
                reading.value,
                reading.measured_on,
                frozenset(services[measure.pk]),
                frozenset(measure.lever_codes),
            )
        )
    return {slug: QualityFlags(tuple(rows)) for slug, rows in flags.items()}


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


def _names(codes: frozenset[str], code: str) -> bool:
    return not codes or code in codes


def _services_of(measures: Iterable[int]) -> dict[int, set[str]]:
    """The codes of the service lines that each measure names, with all below them."""
    named = QualityMeasure.service_lines.through.objects.filter(qualitymeasure__in=list(measures))
    pairs = list(named.values_list("qualitymeasure_id", "serviceline_id"))
    below: dict[int, set[str]] = defaultdict(set)
    rows = ServiceLineAncestor.objects.filter(ancestor__in={line for _, line in pairs})
    for ancestor, code in rows.values_list("ancestor_id", "service_line__code"):
        below[ancestor].add(code)
    services: dict[int, set[str]] = defaultdict(set)
    for measure, line in pairs:
        services[measure] |= below[line]
    return services

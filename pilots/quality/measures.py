"""Recording measures of quality and what was read of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from pilots.acting import acting
from pilots.days import refuse_day_to_come, refuse_odd_day
from pilots.models import Person, Place, QualityMeasure, QualityReading, ServiceLine
from pilots.permissions import Action, require

from .flags import is_worse

# Gives the ways to save of a programme, (code, name), for forms to offer. What follows from a count is not
# known here: the app that knows it puts its function in this place.
ways_to_save: Callable[[int], list[tuple[str, str]]] = lambda programme_id: []  # noqa: E731


def ways_to_save_of(place: Place) -> dict[str, str]:
    """The names of the ways to save of a place's programme, by code."""
    return dict(ways_to_save(place.programme_id))


class MeasureRefused(Exception):
    """A measure or a reading cannot be kept as given: `field` names what is wrong, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class MeasureGiven:
    """What a place says of a measure; service lines by code, branches or leaves."""

    indicator: str
    unit: str
    direction: str
    baseline: Decimal
    baseline_on: date
    target: Decimal | None = None
    target_on: date | None = None
    service_lines: Collection[str] = ()
    lever_codes: Collection[str] = ()


def add_measure(place: Place, given: MeasureGiven, person: Person, via: str = "page") -> QualityMeasure:
    """Records a new measure of a place. Raises NotAllowed and MeasureRefused."""
    return _keep(QualityMeasure(place=place), given, person, via)


def change_measure(measure: QualityMeasure, given: MeasureGiven, person: Person, via: str = "page") -> QualityMeasure:
    """Changes a measure; its readings stay. Raises NotAllowed and MeasureRefused."""
    return _keep(measure, given, person, via)


def remove_measure(measure: QualityMeasure, person: Person, via: str = "page") -> None:
    """Removes a measure with its readings; the history keeps both. Raises NotAllowed."""
    require(person, Action.RECORD_QUALITY, measure.place)
    with acting(person, via):
        measure.delete()


def add_reading(
    measure: QualityMeasure, measured_on: date, value: Decimal, person: Person, via: str = "page"
) -> QualityReading:
    """Records what a measure came to on a day; a second reading of one day takes the place of the first.

    Raises NotAllowed and MeasureRefused.
    """
    require(person, Action.RECORD_QUALITY, measure.place)
    _refuse_day("measured_on", measured_on)
    if measured_on < measure.baseline_on:
        raise MeasureRefused("measured_on", "This is before the baseline. Give a later day, or change the baseline.")
    with acting(person, via):
        reading, _ = QualityReading.objects.update_or_create(
            measure=measure, measured_on=measured_on, defaults={"value": value}
        )
    return reading


def remove_reading(reading: QualityReading, person: Person, via: str = "page") -> None:
    """Removes a reading; the history keeps it. Raises NotAllowed."""
    require(person, Action.RECORD_QUALITY, reading.measure.place)
    with acting(person, via):
        reading.delete()


def _keep(measure: QualityMeasure, given: MeasureGiven, person: Person, via: str) -> QualityMeasure:
    require(person, Action.RECORD_QUALITY, measure.place)
    _refuse_odd(measure, given)
    services = _service_lines(measure.place, given)
    for name in ("indicator", "unit", "direction", "baseline", "baseline_on", "target", "target_on"):
        setattr(measure, name, getattr(given, name))
    measure.lever_codes = sorted(set(given.lever_codes))
    with acting(person, via), transaction.atomic():
        measure.save()
        measure.service_lines.set(services)
    return measure


def _refuse_odd(measure: QualityMeasure, given: MeasureGiven) -> None:
    """Raises MeasureRefused where what is given cannot be meant."""
    others = QualityMeasure.objects.filter(place=measure.place, indicator__iexact=given.indicator.strip())
    if others.exclude(pk=measure.pk).exists():
        raise MeasureRefused("indicator", "This place has a measure of that name already. Give another name.")
    _refuse_day("baseline_on", given.baseline_on)
    if given.target_on and given.target_on <= given.baseline_on:
        raise MeasureRefused("target_on", "The target is due after the day of the baseline.")
    if given.target_on:
        _refuse_day("target_on", given.target_on, is_past=False)
    meant = QualityMeasure(direction=given.direction, baseline=given.baseline)
    if given.target is not None and is_worse(meant, given.target):
        raise MeasureRefused("target", "The target is worse than the baseline. Check both, and which way is better.")


def _refuse_day(field: str, day: date, is_past: bool = True) -> None:
    try:
        (refuse_day_to_come if is_past else refuse_odd_day)(day)
    except ValidationError as refused:
        raise MeasureRefused(field, refused.messages[0]) from refused


def _service_lines(place: Place, given: MeasureGiven) -> list[ServiceLine]:
    if not given.service_lines and not given.lever_codes:
        raise MeasureRefused("service_lines", "Say which services or which ways to save it tells of; one at least.")
    services = list(ServiceLine.objects.filter(programme=place.programme_id, code__in=given.service_lines))
    if unknown := set(given.service_lines) - {line.code for line in services}:
        raise MeasureRefused("service_lines", f'There is no service line "{min(unknown)}".')
    return services

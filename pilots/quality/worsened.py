"""What went the wrong way, as plain data: a measure that is worse than its baseline, and all of a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ANY = ""


@dataclass(frozen=True)
class Worsened:
    """A measure whose newest reading is worse than its baseline, and what it tells of.

    `services` are codes of service lines with all that is below them, `levers` codes of ways to save; none of
    one kind means any.
    """

    measure_id: int
    place: str
    """The name of the place."""
    slug: str
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

    @property
    def said(self) -> str:
        """Pupils who stay to 16: 90 % (1 Apr 2010), now 80 % (1 Apr 2011)."""
        before, now = (f"{value.normalize():f} {self.unit}" for value in (self.baseline, self.actual))
        return f"{self.indicator}: {before} ({self.baseline_on:%-d %b %Y}), now {now} ({self.measured_on:%-d %b %Y})"

    @property
    def standing(self) -> tuple[object, ...]:
        """What everything that is said of it depends on, in an order of its own."""
        return self.measure_id, self.place, self.said, sorted(self.services), sorted(self.levers)


@dataclass(frozen=True)
class QualityFlags:
    """What worsened in a place. True where anything did."""

    worsened: tuple[Worsened, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.worsened)

    def of(self, service_line: str = ANY, lever: str = ANY) -> tuple[Worsened, ...]:
        """What worsened of a saving on a service line through a lever, by code.

        With a lever alone, of its total: measures that name it. With a service line alone likewise.
        """
        return tuple(measure for measure in self.worsened if measure.tells_of(service_line, lever))

    def of_services(self, service_lines: Iterable[str]) -> tuple[Worsened, ...]:
        """What worsened on any of some service lines, each measure once."""
        codes = set(service_lines)
        return tuple(measure for measure in self.worsened if codes & measure.services)


HELD = QualityFlags()
"""Nothing worsened."""


def together(flags: Iterable[QualityFlags]) -> QualityFlags:
    """What worsened in several places, as one."""
    return QualityFlags(tuple(measure for of_place in flags for measure in of_place.worsened))


def _names(codes: frozenset[str], code: str) -> bool:
    return not codes or code in codes

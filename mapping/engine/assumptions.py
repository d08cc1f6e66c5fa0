"""What the engine reads of an assumption set (method, Levers: the menu)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Pool = Literal["service_line", "service_group", "place"]


class Cases(NamedTuple):
    """One value for each case."""

    low: Decimal
    central: Decimal
    high: Decimal


@dataclass(frozen=True)
class Rule:
    """The share of a cell that a lever can address; None fits any."""

    service_line: str | None
    spend_type: str | None
    agency_type: str | None
    share: Decimal


@dataclass(frozen=True)
class Lever:
    """One way to save. Rates and shares are 0 to 1, years are the option's years 1, 2, 3."""

    code: str
    pool: Pool
    # The scale exponent: the low case is the low saving, so the largest beta.
    beta: Cases
    own: Cases
    cap: Decimal
    ramp: tuple[Decimal, Decimal, Decimal]
    cost_multiple: Decimal
    cost_profile: tuple[Decimal, Decimal, Decimal]
    effort_profile: tuple[Decimal, Decimal, Decimal]
    rules: tuple[Rule, ...]
    name: str = ""
    effort_fixed_months: Decimal = Decimal(0)
    effort_months_per_agency: Decimal = Decimal(0)
    quality: str = "neutral"


@dataclass(frozen=True)
class Assumptions:
    """A whole assumption set with the service tree that its rules speak of."""

    levers: tuple[Lever, ...]
    # Each service line's parent; the root's is None.
    parents: Mapping[str, str | None]
    horizon_years: int
    discount_rate: Decimal

    def path(self, service_line: str) -> tuple[str, ...]:
        """A service line with its ancestors, from the root down. Raises KeyError for an unknown code."""
        path = []
        code: str | None = service_line
        while code is not None:
            path.append(code)
            code = self.parents[code]
        return tuple(reversed(path))

    def group(self, service_line: str) -> str:
        """The branch just below the root that holds a service line (the line itself if there is none)."""
        path = self.path(service_line)
        return path[1] if len(path) > 1 else path[0]

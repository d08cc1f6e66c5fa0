"""The typed shapes of levers, assumption sets and maps."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, TypedDict

from pilots.api.typed import Part, Year


class Cases(TypedDict):
    """A rate in each case."""

    low: Part
    central: Part
    high: Part


class Cost(TypedDict):
    """One-off cost as a multiple of the full-year saving, and its profile over three years."""

    multiple: Part
    profile: list[Part]


class Effort(TypedDict):
    """Delivery capacity in team months, and its profile over three years."""

    fixed_months: Part
    months_per_agency: Part
    profile: list[Part]


class Rule(TypedDict):
    """The share of a cell that a lever can address; an empty member means any."""

    service_line: str
    spend_type: str
    agency_type: str
    share: Part
    why: str


class Lever(TypedDict):
    """One entry of the menu of ways to save, as one assumption set has it."""

    code: str
    name: str
    pool: Literal["service_line", "service_group", "place"]
    beta: Cases
    own: Cases
    cap: Part
    ramp: list[Part]
    cost: Cost
    effort: Effort
    quality: Literal["better", "neutral", "worse"]
    evidence: str
    rules: list[Rule]


class AssumptionSet(TypedDict):
    """A numbered version of the levers and of everything else a savings map assumes."""

    number: int
    published_at: datetime | None
    horizon_years: int
    discount_rate: Part
    levers: list[Lever]


class SavingsMap(TypedDict):
    """A stored savings map: what it was made from, by digests, and what it found in the central case."""

    id: int
    place: str
    year: Year
    snapshot: int | None
    assumption_set: int
    computed_at: datetime
    inputs_digest: str
    lines_digest: str | None
    revision: int
    register_revision: int
    is_current: bool
    is_stale: bool
    spend_total: Decimal
    full_year: Decimal
    joined: Decimal
    address: str

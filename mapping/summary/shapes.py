"""What a summary says, as plain data in pounds: the fields that clients of the API may count on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class MapReference:
    """Which map the figures are from, and whether it is older than what it was made from.

    Over a programme `id` is None, `computed_at` the oldest of its maps, `inputs_digest` a digest of theirs.
    """

    id: int | None
    assumption_set: int
    computed_at: datetime
    is_stale: bool
    inputs_digest: str


@dataclass(frozen=True, slots=True)
class WorseMeasure:
    """A measure of quality whose newest reading is worse than its baseline.

    `service_lines` are codes with all that is below them, `levers` codes; none of one kind means any.
    """

    place: str
    indicator: str
    unit: str
    baseline: str
    baseline_on: date
    actual: str
    measured_on: date
    service_lines: list[str]
    levers: list[str]


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A body's revenue spend without transfers, its full-year saving, and the part from joining up."""

    code: str
    name: str
    spend: Decimal
    saving: Decimal
    joined: Decimal


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """The same of a leaf of the service tree."""

    code: str
    name: str
    parent: str | None
    spend: Decimal
    saving: Decimal
    joined: Decimal
    is_quality_worse: bool = False


@dataclass(frozen=True, slots=True)
class LeverRow:
    """A way to save. `payback_status` is reached, beyond_horizon or nothing_saved."""

    code: str
    name: str
    addressable: Decimal
    saving: Decimal
    joined: Decimal
    npv: Decimal
    payback: int | None
    payback_status: str
    is_quality_worse: bool = False


@dataclass(frozen=True, slots=True)
class YearRow:
    """A review year, 1 to 3, with everything begun in year 1."""

    review_year: int
    saving: Decimal
    cost: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A saving by the basis of the spend under it; the four add to it."""

    actual: Decimal
    budget: Decimal
    estimate: Decimal
    apportioned: Decimal


@dataclass(frozen=True, slots=True)
class SavingsRows:
    """The full-year saving and what follows from it."""

    full_year: Decimal
    joined: Decimal
    by_lever: list[LeverRow]
    by_year: list[YearRow]
    npv: Decimal
    payback: int | None
    payback_status: str
    rests_on: RestsOn


@dataclass(frozen=True, slots=True)
class Range:
    """Percentiles of the full-year saving."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


class PerHead(TypedDict):
    """A figure for each person: the rate beside what it is made of, which alone may be added up."""

    numerator: Decimal
    denominator: int | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class HeadRows:
    """The headline figures for each person living there. `full_year` and `joined` are None without a map."""

    spend_total: PerHead | None
    full_year: PerHead | None
    joined: PerHead | None


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """A place in a year and a case. `savings` and `map` are None until a map has been computed."""

    place: str
    year: str
    scenario: str
    is_partial: bool
    missing: list[str]
    spend_total: Decimal
    by_agency: list[AgencyRow]
    by_service: list[ServiceRow]
    savings: SavingsRows | None
    range: Range | None
    map: MapReference | None
    whom_to_ask: str
    worse_quality: list[WorseMeasure] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    # The year in whose prices amounts are; nominal are those of the year counted.
    prices: str = "nominal"
    per_head: HeadRows | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place in the programme. `saving`, `joined` and `map_id` are None until its map has been computed."""

    slug: str
    name: str
    kind: str
    region: str
    spend: Decimal
    saving: Decimal | None
    joined: Decimal | None
    map_id: int | None
    is_stale: bool
    is_quality_worse: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """A programme's places of a kind (all where None) in a year and a case, from their published counts."""

    programme: str
    year: str
    scenario: str
    kind: str | None
    is_partial: bool
    missing: list[str]
    spend_total: Decimal
    by_place: list[PlaceRow]
    by_agency: list[AgencyRow]
    by_service: list[ServiceRow]
    savings: SavingsRows | None
    range: Range | None
    map: MapReference | None
    worse_quality: list[WorseMeasure] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    # The year in whose prices amounts are; nominal are those of the year counted.
    prices: str = "nominal"
    per_head: HeadRows | None = None


@dataclass(frozen=True, slots=True)
class CellRow:
    """A stored cell: what one way to save finds in one body's spend on one leaf."""

    place: str
    year: str
    scenario: str
    agency: str
    service_line: str
    lever: str
    addressable: Decimal
    saving: Decimal
    joined: Decimal
    is_capped: bool
    is_quality_worse: bool = False


@dataclass(frozen=True, slots=True)
class PairRow:
    """What two bodies would save if only they joined up; pairs overlap."""

    agency_a: str
    agency_b: str
    lever: str
    saving: Decimal

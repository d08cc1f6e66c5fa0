"""What pages and charts are given: plain, frozen data, in pounds as `Decimal`.

Queries fill these (`mapping.summary`); findings, tables and charts read them; no database is known here.
Amounts of one page belong to one year, one case and one version of the count, named in its `Provenance`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pilots.quality.worsened import HELD, QualityFlags

NOTHING = Decimal(0)


class Footing(StrEnum):
    """What an amount rests on, from the firmest to the least firm."""

    OWN = "own"
    BUDGET = "budget"
    ESTIMATE = "estimate"
    WIDER = "wider"
    NATIONAL = "national"


FOOTING_WORDS = {
    Footing.OWN: "a body’s own return",
    Footing.BUDGET: "a budget",
    Footing.ESTIMATE: "an estimate",
    Footing.WIDER: "wider body, shared out",
    Footing.NATIONAL: "national average a head",
}
SHARED_OUT = (Footing.WIDER, Footing.NATIONAL)

Footings = dict[Footing, Decimal]


@dataclass(frozen=True)
class Cases:
    """An amount in each case. Cases are ordered by assumption, so high may be below low."""

    low: Decimal
    central: Decimal
    high: Decimal

    def at(self, scenario: str) -> Decimal:
        """The amount in the case `low`, `central` or `high`."""
        return getattr(self, scenario)

    @property
    def is_ordered(self) -> bool:
        return self.low <= self.central <= self.high


@dataclass(frozen=True)
class Provenance:
    """Where a page's figures come from: no figure is shown without it."""

    year: str
    scenario: str
    version: str
    """In words: "Official returns, snapshot 1" or "Working version"."""
    assumption_set: int | None
    computed_at: datetime | None
    is_stale: bool = False
    stale_since: datetime | None = None
    cannot_be_made: tuple[str, ...] = ()
    """Of places whose savings cannot be computed from what is recorded now, why."""
    missing: tuple[str, ...] = ()
    """Whole kinds of body that the count lacks; any makes the year partial."""
    is_illustrative: bool = False
    map_id: int | None = None
    years: tuple[str, ...] = ()
    """Years that can be chosen instead, partial ones too."""

    @property
    def is_partial(self) -> bool:
        return bool(self.missing)

    def is_awaited(self, has_no_savings: bool) -> bool:
        """Whether figures of savings are on their way, the first ones or newer ones."""
        return (self.is_stale or has_no_savings) and not self.cannot_be_made


@dataclass(frozen=True)
class Body:
    """A public body in a place."""

    code: str
    name: str
    kind: str
    """Its type, as the register has it: "district council"."""
    share: Decimal = Decimal(1)
    """The share of it that is counted here."""
    is_national: bool = False
    """Whether its figures are a national average a head."""


@dataclass(frozen=True)
class Service:
    """A branch or leaf of the service tree below its root, in the tree's order."""

    code: str
    name: str
    parent: str | None = None
    """None for the branches just below the root."""


@dataclass(frozen=True)
class SpendCell:
    """Revenue spend of a body on a leaf, without transfers, of one footing."""

    body: str
    service: str
    amount: Decimal
    footing: Footing = Footing.OWN


@dataclass(frozen=True)
class SavingCell:
    """Full-year saving of a body on a leaf, over all levers, in the page's case."""

    body: str
    service: str
    saving: Decimal
    joined: Decimal


@dataclass(frozen=True)
class LeverFigures:
    """One way to save, over the whole page."""

    code: str
    name: str
    saving: Cases
    joined: Cases
    addressable: Decimal
    net_present_value: Decimal
    payback: int | None
    payback_status: str
    """reached, beyond_horizon or nothing_saved."""
    rests_on: Footings = field(default_factory=dict)


@dataclass(frozen=True)
class YearFigures:
    """One of the three review years, all ways begun in year 1."""

    number: int
    saving: Decimal
    joined: Decimal
    cost: Decimal

    @property
    def alone(self) -> Decimal:
        return self.saving - self.joined

    @property
    def net(self) -> Decimal:
        return self.saving - self.cost


@dataclass(frozen=True)
class Pair:
    """What two bodies would save if only they joined up; pairs overlap and are never added."""

    body_a: str
    body_b: str
    saving: Decimal
    by_lever: dict[str, Decimal]


@dataclass(frozen=True)
class Savings:
    """The saving of a place or a programme, in a full year and over time."""

    saving: Cases
    joined: Cases
    levers: tuple[LeverFigures, ...]
    years: tuple[YearFigures, ...]
    net_present_value: Decimal
    payback: int | None
    payback_status: str
    horizon_years: int
    discount_rate: Decimal
    rests_on: Footings = field(default_factory=dict)
    years_in_cases: dict[str, tuple[YearFigures, ...]] = field(default_factory=dict)
    """The same years in the low, central and high case."""


@dataclass(frozen=True)
class PublishedFigure:
    """What was published at the time about the same money."""

    subject: str
    measure: str
    amount: Decimal | None
    year: str
    note: str
    source: str


@dataclass(frozen=True)
class PassedOn:
    """Money passed on to a body that reports nothing here, and so counted nowhere."""

    receiver: str
    amount: Decimal


@dataclass(frozen=True)
class OtherYear:
    """Another counted year; one that lacks whole kinds of body is never set beside a complete one."""

    year: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Gaps:
    """What a page's figures leave out."""

    not_reported: tuple[str, ...] = ()
    """Services of the tree on which nobody here reports."""
    passed_on: tuple[PassedOn, ...] = ()
    published: tuple[PublishedFigure, ...] = ()
    """Published totals of the same area."""
    other_years: tuple[OtherYear, ...] = ()


@dataclass(frozen=True)
class PlaceFigures:
    """Everything the place page shows. `savings` is None until a map has been computed."""

    slug: str
    name: str
    short_name: str
    kind: str
    region: str
    population: int | None
    provenance: Provenance
    bodies: tuple[Body, ...]
    services: tuple[Service, ...]
    spend: tuple[SpendCell, ...]
    saving_cells: tuple[SavingCell, ...]
    savings: Savings | None
    pairs: tuple[Pair, ...]
    """The largest pairs, most first."""
    pair_count: int
    gaps: Gaps = field(default_factory=Gaps)
    flags: QualityFlags = HELD
    """Which measures of quality went the wrong way."""


@dataclass(frozen=True)
class PlaceRow:
    """A place in the programme. `saving` and `joined` are None until a map has been computed."""

    slug: str
    name: str
    short_name: str
    kind: str
    """pilot or parallel."""
    participation: str
    region: str
    population: int | None
    bodies: int
    large_councils: int
    """County, unitary, metropolitan and London borough councils among them."""
    spend: Decimal | None
    own: Decimal
    """The part of the spend that rests on bodies' own returns."""
    saving: Cases | None
    joined: Cases | None
    is_stale: bool = False
    flags: QualityFlags = HELD


@dataclass(frozen=True)
class ProgrammeFigures:
    """Everything the programme page shows, summed over the places of `kind`."""

    name: str
    kind: str
    """pilot, parallel or all: which places are summed."""
    provenance: Provenance
    places: tuple[PlaceRow, ...]
    """All places of the programme; those of another kind are for the map."""
    savings: Savings | None
    rests_on: Footings
    gaps: Gaps = field(default_factory=Gaps)


@dataclass(frozen=True)
class PoolFigures:
    """Where bodies can join up in one way to save: a service, a group of services or the whole place."""

    lever: str
    level: str
    """In words: the name of the service or group, or "the whole place"."""
    bodies: int
    addressable: Decimal
    before_cap: Decimal
    after_cap: Decimal


@dataclass(frozen=True)
class CountedBody:
    """A body in the reconciliation: what is counted of it here and what it rests on."""

    body: Body
    whole: Decimal | None
    """The whole body's amount, where only a share is counted."""
    counted: Decimal
    basis: str
    """In words: "a body's own return", "national average a head"."""


@dataclass(frozen=True)
class Transfer:
    """Money passed on to another public body, of either sign, left out of every total."""

    body: str
    receiver: str
    """Empty where the source does not say."""
    amount: Decimal
    is_counted_there: bool
    """Whether the receiver reports in this place, so that the money is counted with it."""


@dataclass(frozen=True)
class FlowCell:
    """Revenue that a body delivers on a leaf with a funder's money; `funder` is its name, empty where not stated."""

    funder: str
    body: str
    service: str
    amount: Decimal


@dataclass(frozen=True)
class Flows:
    """Who pays whom for what in a place, and what bodies pass on."""

    cells: tuple[FlowCell, ...]
    transfers: tuple[Transfer, ...]

    @property
    def has_funders(self) -> bool:
        return any(cell.funder for cell in self.cells)


@dataclass(frozen=True)
class LeftOut:
    """Money in the source that is not counted, with the reason."""

    what: str
    amount: Decimal
    why: str


@dataclass(frozen=True)
class ReconciliationFigures:
    """From what the source says to what is counted, and beside it what was published."""

    slug: str
    name: str
    provenance: Provenance
    counted: tuple[CountedBody, ...]
    rests_on: Footings
    transfers: tuple[Transfer, ...]
    left_out: tuple[LeftOut, ...]
    capital: Decimal
    gaps: Gaps


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum in pounds; nothing for none."""
    return sum(amounts, NOTHING)


def partial_years(provenance: Provenance, gaps: Gaps) -> tuple[str, ...]:
    """The years that can be chosen and lack whole kinds of body: each is labelled wherever it is named."""
    own = (provenance.year,) if provenance.is_partial else ()
    return (*own, *(other.year for other in gaps.other_years if other.missing))


def shared_out(rests_on: Footings) -> Decimal:
    """The part that was shared out by population, from a wider body or the nation."""
    return total(rests_on.get(footing, NOTHING) for footing in SHARED_OUT)

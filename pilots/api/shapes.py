"""The typed shapes of what is: clients may count on their members (words.py says what each means)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, NotRequired, TypedDict

from .typed import Part, Year

type Status = Literal["not_started", "draft", "submitted", "returned", "approved", "published"]
type Basis = Literal["actual", "budget", "estimate", "apportioned"]
type Method = Literal["", "population share", "national average", "claimants", "pupils", "given share"]
type PlaceKind = Literal["pilot", "parallel"]
type Participation = Literal["confirmed", "candidate"]


class ListedPlace(TypedDict):
    """A place of the programme."""

    slug: str
    name: str
    kind: PlaceKind
    participation: Participation
    region: str
    population: int | None
    themes: list[str]
    status: Status


class PlaceAgency(TypedDict):
    """A body that serves a place, with the share of it that is counted there."""

    code: str
    name: str
    type: str
    share: Part
    share_basis: str


class WorkingState(TypedDict):
    """Where a count's working version stands."""

    status: Status
    revision: int


class CountState(TypedDict):
    """Where a year's count of a place stands. `working` is told to those who may read it."""

    year: Year
    status: Status
    snapshot: int | None
    label: str | None
    published_at: datetime | None
    is_partial: bool
    missing: list[str]
    working: WorkingState | None


class Place(TypedDict):
    """A place with its bodies and the state of its counts."""

    slug: str
    name: str
    short_name: str
    kind: PlaceKind
    participation: Participation
    region: str
    population: int | None
    themes: list[str]
    status: Status
    lead_body: str | None
    source: str
    agencies: list[PlaceAgency]
    years: list[Year]
    counts: list[CountState]


class SpendLine(TypedDict):
    """What a body spends on a service line in a place and year."""

    id: int
    row_version: int
    place: str
    year: Year
    agency: str
    funder: str | None
    service_line: str
    spend_type: str
    is_capital: bool
    is_transfer: bool
    receiver: str | None
    amount: Decimal
    whole_amount: Decimal | None
    share: Part | None
    basis: Basis
    method: Method
    source: str
    note: str
    shared_by: str


# What may be sent: pounds as text or as a number, as spreadsheets have them.
type Code = Annotated[str, {"minLength": 1, "maxLength": 200, "pattern": r"^[^\x00]*$"}]
type Text = Annotated[str, {"maxLength": 10_000, "pattern": r"^[^\x00]*$"}]
type PoundsGiven = Annotated[
    str | float,
    {
        "pattern": r"^-?[0-9]{1,14}(\.[0-9]{1,2})?$",
        "minimum": -99_999_999_999_999.99,
        "maximum": 99_999_999_999_999.99,
        "description": 'Pounds, such as "1234.50", or a number with two decimals at most.',
    },
]
type ShareGiven = Annotated[
    str | float,
    {
        "pattern": r"^(0?\.[0-9]{1,12}|1(\.0{1,12})?)$",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "description": "A part of one, above 0.",
    },
]


class SpendLineChange(TypedDict):
    """The members to change (JSON merge patch): what is left out stays, and null empties."""

    agency: NotRequired[Code]
    funder: NotRequired[Code | None]
    service_line: NotRequired[Code]
    spend_type: NotRequired[Code]
    is_capital: NotRequired[bool]
    is_transfer: NotRequired[bool]
    receiver: NotRequired[Code | None]
    amount: NotRequired[PoundsGiven | None]
    whole_amount: NotRequired[PoundsGiven | None]
    share: NotRequired[ShareGiven | None]
    basis: NotRequired[Basis]
    method: NotRequired[Method]
    source: NotRequired[Text | None]
    note: NotRequired[Text | None]


class NewSpendLine(SpendLineChange):
    """A line to record: `amount`, or `whole_amount` and `share`, from which it follows."""

    year: Year
    agency: Code  # type: ignore[misc]
    service_line: Code  # type: ignore[misc]


class Agency(TypedDict):
    """A public body with one management."""

    code: str
    name: str
    type: str
    region: str | None
    parent: str | None
    successor: str | None
    first_year: Year | None
    last_year: Year | None


class ServiceLine(TypedDict):
    """A branch or leaf of the service tree; spend is recorded on leaves."""

    code: str
    parent: str | None
    name: str
    cofog: str | None


class Milestone(TypedDict):
    """A step of a place's way, due and reached on a date."""

    kind: Literal["count", "deep_dive", "customer_insight", "interim_report", "final_report"]
    due_on: date | None
    reached_on: date | None
    note: str


class Progress(TypedDict):
    """How far a place has come."""

    place: str
    name: str
    kind: PlaceKind
    year: Year | None
    status: Status
    published_at: datetime | None
    milestones: list[Milestone]


class Fault(TypedDict):
    """One fault of a request: of a query parameter, of a member of the body, or of a cell of a file."""

    parameter: NotRequired[str]
    pointer: NotRequired[str]
    detail: str
    nearest: NotRequired[list[str]]
    code: NotRequired[str]
    sheet: NotRequired[str]
    row: NotRequired[int]
    column: NotRequired[str]
    heading: NotRequired[str]
    found: NotRequired[str]


class ChangedBy(TypedDict):
    """Who changed a line last, when, and through what."""

    name: str | None
    via: str
    at: datetime


class ProblemDocument(TypedDict):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: NotRequired[list[Fault]]
    error_count: NotRequired[int]
    current: NotRequired[SpendLine]
    changed_by: NotRequired[ChangedBy]

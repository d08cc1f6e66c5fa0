"""The rows of an export's tables. Their columns are these members, in this order."""

from decimal import Decimal
from typing import TypedDict

from pilots.api.typed import Part


class SpendRow(TypedDict):
    """A spend line with the words for its codes (pilots.spend.files.exporting.COLUMNS)."""

    id: int
    row_version: int
    place: str
    year: str
    agency: str
    agency_name: str
    funder: str | None
    service_line: str
    service_line_name: str
    spend_type: str
    is_capital: bool
    is_transfer: bool
    receiver: str | None
    amount: Decimal
    whole_amount: Decimal | None
    share: Part | None
    basis: str
    method: str | None
    source: str | None
    note: str | None
    shared_by: str | None


class SummaryRow(TypedDict):
    """What a place comes to. Savings are empty until its map is there."""

    place: str
    name: str
    kind: str
    region: str
    year: str
    scenario: str
    is_partial: bool
    spend_total: Decimal
    full_year: Decimal | None
    joined: Decimal | None
    map_id: int | None
    assumption_set: int | None


class AgencyRow(TypedDict):
    """A body of the register."""

    code: str
    name: str
    type: str
    region: str | None


class ServiceLineRow(TypedDict):
    """A branch or leaf of the service tree."""

    code: str
    name: str
    parent: str | None
    cofog: str | None


class PlaceRow(TypedDict):
    """A place of the export."""

    slug: str
    name: str
    kind: str
    participation: str
    region: str
    population: int | None

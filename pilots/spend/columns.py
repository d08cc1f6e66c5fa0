"""What is stored of a spend line: the one shape of every row that is written, however it came."""

from decimal import Decimal
from typing import Any, NamedTuple


class LineColumns(NamedTuple):
    """A line of some version: ids for keys, pounds for amounts. Fields are columns of the table."""

    agency_id: int
    funder_id: int | None
    service_line_id: int
    spend_type_id: int
    is_capital: bool
    is_transfer: bool
    receiver_id: int | None
    amount: Decimal
    whole_amount: Decimal | None
    share: Decimal | None
    basis: str
    method: str
    source: str
    note: str

    @property
    def key(self) -> tuple:
        """The values of KEY."""
        return self[: len(KEY)]

    def columns(self) -> dict[str, Any]:
        """The values by the names of the table's columns."""
        return self._asdict()


COLUMNS = LineColumns._fields
# What makes a line unique within its version; what it says besides.
KEY, VALUES = COLUMNS[:7], COLUMNS[7:]

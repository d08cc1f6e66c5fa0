"""Writing spend lines in bulk, by COPY."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from pilots.models import SpendLine


class LineRow(NamedTuple):
    """One spend line as it is stored: ids for keys, pounds for amounts. Fields are columns of the table."""

    version_id: int
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


def copy_lines(rows: Iterable[LineRow]) -> int:
    """Stores new spend lines and returns how many.

    One statement, so that the triggers that check and record lines run once over all of them. Raises
    IntegrityError where the database refuses a line; call it inside a transaction.
    """
    columns = ", ".join(LineRow._fields)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {SpendLine._meta.db_table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return cursor.rowcount

"""Rows left out of a file that holds everything: what is recorded of them stays, where they say which line they are."""

from collections.abc import Iterator
from dataclasses import replace

from pilots.spend.checking import FIELDS
from pilots.spend.columns import KEY
from totalplace.money import listed

from . import staging
from .destinations import Destinations
from .headings import PLACE, YEAR, Mapped
from .problems import Problems
from .rows import Rows
from .staging import Scope
from .table import Row, Table

KEY_FIELDS = {PLACE, YEAR, *(name for name in FIELDS if name in KEY or f"{name}_id" in KEY)}
# Rows that a notice names.
NAMED = 20


def keep_left_out(table: Table, mapping: Mapped, destinations: Destinations, scope: Scope) -> Iterator[str]:
    """Keeps the recorded lines of the rows left out from those that go, and says of which rows none can be told."""
    if table.left_out is None or not scope.replace:
        return
    rows = _keys_of(table, mapping, destinations)
    staging.keep(rows, scope)
    # A row of totals is of no line.
    untold = sorted({one.row for one in rows.problems if one.row and one.code != "total-differs"})
    if rows.number > len(untold):
        yield "What is recorded of the rows that were left out stays, though lines that the file lacks are removed."
    if untold:
        named = listed([str(row) for row in untold[:NAMED]])
        more = f" and {len(untold) - NAMED:,} more" if len(untold) > NAMED else ""
        one, goes = ("Row", "says") if len(untold) == 1 else ("Rows", "say")
        yield (
            f"{one} {named}{more} {goes} of no line which it is. What is recorded of it, if anything, is among the "
            "lines removed: look at those."
        )


def _keys_of(table: Table, mapping: Mapped, destinations: Destinations) -> Rows:
    """The rows left out as lines of nothing: only what makes their key is read."""
    width = len(table.headings)

    def read() -> Iterator[Row]:
        for number, row in table.left_out() if table.left_out else ():
            yield number, [*row[:width], *[""] * (width - len(row)), "0"]

    of_key = {field: index for field, index in mapping.items() if field in KEY_FIELDS} | {"amount": width}
    headings = (*table.headings, "amount")
    rows = Rows(replace(table, headings=headings, read=read), of_key, destinations, Problems())
    # Lines of bodies that may not be changed do not go anyhow.
    rows.takes_all_bodies = True
    return rows

"""The part of a return that the product keeps as its own data file."""

from collections.abc import Collection, Mapping

from .headings import Column
from .layout import find_layout
from .rows import read_rows, text_of
from .sheet import Sheet


def kept_part(sheet: Sheet, lookup: Mapping[str, Column], known: Collection[str]) -> Sheet:
    """The title, the headings up to the flood levy, every body and the ENGLAND row, cell for cell.

    Reading it (read_return) gives what reading the whole sheet gives, checks included.
    """
    layout, _ = find_layout(sheet, lookup)
    bodies, england, _ = read_rows(sheet, layout, known)
    numbers = [
        *range(1, layout.header_row + 2),
        *(row.number for row in bodies),
        *([england.number] if england else []),
    ]
    rows = [sheet.rows[number - 1][: layout.end] for number in numbers]
    return Sheet(sheet.name, tuple(tuple(row) for row in rows if any(text_of(cell) for cell in row)))

"""The rows of a return: one for each body, and the sum over England that they are checked against."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .layout import Layout
from .problems import Problem
from .sheet import Cell, Sheet, column_letter

ENGLAND = "ENGLAND"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of amounts, in thousands of pounds by position of the column; `number` counts from 1."""

    number: int
    label: str
    amounts: Mapping[int, Decimal]


def read_rows(sheet: Sheet, layout: Layout, known: Collection[str]) -> tuple[list[Row], Row | None, list[Problem]]:
    """The rows of bodies, the ENGLAND row, and what is wrong with any of them.

    Rows without a code below ENGLAND are sums by class of body, and rows without amounts are notes.
    """
    bodies: dict[str, Row] = {}
    england: Row | None = None
    problems: list[Problem] = []
    for index in range(layout.header_row + 1, len(sheet.rows)):
        code = text_of(cell_at(sheet, index, layout.code_column)).upper()
        name = text_of(cell_at(sheet, index, layout.name_column))
        is_total = not code and name.upper() == ENGLAND
        if code not in known and not _has_amounts(sheet, index, layout):
            continue
        if not code and not is_total and england:
            continue
        problem = None if is_total else _wrong_body(sheet, index, layout, code, name, known, bodies)
        if problem:
            problems.append(problem)
            continue
        row, not_numbers = _read_row(sheet, index, layout, ENGLAND if is_total else code)
        problems += not_numbers
        if is_total:
            england = england or row
        else:
            bodies[code] = row
    return list(bodies.values()), england, problems


def _wrong_body(
    sheet: Sheet,
    index: int,
    layout: Layout,
    code: str,
    name: str,
    known: Collection[str],
    bodies: Mapping[str, Row],
) -> Problem | None:
    if not code:
        found = f'A row of amounts, "{name}", has no code.'
        advice = "Give the body its code, or remove the row if it is a sum."
    elif code not in known:
        found = f'The body {code} "{name}" is not in the register.'
        advice = "Add the body, or its predecessor's successor, to the register and load the return again."
    elif code in bodies:
        found = f'The body {code} "{name}" stands in row {bodies[code].number} already.'
        advice = "A body reports once: remove one of the two rows."
    else:
        return None
    return Problem(found, advice, sheet.name, index + 1, column_letter(layout.code_column))


def _read_row(sheet: Sheet, index: int, layout: Layout, label: str) -> tuple[Row, list[Problem]]:
    amounts: dict[int, Decimal] = {}
    problems = []
    for position, column in layout.columns.items():
        cell = cell_at(sheet, index, position)
        amount = in_thousands(cell)
        if amount is None:
            problems.append(
                Problem(
                    f'"{cell}" is not a number, under "{column.heading}" for {label}.',
                    "Enter thousands of pounds as a number, or leave the cell empty.",
                    sheet.name,
                    index + 1,
                    column_letter(position),
                )
            )
        else:
            amounts[position] = amount
    return Row(index + 1, label, amounts), problems


def in_thousands(cell: Cell) -> Decimal | None:
    """A cell's amount; an empty cell is nothing, and what is not a number has none."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return Decimal(0)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return Decimal(int(cell))
    amount = Decimal(str(cell))
    return amount if amount.is_finite() else None


def cell_at(sheet: Sheet, row: int, column: int) -> Cell:
    cells = sheet.rows[row]
    return cells[column] if column < len(cells) else None


def text_of(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _has_amounts(sheet: Sheet, index: int, layout: Layout) -> bool:
    return any(text_of(cell_at(sheet, index, position)) for position in layout.columns)

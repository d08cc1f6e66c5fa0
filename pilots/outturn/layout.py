"""Where things stand in a return's sheet: the year, the row of headings, and what each column is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .headings import (
    CODE,
    LAST,
    NAME,
    NET_CURRENT_EXPENDITURE,
    TOTAL_SERVICE_EXPENDITURE,
    Column,
    Use,
    normalise,
)
from .problems import Problem, ReturnRefused
from .sheet import Sheet, column_letter

YEAR = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?!\d)")
LOOKUP_FILE = "outturn_columns.csv"


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions count from 0. `columns` holds every column of amounts that is known, from left to right."""

    year: str
    header_row: int
    code_column: int
    name_column: int
    columns: Mapping[int, Column]
    # Headings that the lookup does not have, left of the flood levy.
    unknown: Mapping[int, str]

    @property
    def end(self) -> int:
        """The position after the last column that is looked at."""
        return max([*self.columns, *self.unknown]) + 1

    def position(self, key: str) -> int | None:
        """Where the column with this normal heading stands."""
        return next((index for index, column in self.columns.items() if column.key == key), None)


def find_layout(sheet: Sheet, lookup: Mapping[str, Column]) -> tuple[Layout, list[Problem]]:
    """The layout of a sheet, and what is missing from it or not known in it.

    Raises ReturnRefused where nothing can be read at all: no row of headings, no year.
    """
    header_row = _header_row(sheet)
    year = _year(sheet, header_row)
    headings = [normalise(cell) for cell in sheet.rows[header_row]]
    end = _end(headings)
    columns: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    problems: list[Problem] = []
    for index, key in enumerate(headings[:end]):
        if not key and not _holds_anything(sheet, header_row, index):
            continue
        if key not in lookup:
            unknown[index] = str(sheet.rows[header_row][index]).strip()
        elif key in headings[:index]:
            problems.append(_twice(sheet, header_row, index, headings.index(key)))
        elif lookup[key].use is not Use.LABEL:
            columns[index] = lookup[key]
    layout = Layout(year, header_row, headings.index(CODE), headings.index(NAME), columns, unknown)
    return layout, [*problems, *_missing(sheet, layout, lookup), *_unknown(sheet, layout)]


def _header_row(sheet: Sheet) -> int:
    for index, row in enumerate(sheet.rows):
        keys = {normalise(cell) for cell in row}
        if CODE in keys and NAME in keys:
            return index
    raise ReturnRefused(
        [
            Problem(
                'No row has the headings "E-code" and "Local authority".',
                "The bodies cannot be told apart without them: use the sheet as it was published.",
                sheet.name,
            )
        ]
    )


def _year(sheet: Sheet, header_row: int) -> str:
    """The financial year that the sheet's name and the lines above its headings state, which must be one."""
    texts = [sheet.name, *(str(cell) for row in sheet.rows[:header_row] for cell in row)]
    found = {match for text in texts for match in YEAR.findall(text)}
    if len(found) == 1:
        first, second = found.pop()
        if int(second) == (int(first) + 1) % 100:
            return f"{first}-{second}"
        found = {(first, second)}
    stated = ", ".join(sorted("-".join(years) for years in found))
    raise ReturnRefused(
        [
            Problem(
                f"The sheet's name and the lines above the headings state {stated}, not one financial year."
                if stated
                else "Neither the sheet's name nor the lines above the headings state a financial year.",
                'They should state one, such as "Revenue Outturn Summary (RS): 2010-11 data".',
                sheet.name,
            )
        ]
    )


def _end(headings: list[str]) -> int:
    """The position after the flood levy, or after net current expenditure where there is no levy."""
    for last in (LAST, NET_CURRENT_EXPENDITURE):
        if last in headings:
            return headings.index(last) + 1
    return len(headings)


def _holds_anything(sheet: Sheet, header_row: int, index: int) -> bool:
    rows = sheet.rows[header_row + 1 :]
    return any(index < len(row) and str(row[index]).strip() not in ("", "None") for row in rows)


def _twice(sheet: Sheet, header_row: int, index: int, first: int) -> Problem:
    heading = str(sheet.rows[header_row][index]).strip()
    return Problem(
        f'The heading "{heading}" stands in column {column_letter(first)} already.',
        "Only one of the two can be counted: remove the one that does not belong.",
        sheet.name,
        header_row + 1,
        column_letter(index),
    )


def _missing(sheet: Sheet, layout: Layout, lookup: Mapping[str, Column]) -> Iterator[Problem]:
    found = {column.key for column in layout.columns.values()}
    for key, column in lookup.items():
        if column.use is Use.LABEL or key in found or not column.is_expected_in(layout.year):
            continue
        yield Problem(
            f'The column "{column.heading}" is missing.',
            f"If it was renamed, or {layout.year} has no such column, say so in {LOOKUP_FILE}.",
            sheet.name,
            layout.header_row + 1,
        )


def _unknown(sheet: Sheet, layout: Layout) -> Iterator[Problem]:
    """An unknown heading stops the file where it takes part in a total, and is left out right of them."""
    totals_end = layout.position(NET_CURRENT_EXPENDITURE)
    for index, heading in layout.unknown.items():
        refuses = totals_end is None or index < totals_end
        yield Problem(
            f'The heading "{heading}" is not known.' if heading else "A column of amounts has no heading.",
            f"Enter it in {LOOKUP_FILE} with what it is: nothing is guessed."
            if refuses
            else f"It is left out. To count it, enter it in {LOOKUP_FILE}.",
            sheet.name,
            layout.header_row + 1,
            column_letter(index),
            refuses,
        )


def totals_stand(layout: Layout) -> bool:
    """Whether the two totals and everything that adds to them were found, so that rows can be added up."""
    service, net = layout.position(TOTAL_SERVICE_EXPENDITURE), layout.position(NET_CURRENT_EXPENDITURE)
    if service is None or net is None or service > net:
        return False
    return all(index > net for index in layout.unknown)

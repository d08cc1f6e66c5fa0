"""XLSX, ODS and XLS workbooks as tables."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pilots.outturn.sheet import column_letter
from totalplace.money import listed

from .cell_faults import cell_faults
from .headings import recognised
from .problems import FileProblem, FileRefused, refused
from .stamp import CHOICES, STAMP, Stamp, stamp_of
from .table import Cell, Limits, Row, Table

SEARCHED_ROWS = 20
# A row of headings names at least so many fields.
FEWEST_FIELDS = 2


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A visible sheet that holds something, and where its headings are."""

    name: str
    sheet: CalamineSheet
    heading_row: int
    headings: tuple[str, ...]
    fields: int


def read_workbook(file: BinaryIO, name: str, limits: Limits, wanted: str = "") -> Table:
    """The one visible sheet with spend lines, or the sheet that is `wanted`. Raises FileRefused.

    Hidden sheets are never read and are reported, merged cells among the lines are refused; a formula counts as
    the value stored with it.
    """
    content = file.read()
    workbook = _open(content)
    hidden = [one.name for one in workbook.sheets_metadata if one.visible is not SheetVisibleEnum.Visible]
    visible = [one for one in workbook.sheet_names if one not in hidden]
    stamp = _stamp(workbook, hidden)
    if stamp:
        # Ours, and no news to anybody.
        hidden.remove(STAMP)
        visible = [one for one in visible if one != CHOICES]
    sheets = [_describe(one, workbook.get_sheet_by_name(one)) for one in visible]
    chosen = _choose(sheets, hidden, wanted)
    if chosen.sheet.total_height > limits.rows:
        raise refused("too-many-rows", f"This has more than {limits.rows:,} rows. Split it into several files.")
    first_column = (chosen.sheet.start or (0, 0))[1]

    def read() -> Iterator[Row]:
        for number, row in _rows(chosen.sheet, first_column):
            if number > chosen.heading_row:
                yield number, row

    return Table(
        name,
        chosen.headings,
        read,
        sheet=chosen.name,
        heading_row=chosen.heading_row,
        notices=tuple(_notices(chosen, sheets, hidden)),
        problems=(*_merged(chosen), *cell_faults(io.BytesIO(content), chosen.name, chosen.heading_row)),
        stamp=stamp,
    )


def _open(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise refused("password", "The workbook is protected by a password. Save it without one.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise refused(
            "broken", f"The workbook could not be opened ({error}). Save it anew as XLSX, ODS or CSV."
        ) from error


def _stamp(workbook: CalamineWorkbook, hidden: list[str]) -> Stamp | None:
    if STAMP not in hidden:
        return None
    return stamp_of(workbook.get_sheet_by_name(STAMP).to_python())


def _rows(sheet: CalamineSheet, first_column: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows from the sheet's first, cells from column A: the reader leaves out empty columns on the left."""
    before = [""] * first_column
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, [*before, *row]


def _describe(name: str, sheet: CalamineSheet) -> _Sheet:
    best = _Sheet(name, sheet, 1, (), 0)
    for number, row in _rows(sheet, (sheet.start or (0, 0))[1]):
        if (fields := recognised(row)) > best.fields:
            best = _Sheet(name, sheet, number, tuple(str(cell).strip() for cell in row), fields)
        if number >= SEARCHED_ROWS:
            break
    return best


def _choose(sheets: list[_Sheet], hidden: list[str], wanted: str) -> _Sheet:
    names = listed([f'"{one.name}"' for one in sheets]) or "none"
    if wanted:
        found = next((one for one in sheets if one.name == wanted), None)
        if found is None:
            raise refused("no-such-sheet", f'There is no visible sheet "{wanted}". Visible sheets: {names}.')
        return found
    fitting = [one for one in sheets if one.fields >= FEWEST_FIELDS]
    if len(fitting) > 1:
        both = listed([f'"{one.name}"' for one in fitting])
        raise refused("several-sheets", f"The sheets {both} all look like spend lines. Say which, or keep one a file.")
    if not fitting:
        aside = f" Hidden sheets are not read: {listed(hidden)}." if hidden else ""
        raise refused(
            "no-headings",
            f"No visible sheet has headings such as agency, service_line and amount in its first {SEARCHED_ROWS} "
            f"rows. Visible sheets: {names}.{aside}",
        )
    return fitting[0]


def _notices(chosen: _Sheet, sheets: list[_Sheet], hidden: list[str]) -> Iterator[str]:
    if hidden:
        yield f"Hidden sheets were not read: {listed([f'"{name}"' for name in hidden])}."
    others = [f'"{one.name}"' for one in sheets if one.name != chosen.name and one.sheet.height]
    if others:
        yield f'Only the sheet "{chosen.name}" was read; not read: {listed(others)}.'


def _merged(chosen: _Sheet) -> Iterator[FileProblem]:
    for (top, left), (bottom, right) in chosen.sheet.merged_cell_ranges or ():
        if bottom + 1 >= chosen.heading_row:
            cells = f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"
            yield FileProblem(
                "merged-cells",
                f"The cells {cells} are merged, so only the first holds a value. Unmerge them and fill each.",
                sheet=chosen.name,
                row=top + 1,
                column=column_letter(left),
            )


__all__ = ["FileRefused", "read_workbook"]

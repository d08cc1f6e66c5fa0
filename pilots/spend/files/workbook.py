"""XLSX, ODS and XLS workbooks as tables."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from pilots.outturn.sheet import column_letter
from totalplace.money import counted, listed, starting

from .cell_faults import Faults, cell_faults
from .headings import recognised
from .marking import LIST
from .open_document_faults import CONTENT, open_document_faults
from .problems import FileProblem, FileRefused, refused, shown
from .stamp import CHOICES, STAMP, Stamp, stamp_of
from .table import MOST_MERGED, Cell, Limits, Row, Table
from .units import stated_above

SEARCHED_ROWS = 20
# Hidden rows that a notice names.
MOST_NAMED = 20
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
    above: tuple[Sequence[Cell], ...] = ()


def read_workbook(file: BinaryIO, name: str, limits: Limits, wanted: str = "") -> Table:
    """The one visible sheet with spend lines, or the sheet that is `wanted`. Raises FileRefused.

    Hidden sheets are never read and are reported, hidden rows are read and reported, merged cells among the lines
    are refused; a formula counts as the value stored with it.
    """
    content = file.read()
    workbook = _open(content)
    hidden = [one.name for one in workbook.sheets_metadata if one.visible is not SheetVisibleEnum.Visible]
    visible = [one for one in workbook.sheet_names if one not in hidden and one != LIST]
    stamp = _stamp(workbook, hidden)
    if stamp:
        # Ours, and no news to anybody.
        hidden.remove(STAMP)
        visible = [one for one in visible if one != CHOICES]
    sheets = [_describe(one, workbook.get_sheet_by_name(one)) for one in visible]
    chosen = _choose(sheets, hidden, wanted)
    if chosen.sheet.total_height > limits.rows:
        raise refused("too-many-rows", f"This has more than {limits.rows:,} rows. Split it into several files.")
    faults = _faults(content, chosen)

    def read() -> Iterator[Row]:
        for number, row in _rows(chosen.sheet):
            if number > chosen.heading_row:
                yield number, row

    return Table(
        name,
        chosen.headings,
        read,
        sheet=chosen.name,
        heading_row=chosen.heading_row,
        notices=(*_notices(chosen, sheets, hidden), *_hidden_rows(faults.hidden_rows)),
        problems=(*_merged(chosen), *faults.problems),
        stamp=stamp,
        stated=stated_above(chosen.above),
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


def _faults(content: bytes, chosen: _Sheet) -> Faults:
    """What the reader cannot tell of single cells; nothing of an XLS."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return Faults()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        find = open_document_faults if CONTENT in archive.namelist() else cell_faults
        return find(archive, chosen.name, chosen.heading_row)


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows from the sheet's first, cells from column A: the reader leaves out empty columns on the left."""
    before = [""] * (sheet.start or (0, 0))[1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, [*before, *row]


def _describe(name: str, sheet: CalamineSheet) -> _Sheet:
    best = _Sheet(name, sheet, 1, (), 0)
    above: list[Sequence[Cell]] = []
    for number, row in _rows(sheet):
        if (fields := recognised(row)) > best.fields:
            best = _Sheet(name, sheet, number, tuple(map(_heading, row)), fields, tuple(above))
        above.append(row)
        if number >= SEARCHED_ROWS:
            break
    return best


def _heading(cell: Cell) -> str:
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


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


def _hidden_rows(rows: Sequence[int]) -> Iterator[str]:
    if rows:
        more = f" and {len(rows) - MOST_NAMED:,} more" if len(rows) > MOST_NAMED else ""
        named = listed([str(row) for row in rows[:MOST_NAMED]])
        which = "row" if len(rows) == 1 else "rows"
        were = counted(len(rows), "hidden row was", "hidden rows were")
        yield starting(f"{were} read, too: {which} {named}{more}.")


def _merged(chosen: _Sheet) -> Iterator[FileProblem]:
    """Every cell that is empty since it is merged with one that holds a value; ranges at the headings as a whole."""
    ranges = [one for one in chosen.sheet.merged_cell_ranges or () if one[1][0] + 1 >= chosen.heading_row]
    among = {one for one in ranges if one[0][0] + 1 > chosen.heading_row and _size(one) <= MOST_MERGED}
    wanted = {row for (top, _), (bottom, _) in among for row in range(top + 1, bottom + 2)}
    rows = {number: row for number, row in _rows(chosen.sheet) if number in wanted} if wanted else {}
    for merged in ranges:
        (top, left), (bottom, right) = merged
        first, cells = _cell(top, left), f"{_cell(top, left)}:{_cell(bottom, right)}"
        if merged not in among:
            message = f"The cells {cells} are merged, so only the first holds a value. Unmerge them and fill each."
            yield _merged_problem(chosen, top, left, message)
            continue
        value = shown(_value(rows, top, left))
        for row, column in product(range(top, bottom + 1), range(left, right + 1)):
            if value and not shown(_value(rows, row, column)):
                message = (
                    f"The cells {cells} are merged, so only {first} holds a value: {value}. Write here what belongs "
                    "here."
                )
                yield _merged_problem(chosen, row, column, message)


def _merged_problem(chosen: _Sheet, row: int, column: int, message: str) -> FileProblem:
    return FileProblem("merged-cells", message, sheet=chosen.name, row=row + 1, column=column_letter(column))


def _size(merged: tuple[tuple[int, int], tuple[int, int]]) -> int:
    (top, left), (bottom, right) = merged
    return (bottom - top + 1) * (right - left + 1)


def _value(rows: dict[int, Sequence[Cell]], row: int, column: int) -> Cell:
    cells = rows.get(row + 1, ())
    return cells[column] if column < len(cells) else ""


def _cell(row: int, column: int) -> str:
    return f"{column_letter(column)}{row + 1}"


__all__ = ["FileRefused", "read_workbook"]

"""A file's problems, shown at its cells: the same workbook with notes and colour, or its rows in a new one."""

import csv
import io
import logging
import zipfile
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from totalplace.formulas import defused

from .cell_faults import ADVICE
from .correcting import Corrections, corrected
from .problems import FileProblem
from .stamp import STAMP
from .table import MOST_MERGED, Row, Table

# A workbook larger than this is not opened as a whole: its bad rows go into a new one.
LARGEST_OPENED = 2_000_000
# Rows up to which a new workbook holds all of a file, and not only what is wrong.
MOST_ROWS = 20_000
# Cells up to which what was marked before is looked for.
MOST_CELLS = 1_000_000
FILL, WRITER = PatternFill("solid", fgColor="F6C9C6"), "Total Place"
LIST = "What is wrong"
LIST_HEADINGS = ("Sheet", "Row", "Column", "Heading", "Found", "What to do")
PART = (
    "This workbook holds only the rows with something wrong, {part:,} of {rows:,}. Mend them in your own file, by the "
    "numbers in the first column, and send that. If you send this one, say that lines not in the file stay."
)
log = logging.getLogger(__name__)
By = Mapping[tuple[int, int], str]


def mark_problems(
    path: Path, table: Table, problems: Iterable[FileProblem], file: BinaryIO, corrections: Corrections
) -> bool:
    """Writes an XLSX workbook with every problem noted at its cell, and a sheet that lists them.

    What was put right on the page already is put right in it. Returns whether it holds all rows of the file, and not
    only those with something wrong; such a part carries no stamp, since what it lacks was not taken out.
    """
    found, rows, part = list(problems), 0, 0
    notes = _notes(found)
    book = _opened(path)
    if book and table.sheet in book:
        _unmark(book, table.sheet)
        _unmerge(book[table.sheet], notes.keys() | _cells_of(corrections))
        _correct(book[table.sheet], corrections)
        _mark(book[table.sheet], notes)
    else:
        book = Workbook(write_only=True)
        rows = sum(1 for _ in table.read())
        sheet = book.create_sheet(table.sheet[:31] or "Spend")
        part = _write_rows(sheet, _with_faults(table, found), notes, only_bad=rows > MOST_ROWS)
        if table.stamp and rows <= MOST_ROWS:
            _copy_stamp(path, book)
    sheet = book.create_sheet(LIST)
    if rows > MOST_ROWS:
        sheet.append([PART.format(part=part, rows=rows)])
    for row in (LIST_HEADINGS, *map(_listed, found)):
        sheet.append(row)
    book.save(file)
    return rows <= MOST_ROWS


def write_problems(problems: Sequence[Mapping[str, object]], file: TextIO) -> None:
    """The problems of an upload's report as CSV."""
    writer = csv.writer(file)
    writer.writerow(["sheet", "row", "column", "heading", "found", "what_to_do", "code"])
    for one in problems:
        cells = [one[name] for name in ("sheet", "row", "column", "heading", "found", "message", "code")]
        writer.writerow(["" if cell is None else defused(str(cell)) for cell in cells])


def _opened(path: Path) -> Workbook | None:
    """An XLSX that is small enough to be opened as a whole; None for anything else."""
    if path.stat().st_size > LARGEST_OPENED or not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        sizes = {member.filename: member.file_size for member in archive.infolist()}
    if "xl/workbook.xml" not in sizes or sum(sizes.values()) > 20 * LARGEST_OPENED:
        return None
    try:
        with path.open("rb") as file:
            return load_workbook(file)
    except Exception:  # whatever it stumbles over, the rows are there to be written anew
        log.info("A workbook could be read and not be opened to mark it.", exc_info=True)
        return None


def _notes(problems: Sequence[FileProblem]) -> By:
    """What is to be said at each (row, column), both from 1."""
    notes: dict[tuple[int, int], str] = {}
    for one in problems:
        if one.row:
            place = (one.row, column_index_from_string(one.column) if one.column else 1)
            notes[place] = f"{notes[place]}\n{one.message}" if place in notes else one.message
    return notes


def _correct(sheet, corrections: Corrections) -> None:
    for row, changed in corrections.items():
        left_out = {cell.column_letter: "" for cell in sheet[int(row)]} if changed is None else {}
        for column, text in (changed or left_out).items():
            cell = sheet[f"{column}{row}"]
            if not isinstance(cell, MergedCell):
                cell.value = defused(ILLEGAL_CHARACTERS_RE.sub(" ", text)) or None


def _unmark(book: Workbook, name: str) -> None:
    """Takes out of a marked workbook that comes again what was marked in it before."""
    if LIST not in book:
        return
    del book[LIST]
    sheet = book[name]
    # Looking at a cell makes it: of a sheet with one far away, nothing is looked at.
    if sheet.max_row * sheet.max_column <= MOST_CELLS:
        for cell in chain.from_iterable(sheet.iter_rows()):
            if cell.comment and cell.comment.author == WRITER:
                cell.comment, cell.fill = None, PatternFill()


def _cells_of(corrections: Corrections) -> set[tuple[int, int]]:
    """The (row, column) of each cell that was put right, both from 1."""
    return {
        (int(row), column_index_from_string(column)) for row, changed in corrections.items() for column in changed or ()
    }


def _unmerge(sheet, cells: Set[tuple[int, int]]) -> None:
    """Takes apart what is merged over any of these cells, so that each can hold what belongs there."""
    for merged in list(sheet.merged_cells.ranges):
        if not cells.isdisjoint(islice(merged.cells, 1, MOST_MERGED)):
            sheet.unmerge_cells(str(merged))


def _mark(sheet, notes: By) -> None:
    for (row, column), words in notes.items():
        cell = sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.fill, cell.comment = FILL, _comment(words)


def _with_faults(table: Table, problems: Iterable[FileProblem]) -> Table:
    """The table with what its faulty cells show in the place of what is stored there: a half where they show 50%."""
    shown: dict[str, dict[str, str]] = {}
    for one in problems:
        if one.code in ADVICE and one.found:
            shown.setdefault(str(one.row), {})[one.column] = one.found
    return corrected(table, shown)


def _write_rows(sheet, table: Table, notes: By, *, only_bad: bool) -> int:
    """The headings and rows of a file that is no small workbook, or of a large one those with problems; how many."""
    bad, written = {row for row, _ in notes}, 0
    if counted := table.unit.words if table.unit.places else table.stated and table.stated.unit:
        # Said in the file, too, so that nobody takes its amounts for pounds when it comes again.
        sheet.append([f"Amounts in {counted}"])
    headings: list[Row] = [(table.heading_row, table.headings)]
    for number, row in chain(headings, table.read()):
        is_heading = number == table.heading_row
        if is_heading or number in bad or (not only_bad and any(cell not in (None, "") for cell in row)):
            cells = [*row, *[""] * (len(table.headings) - len(row))]
            marked = (_cell(sheet, value, notes.get((number, index))) for index, value in enumerate(cells, 1))
            sheet.append(["Row" if is_heading else number, *marked])
            written += not is_heading
    return written


def _copy_stamp(path: Path, book: Workbook) -> None:
    """Where a workbook of ours came from, all that its hidden sheet says."""
    sheet = book.create_sheet(STAMP)
    sheet.sheet_state = "veryHidden"
    for row in CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_name(STAMP).iter_rows():
        sheet.append([int(value) if isinstance(value, float) else value for value in row])


def _cell(sheet, value: object, words: str | None) -> WriteOnlyCell:
    if isinstance(value, str) or (isinstance(value, float) and value - value != 0):
        value = defused(ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell = WriteOnlyCell(sheet, value)
    if words:
        cell.fill, cell.comment = FILL, _comment(words)
        cell.font = Font(bold=True)
    return cell


def _comment(words: str) -> Comment:
    return Comment(ILLEGAL_CHARACTERS_RE.sub(" ", words), WRITER, height=120, width=300)


def _listed(one: FileProblem) -> list[object]:
    cells = [one.sheet, one.row, one.column, one.heading, one.found, one.message]
    return [defused(ILLEGAL_CHARACTERS_RE.sub(" ", cell)) if isinstance(cell, str) else cell for cell in cells]

"""A file's problems, shown at its cells: the same workbook with notes and colour, or its rows in a new one."""

import csv
import logging
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import column_index_from_string

from totalplace.formulas import defused

from .correcting import Corrections
from .problems import FileProblem
from .table import Row, Table

# A workbook larger than this is not opened as a whole: its bad rows go into a new one.
LARGEST_OPENED = 2_000_000
# Rows up to which a new workbook holds all of a file, and not only what is wrong.
MOST_ROWS = 20_000
FILL, WRITER = PatternFill("solid", fgColor="F6C9C6"), "Total Place"
LIST = "What is wrong"
LIST_HEADINGS = ("Sheet", "Row", "Column", "Heading", "Found", "What to do")
log = logging.getLogger(__name__)
By = Mapping[tuple[int, int], str]


def mark_problems(
    path: Path, table: Table, problems: Iterable[FileProblem], file: BinaryIO, corrections: Corrections
) -> None:
    """Writes an XLSX workbook with every problem noted at its cell, and a sheet that lists them.

    What was put right on the page already is put right in it.
    """
    found = list(problems)
    notes = _notes(found)
    book = _opened(path)
    if book and table.sheet in book:
        _correct(book[table.sheet], corrections)
        _mark(book[table.sheet], notes)
    else:
        book = Workbook(write_only=True)
        _write_rows(book.create_sheet(table.sheet[:31] or "Spend"), table, notes)
    sheet = book.create_sheet(LIST)
    for row in (LIST_HEADINGS, *map(_listed, found)):
        sheet.append(row)
    book.save(file)


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


def _mark(sheet, notes: By) -> None:
    for (row, column), words in notes.items():
        cell = sheet.cell(row, column)
        if not isinstance(cell, MergedCell):
            cell.fill, cell.comment = FILL, _comment(words)


def _write_rows(sheet, table: Table, notes: By) -> None:
    """The headings and rows of a file that is no small workbook: all, or of a large one those with problems."""
    bad = {row for row, _ in notes}
    headings: list[Row] = [(table.heading_row, table.headings)]
    for number, row in chain(headings, _chosen(table, bad)):
        first = "Row" if number == table.heading_row else number
        sheet.append([first, *(_cell(sheet, value, notes.get((number, index))) for index, value in enumerate(row, 1))])


def _chosen(table: Table, bad: set[int]) -> Iterator[Row]:
    rows = 0
    for rows, _ in enumerate(table.read(), 1):
        if rows > MOST_ROWS:
            break
    for number, row in table.read():
        if rows <= MOST_ROWS or number in bad:
            yield number, row


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

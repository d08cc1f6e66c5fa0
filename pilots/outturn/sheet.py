"""The cells of a return, whether it comes as the published workbook or as our own text file."""

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from .problems import Problem, ReturnRefused

Cell = object
NET_CURRENT_EXPENDITURE_SHEET = "(1)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows of cells as the file has them."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def column_letter(index: int) -> str:
    """How a spreadsheet names the column at `index`, counted from 0: A, B, ... Z, AA."""
    return get_column_letter(index + 1)


def read_workbook(path: Path) -> Sheet:
    """The sheet of net current expenditure of a published workbook: the one whose name ends in "(1)".

    Raises ReturnRefused for a file that is no workbook or that has not exactly one such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise ReturnRefused(
            [
                Problem(
                    f"{path.name} could not be opened as a workbook ({error}).",
                    "Use the file as it was published, .xls or .xlsx.",
                )
            ]
        ) from error
    found = [name for name in workbook.sheet_names if name.strip().endswith(NET_CURRENT_EXPENDITURE_SHEET)]
    if len(found) != 1:
        raise ReturnRefused(
            [
                Problem(
                    f'{path.name} has {len(found) or "no"} sheets whose name ends in "(1)"; '
                    f"its sheets are: {', '.join(workbook.sheet_names)}.",
                    "The return of net current expenditure is on the one sheet so named.",
                )
            ]
        )
    rows = workbook.get_sheet_by_name(found[0]).to_python(skip_empty_area=False)
    return Sheet(found[0], tuple(tuple(row) for row in rows))


def read_csv(path: Path) -> Sheet:
    """A return kept as text (`load_outturn --export`): the same rows as the sheet it was taken from."""
    with path.open(encoding="utf-8", newline="") as file:
        return Sheet(path.name, tuple(tuple(_number_or_text(cell) for cell in row) for row in csv.reader(file)))


def _number_or_text(text: str) -> Cell:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def write_csv(sheet: Sheet, path: Path) -> None:
    """Keeps a sheet as text, so that read_csv gives the same rows again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([_written(cell) for cell in row] for row in sheet.rows)


def _written(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()

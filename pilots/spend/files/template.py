"""The workbook to fill in: a count's lines as recorded, choices to pick from, and a stamp of where it came from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.protection import SheetProtection

from pilots.models import Agency, ServiceLine, SpendLine, SpendType, Version
from totalplace.formulas import defused

from .exporting import Bodies, export_lines
from .stamp import CHOICES, LINE, SHEET, STAMP, Stamp

COLUMNS = (
    *("agency", "service_line", "spend_type", "funder", "is_capital", "is_transfer", "receiver"),
    *("amount", "whole_amount", "share", "basis", "method", "source", "note"),
)
WIDTHS = {"service_line": 34, "source": 40, "note": 40, "amount": 18, "whole_amount": 18, "spend_type": 22}
MONEY, TEXT = "#,##0.00;[Red]-#,##0.00", "@"
# A spreadsheet keeps fifteen significant figures: larger amounts are written as text, which reads back exactly.
EXACT_IN_A_SPREADSHEET = Decimal("9999999999999.99")
EMPTY_ROWS = 200
# Columns that are picked from the list of another one.
LISTED_AS = {"is_transfer": "is_capital", "receiver": "funder"}
PICK = f"Pick a code from the list, or look it up in the sheet {CHOICES}."
HEADING = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1D4F91")}


def write_workbook(version: Version, file: BinaryIO, bodies: Bodies = None) -> int:
    """The template workbook of a version, filled with what is recorded; returns the number of lines.

    Codes are picked from lists, headings are locked, and a hidden sheet holds the version, its revision and each
    line's row version, by which filled copies are compared with what they came from.
    """
    lines = list(export_lines(version, bodies))
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(SHEET)
    choices = choices_of(version, bodies)
    _dress(sheet, choices, len(lines))
    sheet.append([_heading(sheet, name) for name in COLUMNS])
    for line in lines:
        sheet.append([_cell(sheet, name, getattr(line, name)) for name in COLUMNS])
    for _ in range(EMPTY_ROWS):
        sheet.append([_cell(sheet, name, None) for name in COLUMNS])
    _write_choices(workbook, choices)
    _write_stamp(workbook, version, [(line.id, line.row_version) for line in lines])
    workbook.save(file)
    return len(lines)


def choices_of(version: Version, bodies: Bodies = None) -> dict[str, list[tuple[str, str]]]:
    """The codes that may be picked, with their names, by column."""
    place = version.count.place
    lines = ServiceLine.objects.filter(programme=place.programme_id, children=None)
    known = list(Agency.objects.filter(programme=place.programme_id).values_list("code", "name"))
    members = Agency.objects.filter(places=place)
    return {
        "agency": list((members.filter(pk__in=bodies) if bodies is not None else members).values_list("code", "name")),
        "service_line": list(lines.values_list("code", "name")),
        "spend_type": list(SpendType.objects.values_list("code", "name")),
        "funder": known,
        "basis": list(SpendLine.Basis.choices),
        "method": [(value, str(label)) for value, label in SpendLine.Method.choices if value],
        "is_capital": [("no", ""), ("yes", "")],
    }


def _dress(sheet, choices: dict[str, list], lines: int) -> None:
    """Widths, the frozen row of headings, protection of what is no cell to fill, and the lists."""
    sheet.freeze_panes = "A2"
    sheet.protection = SheetProtection(
        sheet=True,
        formatColumns=False,
        formatCells=False,
        insertRows=False,
        deleteRows=False,
        sort=False,
        autoFilter=False,
    )
    last = lines + EMPTY_ROWS + 1
    for index, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 15)
        listed = LISTED_AS.get(name, name)
        if listed in choices:
            column = get_column_letter(list(choices).index(listed) * 2 + 1)
            formula = f"{CHOICES}!${column}$2:${column}${len(choices[listed]) + 1}"
            rule = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=True)
            rule.error = PICK
            rule.add(f"{letter}2:{letter}{last}")
            sheet.data_validations.append(rule)


def _heading(sheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font, cell.fill = HEADING["font"], HEADING["fill"]
    return cell


def _cell(sheet, name: str, value: object) -> WriteOnlyCell:
    """One cell to fill: amounts as numbers, everything else as text."""
    value = as_filled(name, value)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = MONEY if name in ("amount", "whole_amount") else TEXT
    cell.protection = Protection(locked=False)
    return cell


def as_filled(name: str, value: object) -> object:
    """A value as a cell of the template holds it: amounts as numbers, everything else as text, no formulas."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif isinstance(value, Decimal) and (name == "share" or abs(value) > EXACT_IN_A_SPREADSHEET):
        value = str(value)
    if isinstance(value, str):
        value = defused(ILLEGAL_CHARACTERS_RE.sub(" ", value))
    return value


def _write_choices(workbook: Workbook, choices: dict[str, list[tuple[str, str]]]) -> None:
    sheet = workbook.create_sheet(CHOICES)
    sheet.protection = SheetProtection(sheet=True)
    # "Codes of ..." names no field, so that a reader never takes this sheet for the lines.
    sheet.append([word for name in choices for word in (f"Codes: {name}", "Name")])
    for index in range(max(map(len, choices.values()))):
        row: list[str] = []
        for codes in choices.values():
            row += codes[index] if index < len(codes) else ("", "")
        sheet.append([defused(text) for text in row])


def _write_stamp(workbook: Workbook, version: Version, lines: Sequence[tuple[int, int]]) -> None:
    sheet = workbook.create_sheet(STAMP)
    sheet.sheet_state = "veryHidden"
    sheet.append(Stamp(version.pk, version.revision).row())
    for line in lines:
        sheet.append([LINE, *line])

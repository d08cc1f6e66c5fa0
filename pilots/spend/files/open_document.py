"""The workbook to fill in as ODS, for those who use no Excel: the same sheets, lists and stamp as the XLSX."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO

from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties, TextProperties
from odf.table import (
    ContentValidation,
    ContentValidations,
    ErrorMessage,
    Table,
    TableCell,
    TableColumn,
    TableRow,
)
from odf.text import P
from openpyxl.utils import get_column_letter

from pilots.models import Version
from totalplace.formulas import defused

from .exporting import Bodies, export_lines
from .stamp import CHOICES, LINE, SHEET, STAMP, Stamp
from .template import COLUMNS, EMPTY_ROWS, LISTED_AS, PICK, as_filled, choices_of


def write_open_document(version: Version, file: BinaryIO, bodies: Bodies = None) -> int:
    """The template of a version as ODS, filled with what is recorded; returns the number of lines."""
    lines = list(export_lines(version, bodies))
    choices = choices_of(version, bodies)
    document = OpenDocumentSpreadsheet()
    bold, hidden = _styles(document)
    rules = _rules(document, choices)

    sheet = Table(name=SHEET)
    for _ in COLUMNS:
        sheet.addElement(TableColumn())
    sheet.addElement(_row(COLUMNS, stylename=bold))
    for line in lines:
        sheet.addElement(_filled([as_filled(name, getattr(line, name)) for name in COLUMNS], rules))
    blank = _filled([None] * len(COLUMNS), rules)
    blank.setAttribute("numberrowsrepeated", EMPTY_ROWS)
    sheet.addElement(blank)
    document.spreadsheet.addElement(sheet)

    document.spreadsheet.addElement(_choices_sheet(choices))
    stamp = Table(name=STAMP, stylename=hidden)
    stamp.addElement(_row(Stamp(version.pk, version.revision).row()))
    for line in lines:
        stamp.addElement(_row([LINE, line.id, line.row_version]))
    document.spreadsheet.addElement(stamp)
    document.write(file)
    return len(lines)


def _styles(document: OpenDocumentSpreadsheet) -> tuple[Style, Style]:
    """Bold headings, and a table that nobody sees."""
    bold = Style(name="heading", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(bold)
    document.automaticstyles.addElement(hidden)
    return bold, hidden


def _rules(document: OpenDocumentSpreadsheet, choices: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Lists to pick from, and the name of each by column."""
    rules = {name: f"pick-{LISTED_AS.get(name, name)}" for name in COLUMNS if LISTED_AS.get(name, name) in choices}
    validations = ContentValidations()
    for index, name in enumerate(choices):
        letter = get_column_letter(index * 2 + 1)
        cells = f"[${CHOICES}.${letter}$2:.${letter}${len(choices[name]) + 1}]"
        rule = ContentValidation(
            name=f"pick-{name}", condition=f"of:cell-content-is-in-list({cells})", allowemptycell="true"
        )
        message = ErrorMessage(display="true", messagetype="stop")
        message.addElement(P(text=PICK))
        rule.addElement(message)
        validations.addElement(rule)
    document.spreadsheet.addElement(validations)
    return rules


def _filled(values: Sequence[object], rules: dict[str, str]) -> TableRow:
    row = TableRow()
    for name, value in zip(COLUMNS, values, strict=True):
        row.addElement(_cell(value, **({"contentvalidationname": rules[name]} if name in rules else {})))
    return row


def _row(values: Iterable[object], **dress) -> TableRow:
    row = TableRow()
    for value in values:
        row.addElement(_cell(value, **dress))
    return row


def _cell(value: object, **dress) -> TableCell:
    """A cell with a number or a text; line breaks are paragraphs."""
    if value is None or value == "":
        return TableCell(**dress)
    if isinstance(value, int | Decimal):
        cell = TableCell(valuetype="float", value=str(value), **dress)
        cell.addElement(P(text=str(value)))
        return cell
    cell = TableCell(valuetype="string", **dress)
    for text in str(value).split("\n"):
        cell.addElement(P(text=text))
    return cell


def _choices_sheet(choices: dict[str, list[tuple[str, str]]]) -> Table:
    sheet = Table(name=CHOICES)
    sheet.addElement(_row([word for name in choices for word in (f"Codes: {name}", "Name")]))
    for index in range(max(map(len, choices.values()))):
        codes = [one[index] if index < len(one) else ("", "") for one in choices.values()]
        sheet.addElement(_row(defused(word) for pair in codes for word in pair))
    return sheet

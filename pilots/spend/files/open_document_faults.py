"""Cells of an ODS sheet that are not what the reader shows: errors, per cent, other currencies; hidden rows."""

import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from pilots.outturn.sheet import column_letter

from .cell_faults import OTHER_CURRENCY, PERCENTAGE, Faults, as_many_as_kept, fault, holds
from .problems import FileProblem

CONTENT = "content.xml"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OF_LIBRE_OFFICE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
SUSPECT = re.compile(rb'value-type="(?:percentage|currency|error)"|visibility="(?:collapse|filter)"|>#[A-Z]|>Err:[0-9]')
ERROR = re.compile(r"#[A-Z][A-Z0-9/]*[!?]?|Err:[0-9]+")
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def open_document_faults(archive: zipfile.ZipFile, sheet: str, heading_row: int) -> Faults:
    """What is wrong below the headings of an ODS sheet."""
    if not holds(archive, CONTENT, SUSPECT):
        return Faults()
    hidden: list[int] = []

    def found() -> Iterator[FileProblem]:
        for number, row in _rows(archive, sheet):
            if number > heading_row:
                yield from _faults(row, sheet, number)
                if row.get(f"{TABLE}visibility") in ("collapse", "filter") and any(map(_kind, row)):
                    hidden.append(number)

    return Faults(tuple(as_many_as_kept(found())), tuple(hidden))


def _rows(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, ElementTree.Element]]:
    """Each row of a sheet that holds anything, with its number; one that stands for several comes as often."""
    name, number = "", 0
    with archive.open(CONTENT) as content:
        for event, element in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314
            if event == "start" and element.tag == f"{TABLE}table":
                name, number = element.get(f"{TABLE}name", ""), 0
            elif event == "end" and element.tag == f"{TABLE}table-row":
                times = _times(element, "rows")
                if name == sheet and any(map(_kind, element)):
                    yield from ((number + one, element) for one in range(1, times + 1))
                number += times
                element.clear()


def _faults(row: ElementTree.Element, sheet: str, number: int) -> Iterator[FileProblem]:
    index = 0
    for cell in row:
        if cell.tag in CELLS:
            times = _times(cell, "columns")
            if code := _fault(cell):
                for one in range(index, index + times):
                    yield fault(code, sheet, number, column_letter(one), _text(cell))
            index += times


def _fault(cell: ElementTree.Element) -> str:
    kind = _kind(cell)
    if cell.get(OF_LIBRE_OFFICE) == "error" or (cell.get(f"{TABLE}formula") and ERROR.fullmatch(_text(cell))):
        return "error-value"
    if kind == "percentage":
        return PERCENTAGE
    if kind == "currency" and cell.get(f"{OFFICE}currency", "GBP") != "GBP":
        return OTHER_CURRENCY
    return ""


def _kind(cell: ElementTree.Element) -> str:
    return cell.get(f"{OFFICE}value-type", "")


def _text(cell: ElementTree.Element) -> str:
    return "".join("".join(one.itertext()) for one in cell.iter(f"{TEXT}p")).strip()


def _times(element: ElementTree.Element, of: str) -> int:
    """How often a row or cell is repeated."""
    return int(element.get(f"{TABLE}number-{of}-repeated", "1"))

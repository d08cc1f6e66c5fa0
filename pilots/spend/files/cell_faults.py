"""Cells of an XLSX sheet that the reader shows as blank though they are not: errors, formulas without a value."""

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from .problems import FileProblem

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SUSPECT = re.compile(rb'<f[ />]|t="e"|<x:|<ns')
REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
ERROR_ADVICE = "is a spreadsheet's error value. Mend the formula, or write the amount."
FORMULA_ADVICE = (
    "is a formula without a stored value. Open the workbook in a spreadsheet, save it, and send it again, or "
    "paste values."
)


def cell_faults(file: BinaryIO, sheet: str, heading_row: int) -> Iterator[FileProblem]:
    """What is wrong with single cells below the headings of an XLSX sheet; nothing for other kinds of file."""
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as archive:
        part = _part_of(archive, sheet)
        if part is None or not _is_suspect(archive, part):
            return
        with archive.open(part) as content:
            for _, element in ElementTree.iterparse(content):  # noqa: S314 - expat limits entity expansion
                if element.tag == f"{MAIN}c":
                    yield from _fault(element, sheet, heading_row)
                elif element.tag == f"{MAIN}row":
                    element.clear()


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member of the archive that holds a sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for element in workbook.iter(f"{MAIN}sheet"):
        if element.get("name") == sheet:
            target = targets.get(element.get(RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _is_suspect(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet holds any formula or error at all, found without parsing it."""
    before = b""
    with archive.open(part) as content:
        while piece := content.read(1 << 20):
            if SUSPECT.search(before + piece):
                return True
            before = piece[-8:]
    return False


def _fault(cell: ElementTree.Element, sheet: str, heading_row: int) -> Iterator[FileProblem]:
    place = REFERENCE.fullmatch(cell.get("r", ""))
    if place is None or int(place[2]) <= heading_row:
        return
    formula, value = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v")
    found = (value.text or "") if value is not None else ""
    if cell.get("t") == "e":
        code, message = "error-value", f"{found or 'This'} {ERROR_ADVICE}"
    elif formula is not None and not found and cell.get("t") != "str":
        found = f"={formula.text or ''}"
        code, message = "formula-without-value", f"{found[:40]} {FORMULA_ADVICE}"
    else:
        return
    yield FileProblem(code, message, sheet=sheet, row=int(place[2]), column=place[1], found=found[:60])

"""Cells of an XLSX sheet that are not what the reader shows: errors, empty formulas, per cent; its hidden rows."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple
from unicodedata import category
from xml.etree import ElementTree

from .problems import KEPT, FileProblem

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SUSPECT = rb'<f[ />]|t="e"|<x:|<ns| hidden="(?:1|true)"'
REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")
TRUE = ("1", "true")
# Formats that every workbook knows without describing them.
BUILT_IN = {"9": "0%", "10": "0.00%"}
PERCENTAGE, OTHER_CURRENCY = "percentage", "other-currency"
# What is wrong only in a column of amounts.
IN_AMOUNTS = frozenset({PERCENTAGE, OTHER_CURRENCY})
ADVICE = {
    PERCENTAGE: "is a percentage. Write the amount, and format it as a number.",
    OTHER_CURRENCY: "is in a currency other than pounds. Convert it, and format it as a number.",
    "error-value": "is a spreadsheet's error value. Mend the formula, or write the amount.",
    "formula-without-value": "is a formula without a stored value. Open the workbook in a spreadsheet, save it, and "
    "send it again, or paste values.",
}


class Faults(NamedTuple):
    """What is wrong with single cells of a sheet, and its hidden rows that hold something."""

    problems: tuple[FileProblem, ...] = ()
    hidden_rows: tuple[int, ...] = ()


def cell_faults(archive: zipfile.ZipFile, sheet: str, heading_row: int) -> Faults:
    """What is wrong below the headings of an XLSX sheet; nothing for other kinds of file."""
    part = _part_of(archive, sheet)
    if part is None:
        return Faults()
    formats = _odd_formats(archive)
    styles = b"|".join(str(style).encode() for style in formats)
    suspect = re.compile(SUSPECT + (rb'| s="(?:' + styles + rb')"' if styles else b""))
    if not holds(archive, part, suspect):
        return Faults()
    hidden: list[int] = []

    def found() -> Iterator[FileProblem]:
        for row in _rows(archive, part):
            for cell in row:
                yield from _fault(cell, sheet, heading_row, formats)
            number = int(row.get("r") or 0)
            if row.get("hidden") in TRUE and number > heading_row and row.find(f"{MAIN}c/*") is not None:
                hidden.append(number)

    return Faults(tuple(as_many_as_kept(found())), tuple(hidden))


def _rows(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    with archive.open(part) as content:
        for _, element in ElementTree.iterparse(content):  # noqa: S314 - expat limits entity expansion
            if element.tag == f"{MAIN}row":
                yield element
                element.clear()


def holds(archive: zipfile.ZipFile, part: str, suspect: re.Pattern[bytes]) -> bool:
    """Whether a member of an archive holds anything that is looked for, found without parsing it."""
    before = b""
    with archive.open(part) as content:
        while piece := content.read(1 << 20):
            if suspect.search(before + piece):
                return True
            before = piece[-40:]
    return False


def as_many_as_kept(problems: Iterable[FileProblem]) -> Iterator[FileProblem]:
    """The first problems of each column, as many as are kept of a file."""
    seen: Counter[str] = Counter()
    for one in problems:
        seen[one.column] += 1
        if seen[one.column] <= KEPT:
            yield one


def fault(code: str, sheet: str, row: int, column: str, found: str) -> FileProblem:
    """The problem of one cell."""
    message = f"{found[:40] or 'This'} {ADVICE[code]}"
    return FileProblem(code, message, sheet=sheet, row=row, column=column, found=found[:60])


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


def _odd_formats(archive: zipfile.ZipFile) -> Mapping[int, str]:
    """The sign that each style shows behind a number, of those that show it as something else than pounds."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    codes = BUILT_IN | {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")}
    used = [codes.get(one.get("numFmtId", ""), "") for one in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
    return {style: sign for style, code in enumerate(used) if (sign := _sign(code))}


def _sign(code: str) -> str:
    """% or the currency of a format, unless it is pounds. A sign behind _ is a gap of its width, [$-809] a country."""
    named = [one.strip() for one in re.findall(r"\[\$([^\]-]*)", code)]
    rest = re.sub(r"_.|\[[^\]]*\]", "", code)
    if "%" in rest:
        return "%"
    written = re.findall("EUR|USD", rest) + [one for one in rest if category(one) == "Sc"]
    return next((one for one in [*named, *written] if one not in ("", "£", "GBP")), "")


def _as_shown(value: str, sign: str) -> tuple[str, str]:
    """What is wrong with a number that is shown with a sign, and how it is shown."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("nan")
    if sign == "%":
        return PERCENTAGE, f"{(number * 100).normalize():f}%"
    return OTHER_CURRENCY, f"{number:f} {sign}"


def _fault(
    cell: ElementTree.Element, sheet: str, heading_row: int, formats: Mapping[int, str]
) -> Iterator[FileProblem]:
    place = REFERENCE.fullmatch(cell.get("r", ""))
    if place is None or int(place[2]) <= heading_row:
        return
    formula, value, kind = cell.find(f"{MAIN}f"), cell.find(f"{MAIN}v"), cell.get("t", "n")
    found = (value.text or "") if value is not None else ""
    if kind == "e":
        code = "error-value"
    elif formula is not None and not found and kind != "str":
        code, found = "formula-without-value", f"={formula.text or ''}"
    elif found and kind == "n" and (sign := formats.get(int(cell.get("s") or 0))):
        code, found = _as_shown(found, sign)
    else:
        return
    yield fault(code, sheet, int(place[2]), place[1], found)

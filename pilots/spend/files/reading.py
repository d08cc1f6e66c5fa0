"""Any file that people send as a table: what it is follows from its bytes, not from its name."""

import codecs
import io
import re
import zipfile
from pathlib import Path
from typing import BinaryIO

from .archive import check_archive
from .package import DESCRIPTION, package_root, read_package
from .problems import refused
from .table import UPLOADED, Limits, Table
from .text import opening_of, read_text
from .workbook import read_workbook

ZIP, COMPOUND = b"PK", b"\xd0\xcf\x11\xe0"
OTHERS = {
    b"%PDF": "a PDF. Copy its table into a workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "compressed with gzip. Unpack it",
    b"7z\xbc\xaf": "compressed with 7-Zip. Unpack it",
    b"{\\rtf": "a text document",
}
# How a text begins that is no table.
NO_TABLES = {
    re.compile(rb"<(!doctype html|html|head|body|table|meta|style|!--)", re.IGNORECASE): "a web page",
    re.compile(rb"mime-version:", re.IGNORECASE): "a web page",
    re.compile(rb"<(\?xml|[a-z])", re.IGNORECASE): "XML",
    re.compile(rb"\{|\[\s*[\[{]"): "JSON",
}
START = 512
KINDS = "CSV, XLSX, ODS, XLS or a Fiscal Data Package"


def read_table(source: Path | bytes, name: str = "", limits: Limits = UPLOADED, sheet: str = "") -> Table:
    """The table that a file holds: CSV, XLSX, ODS, XLS, or a Fiscal Data Package (zip or folder).

    `sheet` chooses a sheet of a workbook or a resource of a package. Raises FileRefused, before unpacking
    anything that breaks a limit.
    """
    name = name or (source.name if isinstance(source, Path) else "file")
    if isinstance(source, Path) and source.is_dir():
        return read_package(source, name, limits, sheet)
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes:
        raise refused(
            "too-large",
            f"{name} has {size / 1e6:,.1f} MB; {limits.bytes / 1e6:,.0f} MB are the most. Split it, or save it as CSV.",
        )
    opening = opening_of(source)
    with opening() as file:
        start = file.read(START)
        if not start:
            raise refused("empty", f"{name} is empty.")
        for magic, what in OTHERS.items():
            if start.startswith(magic):
                raise refused("unknown-kind", f"{name} is {what}. Send {KINDS}.")
        if start.startswith(ZIP):
            return _read_zip(source, file, name, limits, sheet)
        if start.startswith(COMPOUND):
            file.seek(0)
            return read_workbook(file, name, limits, sheet)
    beginning = start.removeprefix(codecs.BOM_UTF8).lstrip()
    for form, what in NO_TABLES.items():
        if form.match(beginning):
            advice = "Open it in a spreadsheet and save it as XLSX or CSV" if what != "JSON" else f"Send {KINDS}"
            raise refused("unknown-kind", f"{name} is {what}, whatever its name says. {advice}.")
    return read_text(opening, name, limits)


def _read_zip(source: Path | bytes, file: BinaryIO, name: str, limits: Limits, sheet: str) -> Table:
    check_archive(file, limits)
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        is_package = package_root(archive) is not None
    if is_package:
        return read_package(source, name, limits, sheet)
    if "xl/workbook.xml" in names or "content.xml" in names:
        file.seek(0)
        return read_workbook(io.BytesIO(file.read()), name, limits, sheet)
    raise refused("unknown-kind", f"{name} is a zip without a workbook or {DESCRIPTION} inside. Send {KINDS}.")

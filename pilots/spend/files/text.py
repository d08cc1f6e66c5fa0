"""Text files as tables: commas, semicolons or tabs, in whichever encoding they were saved."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .headings import recognised
from .problems import FileRefused, refused
from .table import Limits, Row, Table
from .units import stated_above

DELIMITERS = ",;\t|"
SEARCHED_ROWS, SAMPLE = 20, 65_536
LONGEST_CELL = 1_000_000
# What stands in no text, but for a zero character that slipped in.
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
Opening = Callable[[], BinaryIO]

csv.field_size_limit(LONGEST_CELL)


def read_text(opening: Opening, name: str, limits: Limits) -> Table:
    """A text file as a table, a row at a time. Raises FileRefused where it is no text or has no headings."""
    encoding = encoding_of(opening)
    delimiter = _delimiter(opening, encoding)
    heading_row, headings, above = _headings(opening, encoding, delimiter)
    notices: tuple[str, ...] = ()
    if encoding == "cp1252":
        notices = ("The file is not Unicode and was read as Windows-1252: look at names with accents.",)

    def read() -> Iterator[Row]:
        for number, row in _records(opening, encoding, delimiter):
            if number > limits.rows:
                raise refused("too-many-rows", f"This has more than {limits.rows:,} rows. Split it into several files.")
            if number > heading_row:
                yield number, row

    return Table(
        name,
        headings,
        read,
        heading_row=heading_row,
        notices=notices,
        separator=delimiter,
        stated=stated_above(above),
    )


def encoding_of(opening: Opening) -> str:
    """UTF-8 and UTF-16 by their marks or their bytes; else Windows-1252. Raises FileRefused for what is no text."""
    with opening() as file:
        start = file.read(SAMPLE)
    for encoding in _likely(start):
        if _decodes(opening, encoding):
            return encoding
    raise refused("not-text", "This is neither text nor a workbook. Save it as CSV UTF-8, XLSX or ODS.")


def _likely(start: bytes) -> tuple[str, ...]:
    """The encodings that a file which begins like this may have; none where it is no text."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if start.count(b"\0") * 3 > len(start):
        return ("utf-16-le",) if start[1:200:2].count(0) > start[0:200:2].count(0) else ("utf-16-be",)
    odd = len(NO_TEXT.findall(start))
    return () if odd > start.count(b"\0") or odd * 10 > len(start) else ("utf-8-sig", "cp1252")


def _decodes(opening: Opening, encoding: str) -> bool:
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with opening() as file:
        try:
            while piece := file.read(1 << 20):
                text = decoder.decode(piece)
                _refuse_zero(text, line)
                line += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _refuse_zero(text: str, line: int) -> None:
    """Refuses a character that no table can store, by the line that it stands in."""
    before, zero, _ = text.partition("\0")
    if zero:
        raise refused(
            "zero-character",
            "This row holds a character that is no text (code 0), as of a file that was damaged or is no table. Take "
            "it out, or save the file anew.",
            row=line + before.count("\n"),
        )


def _delimiter(opening: Opening, encoding: str) -> str:
    """The separator by which the first rows name most fields; a line sep=; decides it, as Excel has it."""
    with _text(opening, encoding) as file:
        first = file.readline(100).strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]

    def fields(delimiter: str) -> int:
        rows = _first_rows(opening, encoding, delimiter)
        return max((recognised(row) for _, row in rows), default=0)

    return max(DELIMITERS, key=fields)


def _headings(opening: Opening, encoding: str, delimiter: str) -> tuple[int, tuple[str, ...], list[list[str]]]:
    """The number of the row of headings, the headings, and the rows above them."""
    rows = _first_rows(opening, encoding, delimiter)
    if not rows:
        raise refused("empty", "The file is empty. Its first row should name the columns.")
    number, row = max(rows, key=lambda row: recognised(row[1]))
    return number, tuple(cell.strip() for cell in row), [above for one, above in rows if one < number]


def _first_rows(opening: Opening, encoding: str, delimiter: str) -> list[tuple[int, list[str]]]:
    rows = []
    try:
        for number, row in _records(opening, encoding, delimiter):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if number >= SEARCHED_ROWS:
                break
    except FileRefused:
        if not rows:
            raise
    return rows


def _records(opening: Opening, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record and its number, from 1 as a spreadsheet would show it."""
    number = 0
    with _text(opening, encoding) as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=delimiter, strict=True), 1):
                yield number, row
        except (csv.Error, UnicodeError) as error:
            raise refused(
                "not-csv",
                f"The file cannot be read from here on ({error}). A quotation mark may be open; inside a cell it is "
                "doubled.",
                row=number + 1,
            ) from error


@contextmanager
def _text(opening: Opening, encoding: str) -> Iterator[io.TextIOBase]:
    with opening() as file, io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        yield text


def opening_of(source: Path | bytes) -> Opening:
    """How to open a file anew, be it on disk or in memory."""
    if isinstance(source, bytes):
        return lambda: io.BytesIO(source)
    return lambda: source.open("rb")

"""Rows as files with typed columns: workbooks, Parquet and Arrow, each in constant memory.

Money is a decimal with two places in columns, and a number in a workbook; shares are decimals.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import batched
from types import NoneType, UnionType
from typing import IO, Any, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from totalplace.formulas import defused

from .formats import csv_cell
from .typed import Part, members_of

Row = Mapping[str, Any]
# Rows of a row group of Parquet and of a batch of Arrow.
GROUP = 10_000
# Rows of a sheet of a workbook, its headings aside.
SHEET = 1_048_575
LONGEST_CELL = 32_767
POUNDS, SHARES = pa.decimal128(20, 2), pa.decimal128(16, 12)
ARROW_TYPES: Mapping[Any, pa.DataType] = {
    Decimal: POUNDS,
    Part: SHARES,
    int: pa.int64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}
POUNDS_FORMAT = "#,##0.00;[Red]-#,##0.00"
WIDTHS = {"name": 40, "agency_name": 34, "service_line_name": 40, "note": 40, "source": 40}


def arrow_schema(shape: Any) -> pa.Schema:
    """The columns of a shape with their types; whatever is neither number, time nor yes or no is text."""
    return pa.schema(
        [(name, ARROW_TYPES.get(plain_type(hint), pa.string())) for name, hint in members_of(shape).items()]
    )


def plain_type(hint: Any) -> Any:
    """The type of a member, null aside."""
    if get_origin(hint) in (Union, UnionType):
        (hint,) = [one for one in get_args(hint) if one is not NoneType][:1]
    return hint


def arrow_batches(schema: pa.Schema, rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """Rows as batches of columns."""
    reads = [(field.name, _reader(field.type)) for field in schema]
    for some in batched(rows, GROUP, strict=False):
        columns = [pa.array([read(row[name]) for row in some], schema.field(name).type) for name, read in reads]
        yield pa.record_batch(columns, schema=schema)


def _reader(kind: pa.DataType) -> Callable[[Any], Any]:
    if kind == SHARES:
        return lambda value: None if value is None else Decimal(value)
    if kind == pa.string():
        return lambda value: value if value is None or isinstance(value, str) else csv_cell(value)
    return lambda value: value


def write_parquet(schema: pa.Schema, rows: Iterable[Row], file: IO[bytes]) -> int:
    """Writes rows as Parquet in row groups, and returns their number."""
    number = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in arrow_batches(schema, rows):
            writer.write_batch(batch)
            number += batch.num_rows
    return number


def arrow_pieces(schema: pa.Schema, rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as an Arrow stream, a batch at a time."""
    sink = _Sink()
    with pa.ipc.new_stream(sink, schema) as writer:
        yield sink.taken()
        for batch in arrow_batches(schema, rows):
            writer.write_batch(batch)
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """Where Arrow writes, and where what it wrote is taken from."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Book:
    """A workbook that is written row by row, and never held."""

    def __init__(self) -> None:
        self._book = Workbook(write_only=True)

    def add_sheet(self, title: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        """A sheet with bold headings that stay in sight, and the number of its rows; more sheets where it is full."""
        number = 0
        rows = iter(rows)
        while True:
            sheet = self._new_sheet(title if not number else f"{title} {number // SHEET + 1}", columns)
            for row in rows:
                sheet.append([self._cell(sheet, row[column]) for column in columns])
                number += 1
                if number % SHEET == 0:
                    break
            else:
                return number

    def _new_sheet(self, title: str, columns: Sequence[str]) -> Any:
        sheet = self._book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for position, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(column, max(14, len(column) + 2))
        sheet.append([_bold(sheet, column) for column in columns])
        return sheet

    def _cell(self, sheet: Any, value: Any) -> Any:
        if isinstance(value, Decimal):
            cell = WriteOnlyCell(sheet, value)
            cell.number_format = POUNDS_FORMAT
            return cell
        if value is None or isinstance(value, bool | int):
            return value
        return as_text(csv_cell(value) if not isinstance(value, str) else defused(value))

    def save(self, file: IO[bytes]) -> None:
        self._book.save(file)


def as_text(text: str) -> str:
    """Text that a cell can hold."""
    return "".join(character for character in text if character >= " " or character in "\n\t")[:LONGEST_CELL]


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def temporary() -> IO[bytes]:
    """A file that goes when it is closed, for what cannot be written to a connection piece by piece."""
    return tempfile.TemporaryFile(prefix="answer-")

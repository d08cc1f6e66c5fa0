"""A file as a table of cells: one row of headings and the rows below it, read as often as asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .problems import FileProblem
from .stamp import Stamp
from .units import Stated, Unit

# Cells of one merged range that are told of one by one.
MOST_MERGED = 1_000
Cell = object
# A row's number, from 1 as a spreadsheet counts, and its cells.
Row = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet of a file holds, whatever kind of file it is.

    `read` starts anew with every call, so a table of any size needs the memory of a few rows where the file
    allows it (text does, a workbook is held by its reader). `problems` were found while opening it.
    """

    name: str
    headings: tuple[str, ...]
    read: Callable[[], Iterator[Row]]
    sheet: str = ""
    heading_row: int = 1
    notices: tuple[str, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    # What stands between the cells of a text; empty for a workbook.
    separator: str = ""
    # Where a workbook of ours was downloaded from.
    stamp: Stamp | None = None
    # The columns of fields by what a package's description says of them.
    described: Mapping[str, int] = field(default_factory=dict)
    # What it says of its amounts' unit outside the headings.
    stated: Stated | None = None
    # What its amounts count, as somebody said.
    unit: Unit = Unit.POUNDS
    # Reads the rows that somebody left out on its page, where there are any.
    left_out: Callable[[], Iterator[Row]] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; the words of a refusal name the limit."""

    bytes: int
    # A zip's contents once unpacked, and how many times its size that may be.
    unpacked_bytes: int = 1_000_000_000
    unpacked_times: int = 250
    members: int = 2_000
    rows: int = 2_000_000


# What people may upload, and what whoever runs commands may load.
UPLOADED = Limits(bytes=40_000_000, unpacked_bytes=600_000_000, rows=1_000_000)
LOADED = Limits(bytes=4_000_000_000, unpacked_bytes=4_000_000_000)

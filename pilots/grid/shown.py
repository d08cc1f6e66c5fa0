"""A grid as it is shown: rows, columns, cells and totals, without a query left in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .cells import Line


class Across(StrEnum):
    """What the columns of a grid are."""

    BODIES = "bodies"
    SERVICES = "services"


@dataclass(frozen=True)
class Heading:
    """What a row or a column is about: a body, a service line or a branch. `name_id` is the element that names it."""

    id: int
    code: str
    name: str
    name_id: str


class Mark(StrEnum):
    """What a cell is marked with beside its amount."""

    COMMENT = "comment"
    SHARED = "shared"
    EXPECTED = "expected"

    @property
    def words(self) -> str:
        return MARK_WORDS[self]


MARK_WORDS = {
    Mark.COMMENT: "has a comment",
    Mark.SHARED: "is shared out of a wider figure",
    Mark.EXPECTED: "had an amount last year",
}


class ShownCell(NamedTuple):
    """A cell as the page writes it, of a body and a service line by id.

    `why` names what keeps it from being typed over: "" (nothing), "locked", "body", "several".
    """

    agency: int
    service_line: int
    shown: str
    line: Line | None
    why: str
    marks: tuple[Mark, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class Row:
    """A row of cells with its total, or only a heading within a branch."""

    heading: Heading
    depth: int
    cells: Sequence[ShownCell] = ()
    total_name: str = ""
    total: str = ""


@dataclass(frozen=True)
class Section:
    """A branch: its totals by column, and its rows where it is open."""

    heading: Heading | None
    is_open: bool
    totals: Sequence[tuple[str, str]] = ()
    total_name: str = ""
    total: str = ""
    rows: Sequence[Row] = ()


@dataclass(frozen=True)
class Grid:
    """One branch of a count, or all of a small one, as a table."""

    columns: Sequence[Heading]
    sections: Sequence[Section]
    # The bottom edge: (name, text) by column, and of all.
    totals: Sequence[tuple[str, str]]
    total_name: str
    total: str
    across: Across
    difference: str = ""
    bodies: int = 0
    leaves: int = 0
    # Which marks any of its cells has.
    marks: Sequence[Mark] = ()

"""What a report is made of, as plain data with every word said: the page and the PDF show the same blocks.

Bars stand in per cent of the sheet's width, 0 to 100, so that both draw them alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mapping.charts.blocks import KeyItem, Table


class CannotBeMade(Exception):
    """A file of a report cannot be made; the message says why and what to do."""


CHARACTER = 1.0
"""The width of a letter on a bar, in per cent of the sheet."""
MARGIN = 1.6
"""What a label on a bar keeps free beside it."""


@dataclass(frozen=True)
class Segment:
    """A part of a bar, with the words on it where they fit."""

    token: str
    start: float
    width: float
    words: str = ""


@dataclass(frozen=True)
class Bar:
    """A named bar; `range` is (start, width) of the line beneath it, from the low to the high case."""

    name: str
    words: str
    segments: tuple[Segment, ...]
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bars:
    """Bars on one scale, with what their colours mean."""

    rows: tuple[Bar, ...]
    key: tuple[KeyItem, ...] = ()
    kind: str = "bars"


@dataclass(frozen=True)
class Figures:
    """A table of figures. `widths` are the columns' shares of the sheet, for paper."""

    table: Table
    widths: tuple[float, ...] = ()
    kind: str = "figures"


@dataclass(frozen=True)
class HeatCell:
    text: str
    fill: str = ""
    """The token of its fill, none where nothing is recorded."""


@dataclass(frozen=True)
class HeatRow:
    name: str
    cells: tuple[HeatCell, ...]
    total: str
    is_shared_out: bool = False


@dataclass(frozen=True)
class Heat:
    """Bodies down, services across, filled by classes."""

    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    total: HeatRow
    key: tuple[KeyItem, ...]
    kind: str = "heat"


@dataclass(frozen=True)
class Facts:
    """Terms and what is said of each."""

    items: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True)
class Words:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    kind: str = "words"


@dataclass(frozen=True)
class Area:
    """An area of the map, as the path of an SVG; `fill` is a token."""

    path: str
    fill: str
    is_chosen: bool


@dataclass(frozen=True)
class Map:
    """The map of a programme's places. `view` is the box of its coordinates."""

    view: tuple[float, float, float, float]
    land: str
    areas: tuple[Area, ...]
    key: tuple[KeyItem, ...]
    unit: str
    sentence: str
    kind: str = "map"


Block = Bars | Figures | Heat | Facts | Words | Map


@dataclass(frozen=True)
class Section:
    """A finding and what shows it. `may_break` is for what is longer than a sheet."""

    id: str
    title: str
    about: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    may_break: bool = False


@dataclass(frozen=True)
class Identity:
    """What every sheet says of itself: nothing is printed without it."""

    subject: str
    year: str
    scenario: str
    version: str
    assumption_set: int | None
    computed_at: datetime | None
    address: str
    """The permanent address of the report, with the map that it was printed from."""
    is_stale: bool = False
    is_illustrative: bool = False
    missing: tuple[str, ...] = ()

    @property
    def case(self) -> str:
        return f"{self.scenario} case"

    @property
    def made_from(self) -> str:
        """Official returns, snapshot 1 · assumption set 1 · computed 25 November 2026, 17:40."""
        parts = [self.version]
        if self.assumption_set is not None:
            parts.append(f"assumption set {self.assumption_set}")
        if self.computed_at is not None:
            parts.append(f"computed {self.computed_at:%-d %B %Y, %H:%M}")
        return " · ".join(parts)

    @property
    def title(self) -> str:
        """Kent · 2010-11 · central case, with a word where the figures are not what they may be taken for."""
        parts = [self.subject, self.year, self.case]
        if self.is_illustrative:
            parts.append("illustrative figures, invented")
        if self.missing:
            parts.append("partial year")
        if self.is_stale:
            parts.append("being recomputed")
        return " · ".join(parts)


@dataclass(frozen=True)
class Report:
    """A report: the answer, and its sections in order."""

    identity: Identity
    headline: str
    lead: str
    sections: tuple[Section, ...] = field(default=())


def bar_of(parts: Iterable[tuple[str, Decimal, str]], longest: Decimal) -> tuple[Segment, ...]:
    """Segments one after the other from (token, amount, words); `longest` fills the sheet. Words that do not fit go."""
    segments, start = [], 0.0
    for token, amount, words in parts:
        width = percent_of(amount, longest)
        if width > 0:
            fits = CHARACTER * len(words) + MARGIN <= width
            segments.append(Segment(token, start, width, words if fits else ""))
            start = round(start + width, 3)
    return tuple(segments)


def percent_of(amount: Decimal, longest: Decimal) -> float:
    """An amount as per cent of the longest bar, nothing below zero."""
    return round(float(max(amount, Decimal(0)) * 100 / longest), 3) if longest > 0 else 0.0


def largest(amounts: Sequence[Decimal]) -> Decimal:
    """The largest of some amounts, nothing for none."""
    return max(amounts, default=Decimal(0))

"""What a template draws: tables, keys, bars of a whole and figures, as plain data with every word said.

Templates in `templates/components/` show these; they decide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mapping.charts.inputs import FOOTING_WORDS, Footing, Footings, total
from mapping.charts.part import Part as PartOfPlace
from mapping.charts.quality import Flagged
from mapping.charts.still import Still, still
from totalplace import money


@dataclass(frozen=True)
class Column:
    heading: str
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    text: str
    is_number: bool = False
    is_below_zero: bool = False
    part: PartOfPlace | None = None
    """The part of the place that pressing the cell chooses."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns; the first column names the row. `total` is a row of its own."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class KeyItem:
    """A colour, by its token, and what it means. `is_range` shows a line with ends instead."""

    token: str
    words: str
    is_range: bool = False
    term: str = ""
    """The code of the term (`terms.csv`) that says what the words mean."""


@dataclass(frozen=True)
class Figure:
    """A chart and the table that says the same, exactly."""

    id: str
    title: str
    about: str
    sentence: str
    """What a reader who cannot see the chart is told."""
    data: dict[str, Any]
    table: Table
    key: tuple[KeyItem, ...] = ()
    notes: tuple[str, ...] = ()
    flagged: tuple[Flagged, ...] = ()
    """The savings in it of which quality fell."""

    @property
    def data_id(self) -> str:
        """The id of the page's element that holds the data."""
        return f"{self.id}-data"

    @property
    def height(self) -> int:
        """The chart's height in pixels, kept free before it is drawn."""
        return self.data["layout"]["height"]

    @property
    def still(self) -> Still | None:
        """The chart as it stands before any script; None where only a script can lay it out."""
        return still(self.data)


@dataclass(frozen=True)
class Part:
    """A part of a bar that stands for a whole, placed in per cent of its width."""

    token: str
    words: str
    start: str
    width: str
    amount: Decimal
    share: str


@dataclass(frozen=True)
class WholeBar:
    """What an amount rests on, from solid to hatched. `words` say it."""

    parts: tuple[Part, ...]
    words: str = field(default="")


def whole_bar(rests_on: Footings) -> WholeBar:
    """The parts of an amount by what they rest on, in order; parts of nothing and below are left out."""
    parts = [(footing, rests_on[footing]) for footing in Footing if rests_on.get(footing, 0) > 0]
    whole = total(amount for _, amount in parts)
    start, bars = Decimal(0), []
    for footing, amount in parts:
        width = amount * 100 / whole
        share = money.percent(amount, whole)
        bars.append(Part(footing.value, FOOTING_WORDS[footing], f"{start:.2f}%", f"{width:.2f}%", amount, share))
        start += width
    return WholeBar(tuple(bars), ", ".join(f"{part.share} {part.words}" for part in bars))


def bar_width(amount: Decimal, largest: Decimal) -> str:
    """The width of a bar in a table's cell, in per cent of the cell."""
    return f"{amount * 100 / largest:.2f}%" if largest > 0 and amount > 0 else "0%"


def words(text: str, part: PartOfPlace | None = None) -> Cell:
    """A cell of words; pressing it chooses `part`."""
    return Cell(text, part=part)


def pounds(amount: Decimal) -> Cell:
    """A cell of pounds and pence."""
    return Cell(money.exact_number(amount), is_number=True, is_below_zero=amount < 0)


def columns(first: str, *others: str) -> tuple[Column, ...]:
    """A first column of names and others of numbers."""
    return (Column(first, is_number=False), *(Column(other) for other in others))


def total_row(name: str, amounts: Sequence[Decimal]) -> tuple[Cell, ...]:
    """The last row of a table of pounds."""
    return (words(name), *(pounds(amount) for amount in amounts))

"""Who spends on what: one bar a body, split by service, labelled on the bar.

A bar cannot show an amount below zero, so those cells are listed instead; drawn and listed add to the total.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts.inputs import NOTHING, Body, PlaceFigures, total
from mapping.charts.names import body_name, heading, plural
from mapping.charts.part import Part
from mapping.charts.theme import LABEL_HEIGHT, NOTE, colour, figure_data, label, new_figure, number, quiet
from mapping.charts.tree import REST, Tree, category_token
from totalplace import money

ROW, BAR = 60, 28
"""Height of a body's row and of the bar in it, in pixels."""
GROUP_FROM = 3
"""So many bodies of one kind share a bar."""


@dataclass(frozen=True)
class Row:
    """One bar: a body, or several of one kind, with what it spends on each leaf."""

    name: str
    note: str
    bodies: tuple[Body, ...]
    spend: Decimal
    drawn: dict[str, Decimal]
    """Leaf to the sum of its amounts above zero."""

    @property
    def code(self) -> str | None:
        """The body's code; None of several."""
        return self.bodies[0].code if len(self.bodies) == 1 else None


@dataclass(frozen=True)
class Listed:
    """A cell below zero, which no bar can show."""

    body: str
    service: str
    amount: Decimal
    part: Part


def net_cells(figures: PlaceFigures) -> dict[tuple[str, str], Decimal]:
    """(body, leaf) to the amount counted, netted over what it rests on."""
    cells: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for cell in figures.spend:
        cells[cell.body, cell.service] += cell.amount
    return dict(cells)


def listed_below_zero(figures: PlaceFigures) -> list[Listed]:
    """The cells below zero, lowest first."""
    names = {body.code: body_name(body) for body in figures.bodies}
    tree = Tree(figures.services)
    below = [
        Listed(names[body], tree.services[leaf].name, amount, Part(body, tree.branch(leaf)))
        for (body, leaf), amount in net_cells(figures).items()
        if amount < 0
    ]
    return sorted(below, key=lambda cell: cell.amount)


def rows(figures: PlaceFigures) -> list[Row]:
    """The bars, largest spend first; three or more bodies of one kind share one."""
    cells = net_cells(figures)
    by_kind: dict[str, list[Body]] = defaultdict(list)
    for body in figures.bodies:
        by_kind[body.kind].append(body)
    groups = [
        group
        for bodies in by_kind.values()
        for group in ([bodies] if len(bodies) >= GROUP_FROM else [[body] for body in bodies])
    ]
    return sorted((_row(group, cells) for group in groups), key=lambda row: -row.spend)


def _row(bodies: Sequence[Body], cells: dict[tuple[str, str], Decimal]) -> Row:
    codes = {body.code for body in bodies}
    drawn: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (body, leaf), amount in cells.items():
        if body in codes and amount > 0:
            drawn[leaf] += amount
    spend = total(amount for (body, _), amount in cells.items() if body in codes)
    first = bodies[0]
    name = body_name(first) if len(bodies) == 1 else f"{len(bodies)} {plural(first.kind)}"
    return Row(name, _note(first) if len(bodies) == 1 else "", tuple(bodies), spend, dict(drawn))


def _note(body: Body) -> str:
    """How much of a body is counted here, where that is not all of it."""
    if body.is_national:
        return "national average a head"
    return "" if body.share == 1 else f"{money.percent(body.share, 1)} share"


def key(figures: PlaceFigures) -> list[tuple[str, str]]:
    """(token, words) of each colour in use."""
    tree = Tree(figures.services)
    cells = [(leaf, amount) for (_, leaf), amount in net_cells(figures).items() if amount > 0]
    coloured = tree.coloured(cells)
    words = [(category_token(code, coloured), heading(code, tree.services[code].name)) for code in coloured]
    has_rest = any(tree.branch(leaf) not in coloured for leaf, _ in cells)
    return [*words, (REST, "Everything else")] if has_rest else words


def figure(figures: PlaceFigures) -> dict[str, Any]:
    """The chart, as data for the page."""
    tree = Tree(figures.services)
    bars = [row for row in rows(figures) if row.drawn]
    coloured = tree.coloured((leaf, amount) for row in bars for leaf, amount in row.drawn.items())
    segments = [_segments(tree, coloured, row) for row in bars]
    chart = new_figure(
        ROW * len(bars),
        barmode="stack",
        xaxis={"range": [0, number(max((total(row.drawn.values()) for row in bars), default=Decimal(1)))]},
        yaxis={"range": [-len(bars) * ROW, 0]},
    )
    for rank in range(max((len(parts) for parts in segments), default=0)):
        having = [(index, parts[rank]) for index, parts in enumerate(segments) if rank < len(parts)]
        chart.add_bar(**_layer(having))
    narrow: dict[str, Any] = {}
    for index, row in enumerate(bars):
        short = f"<b>{row.name}</b>  {money.headline(row.spend)}"
        narrow[f"annotations[{len(chart.layout.annotations)}].text"] = short
        words = f"{short}  {quiet(row.note)}" if row.note else short
        chart.add_annotation(**label(words, x=0, y=-index * ROW - LABEL_HEIGHT / 2))
        if rest := _rest_words(tree, coloured, row):
            narrow[f"annotations[{len(chart.layout.annotations)}].visible"] = False
            end = number(total(row.drawn.values()))
            chart.add_annotation(**label(quiet(rest), x=end, y=_middle(index), xshift=7))
    return figure_data(chart, narrow)


def _middle(index: int) -> float:
    """Height of the middle of a bar: it stands under the row's label."""
    return -index * ROW - LABEL_HEIGHT - BAR / 2


@dataclass(frozen=True)
class Segment:
    """A leaf's part of a bar."""

    body: str
    service: str
    words: str
    paint: str
    amount: Decimal
    part: Part
    """What pressing it chooses: the body, where it is one, and the branch."""


def _segments(tree: Tree, coloured: Sequence[str], row: Row) -> list[Segment]:
    """A bar's parts, the largest first and what has no colour of its own last."""

    def place(leaf: str) -> tuple[bool, Decimal, str]:
        return tree.branch(leaf) not in coloured, -row.drawn[leaf], leaf

    segments: list[Segment] = []
    for leaf in sorted(row.drawn, key=place):
        name, amount = tree.services[leaf].name, row.drawn[leaf]
        paint = category_token(tree.branch(leaf), coloured)
        words = "" if paint == REST else f"\u00a0<b>{heading(leaf, name)}</b>"
        if words and not segments:
            words += f" {money.headline(amount)}"
        segments.append(Segment(row.name, name, words, paint, amount, Part(row.code, tree.branch(leaf))))
    return segments


def _layer(having: Sequence[tuple[int, Segment]]) -> dict[str, Any]:
    """The segments of one rank in every bar that has so many."""
    segments = [segment for _, segment in having]
    lines = ["category-rest-line" if segment.paint == REST else "page" for segment in segments]
    return {
        "orientation": "h",
        "x": [number(segment.amount) for segment in segments],
        "y": [_middle(index) for index, _ in having],
        "width": BAR,
        "marker": {
            "color": [colour(segment.paint) for segment in segments],
            "line": {"color": [colour(line) for line in lines], "width": 1},
        },
        "text": [segment.words for segment in segments],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "textfont": {"color": [colour(f"on-{segment.paint}") for segment in segments], "size": NOTE},
        "customdata": [[segment.body, segment.service, money.exact(segment.amount)] for segment in segments],
        "meta": [dict(segment.part.names()) for segment in segments],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    }


def _rest_words(tree: Tree, coloured: Sequence[str], row: Row) -> str:
    """The sum of the uncoloured segments, beside the bar's end."""
    rest = total(amount for leaf, amount in row.drawn.items() if tree.branch(leaf) not in coloured)
    return f"everything else {money.headline(rest)}" if rest else ""

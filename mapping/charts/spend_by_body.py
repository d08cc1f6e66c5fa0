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
from mapping.charts.theme import LABEL_HEIGHT, colour, figure_data, label, new_figure, number, quiet
from mapping.charts.tree import REST, Tree, category_token
from totalplace import money

ROW, BAR = 58, 26
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


@dataclass(frozen=True)
class Listed:
    """A cell below zero, which no bar can show."""

    body: str
    service: str
    amount: Decimal


def net_cells(figures: PlaceFigures) -> dict[tuple[str, str], Decimal]:
    """(body, leaf) to the amount counted, netted over what it rests on."""
    cells: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for cell in figures.spend:
        cells[cell.body, cell.service] += cell.amount
    return dict(cells)


def listed_below_zero(figures: PlaceFigures) -> list[Listed]:
    """The cells below zero, lowest first."""
    names = {body.code: body_name(body) for body in figures.bodies}
    services = {service.code: service.name for service in figures.services}
    below = [
        Listed(names[body], services[leaf], amount)
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
    chart = new_figure(
        ROW * len(bars),
        barmode="stack",
        xaxis={"range": [0, number(max((total(row.drawn.values()) for row in bars), default=Decimal(1)))]},
        yaxis={"range": [-len(bars) * ROW, 0]},
    )
    for leaf in _drawing_order(tree, coloured, bars):
        chart.add_bar(**_segments(tree, coloured, bars, leaf))
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


def _drawing_order(tree: Tree, coloured: Sequence[str], bars: Sequence[Row]) -> list[str]:
    """Leaves in the order of their segments: coloured branches first, the larger leaf first in each."""
    sizes: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for row in bars:
        for leaf, amount in row.drawn.items():
            sizes[leaf] += amount
    position = {code: index for index, code in enumerate(coloured)}

    def place(leaf: str) -> tuple[int, Decimal]:
        return position.get(tree.branch(leaf), len(position)), -sizes[leaf]

    return sorted(sizes, key=place)


def _segments(tree: Tree, coloured: Sequence[str], bars: Sequence[Row], leaf: str) -> dict[str, Any]:
    """One leaf's segment in every bar that has it."""
    service = tree.services[leaf]
    paint = category_token(tree.branch(leaf), coloured)
    having = [(index, row) for index, row in enumerate(bars) if leaf in row.drawn]
    return {
        "name": service.name,
        "orientation": "h",
        "x": [number(row.drawn[leaf]) for _, row in having],
        "y": [_middle(index) for index, _ in having],
        "width": BAR,
        "marker": {
            "color": colour(paint),
            "line": {
                "color": colour("category-rest-line" if paint == REST else "page"),
                "width": 1,
            },
        },
        "text": [_segment_words(row, leaf, service.name, paint) for _, row in having],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "textfont": {"color": colour(f"on-{paint}"), "size": 15},
        "customdata": [[row.name, money.exact(row.drawn[leaf])] for _, row in having],
        "hovertemplate": f"<b>%{{customdata[0]}}</b><br>{service.name}<br>%{{customdata[1]}}<extra></extra>",
    }


def _segment_words(row: Row, leaf: str, name: str, paint: str) -> str:
    """What stands on a segment: its short name, and on a bar's largest one its amount."""
    if paint == REST:
        return ""
    words = f"<b>{heading(leaf, name)}</b>"
    is_largest = row.drawn[leaf] == max(row.drawn.values())
    return f"{words} {money.headline(row.drawn[leaf])}" if is_largest else words


def _rest_words(tree: Tree, coloured: Sequence[str], row: Row) -> str:
    """The sum of the uncoloured segments, beside the bar's end."""
    rest = total(amount for leaf, amount in row.drawn.items() if tree.branch(leaf) not in coloured)
    return f"everything else {money.headline(rest)}" if rest else ""

"""Who pays whom for what: from the funder through who delivers to what it is spent on.

Where no funder is stated the flows begin with who delivers. What a body passes on to another is drawn too, in grey:
it stands in no total. A flow cannot show an amount below zero, so those are listed; drawn and listed add to the total.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts import spend_by_body
from mapping.charts.inputs import NOTHING, Flows, PlaceFigures, total
from mapping.charts.names import body_name, heading
from mapping.charts.part import Part
from mapping.charts.theme import NOTE, colour, figure_data, new_figure, number
from mapping.charts.tree import REST, Tree, category_token
from totalplace import money

NODE_HEIGHT, LEAST_HEIGHT = 46, 300
"""Room for each node of the fullest column, and for the whole, in pixels."""
NOT_STATED = "not stated who pays"
PASSED_ON = "passed on, counted nowhere"
LONGEST_NAME = 26
"""So many letters of a name fit on a narrow screen."""
FAINT = "80"
"""How solid a flow is, so that those that cross can be told apart (hexadecimal, of FF)."""


@dataclass(frozen=True)
class Flow:
    """An amount above zero from one node to another; `paint` is the token of its colour."""

    start: str
    end: str
    amount: Decimal
    paint: str
    is_passed_on: bool = False
    part: Part | None = None
    """What pressing it chooses: the body, where it is one, and the branch."""


@dataclass(frozen=True)
class NotDrawn:
    """What no flow can show: an amount below zero, or one that would run in a circle."""

    payer: str
    deliverer: str
    purpose: str
    amount: Decimal
    is_passed_on: bool


@dataclass(frozen=True)
class Drawing:
    """The flows of a place, sorted into what is drawn and what is listed."""

    paid: tuple[Flow, ...]
    """From funders to those who deliver; none where no funder is stated."""
    spent: tuple[Flow, ...]
    """From those who deliver to what it is spent on."""
    passed_on: tuple[Flow, ...]
    listed: tuple[NotDrawn, ...]
    counted: dict[str, Decimal]
    """Node to what is counted of it, with what is below zero."""


def drawing(figures: PlaceFigures, flows: Flows) -> Drawing:
    """Every flow of a place, the largest first; three or more bodies of one kind are one."""
    tree = Tree(figures.services)
    rows = spend_by_body.rows(figures)
    group = {body.code: row.name for row in rows for body in row.bodies}
    codes = {row.name: row.code for row in rows}
    cells: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: NOTHING)
    for cell in flows.cells:
        cells[cell.funder, cell.body, cell.service] += cell.amount
    above = {key: amount for key, amount in cells.items() if amount > 0}
    coloured = tree.coloured((leaf, amount) for (_, _, leaf), amount in above.items())
    paid: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    spent: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for (funder, body, leaf), amount in above.items():
        paid[funder or NOT_STATED, group[body]] += amount
        spent[group[body], tree.branch(leaf)] += amount
    names = {body.code: body_name(body) for body in figures.bodies}
    listed = [
        NotDrawn(funder or NOT_STATED, names[body], tree.services[leaf].name, amount, False)
        for (funder, body, leaf), amount in sorted(cells.items(), key=lambda cell: cell[1])
        if amount < 0
    ]
    passed, more = _passed_on(figures, flows, group)
    counted: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (funder, body, leaf), amount in cells.items():
        branch = tree.branch(leaf)
        for node in {funder or NOT_STATED, group[body], heading(branch, tree.services[branch].name)}:
            counted[node] += amount
    return Drawing(
        paid=_largest_first(Flow(*ends, amount, REST) for ends, amount in paid.items()) if flows.has_funders else (),
        spent=_largest_first(
            Flow(
                body,
                heading(branch, tree.services[branch].name),
                amount,
                category_token(branch, coloured),
                part=Part(codes.get(body), branch),
            )
            for (body, branch), amount in spent.items()
        ),
        passed_on=passed,
        listed=(*listed, *more),
        counted={**counted, PASSED_ON: total(flow.amount for flow in passed if flow.end == PASSED_ON)},
    )


def _passed_on(
    figures: PlaceFigures, flows: Flows, group: dict[str, str]
) -> tuple[tuple[Flow, ...], tuple[NotDrawn, ...]]:
    """What is passed on from one node to another, and what is not drawn of it."""
    groups = {body_name(body): group[body.code] for body in figures.bodies if body.code in group}
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    listed = []
    for transfer in flows.transfers:
        start = groups.get(transfer.body)
        end = groups.get(transfer.receiver) if transfer.is_counted_there else PASSED_ON
        if start is None or end is None or start == end or transfer.amount <= 0:
            words = transfer.receiver or "a body that is not named"
            listed.append(NotDrawn(transfer.body, words, "passed on, in no total", transfer.amount, True))
        else:
            sums[start, end] += transfer.amount
    drawn: list[Flow] = []
    for flow in _largest_first(Flow(*ends, amount, REST, True) for ends, amount in sums.items()):
        if _leads(flow.end, flow.start, drawn):
            listed.append(NotDrawn(flow.start, flow.end, "passed on, in no total", flow.amount, True))
        else:
            drawn.append(flow)
    return tuple(drawn), tuple(listed)


def _leads(start: str, end: str, flows: list[Flow]) -> bool:
    """Whether one can get from a node to another along the flows."""
    return start == end or any(_leads(flow.end, end, flows) for flow in flows if flow.start == start)


def _largest_first(flows: Any) -> tuple[Flow, ...]:
    return tuple(sorted(flows, key=lambda flow: (-flow.amount, flow.start, flow.end)))


def figure(drawn: Drawing) -> dict[str, Any]:
    """The chart, as data for the page."""
    flows = [*drawn.paid, *drawn.spent, *drawn.passed_on]
    nodes = _nodes(drawn)
    index = {node: position for position, node in enumerate(nodes)}
    deliverers = {flow.start for flow in drawn.spent}
    fullest = max(len(deliverers), len({flow.end for flow in drawn.spent}), len({flow.start for flow in drawn.paid}), 1)
    paints = {flow.end: flow.paint for flow in drawn.spent}
    chart = new_figure(max(LEAST_HEIGHT, NODE_HEIGHT * fullest), margin={"t": 10, "b": 14})
    chart.add_sankey(
        arrangement="fixed",
        node={
            "label": [_labelled(node, drawn.counted.get(node)) for node in nodes],
            "color": [colour(paints.get(node, "own" if node in deliverers else REST)) for node in nodes],
            "line": {"width": 0},
            "pad": 18,
            "thickness": 12,
            "hoverinfo": "none",
        },
        link={
            "source": [index[flow.start] for flow in flows],
            "target": [index[flow.end] for flow in flows],
            "value": [number(flow.amount) for flow in flows],
            "color": [colour(flow.paint, FAINT) for flow in flows],
            "customdata": [[flow.start, flow.end, money.exact(flow.amount)] for flow in flows],
            "hovertemplate": "<b>%{customdata[0]}</b><br>to %{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        },
        meta=[dict(flow.part.names()) if flow.part else {} for flow in flows],
        textfont={"size": NOTE, "color": colour("text")},
    )
    return figure_data(chart, {"data[0].node.label": [_shortened(money.starting(node)) for node in nodes]})


def _labelled(node: str, counted: Decimal | None) -> str:
    """A node's name with what is counted of it; of a body that only pays or receives here nothing is."""
    return money.starting(node) if counted is None else f"{money.starting(node)} {money.headline(counted)}"


def _shortened(name: str) -> str:
    """A name that leaves a narrow screen room for the one across."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _nodes(drawn: Drawing) -> list[str]:
    """Each node once, funders first."""
    flows = [*drawn.paid, *drawn.spent, *drawn.passed_on]
    return list(dict.fromkeys([*(flow.start for flow in flows), *(flow.end for flow in flows)]))

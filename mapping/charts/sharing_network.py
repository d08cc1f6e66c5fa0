"""Who could share with whom, drawn: bodies one below the other, an arc from body to body for each of the largest pairs.

The bodies stand in the order of the matrix, with its numbers. Pairs overlap, so arcs rank and never add up.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

from mapping.charts.blocks import Figure, KeyItem
from mapping.charts.heat_map import SAVING_CLASSES, class_of, class_words, said_millions
from mapping.charts.inputs import Pair, PlaceFigures
from mapping.charts.names import body_in_sentence, body_name
from mapping.charts.sharing_matrix import bodies_by_spend, pair_table
from mapping.charts.theme import NOTE, colour, figure_data, label, new_figure
from totalplace import money

ROW = 28
"""Height of a body's row, in pixels."""
MOST_DRAWN = 20
"""So many pairs are drawn, the largest; the table has all of them."""
STEPS = 20
"""Straight pieces of an arc."""
NAMES_END, NARROW_NAMES_END = 0.42, 0.6
"""Where the names end and the arcs begin, in parts of the width."""
NARROW_LETTERS = 24
WIDTHS = (0.75, 1.0, 1.5, 2.0, 3.5)
"""How wide an arc of each class is, in pixels."""


def network_figure(figures: PlaceFigures) -> Figure | None:
    """The drawing of a place; None where no two bodies would save."""
    pairs = [pair for pair in figures.pairs if pair.saving > 0]
    if not pairs:
        return None
    names = {body.code: body_name(body) for body in figures.bodies}
    drawn = pairs[:MOST_DRAWN]
    classes = sorted({_class(pair) for pair in drawn})
    words = class_words(SAVING_CLASSES)
    said = "; ".join(
        f"{names[pair.body_a]} and {names[pair.body_b]}: {money.headline(pair.saving)}" for pair in drawn[:3]
    )
    few = f"the {len(drawn)} largest of {len(pairs)} pairs" if len(drawn) < len(pairs) else _all(len(pairs))
    return Figure(
        id="network",
        title=best_partner(figures, pairs),
        about=f"What two bodies would save if only they joined up: {few}, {figures.provenance.year}, "
        f"{figures.provenance.scenario} case",
        sentence=f"{money.counted(len(drawn), 'pair')} drawn; largest: {said}.",
        data=figure(figures, drawn),
        table=pair_table(figures, pairs),
        key=tuple(
            KeyItem(
                f"saving-{number}", f"£ million: {words[number - 1]}" if number == classes[0] else words[number - 1]
            )
            for number in classes
        ),
        notes=("Pairs overlap, so they rank but never add up. The numbers are those of the matrix.",),
    )


def _all(pairs: int) -> str:
    return "the only pair" if pairs == 1 else f"all {pairs} pairs"


def best_partner(figures: PlaceFigures, pairs: Sequence[Pair]) -> str:
    """For 15 of 17 bodies Kent County Council is the partner that saves most."""
    bodies = {body.code: body for body in figures.bodies}
    partner: dict[str, str] = {}
    for pair in pairs:
        partner.setdefault(pair.body_a, pair.body_b)
        partner.setdefault(pair.body_b, pair.body_a)
    counts = Counter(partner.values())
    code, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(partner) == 2:
        return "Two bodies could share with each other"
    many = f"{money.number_word(count)} of the {money.number_word(len(partner))} bodies"
    return f"For {many} {body_in_sentence(bodies[code])} is the partner that saves most"


def figure(figures: PlaceFigures, pairs: Sequence[Pair]) -> dict[str, Any]:
    """The chart, as data for the page."""
    order = bodies_by_spend(figures)
    rows = {body.code: -(index + 0.5) * ROW for index, body in enumerate(order)}
    names = {body.code: body_name(body) for body in order}
    longest = max(abs(rows[pair.body_a] - rows[pair.body_b]) for pair in pairs)
    chart = new_figure(
        len(order) * ROW,
        xaxis={"domain": [NAMES_END, 1], "range": [-0.03, 1.04]},
        yaxis={"range": [-len(order) * ROW, 0]},
    )
    arcs: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        arcs[_class(pair)].append(pair)
    for size in sorted(arcs):
        chart.add_scatter(**_lines(size, arcs[size], rows, longest))
    chart.add_scatter(**_bodies(list(rows.values())))
    chart.add_scatter(**_tops(pairs, rows, longest, names))
    narrow: dict[str, Any] = {"xaxis.domain": [NARROW_NAMES_END, 1]}
    for position, body in enumerate(order):
        words = f"<b>{position + 1}</b>  {names[body.code]}"
        narrow[f"annotations[{position}].text"] = f"<b>{position + 1}</b>  {_shortened(names[body.code])}"
        chart.add_annotation(**label(words, x=0, y=rows[body.code], xref="paper", font={"size": NOTE}))
    return figure_data(chart, narrow)


def _class(pair: Pair) -> int:
    return class_of(said_millions(pair.saving), SAVING_CLASSES)


def _top(pair: Pair, rows: dict[str, float], longest: float) -> tuple[float, float]:
    """How far out an arc reaches, and at what height: the farther its bodies are apart the farther."""
    start, end = rows[pair.body_a], rows[pair.body_b]
    return abs(start - end) / longest, (start + end) / 2


def _lines(size: int, pairs: Sequence[Pair], rows: dict[str, float], longest: float) -> dict[str, Any]:
    """The arcs of one class, each broken from the next."""
    x: list[float | None] = []
    y: list[float | None] = []
    for pair in pairs:
        reach, middle = _top(pair, rows, longest)
        half = abs(rows[pair.body_a] - rows[pair.body_b]) / 2
        turns = [step * pi / STEPS for step in range(STEPS + 1)]
        x += [*(round(reach * sin(turn), 4) for turn in turns), None]
        y += [*(round(middle + half * cos(turn), 1) for turn in turns), None]
    return {
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": colour(f"saving-{size}"), "width": WIDTHS[size - 1]},
        "hoverinfo": "skip",
    }


def _bodies(heights: Sequence[float]) -> dict[str, Any]:
    return {
        "x": [0.0] * len(heights),
        "y": list(heights),
        "mode": "markers",
        "marker": {"size": 9, "color": colour("own"), "line": {"color": colour("page"), "width": 1}},
        "hoverinfo": "skip",
    }


def _tops(pairs: Sequence[Pair], rows: dict[str, float], longest: float, names: dict[str, str]) -> dict[str, Any]:
    """A point at the far end of each arc, which says whose it is."""
    tops = [_top(pair, rows, longest) for pair in pairs]
    return {
        "x": [round(reach, 4) for reach, _ in tops],
        "y": [height for _, height in tops],
        "mode": "markers",
        "marker": {
            "size": 8,
            "color": [colour(f"saving-{_class(pair)}") for pair in pairs],
            "line": {"color": colour("joined"), "width": 1},
        },
        "customdata": [[names[pair.body_a], names[pair.body_b], money.exact(pair.saving)] for pair in pairs],
        "hovertemplate": "<b>%{customdata[0]}</b><br>and %{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    }


def _shortened(name: str) -> str:
    """A name that leaves a narrow screen room for the arcs."""
    return name if len(name) <= NARROW_LETTERS else f"{name[: NARROW_LETTERS - 1].rstrip()}…"

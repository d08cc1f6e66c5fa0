"""Which way saves: one bar a lever, joined first and alone beside it, the range as a line beneath."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from mapping.charts.inputs import LeverFigures, Savings
from mapping.charts.theme import LABEL_HEIGHT, NOTE, colour, figure_data, label, new_figure, number, quiet
from totalplace import money

ROW, BAR, RANGE = 66, 22, 20
"""Height of a lever's row, of its bar, and of the line for its range, in pixels."""
ROOM, NARROW_ROOM = 1.32, 1.75
"""How far the axis runs beyond the longest line, so that the words after it fit."""
INSIDE_FROM = 0.2
"""The part of the axis that a bar must fill for its amount to stand on it."""


def ordered(savings: Savings) -> list[LeverFigures]:
    """Levers, the largest saving from joining up first."""
    return sorted(savings.levers, key=lambda lever: (-lever.joined.central, -lever.saving.central, lever.code))


def scale(savings: Savings, scenario: str) -> money.Scale:
    """The one unit in which the chart says all its amounts."""
    amounts = []
    for lever in savings.levers:
        joined, saving = lever.joined.at(scenario), lever.saving.at(scenario)
        amounts += [joined, saving - joined, lever.saving.low, lever.saving.high]
    return money.Scale(amounts)


def figure(savings: Savings, scenario: str, can_choose: bool = False) -> dict[str, Any]:
    """The chart, as data for the page; `can_choose` lets a reader choose a lever by pressing its bar."""
    levers, say = ordered(savings), scale(savings, scenario).say
    longest = _longest(levers, scenario)
    chart = new_figure(
        ROW * len(levers),
        barmode="stack",
        xaxis={"range": [0, longest * ROOM]},
        yaxis={"range": [-len(levers) * ROW, 0]},
    )
    inside = [number(lever.joined.at(scenario)) > INSIDE_FROM * longest * ROOM for lever in levers]
    joined = [lever.joined.at(scenario) for lever in levers]
    chart.add_bar(**_bars(levers, scenario, "by joining up", joined, "joined"))
    alone = [lever.saving.at(scenario) - lever.joined.at(scenario) for lever in levers]
    chart.add_bar(**_bars(levers, scenario, "alone", alone, "alone"))
    if can_choose:
        chart.update_traces(meta=[{"lever": lever.code} for lever in levers])
    chart.add_scatter(**_range_lines(levers))
    for index, lever in enumerate(levers):
        for words in _words(index, lever, scenario, say, inside[index]):
            chart.add_annotation(**words)
    return figure_data(chart, {"xaxis.range": [0, longest * NARROW_ROOM]})


def _longest(levers: list[LeverFigures], scenario: str) -> float:
    """The end of the longest bar or line, in pounds."""
    ends = [end for lever in levers for end in (lever.saving.low, lever.saving.at(scenario), lever.saving.high)]
    return number(max(ends, default=Decimal(0))) or 1.0


def _bars(
    levers: list[LeverFigures],
    scenario: str,
    name: str,
    amounts: list[Decimal],
    fill: str,
) -> dict[str, Any]:
    """One part of every lever's bar."""
    return {
        "name": name,
        "orientation": "h",
        "x": [number(amount) for amount in amounts],
        "y": [_bar_middle(index) for index in range(len(levers))],
        "width": BAR,
        "marker": {"color": colour(fill), "line": {"color": colour("joined"), "width": 1}},
        "customdata": [
            [lever.name, money.exact(amount), money.exact(lever.saving.at(scenario))]
            for lever, amount in zip(levers, amounts, strict=True)
        ],
        "hovertemplate": f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}"
        "<br>in all %{customdata[2]}<extra></extra>",
    }


def _words(
    index: int, lever: LeverFigures, scenario: str, say: Callable[[Decimal], str], is_joined_inside: bool
) -> Iterator[dict[str, Any]]:
    """The lever's name above its bar, its amounts beside the bar, its range beside the line."""
    yield label(f"<b>{lever.name}</b>", x=0, y=-index * ROW - LABEL_HEIGHT / 2)
    joined, saving = lever.joined.at(scenario), lever.saving.at(scenario)
    alone = f"<b>+ {say(saving - joined)}</b> alone" if saving != joined else ""
    beside = alone if is_joined_inside else f"<b>{say(joined)}</b> {alone}".rstrip()
    small = {"xshift": 7, "font": {"size": NOTE}}
    if is_joined_inside:
        on_bar = {"xanchor": "right", "xshift": -7, "font": {"size": NOTE, "color": colour("on-joined")}}
        yield label(f"<b>{say(joined)}</b>", x=number(joined), y=_bar_middle(index), **on_bar)
    if beside:
        yield label(beside, x=number(saving), y=_bar_middle(index), **small)
    low, high = lever.saving.low, lever.saving.high
    range_words = quiet(f"{say(low)} to {say(high)}")
    yield label(range_words, x=number(max(low, high)), y=_range_middle(index), **small)


def _bar_middle(index: int) -> float:
    return -index * ROW - LABEL_HEIGHT - BAR / 2


def _range_middle(index: int) -> float:
    return -index * ROW - LABEL_HEIGHT - BAR - RANGE / 2 + 1


def _range_lines(levers: list[LeverFigures]) -> dict[str, Any]:
    """A line from the low to the high case under each bar, broken between levers."""
    x: list[float | None] = []
    y: list[float | None] = []
    for index, lever in enumerate(levers):
        x += [number(lever.saving.low), number(lever.saving.high), None]
        y += [_range_middle(index), _range_middle(index), None]
    return {
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "line": {"color": colour("secondary"), "width": 1.5},
        "marker": {"symbol": "line-ns-open", "size": 8, "color": colour("secondary"), "line": {"width": 1.5}},
        "hoverinfo": "skip",
    }

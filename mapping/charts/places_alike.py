"""This place beside others of its kind and region: what each spends a head, and what joining up would save a head.

Two small charts over one list of places. The list is by name wherever the ranges of two neighbours overlap, so that
nothing is ranked that cannot be told apart.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mapping.charts.inputs import PlaceRow
from mapping.charts.theme import LABEL_HEIGHT, NOTE, colour, figure_data, label, new_figure, number, quiet
from totalplace import money

HEADING, ROW, BAR = 34, 46, 14
"""Heights of the headings, of a place and of its bars, in pixels."""
LEFT, RIGHT = (0.0, 0.47), (0.53, 1.0)
"""Where the two charts stand, in parts of the width."""


def compared(places: Sequence[PlaceRow], own: str) -> list[PlaceRow]:
    """The places that can be compared, this one first: those with spend, a saving and a population."""
    known = [place for place in places if place.spend is not None and place.joined and place.population]
    mine = [place for place in known if place.slug == own]
    others = [place for place in known if place.slug != own]
    ranked = sorted(others, key=lambda place: (-_joined(place, "central"), place.name))
    return [*mine, *(ranked if not overlap(ranked) else sorted(others, key=lambda place: place.name))]


def overlap(ranked: Sequence[PlaceRow]) -> bool:
    """Whether the low to high range of any place reaches into that of the next."""
    return any(ends(lower)[1] >= ends(upper)[0] for upper, lower in pairwise(ranked))


def ends(place: PlaceRow) -> tuple[Decimal, Decimal]:
    """The least and the most that joining up saves a head over the cases."""
    cases = [_joined(place, case) for case in ("low", "central", "high")]
    return min(cases), max(cases)


def _joined(place: PlaceRow, scenario: str) -> Decimal:
    return place.joined.at(scenario) / place.population if place.joined and place.population else Decimal(0)


def spend_a_head(place: PlaceRow) -> Decimal:
    """Pounds a head."""
    return (place.spend or Decimal(0)) / (place.population or 1)


def saved_a_head(place: PlaceRow, scenario: str) -> Decimal:
    """Pounds a head by joining up in a full year."""
    return _joined(place, scenario)


def figure(places: Sequence[PlaceRow], own: str, scenario: str) -> dict[str, Any]:
    """The chart, as data for the page."""
    spend = [spend_a_head(place) for place in places]
    saved = [saved_a_head(place, scenario) for place in places]
    height = HEADING + ROW * len(places)
    chart = new_figure(
        height,
        barmode="overlay",
        xaxis={"domain": LEFT, "range": [0, number(max(spend)) or 1.0]},
        xaxis2={"domain": RIGHT, "range": [0, number(max(ends(place)[1] for place in places)) or 1.0]},
        yaxis={"range": [-height, 0]},
    )
    chart.layout.xaxis2.update(visible=False, fixedrange=True, anchor="y")
    names = [place.name for place in places]
    edge = [colour("text" if place.slug == own else "spend-4") for place in places]
    fill = [colour("spend-4" if place.slug == own else "spend-2") for place in places]
    chart.add_bar(**_bars(names, spend, "spent", fill, edge))
    chart.add_bar(**_bars(names, saved, "saved by joining up", colour("joined"), colour("joined")), xaxis="x2")
    chart.add_scatter(**_ranges(places), xaxis="x2")
    for x, words in (("x domain", "<b>Spent a head</b>"), ("x2 domain", "<b>Saved a head by joining up</b>")):
        chart.add_annotation(**label(words, x=0, y=-LABEL_HEIGHT / 2, xref=x, font={"size": NOTE}))
    narrow = {f"annotations[{len(chart.layout.annotations) - 1}].text": "<b>Saved a head</b>"}
    for index, place in enumerate(places):
        name = f"<b>{place.short_name}</b>" if place.slug == own else place.short_name
        at = -HEADING - index * ROW - LABEL_HEIGHT / 2
        low, high = (money.pounds_a_head(end, 1) for end in ends(place))
        chart.add_annotation(
            **label(f"{name}  {money.pounds_a_head(spend[index], 1)}", x=0, y=at, xref="x domain", font={"size": NOTE})
        )
        words = f"{money.pounds_a_head(saved[index], 1)}  {quiet(f'{low} to {high}')}"
        chart.add_annotation(**label(words, x=0, y=at, xref="x2 domain", font={"size": NOTE}))
    return figure_data(chart, narrow)


def _bars(names: Sequence[str], amounts: Sequence[Decimal], words: str, fill: Any, edge: Any) -> dict[str, Any]:
    return {
        "orientation": "h",
        "x": [number(amount) for amount in amounts],
        "y": [_middle(index) for index in range(len(names))],
        "width": BAR,
        "marker": {"color": fill, "line": {"color": edge, "width": 1}},
        "customdata": [[name, money.exact(amount)] for name, amount in zip(names, amounts, strict=True)],
        "hovertemplate": f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}} a head {words}<extra></extra>",
    }


def _ranges(places: Sequence[PlaceRow]) -> dict[str, Any]:
    """A line under each bar from the low to the high case."""
    x: list[float | None] = []
    y: list[float | None] = []
    for index, place in enumerate(places):
        low, high = ends(place)
        x += [number(low), number(high), None]
        y += [_middle(index) - BAR / 2 - 4] * 2 + [None]
    return {
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "line": {"color": colour("secondary"), "width": 1.5},
        "marker": {"symbol": "line-ns-open", "size": 6, "color": colour("secondary"), "line": {"width": 1.5}},
        "hoverinfo": "skip",
    }


def _middle(index: int) -> float:
    return -HEADING - index * ROW - LABEL_HEIGHT - BAR / 2

"""How the saving comes about: what each way would save by itself, what cap and overlap take off, what is left."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts.inputs import NOTHING, PoolFigures, Savings, total
from mapping.charts.theme import LABEL_HEIGHT, colour, figure_data, label, new_figure, number
from totalplace import money

ROW, BAR = 52, 22
"""Height of a step and of its bar, in pixels."""
CAP, OVERLAP, LEFT = "The cap takes off", "Overlap takes off", "Left in a full year"


@dataclass(frozen=True)
class Step:
    """A bar from `start` to `end` in pounds; `parts` are (token, amount) of it from its start."""

    name: str
    start: Decimal
    end: Decimal
    parts: tuple[tuple[str, Decimal], ...]

    @property
    def change(self) -> Decimal:
        return self.end - self.start


def steps(savings: Savings, pools: Sequence[PoolFigures], scenario: str) -> list[Step]:
    """Up by each way before its cap, the largest first, then down to what is credited."""
    before: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for pool in pools:
        before[pool.lever] += pool.before_cap
    after = total(pool.after_cap for pool in pools)
    saving, joined = savings.saving.at(scenario), savings.joined.at(scenario)
    found: list[Step] = []
    reached = NOTHING
    for name, amount in sorted(before.items(), key=lambda way: (-way[1], way[0])):
        found.append(Step(name, reached, reached + amount, (("alone", amount),)))
        reached += amount
    for name, end in ((CAP, after), (OVERLAP, saving)):
        if end != reached:
            found.append(Step(name, reached, end, (("category-rest", abs(end - reached)),)))
        reached = end
    return [*found, Step(LEFT, NOTHING, saving, (("joined", joined), ("alone", saving - joined)))]


def scale(found: Sequence[Step]) -> money.Scale:
    """The one unit in which the chart says all its amounts."""
    return money.Scale([step.change for step in found], finer=True)


def figure(found: Sequence[Step]) -> dict[str, Any]:
    """The chart, as data for the page."""
    say = scale(found).say
    most = number(max((max(step.start, step.end) for step in found), default=Decimal(1))) or 1.0
    chart = new_figure(
        ROW * len(found),
        barmode="overlay",
        xaxis={"range": [0, most * 1.002]},
        yaxis={"range": [-len(found) * ROW, 0]},
    )
    for index, step in enumerate(found):
        chart.add_bar(**_bar(index, step))
        chart.add_annotation(
            **label(
                f"<b>{step.name}</b>  {say(step.change)}",
                x=0,
                y=-index * ROW - LABEL_HEIGHT / 2,
                bgcolor=colour("page"),
            )
        )
        if index + 1 < len(found):
            ends = {"x0": number(step.end), "x1": number(step.end)}
            down = {"y0": _middle(index) - BAR / 2, "y1": _middle(index + 1) - BAR / 2}
            chart.add_shape(type="line", layer="below", **ends, **down, line={"color": colour("rule"), "width": 1})
    return figure_data(chart)


def _bar(index: int, step: Step) -> dict[str, Any]:
    """A step's parts, one after the other from where it starts."""
    amounts = [amount for _, amount in step.parts]
    first = min(step.start, step.end)
    starts = [first + total(amounts[:position]) for position in range(len(amounts))]
    lines = ["joined" if step.change > 0 else "category-rest-line"] * len(step.parts)
    parts = {"joined": "by joining up", "alone": "alone"} if len(step.parts) > 1 else {}
    return {
        "orientation": "h",
        "x": [number(amount) for amount in amounts],
        "base": [number(start) for start in starts],
        "y": [_middle(index)] * len(amounts),
        "width": BAR,
        "marker": {
            "color": [colour(token) for token, _ in step.parts],
            "line": {"color": [colour(line) for line in lines], "width": 1},
        },
        "customdata": [
            [step.name, parts.get(token, "before the cap" if step.change > 0 else ""), money.exact(amount)]
            for token, amount in step.parts
        ],
        "hovertemplate": "<b>%{customdata[0]}</b><br>%{customdata[1]} %{customdata[2]}<extra></extra>",
    }


def _middle(index: int) -> float:
    return -index * ROW - LABEL_HEIGHT - BAR / 2

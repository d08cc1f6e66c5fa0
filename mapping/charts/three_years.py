"""When: the saving of each review year up, its one-off cost down, and the net in words."""

from typing import Any

from mapping.charts.inputs import Savings
from mapping.charts.theme import NOTE, colour, figure_data, label, new_figure, number
from totalplace import money

HEIGHT, WORDS = 300, 64
"""Height of the whole chart and of the words below it, in pixels."""
BAR_WIDTH = 0.36
LABEL_ROOM = 26
"""Room for the words above the highest bar and below the lowest, in pixels."""


def scale(savings: Savings) -> money.Scale:
    """The one unit in which the chart says all its amounts."""
    amounts = [amount for year in savings.years for amount in (year.saving, year.cost, year.net)]
    return money.Scale(amounts, finer=True)


def figure(savings: Savings) -> dict[str, Any]:
    """The chart, as data for the page."""
    years, say = savings.years, scale(savings).say
    top = max((number(year.saving) for year in years), default=0.0)
    bottom = max((number(year.cost) for year in years), default=0.0)
    pounds_a_pixel = ((top + bottom) or 1.0) / (HEIGHT - WORDS - 2 * LABEL_ROOM)
    lowest = -bottom - (LABEL_ROOM + WORDS) * pounds_a_pixel
    chart = new_figure(
        HEIGHT,
        barmode="relative",
        xaxis={"range": [-BAR_WIDTH / 2, len(years) - BAR_WIDTH / 2]},
        yaxis={"range": [lowest, top + LABEL_ROOM * pounds_a_pixel]},
    )
    parts = [
        ("by joining up", "joined", "joined", [year.joined for year in years]),
        ("alone", "alone", "joined", [year.alone for year in years]),
        ("cost to achieve", "category-rest", "category-rest-line", [-year.cost for year in years]),
    ]
    for name, fill, line, amounts in parts:
        chart.add_bar(
            name=name,
            x=list(range(len(years))),
            y=[number(amount) for amount in amounts],
            width=BAR_WIDTH,
            marker={"color": colour(fill), "line": {"color": colour(line), "width": 1}},
            customdata=[
                [f"Year {year.number}", money.exact(abs(amount))] for year, amount in zip(years, amounts, strict=True)
            ],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}<extra></extra>",
        )
    zero = {"x0": 0, "x1": 1, "xref": "x domain", "y0": 0, "y1": 0}
    chart.add_shape(type="line", **zero, line={"color": colour("text"), "width": 1})
    narrow: dict[str, Any] = {}
    for year in years:
        left = year.number - 1 - BAR_WIDTH / 2
        chart.add_annotation(**_words(f"Saves <b>{say(year.saving)}</b>", left, number(year.saving), LABEL_ROOM / 2))
        if year.cost:
            chart.add_annotation(**_words(f"Costs <b>{say(year.cost)}</b>", left, -number(year.cost), -LABEL_ROOM / 2))
        net = f"<b>{say(year.net)}</b>"
        narrow[f"annotations[{len(chart.layout.annotations)}].text"] = f"Year {year.number}<br>net {net}"
        chart.add_annotation(**_words(f"Year {year.number}: net {net}", left, lowest, WORDS / 2 - 4))
    return figure_data(chart, narrow)


def _words(text: str, left: float, height: float, above: float) -> dict[str, Any]:
    return label(text, x=left, y=height, yshift=above, font={"size": NOTE + 1})

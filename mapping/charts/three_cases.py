"""When, in each case: the three years of each, saving to the right and cost to the left, the net in words."""

from typing import Any

from mapping.charts.inputs import Savings, YearFigures
from mapping.charts.theme import LABEL_HEIGHT, NOTE, colour, figure_data, label, new_figure, number
from totalplace import money

HEADING, ROW, BAR, GAP = 30, 42, 14, 12
"""Heights of a case's heading, of a year, of its bar, and of the space between cases, in pixels."""


def scale(savings: Savings) -> money.Scale:
    """The one unit in which the chart says all its amounts."""
    years = [year for case in savings.years_in_cases.values() for year in case]
    return money.Scale([amount for year in years for amount in (year.saving, year.cost, year.net)], finer=True)


def figure(savings: Savings) -> dict[str, Any]:
    """The chart, as data for the page."""
    cases, say = savings.years_in_cases, scale(savings).say
    rows: list[tuple[str, YearFigures, float]] = []
    headings: list[tuple[str, float]] = []
    top = 0.0
    for case, years in cases.items():
        headings.append((case, top - HEADING / 2))
        top -= HEADING
        for year in years:
            rows.append((case, year, top))
            top -= ROW
        top -= GAP
    most = max((number(year.saving) for _, year, _ in rows), default=0.0)
    dearest = max((number(year.cost) for _, year, _ in rows), default=0.0)
    chart = new_figure(
        round(-top),
        barmode="relative",
        xaxis={"range": [-dearest - 1, (most or 1.0) * 1.002]},
        yaxis={"range": [top, 0]},
    )
    for name, attribute, fill, line, sign in (
        ("by joining up", "joined", "joined", "joined", 1),
        ("alone", "alone", "alone", "joined", 1),
        ("cost to achieve", "cost", "category-rest", "category-rest-line", -1),
    ):
        amounts = [getattr(year, attribute) for _, year, _ in rows]
        chart.add_bar(
            name=name,
            orientation="h",
            x=[sign * number(amount) for amount in amounts],
            y=[at - LABEL_HEIGHT - BAR / 2 for _, _, at in rows],
            width=BAR,
            marker={"color": colour(fill), "line": {"color": colour(line), "width": 1}},
            customdata=[
                [f"{money.starting(case)} case, year {year.number}", money.exact(amount)]
                for (case, year, _), amount in zip(rows, amounts, strict=True)
            ],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{name} %{{customdata[1]}}<extra></extra>",
        )
    for case, at in headings:
        chart.add_annotation(**_at_left(f"<b>{money.starting(case)} case</b>", at))
    narrow: dict[str, Any] = {}
    for _, year, at in rows:
        net = f"Year {year.number}: net <b>{say(year.net)}</b>"
        narrow[f"annotations[{len(chart.layout.annotations)}].text"] = net
        words = f"{net}, saves {say(year.saving)}, costs {say(year.cost)}"
        chart.add_annotation(**_at_left(words, at - LABEL_HEIGHT / 2, font={"size": NOTE}))
    chart.add_shape(
        type="line", x0=0, x1=0, y0=top, y1=-HEADING, line={"color": colour("text"), "width": 1}, layer="below"
    )
    return figure_data(chart, narrow)


def _at_left(text: str, height: float, **options: Any) -> dict[str, Any]:
    return label(text, x=0, y=height, xref="x domain", bgcolor=colour("page"), **options)

"""What the server places of a chart before any script, against the figure that Plotly draws later."""

from decimal import Decimal
from statistics import fmean

import pytest

from mapping.charts import savings_by_lever, spend_by_body, three_years
from mapping.charts.still import Rect, Words, still
from mapping.charts.theme import colour, figure_data, label, new_figure
from tests.charts.examples import PLACE, SAVINGS


def rects(figure: dict) -> list[Rect]:
    return [mark for mark in still(figure).wide if isinstance(mark, Rect)]


def said(figure: dict, narrow: bool = False) -> list[str]:
    marks = still(figure).narrow if narrow else still(figure).wide
    return ["".join(run.text for run in mark.runs) for mark in marks if isinstance(mark, Words)]


def test_every_amount_has_a_bar_as_long_as_its_part_of_the_axis() -> None:
    figure = spend_by_body.figure(PLACE)
    amounts = [x for trace in figure["data"] for x in trace["x"]]
    whole = figure["layout"]["xaxis"]["range"][1]
    widths = [float(mark.width.rstrip("%")) for mark in rects(figure)]
    assert widths == pytest.approx([x / whole * 100 for x in amounts], abs=0.006)


def test_the_parts_of_a_bar_follow_each_other_without_a_gap() -> None:
    first = [mark for mark in rects(spend_by_body.figure(PLACE)) if mark.y == rects(spend_by_body.figure(PLACE))[0].y]
    ends = [float(mark.x[:-1]) + float(mark.width[:-1]) for mark in first]
    assert float(first[0].x[:-1]) == 0
    assert [float(mark.x[:-1]) for mark in first[1:]] == pytest.approx(ends[:-1], abs=0.02)


def test_cost_goes_down_from_where_saving_goes_up() -> None:
    figure = three_years.figure(SAVINGS)
    by_colour = {mark.fill: mark for mark in rects(figure)[::-1]}
    saving, cost = by_colour[colour("joined")], by_colour[colour("category-rest")]
    assert float(saving.y) + float(saving.height) == pytest.approx(float(cost.y), abs=0.2)


def test_it_says_every_word_of_the_chart() -> None:
    words = said(savings_by_lever.figure(SAVINGS, "central"))
    assert "Shared back office" in words
    assert "£2.0m to £9.0m" in words
    assert not [text for text in words if "<" in text]


def test_a_narrow_screen_is_told_what_it_needs_differently() -> None:
    figure = spend_by_body.figure(PLACE)
    assert "Exampleshire Police Authority  £40m  85% share" in said(figure)
    assert "Exampleshire Police Authority  £40m" in said(figure, narrow=True)
    assert not [text for text in said(figure, narrow=True) if text.startswith("everything else")]


def test_words_on_a_bar_wait_for_a_chart_so_wide_that_they_fit() -> None:
    figure = spend_by_body.figure(PLACE)
    on_bars = [mark for mark in still(figure).wide if isinstance(mark, Words) and mark.step]
    steps = {"".join(run.text for run in mark.runs).strip(): mark.step for mark in on_bars}
    assert steps["NHS services £400m"] < steps["Social care"]


def test_words_of_two_lines_stand_around_their_height() -> None:
    chart = new_figure(100, xaxis={"range": [0, 1]}, yaxis={"range": [0, 100]})
    chart.add_annotation(**label("One<br><b>Two</b>", x=0, y=50))
    lines = still(figure_data(chart)).wide
    words = [line for line in lines if isinstance(line, Words)]
    assert [line.runs[0].is_strong for line in words] == [False, True]
    assert fmean(float(line.y) for line in words) == pytest.approx(50 + 16 * 0.34, abs=0.1)


def test_a_flow_that_only_a_script_can_lay_out_has_none() -> None:
    chart = new_figure(100)
    chart.add_sankey(node={"label": ["a", "b"]}, link={"source": [0], "target": [1], "value": [float(Decimal(1))]})
    assert still(figure_data(chart)) is None

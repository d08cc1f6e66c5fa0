"""The flows of a place, how its saving comes about, its cases, places alike, its pairs, and a part of it."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from mapping.charts import bridge, flows, places_alike
from mapping.charts.figures_of_place import IN_NO_TOTAL, alike_figure, flow_figure
from mapping.charts.inputs import Cases, FlowCell, Flows, PoolFigures, Transfer, YearFigures, total
from mapping.charts.part import Part, known_part, narrowed, narrowed_flows, part_in_words
from mapping.charts.savings_figures import bridge_figure, cases_figure
from mapping.charts.sharing_matrix import sharing_matrix
from mapping.charts.terms import terms
from mapping.pages.place_page import part_page
from tests.charts.examples import PLACE, PLACES, SAVINGS, pounds

COUNTY, POLICE = "Exampleshire County Council", "Exampleshire Police Authority"
UNSTATED = Flows(
    tuple(FlowCell("", cell.body, cell.service, cell.amount) for cell in PLACE.spend),
    (
        Transfer("Exampleton 1", "parishes", pounds(2), False),
        Transfer(COUNTY, POLICE, pounds(3), True),
        Transfer(POLICE, COUNTY, pounds(1), True),
        Transfer("Exampleton 2", "Exampleton 2", pounds(-4), True),
    ),
)
STATED = replace(UNSTATED, cells=tuple(replace(cell, funder="The Treasury") for cell in UNSTATED.cells))


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def sankey(figure: dict[str, Any]) -> dict[str, Any]:
    return figure["data"][0]


class TestFlows:
    def test_drawn_and_listed_add_to_the_spend(self) -> None:
        drawn = flows.drawing(PLACE, UNSTATED)
        listed = [cell.amount for cell in drawn.listed if not cell.is_passed_on]
        assert total(flow.amount for flow in drawn.spent) + total(listed) == pounds(1000)

    def test_nothing_below_zero_is_drawn(self) -> None:
        drawn = flows.drawing(PLACE, UNSTATED)
        assert all(value > 0 for value in sankey(flows.figure(drawn))["link"]["value"])
        assert sorted(cell.amount for cell in drawn.listed if not cell.is_passed_on) == [pounds("-0.5"), pounds("-0.3")]

    def test_where_no_funder_is_stated_it_says_so_and_begins_with_who_delivers(self) -> None:
        figure = flow_figure(PLACE, UNSTATED)
        assert flows.drawing(PLACE, UNSTATED).paid == ()
        assert "do not state who paid" in figure.notes[0]
        assert figure.about.startswith("From deliverer to service")

    def test_where_funders_are_stated_it_begins_with_them(self) -> None:
        drawn = flows.drawing(PLACE, STATED)
        assert total(flow.amount for flow in drawn.paid) == total(flow.amount for flow in drawn.spent)
        assert {flow.start for flow in drawn.paid} == {"The Treasury"}
        assert flow_figure(PLACE, STATED).about.startswith("From funder through deliverer to service")

    def test_what_is_passed_on_is_drawn_once_and_never_in_a_circle(self) -> None:
        drawn = flows.drawing(PLACE, UNSTATED)
        assert [(flow.start, flow.end, flow.amount) for flow in drawn.passed_on] == [
            (COUNTY, POLICE, pounds(3)),
            ("3 district councils", flows.PASSED_ON, pounds(2)),
        ]
        assert sorted(cell.amount for cell in drawn.listed if cell.is_passed_on) == [pounds(-4), pounds(1)]

    def test_its_table_holds_every_pound_and_leaves_out_of_its_total_what_is_passed_on(self) -> None:
        table = flow_figure(PLACE, STATED).table
        counted = [amount(row[3].text) for row in table.rows if row[2].text in ("spent", "below zero")]
        assert total(counted) == amount(table.total[3].text) == pounds(1000)
        assert total(amount(row[3].text) for row in table.rows if row[2].text == IN_NO_TOTAL) == pounds(2)

    def test_its_title_names_the_largest_flow(self) -> None:
        assert flow_figure(PLACE, UNSTATED).title == (
            "The largest flow runs from NHS primary care trusts to health: 40% of the money"
        )


POOLS = (
    PoolFigures("Shared back office", "the whole place", 6, pounds(60), pounds(9), pounds(7)),
    PoolFigures("Collaborative procurement", "Health", 1, pounds(20), pounds(3), pounds(3)),
    PoolFigures("Service redesign", "the whole place", 6, pounds(40), pounds(4), pounds("3.5")),
)


class TestTheBridge:
    def test_goes_up_by_each_way_and_down_to_what_is_credited(self) -> None:
        found = [(step.name, step.change) for step in bridge.steps(SAVINGS, POOLS, "central")]
        assert found == [
            ("Shared back office", pounds(9)),
            ("Service redesign", pounds(4)),
            ("Collaborative procurement", pounds(3)),
            (bridge.CAP, pounds("-2.5")),
            (bridge.OVERLAP, pounds("-1.5")),
            (bridge.LEFT, pounds(12)),
        ]

    def test_every_step_begins_where_the_one_before_ended(self) -> None:
        steps = bridge.steps(SAVINGS, POOLS, "central")[:-1]
        assert all(after.start == before.end for before, after in pairwise(steps))

    def test_its_last_bar_is_the_saving_with_the_joined_part_first(self) -> None:
        last = bridge_figure(SAVINGS, POOLS, "central").data["data"][-1]
        assert (last["base"], last["x"]) == ([0.0, 10e6], [10e6, 2e6])

    def test_its_table_reaches_the_total_step_by_step(self) -> None:
        table = bridge_figure(SAVINGS, POOLS, "central").table
        assert total(amount(row[1].text) for row in table.rows) == amount(table.total[1].text) == pounds(12)

    def test_its_title_says_what_is_left(self) -> None:
        title = bridge_figure(SAVINGS, POOLS, "central").title
        assert title == "Of £16m that the ways would save one by one, £12m is left"


class TestThreeCases:
    def years(self, saving: int) -> tuple[YearFigures, ...]:
        return tuple(YearFigures(n, pounds(saving * n), pounds(n), pounds(8 - 2 * n)) for n in (1, 2, 3))

    def test_every_case_has_its_three_years_in_chart_and_table(self) -> None:
        cases = {case: self.years(saving) for case, saving in (("low", 2), ("central", 3), ("high", 4))}
        figure = cases_figure(replace(SAVINGS, years_in_cases=cases))
        assert len(figure.table.rows) == 9
        assert [amount(row[5].text) for row in figure.table.rows[:3]] == [pounds(-4), pounds(0), pounds(4)]
        assert [len(trace["x"]) for trace in figure.data["data"]] == [9, 9, 9]

    def test_its_title_names_the_cases_that_have_not_paid_for_themselves(self) -> None:
        cases = {"low": self.years(1), "central": self.years(3), "high": self.years(4)}
        title = cases_figure(replace(SAVINGS, years_in_cases=cases)).title
        assert title == "After three years it has not yet paid for itself in the low case"


class TestPlacesAlike:
    def test_this_place_comes_first_and_the_others_by_name_where_their_ranges_overlap(self) -> None:
        others = [replace(place, joined=Cases(pounds(10), pounds(30), pounds(90))) for place in reversed(PLACES)]
        shown = places_alike.compared(others, "westham")
        assert [place.name for place in shown] == ["Westham", "Northam", "Parallel", "Southam"]

    def test_they_are_ranked_only_where_their_ranges_keep_clear_of_each_other(self) -> None:
        apart = [replace(place, population=1_000_000) for place in PLACES]
        shown = places_alike.compared(apart, "parallel")
        assert [place.name for place in shown] == ["Parallel", "Northam", "Southam", "Westham"]

    def test_the_table_says_the_pounds_a_head_of_the_chart(self) -> None:
        figure = alike_figure(replace(PLACE, slug="northam", short_name="Northam"), PLACES)
        assert figure.title == "Northam could save £90 a head by joining up; others like it £40 to £50"
        assert [row[2].text for row in figure.table.rows] == ["90.00", "40.00", "50.00", "50.00"]
        assert figure.data["data"][1]["x"] == [90, 40, 50, 50]

    def test_a_place_alone_is_not_compared(self) -> None:
        assert alike_figure(replace(PLACE, slug="northam"), PLACES[:1]) is None


class TestTheMatrix:
    def test_each_pair_stands_once_below_the_diagonal(self) -> None:
        matrix = sharing_matrix(PLACE)
        assert [row.name for row in matrix.rows] == [COUNTY, "NHS primary care trusts", POLICE]
        assert [[cell.text for cell in row.cells] for row in matrix.rows] == [[], ["5.0"], ["1.0", ""]]

    def test_its_table_is_the_ranked_pairs_without_a_total(self) -> None:
        table = sharing_matrix(PLACE).table
        assert [row[2].text for row in table.rows] == ["5,000,000.00", "1,000,000.00"]
        assert table.total == ()

    def test_its_title_names_the_body_that_most_large_pairs_have_in_common(self) -> None:
        assert sharing_matrix(PLACE).title == f"{COUNTY} is one of the two in two of the two largest pairs"

    def test_where_nobody_would_save_there_is_none(self) -> None:
        assert sharing_matrix(replace(PLACE, pairs=())) is None


class TestAPart:
    def test_what_the_place_does_not_have_is_taken_as_all(self) -> None:
        assert not known_part(PLACE, "nobody", "nothing")
        assert known_part(PLACE, "C", "nothing") == Part("C", None)

    @pytest.mark.parametrize(
        ("part", "spend"), [(Part("C"), 500), (Part(None, "social-protection"), 195), (Part("C", "education"), 300)]
    )
    def test_narrows_spend_saving_and_flows_alike(self, part: Part, spend: int) -> None:
        figures = narrowed(PLACE, part, SAVINGS.levers)
        assert total(cell.amount for cell in figures.spend) == pounds(spend)
        assert total(cell.joined for cell in figures.saving_cells) == pounds(spend) / 100
        assert total(cell.amount for cell in narrowed_flows(PLACE, UNSTATED, part).cells) == pounds(spend)

    def test_keeps_the_pairs_of_the_body(self) -> None:
        assert len(narrowed(PLACE, Part("P"), SAVINGS.levers).pairs) == 1

    def test_is_said_in_a_sentence(self) -> None:
        figures = narrowed(PLACE, Part("C", "education"), SAVINGS.levers)
        assert part_in_words(figures, Part("C", "education")) == (
            "Exampleshire County Council spends £300m on education here, and could save £3.0m of it by joining up."
        )

    def test_leaves_the_answer_to_the_whole_place(self) -> None:
        page = part_page(PLACE, Part("P"), SAVINGS.levers, UNSTATED)
        assert "£1.00bn" in str(page["headline"])
        assert page["spend"].table.total[2].text == "40,000,000.00"
        assert page["years"] is None


def test_every_term_has_a_meaning_and_a_step_of_the_method() -> None:
    assert all(len(term.meaning) > 30 and term.more in "1234567" for term in terms().values())

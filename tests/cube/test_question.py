"""Reading a question, without any database: what it means, what is taken by default, what is refused."""

import pytest

from mapping.cube.dimensions import DIMENSIONS, MEASURES, Fact, goes_with
from mapping.cube.question import Question, read_cuts, read_question
from pilots.api.parameters import Asked
from totalplace.problems import Problem


def question(scenario: str | None = None, **values: str) -> Question:
    return read_question(Asked(values), scenario)


def test_bars_and_commas_tell_names_apart() -> None:
    asked = question(drilldown="agency_type|service_line:2", aggregates="amount.sum,saving.sum")
    assert [str(drill) for drill in asked.drilldown] == ["agency_type", "service_line:2"]
    assert asked.level == 2
    assert [measure.name for measure in asked.measures] == ["amount.sum", "saving.sum"]
    assert question(drilldown="agency_type,region", aggregates="amount.sum|lines.count").measures[1].unit == "lines"


def test_members_are_text_and_may_hold_colons_and_commas() -> None:
    cuts = read_cuts("place:bournemouth;poole|theme:Drugs, alcohol: all|service_line:4")
    assert cuts == {"place": ("bournemouth", "poole"), "theme": ("Drugs, alcohol: all",), "service_line": ("4",)}


def test_the_central_case_and_the_usual_measures_are_taken_and_said() -> None:
    asked = question(drilldown="region")
    assert asked.cases == ("central",)
    assert asked.messages == ["Aggregates amount.sum and saving.sum were taken.", "Scenario central was taken."]
    assert [measure.name for measure in question(drilldown="funder").measures] == ["amount.sum"]
    assert [measure.name for measure in question(drilldown="lever").measures] == ["saving.sum"]
    assert question(drilldown="case").cases == ("low", "central", "high")
    assert question(scenario="high").cases == ("high",)


PAIRS = [
    (measure, dimension)
    for measure in MEASURES.values()
    for dimension in DIMENSIONS.values()
    if not goes_with(measure, dimension)
]


@pytest.mark.parametrize(("measure", "dimension"), PAIRS, ids=lambda one: one.name)
def test_a_measure_is_refused_by_a_dimension_that_it_has_not_either_way(measure, dimension) -> None:
    lever = {} if measure.name != "addressable.sum" else {"cut": "lever:x"}
    for way in ({"drilldown": dimension.name, **lever}, {"cut": f"{dimension.name}:x" + ("|lever:x" if lever else "")}):
        with pytest.raises(Problem) as refused:
            question(aggregates=measure.name, **way)
        [fault] = refused.value.errors
        assert f"{measure.name} has no {dimension.name}" in fault["detail"]
        assert fault["nearest"]


def test_saving_and_spend_have_what_the_contract_says() -> None:
    saving = {name for name, one in DIMENSIONS.items() if Fact.SAVING in one.facts}
    spend = {name for name, one in DIMENSIONS.items() if Fact.SPEND in one.facts}
    assert not saving & {"funder", "spend_type", "basis"}
    assert not spend & {"lever", "case"}
    assert saving & spend >= {"place", "kind", "region", "agency", "agency_type", "service_line", "theme", "year"}


def test_what_can_be_addressed_is_asked_by_lever_or_of_one() -> None:
    assert question(aggregates="addressable.sum", drilldown="lever").measures
    assert question(aggregates="addressable.sum", cut="lever:shared-back-office").measures
    for cut in ("lever:one;two", "place:kent"):
        with pytest.raises(Problem, match="never added up over levers"):
            question(aggregates="addressable.sum", cut=cut)


def test_a_case_is_asked_for_once() -> None:
    with pytest.raises(Problem, match="leave scenario out"):
        question(scenario="high", drilldown="case")

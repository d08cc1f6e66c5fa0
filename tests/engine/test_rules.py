"""Which rule of a lever wins, and what an assumption set is refused for."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mapping.engine import Assumptions, problems_of
from mapping.engine.shares import shares

from .counts import assumptions, cases, lever, rule, spend, three

HOME_CARE = spend(
    {
        ("kent", "home-care", "employees"): "100",
        ("kent", "home-care", "premises"): "100",
        ("police", "home-care", "employees"): "100",
        ("police", "home-care", "premises"): "100",
    },
    types={"police": "police authority"},
)


def share_of(*rules: Any) -> list[float]:
    """Shares of the four cells: kent's employees and premises, then the police's."""
    chosen = lever(rules=rules)
    return shares(chosen, assumptions(chosen), HOME_CARE).tolist()


def test_without_a_rule_that_fits_nothing_is_addressed() -> None:
    assert share_of(rule("0.5", "roads")) == [0, 0, 0, 0]


def test_the_deepest_service_line_wins_over_everything_else() -> None:
    assert share_of(rule("0.1", "home-care"), rule("0.9", "care", "employees", "council")) == [0.1] * 4


def test_a_blank_service_line_is_shallower_than_the_root() -> None:
    assert share_of(rule("0.9", None, "employees", "council"), rule("0.2", "all")) == [0.2] * 4


def test_at_one_depth_a_named_spend_type_wins_over_a_named_agency_type() -> None:
    rules = rule("0.1", "care"), rule("0.2", "care", "employees"), rule("0.3", "care", None, "police authority")
    assert share_of(*rules) == [0.2, 0.1, 0.2, 0.3]


def test_at_one_depth_both_named_win_over_one() -> None:
    rules = rule("0.2", "care", "employees"), rule("0.4", "care", "employees", "police authority")
    assert share_of(*rules) == [0.2, 0.0, 0.4, 0.0]


def test_a_rule_on_a_spend_type_that_nobody_spends_on_changes_nothing() -> None:
    assert share_of(rule("0.1"), rule("0.9", "care", "income", "council")) == [0.1] * 4
    assert share_of(rule("0.1"), rule("0.9", "care", None, "fire authority")) == [0.1] * 4


def test_the_order_of_rules_in_the_file_changes_nothing() -> None:
    rules = rule("0.1"), rule("0.2", "care", "employees"), rule("0.3", "care", None, "police authority")
    assert share_of(*rules) == share_of(*reversed(rules))


def refused(menu: Assumptions) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in problems_of(menu)]


def test_a_set_that_keeps_every_rule_has_no_problems() -> None:
    assert refused(assumptions(lever("one"), lever("two", pool="service_group", own=cases("0", "0.1", "0.2")))) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"pool": "county"}, "pool", "'county' is none of service_line, service_group, place"),
        ({"quality": "superb"}, "quality", "none of better, neutral, worse"),
        ({"beta": cases("1.01", "0.9", "0.8")}, "beta", "above 0 and at most 1"),
        ({"beta": cases("0.9", "0.8", "0")}, "beta", "above 0 and at most 1"),
        ({"beta": cases("0.8", "0.9", "0.95")}, "beta", "beta is largest in the low case"),
        ({"own": cases("0", "0.1", "1")}, "own", "from 0 to below 1"),
        ({"own": cases("-0.1", "0", "0.1")}, "own", "from 0 to below 1"),
        ({"own": cases("0.2", "0.1", "0")}, "own", "own is smallest in the low case"),
        ({"ramp": three("0.5", "1.1", "1")}, "ramp", "from 0 to 1"),
        ({"cost_multiple": Decimal(-1)}, "cost_multiple", "not below 0"),
        ({"cost_profile": three("0.5", "0.4", "0")}, "cost_profile", "add to 1, not to 0.9"),
        ({"cost_profile": three("1.5", "-0.5", "0")}, "cost_profile", "not below 0"),
        ({"effort_profile": three("0.5", "0.4", "0")}, "effort_profile", "add to 1, not to 0.9"),
        ({"effort_fixed_months": Decimal(-1)}, "effort", "months are not below 0"),
        ({"rules": (rule("1.2"),), "cap": Decimal("0.5")}, "rules", "the share of (any, any, any) is from 0 to 1"),
        ({"rules": (rule("1", "nowhere"),)}, "rules", "(nowhere, any, any) names a service line that is not in"),
        ({"rules": (rule("1", "care"), rule("0", "care"))}, "rules", "alike in all three: (care, any, any)"),
        ({"cap": Decimal(1)}, "cap", "the cap (1) times the largest share (1) stays below 1"),
    ],
)
def test_a_lever_that_breaks_a_rule_is_refused_with_the_rule_named(
    changes: dict[str, Any], field: str, words: str
) -> None:
    (problem,) = refused(assumptions(lever(**changes)))
    assert problem[0] == field
    assert words in problem[1]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"levers": ()}, "levers", "at least one lever"),
        ({"levers": (lever(), lever())}, "code", "two levers have this code"),
        ({"horizon_years": 2}, "horizon_years", "at least the three years"),
        ({"discount_rate": Decimal(1)}, "discount_rate", "from 0 to below 1"),
    ],
)
def test_a_whole_set_that_breaks_a_rule_is_refused_with_the_rule_named(
    changes: dict[str, Any], field: str, words: str
) -> None:
    (problem,) = refused(replace(assumptions(), **changes))
    assert problem[0] == field
    assert words in problem[1]


def test_a_cap_of_one_is_allowed_where_no_share_is_one() -> None:
    assert refused(assumptions(lever(cap=Decimal(1), rules=(rule("0.99"),)))) == []

"""Laying a map open computes the very numbers that the map stores (pure, any count and menu)."""

import numpy as np
import pytest
from hypothesis import given, settings

from mapping.engine import SCENARIOS, Assumptions, Spend, compute_map
from mapping.engine.explain import explain_map, winning_rule
from mapping.engine.pence import to_pence
from mapping.engine.shares import shares
from tests.engine.counts import assumptions, lever, rule, spend
from tests.engine.test_properties import counts, menus

whole_maps = settings(max_examples=40, deadline=None)


@whole_maps
@given(counted=counts(), menu=menus())
def test_the_working_adds_to_the_stored_cells_in_every_case(counted: Spend, menu: Assumptions) -> None:
    for case in SCENARIOS:
        working, stored = explain_map(counted, menu, case), getattr(compute_map(counted, menu), case).cells
        for at in range(len(stored)):
            of_cell = (counted.agency == stored.agency[at]) & (counted.service_line == stored.service_line[at])
            lever_at = stored.lever[at]
            assert to_pence(np.array([sum(working.saving[lever_at, of_cell])]))[0] == stored.saving[at]
            assert to_pence(np.array([sum(working.joined[lever_at, of_cell])]))[0] == stored.joined[at]


@whole_maps
@given(counted=counts(), menu=menus())
def test_the_rule_that_is_named_is_the_one_whose_share_counts(counted: Spend, menu: Assumptions) -> None:
    for one in menu.levers:
        for at, share in enumerate(shares(one, menu, counted)):
            names = (
                counted.service_lines[counted.service_line[at]],
                counted.spend_types[counted.spend_type[at]],
                counted.agency_types[counted.agency[at]],
            )
            won = winning_rule(one, menu, *names)
            assert share == (float(won.share) if won else 0.0)


@whole_maps
@given(counted=counts(), menu=menus())
def test_what_all_levers_save_is_what_does_not_stay(counted: Spend, menu: Assumptions) -> None:
    working = explain_map(counted, menu, "central")
    positive = np.maximum(counted.amount, 0)
    np.testing.assert_allclose(working.saving.sum(axis=0), positive * (1 - working.left), atol=1e-3, rtol=1e-9)


def test_a_pool_of_three_shows_the_worked_numbers_of_the_method() -> None:
    """Beta 0.9, spends 50, 30, 20: rates times spends add to what joining saves."""
    counted = spend({(body, "libraries", "employees"): pounds for body, pounds in (("a", 50), ("b", 30), ("c", 20))})
    [only] = explain_map(counted, assumptions(), "central").levers
    [brought], [cost] = only.pooled.spend, only.cost
    assert cost == pytest.approx((50 ** (1 / 0.9) + 30 ** (1 / 0.9) + 20 ** (1 / 0.9)) ** 0.9)
    assert (brought * only.joining[0]).sum() == pytest.approx(100 - cost)
    assert not only.is_capped.any()


def test_the_deepest_rule_wins_and_none_leaves_nothing() -> None:
    one = lever(rules=(rule("0.2", "care"), rule("0.5", "home-care"), rule("0.9", "care", "employees", "council")))
    menu = assumptions(one)

    def share(*names: str) -> object:
        won = winning_rule(one, menu, *names)
        return won and str(won.share)

    assert share("home-care", "employees", "council") == "0.5"
    assert share("day-care", "employees", "council") == "0.9"
    assert share("day-care", "premises", "council") == "0.2"
    assert share("repairs", "employees", "council") is None

"""The method's worked numbers. Every expected figure was worked out apart from the engine, to 40 digits."""

from decimal import Decimal

import numpy as np
import pytest

from mapping.engine import compute_map
from mapping.engine.overlap import credited_savings, joined_part
from mapping.engine.rests import divide_by_basis
from mapping.engine.scale import joined_cost, joining_rates, pair_savings
from mapping.engine.years import lever_years, net_present_value, payback_year, place_years

from .counts import assumptions, cases, lever, rule, simple, spend, stored, three


def test_three_agencies_of_50_30_and_20_at_beta_0_9() -> None:
    # p = 1 / 0.9; 50^p = 77.222605247, 30^p = 43.776984089, 20^p = 27.899015879; their sum to the 0.9 is M.
    spent = np.array([[50.0, 30.0, 20.0]])
    assert joined_cost(spent, 0.9)[0] == pytest.approx(90.282082169765, abs=1e-11)
    rates = joining_rates(spent, 0.9)[0]
    assert rates == pytest.approx([0.063548300910, 0.115219543990, 0.154195823251], abs=1e-12)
    # 3.177415046 + 3.456586320 + 3.083916465 = 100 - M
    assert float(spent[0] @ rates) == pytest.approx(9.717917830235, abs=1e-11)


def test_the_smaller_partner_has_the_larger_rate() -> None:
    large, middle, small = joining_rates(np.array([[50.0, 30.0, 20.0]]), 0.9)[0]
    assert large < middle < small


@pytest.mark.parametrize(
    ("beta", "rate"), [(0.9, 0.14866007748), (0.85, 0.21448496977), (0.956, 0.06836602130), (0.992, 0.01279296861)]
)
def test_five_equal_agencies(beta: float, rate: float) -> None:
    """1 - 5^(beta - 1): 14.87 % each at beta 0.9, and the figures that the shipped levers name."""
    assert joining_rates(np.full((1, 5), 7.0), beta)[0] == pytest.approx([rate] * 5, abs=1e-11)


def test_an_agency_alone_saves_nothing_by_joining_and_nor_does_anyone_at_beta_1() -> None:
    assert joining_rates(np.array([[50.0, 0.0, 0.0]]), 0.9).tolist() == [[0.0, 0.0, 0.0]]
    assert joining_rates(np.array([[50.0, 30.0, 20.0]]), 1.0) == pytest.approx(np.zeros((1, 3)), abs=1e-15)


def test_spend_of_any_size_stays_finite() -> None:
    assert joined_cost(np.array([[5e300, 5e300]]), 0.01)[0] == pytest.approx(5e300 * 2**0.01)


def test_what_two_would_save_alone_together() -> None:
    """G of each pair of 50, 30 and 20 at beta 0.9; the pairs overlap and are more than the pool."""
    saved = pair_savings(np.array([[50.0, 30.0, 20.0]]), 0.9)
    assert saved[0, 1] == pytest.approx(5.095914394357, abs=1e-11)
    assert saved[0, 2] == pytest.approx(4.003205104089, abs=1e-11)
    assert saved[1, 2] == pytest.approx(3.244103936694, abs=1e-11)


def test_a_whole_map_to_the_penny() -> None:
    spent, menu = simple(kent="50", dover="30", thanet="20"), assumptions()
    result = compute_map(spent, menu)
    assert stored(spent, menu, result) == {
        ("kent", "home-care", "sharing"): 318,
        ("dover", "home-care", "sharing"): 346,
        ("thanet", "home-care", "sharing"): 308,
    }
    assert stored(spent, menu, result, "joined") == stored(spent, menu, result)


def test_own_effort_comes_on_top_of_joining_up_and_is_told_apart() -> None:
    """Five of £1,000,000 at beta 0.9 with 5 % own: 1 - (1 - 0.14866)(0.95) = 0.19122707, 0.75832077 of it joined."""
    spent = simple(**dict.fromkeys("abcde", "1000000"))
    menu = assumptions(lever(own=cases("0.05")))
    result = compute_map(spent, menu)
    assert set(stored(spent, menu, result).values()) == {191_227_07}
    assert set(stored(spent, menu, result, "joined").values()) == {145_011_46}


def test_alone_an_agency_saves_by_its_own_effort_and_nothing_is_joined() -> None:
    spent, menu = simple(kent="1000"), assumptions(lever(own=cases("0.05")))
    result = compute_map(spent, menu)
    assert stored(spent, menu, result) == {("kent", "home-care", "sharing"): 50_00}
    assert stored(spent, menu, result, "joined") == {("kent", "home-care", "sharing"): 0}


def test_the_cap_cuts_the_rate_and_says_so() -> None:
    """Of 14.87 % a cap of 10 % leaves 10 %; the pool shows both."""
    spent = simple(**dict.fromkeys("abcde", "1000"))
    menu = assumptions(lever(cap=Decimal("0.1")))
    result = compute_map(spent, menu)
    assert set(stored(spent, menu, result).values()) == {100_00}
    assert set(stored(spent, menu, result, "is_capped").values()) == {True}
    pools = result.central.pools
    assert (pools.saving_before_cap.tolist(), pools.saving_after_cap.tolist()) == ([743_30], [500_00])
    assert (pools.agencies.tolist(), pools.addressable.tolist(), pools.pool) == ([5], [5000_00], ("",))


def test_two_levers_on_one_cell_save_no_pound_twice() -> None:
    """20 % and 10 % of £1,000 save 1,000 (1 - 0.8 x 0.9) = £280, divided as ln 0.8 to ln 0.9."""
    saving = credited_savings(np.array([1000.0]), np.array([[0.2], [0.1], [0.0]]))
    assert saving[:, 0] == pytest.approx([190.196106075, 89.803893925, 0.0], abs=1e-9)


def test_what_is_joined_of_a_saving() -> None:
    joining = np.array([0.14866007747921540, 0.0])
    assert joined_part(joining, 0.05) == pytest.approx([0.758320774925, 0.0], abs=1e-12)
    assert joined_part(joining, 0.0).tolist() == [1.0, 0.0]


def test_review_years_cost_value_and_payback_of_a_lever() -> None:
    """£100 a year: saves 20, 60, 100 ..., costs 70, 30; over ten years at 3.5 % that is worth £643.14."""
    years = lever_years(lever(), 100_00, 10, Decimal("0.035"))
    assert years.saving_by_year == (20_00, 60_00, 100_00)
    assert years.cost_by_year == (70_00, 30_00, 0)
    assert years.net_present_value == 643_14
    # Cumulative: -50, -20, +80.
    assert (years.payback, years.payback_status) == (3, "reached")


def test_payback_is_the_year_from_which_saving_stays_at_least_cost() -> None:
    assert payback_year([100, 0, 50], [80, 60, 0], 10) == (3, "reached")
    assert payback_year([10, 10, 10], [100, 0, 0], 5) == (None, "beyond_horizon")
    assert payback_year([0, 0, 0], [100, 0, 0], 5) == (None, "nothing_saved")


def test_payback_of_a_lever_does_not_hang_on_rounded_pounds() -> None:
    """A saving of a penny a year rounds to nothing in year 1, and pays back when £1m does."""
    small, large = (lever_years(lever(), saving, 10, Decimal("0.035")) for saving in (1, 100_000_000))
    assert small.saving_by_year[0] == 0
    assert small.payback == large.payback == 3


def test_payback_of_a_place_is_that_of_all_its_levers_together() -> None:
    quick = lever_years(lever(cost_multiple=Decimal(0)), 300_00, 10, Decimal("0.035"))
    slow = lever_years(lever(cost_multiple=Decimal(3)), 100_00, 10, Decimal("0.035"))
    together = place_years([quick, slow], 10)
    # Saving 80, 240, 400 against cost 210, 90: cumulative -130, +20.
    assert together.saving_by_year == (80_00, 240_00, 400_00)
    assert together.cost_by_year == (210_00, 90_00, 0)
    assert together.payback == 2
    assert together.net_present_value == quick.net_present_value + slow.net_present_value


def test_value_is_discounted_from_the_second_year_by_the_green_book_rate() -> None:
    assert net_present_value([0, 1035_00, 0], [0, 0, 0], 3, Decimal("0.035")) == 1000_00
    assert net_present_value([100_00, 0, 0], [0, 0, 0], 3, Decimal("0.035")) == 100_00


def test_what_a_saving_rests_on_adds_to_it_with_the_last_penny_to_the_largest_part() -> None:
    """100 pence over 1 : 1 : 1 would be 33 each: the first of the largest takes the odd one."""
    weights = np.array([[1, 1, 0, 1], [2, 0, 0, 1], [0, 5, 0, 0]])
    assert divide_by_basis(np.array([100, 100, 7]), weights).tolist() == [
        [34, 33, 0, 33],
        [67, 0, 0, 33],
        [0, 7, 0, 0],
    ]


def test_a_saving_rests_only_on_lines_that_its_lever_addresses() -> None:
    """The income of the line is a budget figure, and no lever touches it."""
    wages, income = ("kent", "home-care", "employees"), ("kent", "home-care", "income")
    spent = spend({wages: "1000", income: "-400"}, by_basis={wages: [60000, 0, 40000, 0], income: [0, 40000, 0, 0]})
    menu = assumptions(lever(own=cases("0.1"), rules=(rule("1", spend_type="employees"),)))
    result = compute_map(spent, menu)
    assert result.central.cells.rests_on.tolist() == [[60_00, 0, 40_00, 0]]


def test_nothing_is_addressable_where_spend_is_below_zero() -> None:
    spent = spend({("kent", "home-care", "employees"): "-500", ("kent", "repairs", "employees"): "100"})
    menu = assumptions(lever(own=cases("0.1")))
    assert stored(spent, menu, compute_map(spent, menu)) == {("kent", "repairs", "sharing"): 10_00}


def test_pools_hold_a_service_line_a_group_or_the_whole_place() -> None:
    """Two agencies on different lines of one group meet in the group and in the place, not on a line."""
    spent = spend({("kent", "home-care", "employees"): "100", ("dover", "day-care", "employees"): "100"})

    def pairs(pool: str) -> int:
        return len(compute_map(spent, assumptions(lever(pool=pool))).central.pairs.saving)

    assert (pairs("service_line"), pairs("service_group"), pairs("place")) == (0, 1, 1)


def test_three_cases_use_their_own_assumptions() -> None:
    spent = simple(**dict.fromkeys("abcde", "1000"))
    result = compute_map(spent, assumptions(lever(beta=cases("1", "0.9", "0.85"))))
    totals = [int(getattr(result, case).cells.saving.sum()) for case in ("low", "central", "high")]
    # Five times nothing, 148.66 and 214.48.
    assert totals == [0, 743_30, 1072_40]


def test_ramp_reached_early_holds_ever_after() -> None:
    years = lever_years(lever(ramp=three("1", "1", "1"), cost_multiple=Decimal(0)), 100_00, 3, Decimal(0))
    assert years.net_present_value == 300_00


def test_a_count_without_spend_has_an_empty_map() -> None:
    result = compute_map(spend({}), assumptions())
    assert len(result.central.cells) == 0
    assert result.central.place_years.payback_status == "nothing_saved"

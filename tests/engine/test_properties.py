"""What holds for every count and menu (method, Worked numbers and properties)."""

import tracemalloc
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.engine import Assumptions, Cases, Lever, Spend, compute_map
from mapping.engine.overlap import capped_rates, credited_savings
from mapping.engine.scale import joined_cost, joining_rates, pair_savings, pool_spend
from mapping.engine.shares import shares

from .counts import TREE, assumptions, lever, rule, spend, stored

LEAVES = ("home-care", "day-care", "repairs", "lighting", "libraries")
SPEND_TYPES = ("employees", "premises", "income")
amounts = st.floats(0.01, 1e9)
betas = st.floats(0.5, 1)
# Whole maps take a while, and how long hangs on what else the machine does.
maps = settings(max_examples=40, deadline=None)
pools_of_spend = st.lists(st.lists(amounts, min_size=3, max_size=3), min_size=1, max_size=4).map(np.array)


@st.composite
def counts(draw: st.DrawFn) -> Spend:
    """Counts of up to five agencies, some of their amounts below zero."""
    cells = st.tuples(st.sampled_from("abcde"), st.sampled_from(LEAVES), st.sampled_from(SPEND_TYPES))
    pence = st.integers(-(10**9), 10**11)
    drawn = draw(st.dictionaries(cells, pence, min_size=1, max_size=20))
    return spend({cell: value / 100 for cell, value in drawn.items()}, types={"a": "police authority"})


@st.composite
def levers(draw: st.DrawFn, code: str) -> Lever:
    def falling(least: int, most: int) -> tuple[Decimal, ...]:
        drawn = draw(st.lists(st.integers(least, most), min_size=3, max_size=3))
        return tuple(Decimal(value) / 1000 for value in sorted(drawn))

    high, central, low = falling(600, 1000)
    own = Cases(*falling(0, 300))
    keys = st.tuples(
        st.sampled_from((None, *TREE)), st.sampled_from((None, *SPEND_TYPES)), st.sampled_from((None, "council"))
    )
    rules = draw(st.dictionaries(keys, st.integers(0, 100), min_size=1, max_size=4))
    return lever(
        code,
        pool=draw(st.sampled_from(("service_line", "service_group", "place"))),
        beta=Cases(low, central, high),
        own=own,
        cap=Decimal(draw(st.integers(1, 99))) / 100,
        rules=tuple(rule(str(Decimal(share) / 100), *key) for key, share in rules.items()),
    )


@st.composite
def menus(draw: st.DrawFn) -> Assumptions:
    return assumptions(*(draw(levers(code)) for code in ("one", "two", "three")))


@given(pools_of_spend, betas)
def test_rates_times_spends_add_to_the_saving_of_the_pool(spent: np.ndarray, beta: float) -> None:
    saved = spent.sum(axis=1) - joined_cost(spent, beta)
    assert (spent * joining_rates(spent, beta)).sum(axis=1) == pytest.approx(saved, rel=1e-9, abs=1e-6)


@given(pools_of_spend, betas, st.floats(0.001, 1000))
def test_rates_do_not_hang_on_the_unit_of_money(spent: np.ndarray, beta: float, factor: float) -> None:
    assert joining_rates(spent * factor, beta) == pytest.approx(joining_rates(spent, beta), abs=1e-9)
    assert pair_savings(spent * factor, beta) == pytest.approx(pair_savings(spent, beta) * factor, rel=1e-6, abs=1e-3)


@given(st.lists(amounts, min_size=1, max_size=5), st.floats(0.01, 0.99), betas)
def test_an_agency_split_in_two_in_the_books_never_saves_less(spent: list[float], part: float, beta: float) -> None:
    def saved(agencies: list[float]) -> float:
        return sum(agencies) - float(joined_cost(np.array([agencies]), beta)[0])

    first, *others = spent
    whole = saved(spent)
    assert saved([first * part, first * (1 - part), *others]) >= whole - 1e-9 * sum(spent)


@given(pools_of_spend, betas)
def test_joining_never_costs_and_never_saves_everything(spent: np.ndarray, beta: float) -> None:
    rates = joining_rates(spent, beta)
    assert (rates >= -1e-12).all()
    assert (rates < 1).all()


@maps
@given(counts(), menus())
def test_no_lever_saves_more_than_it_addresses_and_all_together_less_than_is_spent(
    count: Spend, menu: Assumptions
) -> None:
    """Before rounding, for each cell with spend above zero, in the central case."""
    positive = np.maximum(count.amount, 0.0)
    share = np.array([shares(one, menu, count) for one in menu.levers])
    q = []
    for one, of_lever in zip(menu.levers, share, strict=True):
        pooled = pool_spend(one, menu, count, of_lever * positive)
        joining = joining_rates(pooled.spend, float(one.beta.central))[pooled.pool_of_cell, count.agency]
        q.append(of_lever * capped_rates(joining, float(one.own.central), float(one.cap))[0])
    saving = credited_savings(positive, np.array(q))
    allowed = 1e-12 * positive
    assert (saving >= 0).all()
    assert (saving <= share * positive + allowed).all()
    spent = positive > 0
    assert (saving.sum(axis=0)[spent] < positive[spent]).all()


@maps
@given(counts(), menus())
def test_the_order_of_agencies_changes_nothing(count: Spend, menu: Assumptions) -> None:
    names = {"a": "police", **{letter: chr(ord("z") - index) for index, letter in enumerate("bcde")}}
    renamed = _with_agencies(count, names)
    before, after = compute_map(count, menu), compute_map(renamed, menu)
    for case in ("low", "central", "high"):
        was = {(names[a], s, k): v for (a, s, k), v in stored(count, menu, before, case=case).items()}
        _same_to_a_penny(was, stored(renamed, menu, after, case=case))


def _with_agencies(count: Spend, names: dict[str, str]) -> Spend:
    cells = {
        (names[count.agencies[a]], count.service_lines[s], count.spend_types[t]): amount
        for a, s, t, amount in zip(count.agency, count.service_line, count.spend_type, count.amount, strict=True)
    }
    return spend(cells, types={names["a"]: "police authority"})


@maps
@given(counts(), menus())
def test_the_order_of_levers_changes_nothing(count: Spend, menu: Assumptions) -> None:
    turned = assumptions(*reversed(menu.levers))
    before, after = compute_map(count, menu), compute_map(count, turned)
    for case in ("low", "central", "high"):
        _same_to_a_penny(stored(count, menu, before, case=case), stored(count, turned, after, case=case))


def _same_to_a_penny(before: dict, after: dict) -> None:
    """Floats added in another order may fall on the other side of half a penny."""
    assert before.keys() == after.keys()
    assert all(abs(before[key] - after[key]) <= 1 for key in before)


@maps
@given(counts(), menus())
def test_stored_parts_add_to_the_penny(count: Spend, menu: Assumptions) -> None:
    result = compute_map(count, menu)
    for case in (result.low, result.central, result.high):
        cells = case.cells
        assert (cells.rests_on.sum(axis=1) == cells.saving).all()
        assert (cells.rests_on >= 0).all()
        assert (cells.joined <= cells.saving).all()
        assert case.place_years.saving_by_year == tuple(
            sum(years.saving_by_year[year] for years in case.lever_years) for year in range(3)
        )
        assert case.place_years.net_present_value == sum(years.net_present_value for years in case.lever_years)


@maps
@given(counts(), levers("only"))
def test_nothing_is_joined_where_an_agency_is_alone(count: Spend, chosen: Lever) -> None:
    alone = spend({("a", s, t): v for (_, s, t), v in _cells(count).items()}, types={"a": "police authority"})
    cells = compute_map(alone, assumptions(chosen)).central.cells
    assert not cells.joined.any()


@maps
@given(counts(), levers("only"))
def test_everything_is_joined_where_there_is_no_own_effort(count: Spend, chosen: Lever) -> None:
    """An agency alone in its pool saves nothing then, so joined and saving agree there too."""
    without = lever(pool=chosen.pool, beta=chosen.beta, cap=chosen.cap, rules=chosen.rules)
    cells = compute_map(count, assumptions(without)).central.cells
    assert (cells.joined == cells.saving).all()


def _cells(count: Spend) -> dict[tuple[str, str, str], float]:
    return {
        (count.agencies[a], count.service_lines[s], count.spend_types[t]): float(amount)
        for a, s, t, amount in zip(count.agency, count.service_line, count.spend_type, count.amount, strict=True)
    }


@maps
@given(counts(), menus())
def test_doubling_every_amount_doubles_every_saving(count: Spend, menu: Assumptions) -> None:
    """Stored cells are rounded, so twice a cell may be a penny off."""
    doubled = spend({cell: 2 * amount for cell, amount in _cells(count).items()}, types={"a": "police authority"})
    before, after = (stored(one, menu, compute_map(one, menu)) for one in (count, doubled))
    assert all(abs(after[key] - 2 * value) <= 2 for key, value in before.items())


def test_a_large_place_is_mapped_in_little_memory() -> None:
    """25 agencies on 400 service lines, every pair of them: under 300 MB."""
    tree = {"all": None, **{f"line-{number}": "all" for number in range(400)}}
    amounts = np.random.Generator(np.random.PCG64([7])).lognormal(13, 2, (25, 400))
    count = spend({(f"agency-{a:02}", f"line-{s}", "employees"): amounts[a, s] for a in range(25) for s in range(400)})
    menu = assumptions(lever("lines", pool="service_line"), lever("place"), parents=tree)
    tracemalloc.start()
    result = compute_map(count, menu)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(result.central.pairs.saving) == 2 * 300
    assert most < 300e6

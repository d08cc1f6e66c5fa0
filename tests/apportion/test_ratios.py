"""Amounts by exact ratios, to the penny, half to even."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.spend.ratios import Ratio, ratio_from


@pytest.mark.parametrize(
    ("whole", "part", "of", "amount"),
    [
        ("100.00", 1, 3, "33.33"),
        ("0.01", 1, 2, "0.00"),
        ("0.03", 1, 2, "0.02"),
        ("0.05", 1, 2, "0.02"),
        ("-0.05", 1, 2, "-0.02"),
        ("99999999999999.99", 1_427_419, 61_371_315, "2325873252023.36"),
        ("7102000.00", 1, 1, "7102000.00"),
    ],
)
def test_the_amount_is_the_whole_times_the_exact_ratio(whole: str, part: int, of: int, amount: str) -> None:
    assert str(Ratio("pupils", Decimal(part), Decimal(of)).amount_of(Decimal(whole))) == amount


AMOUNTS = st.decimals("-9999999999", "9999999999", places=2)
NUMBERS = st.integers(1, 70_000_000)


@given(AMOUNTS, st.lists(NUMBERS, min_size=1, max_size=30))
def test_places_that_share_a_body_out_miss_its_whole_by_less_than_a_penny_each(
    whole: Decimal, parts: list[int]
) -> None:
    of = Decimal(sum(parts))
    shared = sum((Ratio("pupils", Decimal(part), of).amount_of(whole) for part in parts), Decimal(0))
    assert abs(shared - whole) <= Decimal("0.005") * len(parts)


@given(NUMBERS, NUMBERS)
def test_a_ratio_comes_back_from_the_line_it_is_kept_with(part: int, of: int) -> None:
    ratio = Ratio("claimants", Decimal(part), Decimal(of), "2010-11", "Benefit returns")
    assert ratio_from(ratio.as_data()) == ratio


def test_a_ratio_says_what_it_was_made_from() -> None:
    ratio = Ratio("pupils", Decimal(210_000), Decimal(640_000), "2010-11", "School census")
    assert str(ratio) == "Pupils 2010-11: 210,000 of 640,000 (School census)"
    assert str(Ratio("given share", Decimal("0.2500"))) == "A given share: 0.25"

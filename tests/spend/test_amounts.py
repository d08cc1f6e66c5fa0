"""Amounts as people type, paste and export them: exactly, or refused with what to do.

The agreed cases stand in number_parsing.csv beside this file, as they came with the design of data entry
(data/entry), each with why it is there: mostly faults that users of other spending tools met.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilots.spend.amounts import LARGEST, AmountRefused, parse_amount, parse_number, parse_share, share_of

CASES = Path(__file__).parent / "number_parsing.csv"


def cases(*, refused: bool) -> list:
    """The agreed cases, each named by why it is there."""
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["expected_pounds"] == "REFUSE") is refused]
    return [pytest.param(row["input"], row["expected_pounds"], id=row["why"]) for row in rows]


@pytest.mark.parametrize(("typed", "expected"), cases(refused=False))
def test_an_agreed_amount_is_read_to_the_penny(typed: str, expected: str) -> None:
    assert parse_amount(typed).pounds == (Decimal(expected) if expected else None)


@pytest.mark.parametrize(("typed", "_expected"), cases(refused=True))
def test_an_agreed_text_is_refused_with_what_to_do(typed: str, _expected: str) -> None:
    with pytest.raises(AmountRefused) as refused:
        parse_amount(typed)
    assert str(refused.value).endswith((".", "?"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("£3.2m", "3200000"),
        ("12k", "12000"),
        ("(1.5bn)", "-1500000000"),
        ("2 million", "2000000"),
        ("£3.245m", "3245000"),
        ("1.23456k", "1234.56"),
        (".5m", "500000"),
        ("1,234.5k", "1234500"),
        ("3.24567891m", "3245678.91"),
        ("(2.12345678901bn)", "-2123456789.01"),
    ],
)
def test_a_short_amount_is_offered_in_full_and_asked_about(typed: str, meant: str) -> None:
    with pytest.raises(AmountRefused, match="Did you mean") as refused:
        parse_amount(typed)
    assert refused.value.suggestion == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["1.234567k", "3.245678912m", "2.123456789012bn", "1,2bn", "1.2.3bn", "3.m", ".k", "999999bn"]
)
def test_a_short_amount_of_no_whole_pence_is_refused_and_nothing_is_offered(typed: str) -> None:
    with pytest.raises(AmountRefused, match="Write pounds in full") as refused:
        parse_amount(typed)
    assert refused.value.suggestion is None


def test_a_dash_is_blank_and_says_so() -> None:
    read = parse_amount("-")
    assert (read.pounds, "Write 0" in read.notice) == (None, True)


@pytest.mark.parametrize("typed", [float("nan"), float("inf"), True, "=cmd|' /C calc'!A0", "1" * 20, "9" * 400])
def test_what_is_no_amount_of_money_is_refused(typed: object) -> None:
    with pytest.raises(AmountRefused):
        parse_amount(typed)


def test_the_largest_amount_is_the_largest_that_the_database_holds() -> None:
    assert parse_amount(str(LARGEST)).pounds == LARGEST
    with pytest.raises(AmountRefused, match="more than can be recorded"):
        parse_amount(LARGEST + 1)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_number_of_pence_comes_back_however_it_is_written(pence: int) -> None:
    pounds = Decimal(pence) / 100
    for written in (f"{pounds:.2f}", f"{pounds:,.2f}", f"£{pounds:,.2f}", f" {pounds:.2f} "):
        assert parse_amount(written).pounds == pounds
    if pence < 0:
        assert parse_amount(f"({-pounds:,.2f})").pounds == pounds


@given(st.integers(min_value=1, max_value=10**9))
def test_a_spreadsheets_own_number_comes_back_to_the_penny(pence: int) -> None:
    assert parse_amount(pence / 100).pounds == Decimal(pence) / 100


@pytest.mark.parametrize("typed", ["0", "1.01", "-0.5", "half", "50%", "0.1234567890123"])
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(AmountRefused):
        parse_share(typed)


def test_a_part_of_an_amount_is_rounded_half_to_even() -> None:
    assert share_of(Decimal("0.25"), Decimal("0.5")) == Decimal("0.12")
    assert share_of(Decimal("0.35"), Decimal("0.5")) == Decimal("0.18")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,234.5", "1234.5"), ("1 234", "1234"), ("-3", "-3"), ("\u22120.1250", "-0.125"), ("12.5", "12.5")],
)
def test_a_number_that_is_no_money_is_read_with_its_separators(typed: str, number: str) -> None:
    assert parse_number(typed, 4) == Decimal(number)


@pytest.mark.parametrize("typed", ["£5", "5%", "1,5", "12,34", "many", "1.23456", "."])
def test_what_is_no_plain_number_is_refused(typed: str) -> None:
    with pytest.raises(AmountRefused):
        parse_number(typed, 4)

"""How pounds, shares and counts are said."""

from decimal import Decimal
from fractions import Fraction

import pytest

from totalplace import money


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("68306000000", "£68.3bn"),
        ("8259406210.78", "£8.26bn"),
        ("172684000000", "£173bn"),
        ("1135400000", "£1.14bn"),
        ("937000000", "£937m"),
        ("12000000", "£12m"),
        ("8700000", "£8.7m"),
        ("363210", "£363,000"),
        ("47", "£47"),
        ("0", "£0"),
        ("-34500000", "−£35m"),
        ("-820000", "−£820,000"),
    ],
)
def test_a_headline_has_about_three_figures(amount: str, said: str) -> None:
    assert money.headline(Decimal(amount)) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("999500000", "£1.00bn"),
        ("999499999.99", "£999m"),
        ("9995000000", "£10.0bn"),
        ("9950000", "£10m"),
        ("9949999", "£9.9m"),
        ("999500", "£1.0m"),
        ("999499", "£999,000"),
        ("999.50", "£1,000"),
        ("999.49", "£999"),
    ],
)
def test_a_headline_that_rounds_up_to_the_next_unit_is_said_in_it(amount: str, said: str) -> None:
    assert money.headline(Decimal(amount)) == said


def test_exact_amounts_have_pence_and_a_true_minus() -> None:
    assert money.exact(Decimal("1234.5")) == "£1,234.50"
    assert money.exact(Decimal("-93000")) == "−£93,000.00"
    assert money.exact_number(Decimal("8259406210.78")) == "8,259,406,210.78"


def test_amounts_in_one_sentence_share_unit_and_decimals() -> None:
    saving, joined = Decimal("1135400000"), Decimal("936900000")
    assert money.together([saving, joined]) == ["£1,135m", "£937m"]
    assert money.together([Decimal("12400000"), Decimal("1900000")]) == ["£12.4m", "£1.9m"]
    assert money.together([Decimal("363400"), Decimal("12600")]) == ["£363,000", "£13,000"]
    assert money.together([Decimal("2834800000"), Decimal("2359500000")]) == ["£2.83bn", "£2.36bn"]


def test_a_common_scale_never_says_zero_for_what_is_not_zero() -> None:
    assert money.together([Decimal("5000000"), Decimal("20000"), Decimal(0)]) == ["£5.0m", "£20,000", "£0"]


def test_a_list_in_millions_shows_the_sign_even_of_what_rounds_to_nothing() -> None:
    assert money.millions(Decimal("2834800000")) == "2,834.8"
    assert money.millions(Decimal("-820000")) == "−0.8"
    assert money.millions(Decimal("-20000")) == "−0.0"
    assert money.millions(Decimal("17268000000"), 0) == "17,268"


def test_pounds_a_head_need_a_population() -> None:
    assert money.per_head(Decimal("88300000"), 1463740) == "£60 a head"
    assert money.per_head(Decimal("88300000"), None) == "not known"


def test_percentages_do_not_round_to_nothing_or_to_everything() -> None:
    assert money.percent(Decimal(43), Decimal(100)) == "43%"
    assert money.percent(Decimal("1.7"), Decimal(100), 1) == "1.7%"
    assert money.percent(Decimal("0.2"), Decimal(100)) == "under 1%"
    assert money.percent(Decimal("99.8"), Decimal(100)) == "over 99%"
    assert money.percent(Decimal(100), Decimal(100)) == "100%"
    assert money.percent(Decimal(0), Decimal(100)) == "0%"
    assert money.percent(Decimal(1), Decimal(0)) == "none"


def test_counts_are_words_up_to_twelve_and_agree_with_their_noun() -> None:
    assert money.counted(1, "body", "bodies") == "one body"
    assert money.counted(12, "district") == "twelve districts"
    assert money.counted(17, "body", "bodies") == "17 bodies"
    assert money.counted(0, "body", "bodies") == "no bodies"
    assert money.starting(money.counted(3, "body", "bodies")) == "Three bodies"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(2, 3), "two thirds"),
        (Fraction(769, 1000), "just over three quarters"),
        (Fraction(712, 1000), "just over seven tenths"),
        (Fraction(48, 100), "nearly half"),
        (Fraction(985, 1000), "nearly all"),
        (Fraction(1), "all"),
        (Fraction(55, 100), "55%"),
    ],
)
def test_a_share_is_said_by_the_nearest_plain_fraction(share: Fraction, words: str) -> None:
    assert money.share_words(share) == words


def test_so_many_pounds_in_ten() -> None:
    assert money.in_ten(Fraction(599, 1000)) == "six pounds in ten"
    assert money.in_ten(Fraction(11, 100)) == "one pound in ten"
    assert money.in_ten(Fraction(3, 100)) == "fewer than one pound in ten"
    assert money.in_ten(Fraction(97, 100)) == "nearly every pound"
    assert money.in_ten(Fraction(1)) == "every pound"


def test_lists_and_owners_are_written_as_people_write_them() -> None:
    assert money.listed(["benefits", "health", "education"]) == "benefits, health and education"
    assert money.listed(["health"]) == "health"
    assert money.listed([]) == ""
    assert money.possessive("Kent") == "Kent’s"
    assert money.possessive("Leeds") == "Leeds’"

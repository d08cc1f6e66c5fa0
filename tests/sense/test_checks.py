"""The sense checks, each on made-up facts: what they ask about, what they leave alone, and in which words."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from pilots.sense import coverage, outliers, overcounted, passed_on, signs, totals, units
from pilots.sense.coverage import State, matrix_of
from pilots.sense.rows import Control, Counted, Facts, Transfer
from pilots.sense.warned import Warned
from pilots.sense.warnings import warned

from .examples import BODIES, COUNTY, FIRE, OTHER_TOWN, PARKS, PATROLS, POLICE, SCHOOLS, TOWN, facts, usual

PARKS_USUALLY = {("shire district", PARKS): usual(70)}


def said(warnings: Iterable[Warned]) -> list[tuple[str, str]]:
    return [(warning.check, warning.subject) for warning in warnings]


class TestUnits:
    def test_thousands_written_as_pounds_are_a_thousandth_of_the_last_figure(self) -> None:
        (warning,) = units.check(facts({(TOWN, PARKS): "7102"}, last={(TOWN, PARKS): "7102000"}))
        assert warning.text == (
            "Dunton, Parks: £7,102 is a thousandth of what was published last (£7,102,000). Returns are in thousands."
        )
        assert (warning.check, warning.subject) == ("units", "E2 parks")
        assert warning.where == f"?view=grid&branch=culture#c-{TOWN}-{PARKS}"

    def test_a_figure_near_a_thousandth_of_the_last_one_is_asked_about_too(self) -> None:
        (warning,) = units.check(facts({(TOWN, PARKS): "7300"}, last={(TOWN, PARKS): "7102000"}))
        assert "£7,300 is about a thousandth of" in warning.text

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("7.10", "a millionth of"),
            ("7102000000", "a thousand times"),
            ("7102000000000", "a million times"),
        ],
    )
    def test_millions_and_noughts_too_many_are_named(self, typed: str, words: str) -> None:
        (warning,) = units.check(facts({(TOWN, PARKS): typed}, last={(TOWN, PARKS): "7102000"}))
        assert words in warning.text

    def test_without_a_last_figure_other_bodies_a_head_tell(self) -> None:
        (warning,) = units.check(facts({(TOWN, PARKS): "7102"}, usual=PARKS_USUALLY))
        assert warning.text == (
            "Dunton, Parks: £7,102 is £0.07 a head, where 40 others of its kind spend about £70 a head. "
            "Returns are in thousands: £7,102,000 would fit."
        )

    def test_pounds_written_as_thousands_are_told_by_other_bodies(self) -> None:
        (warning,) = units.check(facts({(TOWN, PARKS): "7102000000"}, usual=PARKS_USUALLY))
        assert "£7,102,000 would fit." in warning.text

    @pytest.mark.parametrize("typed", ["7102000", "0", "-7102", "900000"])
    def test_a_figure_that_no_step_of_a_thousand_mends_is_left_alone(self, typed: str) -> None:
        assert not list(units.check(facts({(TOWN, PARKS): typed}, usual=PARKS_USUALLY)))

    def test_where_others_differ_a_thousandfold_themselves_nothing_is_said(self) -> None:
        wide = {("shire district", PARKS): usual(70, spread=20)}
        assert not list(units.check(facts({(TOWN, PARKS): "7102"}, usual=wide)))

    def test_too_few_others_say_nothing(self) -> None:
        few = {("shire district", PARKS): usual(70, above_zero=4)}
        assert not list(units.check(facts({(TOWN, PARKS): "7102"}, usual=few)))

    def test_a_body_of_unknown_people_is_not_compared_a_head(self) -> None:
        bodies = {**BODIES, TOWN: replace(BODIES[TOWN], people=None)}
        assert not list(units.check(facts({(TOWN, PARKS): "7102"}, usual=PARKS_USUALLY, bodies=bodies)))


class TestOutliers:
    def test_a_figure_three_times_the_last_one_is_asked_about(self) -> None:
        (warning,) = outliers.check(facts({(TOWN, PARKS): "9000000"}, last={(TOWN, PARKS): "3000000"}))
        assert warning.text == "Dunton, Parks: £9,000,000 is 3.0 times what was published last (£3,000,000)."

    def test_where_everything_doubled_a_figure_that_doubled_is_usual(self) -> None:
        keys = [(body, service) for body in (COUNTY, TOWN, OTHER_TOWN) for service in (PARKS, SCHOOLS, FIRE)]
        last = dict.fromkeys(keys, "4000000")
        figures = {**dict.fromkeys(keys, "8200000"), (TOWN, PARKS): "9000000", (COUNTY, FIRE): "1000000"}
        assert said(outliers.check(facts(figures, last=last))) == [("changed-much", "E1 fire")]

    def test_small_change_in_pounds_is_left_alone(self) -> None:
        assert not list(outliers.check(facts({(TOWN, PARKS): "90000"}, last={(TOWN, PARKS): "3000"})))

    def test_what_was_published_and_is_gone_is_asked_about(self) -> None:
        (warning,) = outliers.check(facts({}, last={(TOWN, PARKS): "3000000"}))
        assert warning.text == "Dunton, Parks: nothing is recorded, and £3,000,000 was published last."

    def test_a_figure_far_from_others_a_head_is_asked_about(self) -> None:
        (warning,) = outliers.check(facts({(TOWN, PARKS): "70000000"}, usual=PARKS_USUALLY))
        assert warning.check == "unlike-others"
        assert "£70,000,000 is £700 a head, where 40 other bodies of its kind spend £70 a head in the middle." in (
            warning.text
        )

    def test_one_wild_peer_moves_neither_middle_nor_limit(self) -> None:
        assert not list(outliers.check(facts({(TOWN, PARKS): "14000000"}, usual=PARKS_USUALLY)))

    def test_a_figure_that_was_published_as_it_is_is_not_asked_about_again(self) -> None:
        figures = {(TOWN, PARKS): "70000000"}
        assert not list(outliers.check(facts(figures, last=figures, usual=PARKS_USUALLY)))


class TestSigns:
    def test_below_zero_where_all_others_are_above_is_asked_about(self) -> None:
        (warning,) = signs.check(facts({(TOWN, PARKS): "-93000"}, usual=PARKS_USUALLY))
        assert warning.text == (
            "Dunton, Parks: −£93,000 is below zero, and 40 of the 40 other bodies of its kind report it above zero."
        )

    def test_where_others_are_below_zero_too_nothing_is_said(self) -> None:
        mixed = {("shire district", PARKS): usual(70, above_zero=30, below_zero=10)}
        assert not list(signs.check(facts({(TOWN, PARKS): "-93000"}, usual=mixed)))


class TestTotals:
    CONTROL = Control(7, None, True, "all public bodies", "public spending mapped", Decimal(8_300), "2008-09", "press")

    def test_a_total_far_from_the_published_one_is_asked_about_with_both(self) -> None:
        (warning,) = totals.check(facts({(COUNTY, SCHOOLS): "6000"}, controls=[self.CONTROL]))
        assert warning.text == (
            "Dunshire: the lines add up to £6,000, £2,000 (28%) less than the published £8,000 "
            "(public spending mapped, 2008-09)."
        )
        assert warning.subject == "7"

    @pytest.mark.parametrize(("year", "is_asked"), [("2008-09", False), ("2010-11", True)])
    def test_a_total_of_the_same_year_must_be_nearer(self, year: str, is_asked: bool) -> None:
        control = replace(self.CONTROL, year=year)
        found = list(totals.check(facts({(COUNTY, SCHOOLS): "8000"}, controls=[control])))
        assert bool(found) is is_asked

    def test_a_bodys_total_is_set_beside_its_own(self) -> None:
        control = replace(self.CONTROL, agency=COUNTY)
        figures = {(COUNTY, SCHOOLS): "8300", (TOWN, PARKS): "5000"}
        assert not list(totals.check(facts(figures, controls=[control])))


class TestPassedOn:
    def test_a_receiver_without_a_line_is_named(self) -> None:
        transfer = Transfer(COUNTY, FIRE, POLICE, "E4", "Dunshire Police", Decimal(120))
        found = facts({}, transfers=[transfer], reporting=frozenset({COUNTY}))
        (warning,) = passed_on.check(found)
        assert warning.text == (
            "Dunshire County Council, Fire: £120 is passed on to Dunshire Police, which reports nothing here. "
            "It is counted nowhere."
        )
        assert "kind=passed-on" in warning.where

    def test_a_receiver_that_reports_is_not_asked_about(self) -> None:
        transfer = Transfer(COUNTY, FIRE, POLICE, "E4", "Dunshire Police", Decimal(120))
        assert not list(passed_on.check(facts({}, transfers=[transfer])))

    def test_receivers_that_are_not_named_are_said_once_for_the_count(self) -> None:
        unnamed = [Transfer(body, FIRE, None, "", "", Decimal(1_000)) for body in (COUNTY, TOWN, OTHER_TOWN)]
        own = Transfer(POLICE, FIRE, None, "", "", Decimal(-9_000))
        (warning,) = passed_on.check(facts({}, transfers=[*unnamed, own]))
        assert "Dunshire County Council and two other bodies pass on £3,000" in warning.text


class TestOvercounted:
    def test_shares_that_exceed_the_whole_are_said_with_both_amounts(self) -> None:
        row = Counted(POLICE, PATROLS, Decimal("130.00"), 2, Decimal("100.00"))
        (warning,) = overcounted.check(facts({}, counted=[row]))
        assert warning.text == (
            "Dunshire Police, Patrols: £130 is counted over two places, more than its whole amount of £100. "
            "Some of it stands in two places."
        )

    def test_in_one_place_the_amount_or_the_whole_is_out_of_date(self) -> None:
        row = Counted(POLICE, PATROLS, Decimal("130.00"), 1, Decimal("100.00"))
        (warning,) = overcounted.check(facts({}, counted=[row]))
        assert warning.text == (
            "Dunshire Police, Patrols: £130 is counted here, more than its whole amount of £100. "
            "Correct the one that is out of date."
        )

    @pytest.mark.parametrize("whole", [None, Decimal("100.00"), Decimal("99.98")])
    def test_the_whole_or_what_rounding_makes_of_it_is_fine(self, whole: Decimal | None) -> None:
        row = Counted(POLICE, PATROLS, Decimal("100.00"), 2, whole)
        assert not list(overcounted.check(facts({}, counted=[row])))

    def test_a_body_beyond_what_was_published_for_it_as_a_whole_is_said(self) -> None:
        control = Control(9, POLICE, False, "Police", "net budget", Decimal(90), "2010-11", "press")
        row = Counted(POLICE, PATROLS, Decimal(100), 1, None)
        (warning,) = overcounted.check(facts({}, counted=[row], controls=[control]))
        assert "£100 is counted over all places, more than the published £90" in warning.text


class TestCoverage:
    FIRE_USUALLY = {("police authority", PATROLS): usual(100), ("police authority", FIRE): usual(40)}

    def test_a_member_without_a_line_is_missed(self) -> None:
        found = coverage.check(facts({}, reporting=frozenset({COUNTY, TOWN, OTHER_TOWN})))
        assert said(found) == [("missing-body", "E4")]

    def test_a_member_whose_successor_reports_is_not_missed(self) -> None:
        bodies = {**BODIES, POLICE: replace(BODIES[POLICE], successor=TOWN)}
        found = coverage.check(facts({}, bodies=bodies, reporting=frozenset({COUNTY, TOWN, OTHER_TOWN})))
        assert not said(found)

    def test_a_service_that_nobody_has_and_most_places_have_is_missed(self) -> None:
        found = facts({(TOWN, PARKS): "1"}, places=20, places_with={FIRE: 20, SCHOOLS: 3, PARKS: 20})
        (warning,) = coverage.check(found)
        assert warning.text == "Fire: no body of Dunshire has a figure for it, and 20 of the 20 other places have."

    def test_an_empty_count_misses_bodies_and_no_services(self) -> None:
        found = facts({}, usual=self.FIRE_USUALLY, reporting=frozenset(), places=20, places_with={FIRE: 20})
        assert said(coverage.check(found)) == [("missing-body", code) for code in ("E1", "E2", "E3", "E4")]

    def test_while_members_are_missing_only_what_the_others_usually_do_is_missed(self) -> None:
        places = {"usual": self.FIRE_USUALLY, "places": 20, "places_with": {FIRE: 20, PATROLS: 20, PARKS: 20}}
        figures = {(POLICE, PATROLS): "5"}
        without_the_county = facts(figures, reporting=frozenset({TOWN, OTHER_TOWN, POLICE}), **places)
        assert said(coverage.check(without_the_county)) == [("missing-body", "E1"), ("missing-service", "fire")]
        everybody = facts(figures, **places)
        assert said(coverage.check(everybody)) == [("missing-service", "parks"), ("missing-service", "fire")]

    def test_a_service_that_another_member_delivers_is_covered(self) -> None:
        found = facts(
            {(COUNTY, FIRE): "5", (COUNTY, PATROLS): "5"}, usual=self.FIRE_USUALLY, places=20, places_with={FIRE: 20}
        )
        assert not said(coverage.check(found))
        assert self.state(found, POLICE, "order") is State.COVERED

    def test_a_service_that_nobody_delivers_is_missing_from_the_body_that_usually_does(self) -> None:
        found = facts({(COUNTY, FIRE): "5", (TOWN, PARKS): "1"}, usual=self.FIRE_USUALLY)
        assert self.state(found, POLICE, "order") is State.MISSING
        assert self.state(found, TOWN, "order") is State.NOT_EXPECTED
        assert self.state(found, COUNTY, "order") is State.RECORDED

    @staticmethod
    def state(found: Facts, body: int, branch: str) -> State:
        matrix = matrix_of(found)
        column = [code for code, _ in matrix.branches].index(branch)
        return next(states[column] for row, states in matrix.rows if row.id == body)


def test_one_cell_is_asked_about_once_by_the_first_check_that_minds() -> None:
    found = facts({(TOWN, PARKS): "7102"}, last={(TOWN, PARKS): "7102000"}, usual=PARKS_USUALLY)
    assert said(warned(found)) == [("units", "E2 parks")]

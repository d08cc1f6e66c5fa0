"""The sentences of the pages, computed from the amounts they name."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mapping.charts import findings, findings_of_place, findings_of_programme
from mapping.charts.inputs import Body, Cases, Footing, Savings, SpendCell, YearFigures
from mapping.pages import savings_page
from tests.charts.examples import (
    COUNTY,
    EMPTY_PLACE,
    PLACE,
    PLACES,
    SAVINGS,
    pounds,
    row,
)


def with_savings(**changes: Any) -> Savings:
    return replace(SAVINGS, **changes)


class TestTheHeadlineOfAPlace:
    def test_says_what_all_bodies_spend_and_what_joining_up_could_save(self) -> None:
        headline = findings_of_place.place_headline(PLACE)
        assert str(headline) == (
            "Exampleshire’s 6 public bodies spend £1.00bn a year. By joining up they could save £10m of it."
        )
        assert headline.joined == "£10m"

    def test_counts_one_body_as_one_and_says_that_it_has_no_partner(self) -> None:
        alone = replace(
            PLACE,
            spend=(SpendCell("C", "cultural", pounds(20)),),
            savings=with_savings(joined=Cases(Decimal(0), Decimal(0), Decimal(0))),
        )
        assert str(findings_of_place.place_headline(alone)) == (
            "Exampleshire’s one public body spends £20m a year. One body has nobody to join up with."
        )

    def test_says_why_where_nothing_would_be_saved(self) -> None:
        nothing = with_savings(joined=Cases(Decimal(0), Decimal(0), Decimal(0)))
        headline = findings_of_place.place_headline(replace(PLACE, savings=nothing))
        assert "No saving from joining up was found" in str(headline)
        assert headline.joined == ""

    def test_the_page_of_savings_says_why_as_well(self) -> None:
        none = Cases(Decimal(0), Decimal(0), Decimal(0))
        alone = replace(PLACE, spend=(SpendCell("C", "cultural", pounds(20)),), savings=with_savings(joined=none))
        assert savings_page.title(alone) == "Exampleshire could save £12m a year, none of it by joining up"
        assert savings_page.lead(alone).startswith("One body has nobody to join up with. ")
        nothing = replace(PLACE, savings=with_savings(joined=none, saving=none))
        assert savings_page.title(nothing) == "No saving was found in Exampleshire"
        assert savings_page.lead(nothing) == "No way to save reaches anything that is spent here."

    def test_says_that_the_saving_is_being_computed_while_there_is_no_map(self) -> None:
        headline = findings_of_place.place_headline(replace(PLACE, savings=None))
        assert str(headline).endswith("What they could save is being computed.")

    def test_says_at_least_for_a_partial_year(self) -> None:
        partial = replace(PLACE, provenance=replace(PLACE.provenance, missing=("the NHS",)))
        assert "spend at least £1.00bn" in str(findings_of_place.place_headline(partial))

    def test_says_that_nothing_is_recorded_where_nothing_is(self) -> None:
        assert str(findings_of_place.place_headline(EMPTY_PLACE)) == (
            "Nothing has been recorded yet for Exampleshire in 2010-11."
        )


class TestWhoSpends:
    def test_names_the_fewest_bodies_with_four_fifths_and_what_they_mostly_pay_for(self) -> None:
        assert findings_of_place.who_spends(PLACE) == (
            "Two bodies spend 90% of Exampleshire’s money, mostly on health and education"
        )

    def test_tells_social_care_from_benefits(self) -> None:
        caring = replace(
            PLACE,
            spend=(
                SpendCell("C", "social-care-undivided", pounds(90)),
                SpendCell("D1", "council-tax-benefit", pounds(60)),
            ),
        )
        assert findings_of_place.who_spends(caring) == (
            "Two bodies spend 100% of Exampleshire’s money, mostly on social care and benefits"
        )

    def test_agrees_with_one_body(self) -> None:
        alone = replace(PLACE, spend=(SpendCell("C", "cultural", pounds(20)),))
        assert findings_of_place.who_spends(alone) == (
            "One body spends 100% of Exampleshire’s money, mostly on culture and recreation"
        )


class TestWhoDoesWhat:
    def test_finds_bodies_of_a_kind_that_run_the_same_services(self) -> None:
        assert findings_of_place.who_does_what(PLACE) == ("Three district councils each run the same two services")

    def test_else_names_the_service_that_most_bodies_share(self) -> None:
        shared = replace(
            PLACE,
            spend=(SpendCell("C", "cultural", pounds(20)), SpendCell("P", "cultural", pounds(1))),
        )
        assert findings_of_place.who_does_what(shared) == "Two bodies spend on culture and recreation"

    def test_says_so_where_no_two_bodies_share_a_service(self) -> None:
        apart = replace(PLACE, spend=PLACE.spend[:1])
        assert findings_of_place.who_does_what(apart) == "Each service is run by one body"


class TestWhoTalksFirst:
    def test_names_the_two_bodies_and_what_they_would_save(self) -> None:
        assert findings_of_place.who_talks_first(PLACE.pairs, PLACE.bodies) == (
            "Exampleshire County Council and the NHS should talk first: £5.0m a year"
        )

    def test_says_so_where_no_pair_would_save(self) -> None:
        assert findings_of_place.who_talks_first((), PLACE.bodies) == ("No two bodies here would save by joining up")


class TestWhichWay:
    def test_names_the_leading_ways_and_their_share_of_what_joining_up_saves(self) -> None:
        assert findings.which_way(SAVINGS, "central") == (
            "Nine tenths of the saving from joining up comes from shared back offices and redesign"
        )

    def test_says_so_where_nothing_comes_from_joining_up(self) -> None:
        none = Cases(Decimal(0), Decimal(0), Decimal(0))
        levers = tuple(replace(lever, joined=none) for lever in SAVINGS.levers)
        assert findings.which_way(with_savings(levers=levers), "central") == ("No saving from joining up was found")


class TestWhen:
    def test_names_the_dear_years_and_the_payback(self) -> None:
        assert findings.when(SAVINGS) == (
            "It costs more than it saves in year 1 and has paid for itself by the end of year 2"
        )

    def test_several_dear_years(self) -> None:
        years = (
            YearFigures(1, pounds(1), pounds(1), pounds(9)),
            YearFigures(2, pounds(2), pounds(2), pounds(3)),
            YearFigures(3, pounds(5), pounds(5), pounds(0)),
        )
        assert findings.when(with_savings(years=years, payback=4)) == (
            "It costs more than it saves in years 1 and 2 and has paid for itself by the end of year 4"
        )

    def test_a_saving_from_the_first_year(self) -> None:
        years = (YearFigures(1, pounds(2), pounds(2), pounds(1)),)
        assert findings.when(with_savings(years=years, payback=1)) == (
            "It saves more than it costs from the first year"
        )

    def test_no_payback_within_the_horizon(self) -> None:
        late = with_savings(payback=None, payback_status="beyond_horizon")
        assert findings.when(late) == "It does not pay for itself within ten years"

    def test_nothing_saved(self) -> None:
        nothing = with_savings(payback=None, payback_status="nothing_saved")
        assert findings.when(nothing) == "Nothing is saved, so nothing needs to be paid for"

    def test_its_worth_names_horizon_and_rate(self) -> None:
        assert findings.worth(SAVINGS) == ("Over ten years it is worth £80m today, discounted at 3.5% a year.")


class TestTheLead:
    def test_gives_the_shown_case_first_and_the_others_beside_it(self) -> None:
        assert findings.saving_lead(SAVINGS, "central") == (
            "With what each could do alone, £12.0m in a full year (low case £8.0m, high case £21.0m)."
        )
        assert findings.saving_lead(SAVINGS, "low") == (
            "With what each could do alone, £8.0m in a full year (central case £12.0m, high case £21.0m)."
        )

    def test_says_so_where_high_is_below_low(self) -> None:
        crossed = with_savings(saving=Cases(pounds(12), pounds(11), pounds(10)))
        assert findings.saving_lead(crossed, "central").endswith(findings.CASES_CROSS)

    def test_says_how_much_was_shared_out(self) -> None:
        assert findings.rests_on_lead(SAVINGS.rests_on) == ("50% of it rests on figures shared out by population.")
        assert findings.rests_on_lead({Footing.OWN: pounds(1)}) == ""


class TestWhatItRestsOn:
    def test_a_place(self) -> None:
        spend = {Footing.OWN: pounds(33), Footing.WIDER: pounds(7), Footing.NATIONAL: pounds(60)}
        assert findings_of_place.place_rests_on(spend, SAVINGS.rests_on) == (
            "Two thirds of the spend is shared out by population, and half of the saving"
        )

    def test_a_place_of_own_returns_only(self) -> None:
        own = {Footing.OWN: pounds(33)}
        assert findings_of_place.place_rests_on(own, own) == "Every pound comes from a body’s own figures"

    @pytest.mark.parametrize(
        ("national", "words"),
        [
            (60, "Six pounds in ten are a national average, not a local return"),
            (10, "One pound in ten is a national average, not a local return"),
            (2, "Fewer than one pound in ten is a national average, not a local return"),
            (0, "Every pound comes from a local return"),
            (100, "Every pound is a national average, not a local return"),
        ],
    )
    def test_a_programme(self, national: int, words: str) -> None:
        rests_on = {Footing.OWN: pounds(100 - national), Footing.NATIONAL: pounds(national)}
        assert findings_of_programme.programme_rests_on(rests_on) == words


class TestBelowZero:
    def test_counts_and_adds_what_no_bar_can_show(self) -> None:
        assert findings.below_zero([pounds("-0.5"), pounds("-0.3")]) == (
            "Two cells are below zero (−£800,000 together). A bar cannot show them; the tables do."
        )

    def test_one_cell_is_one(self) -> None:
        assert findings.below_zero([pounds("-0.5")]) == (
            "One cell is below zero (−£500,000). A bar cannot show it; the tables do."
        )

    def test_none_needs_no_words(self) -> None:
        assert findings.below_zero([]) == ""


class TestTheProgramme:
    def test_headline(self) -> None:
        headline = findings_of_programme.programme_headline("pilot", PLACES[:3], pounds(140))
        assert str(headline) == ("The 3 pilots spend £14.0bn a year. By joining up they could save £140m of it.")

    def test_headline_of_one_place(self) -> None:
        headline = findings_of_programme.programme_headline("pilot", PLACES[:1], None)
        assert str(headline) == ("One pilot spends £9.00bn a year. What they could save is being computed.")

    def test_headline_where_the_saving_of_a_place_is_still_being_computed(self) -> None:
        waiting = replace(PLACES[1], joined=None, saving=None)
        headline = findings_of_programme.programme_headline("pilot", [PLACES[0], waiting, PLACES[2]], pounds(110))
        assert str(headline) == (
            "The 3 pilots spend £14.0bn a year. "
            "By joining up they could save at least £110m; one place is being computed."
        )

    def test_headline_of_a_partial_year_says_at_least(self) -> None:
        headline = findings_of_programme.programme_headline("pilot", PLACES[:3], pounds(140), is_partial=True)
        assert headline.spend == "The 3 pilots spend at least £14.0bn a year."

    def test_headline_before_anything_is_counted(self) -> None:
        places = [row("Northam", None, 1000, 1)]
        assert str(findings_of_programme.programme_headline("pilot", places, None)) == (
            "Nothing has been recorded yet."
        )

    def test_no_place_is_named_first_where_its_range_overlaps_that_of_another(self) -> None:
        wide = replace(PLACES[0], joined=Cases(pounds(25), pounds(90), pounds(120)))
        places = (wide, *PLACES[1:3])
        title = findings_of_programme.top_place(places, "central")
        assert title == "No place stands out: the ranges of the largest savings from joining up overlap"
        note = findings_of_programme.order_note(places, "central")
        assert note.startswith("In order of the central case, which is no ranking: one of two neighbours overlap")
        assert findings_of_programme.order_note(PLACES[:3], "central") == ""

    def test_the_place_that_saves_most(self) -> None:
        assert findings_of_programme.top_place(PLACES[:3], "central") == (
            "Northam holds 64% of the saving from joining up"
        )

    def test_places_with_several_large_councils_save_more_a_head(self) -> None:
        assert findings_of_programme.where("pilot", PLACES[:3], "central") == (
            "Pilots that span several large councils could save four fifths more a head"
        )
        assert findings_of_programme.large_councils_note(PLACES[:3], "central") == (
            "One with two or more large councils: £90 a head. Two with fewer: £50."
        )

    def test_else_the_least_and_the_most_a_head(self) -> None:
        alike = [row("Northam", "90", 1_000_000, 1), row("Southam", "30", 600_000, 1)]
        assert findings_of_programme.where("pilot", alike, "central") == (
            "The saving runs from £50 a head in Southam to £90 in Northam"
        )

    def test_a_head_is_unknown_without_people(self) -> None:
        assert findings_of_programme.where("pilot", [row("Northam", "90", None, 1)], "central") == (
            "No saving a head is known yet"
        )

    def test_scale(self) -> None:
        assert findings_of_programme.for_scale(pounds(1135), pounds(68306)) == (
            "The whole saving is 1.7% of the spend",
            "For scale: one per cent of what has been counted is £683m a year.",
        )


def test_a_county_council_is_told_from_its_county() -> None:
    from mapping.charts.names import body_name

    assert body_name(COUNTY) == "Exampleshire County Council"
    assert body_name(Body("x", "Some County Council", "county council")) == "Some County Council"

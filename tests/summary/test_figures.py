"""The figures of a place's pages: bodies, services, pairs, pools, and what is not in them."""

from decimal import Decimal

import pytest

from mapping.charts.inputs import Footing
from mapping.charts.tree import Tree
from mapping.pages.place_page import place_page
from mapping.pages.reconciliation_page import reconciliation_page
from mapping.pages.savings_page import savings_page
from mapping.summary import place_figures, pool_figures, reconciliation_figures, sharing_pairs
from pilots.models import Membership, SpendLine
from pilots.register.load import default_programme
from pilots.spend.versions import open_working_version
from pilots.spend.write import add_line

from .counts import count_of, publish_councils_only, published

pytestmark = pytest.mark.django_db


def test_bodies_are_told_by_their_share_and_whether_they_are_a_national_average() -> None:
    bodies = {body.code: body for body in place_figures(published("kent"), "central").bodies}
    assert bodies["NHS"].is_national
    assert bodies["DWP"].is_national
    assert (bodies["E2221"].kind, bodies["E2221"].share, bodies["E2221"].is_national) == ("county council", 1, False)
    police = bodies["E6022"]
    assert Decimal("0.84") < police.share < Decimal("0.86")


def test_a_changed_membership_does_not_alter_the_share_of_a_snapshot() -> None:
    before = place_figures(published("kent"), "central").bodies
    Membership.objects.filter(place__slug="kent", agency__code="E6022").update(share=Decimal("0.5"))
    assert place_figures(published("kent"), "central").bodies == before


def test_spend_is_told_apart_by_what_it_rests_on() -> None:
    cells = place_figures(published("kent"), "central").spend
    by_footing = {footing: sum(cell.amount for cell in cells if cell.footing is footing) for footing in Footing}
    assert by_footing == {
        Footing.OWN: Decimal("2738091000.00"),
        Footing.BUDGET: 0,
        Footing.ESTIMATE: 0,
        Footing.WIDER: Decimal("326955997.52"),
        Footing.NATIONAL: Decimal("5194359213.26"),
    }


def test_services_are_the_tree_below_its_root() -> None:
    tree = Tree(place_figures(published("kent"), "central").services)
    assert "public-services" not in tree.services
    assert tree.path("state-pension") == ["social-protection", "social-protection-benefits", "state-pension"]
    assert len(tree.branches) == 9


def test_pairs_stand_over_all_ways_to_save_most_first() -> None:
    version = published("kent")
    figures, pairs = place_figures(version, "central"), sharing_pairs(version, "central")
    first = figures.pairs[0]
    assert (first.body_a, first.body_b) == ("E2221", "NHS")
    assert sum(first.by_lever.values()) == first.saving
    assert first.saving == sum(pair.saving for pair in pairs if (pair.agency_a, pair.agency_b) == ("E2221", "NHS"))
    assert figures.pair_count == len(figures.pairs) == 136
    assert [pair.saving for pair in pairs] == sorted((pair.saving for pair in pairs), reverse=True)
    by_lever = sharing_pairs(version, "central", "shared-back-office")
    assert by_lever == [pair for pair in pairs if pair.lever == "shared-back-office"]


def test_pools_are_named_and_shown_before_and_after_the_cap() -> None:
    pools = pool_figures(published("kent"), "central")
    assert (pools[0].lever, pools[0].level, pools[0].bodies) == ("Shared back office", "the whole place", 16)
    assert pools[0].before_cap > pools[0].after_cap
    assert {"Health", "Education"} <= {pool.level for pool in pools}
    assert all(pool.after_cap <= pool.before_cap <= pool.addressable for pool in pools)


def test_what_nobody_reports_is_named_by_service_not_by_body() -> None:
    missed = place_figures(published("kent"), "central").gaps.not_reported
    assert {"law courts", "prisons and probation", "colleges", "child benefit and tax credits"} <= set(missed)
    assert not {"police", "housing benefit", "social care"} & set(missed)
    assert "children’s social care" not in missed, "it is in social care, undivided"
    assert not any("Levies" in words or "levies" in words for words in missed), "they are passed on"


def test_where_social_care_is_divided_the_undivided_line_is_not_missed() -> None:
    working = open_working_version(count_of("kent"))
    working.lines.filter(service_line__code="social-care-undivided").delete()
    values = {"agency": "E2221", "spend_type": "employees", "amount": "1000"}
    add_line(working, {**values, "service_line": "children-social-care"}, None, "test")
    missed = place_figures(working, "central").gaps.not_reported
    assert "adults’ social care" in missed
    assert not {"social care", "children’s social care"} & set(missed)


def test_levies_of_one_line_are_told_apart_by_who_receives_them() -> None:
    version = published("kent")
    figures = reconciliation_figures(version)
    lines = SpendLine.objects.filter(version=version, is_transfer=True)
    assert sum(transfer.amount for transfer in figures.transfers) == sum(line.amount for line in lines)
    assert {transfer.receiver for transfer in figures.transfers} == {
        "parishes",
        "receivers of other levies",
        "the Environment Agency",
    }
    assert [passed.receiver for passed in figures.gaps.passed_on] == [
        "parishes",
        "receivers of other levies",
        "the Environment Agency",
    ]
    assert place_figures(version, "central").gaps.passed_on == figures.gaps.passed_on


def test_money_passed_to_a_body_that_reports_in_the_place_is_counted_there() -> None:
    figures = reconciliation_figures(published("manchester-city-region-warrington"))
    waste = "Greater Manchester Waste Disposal Authority"
    to_waste = [transfer for transfer in figures.transfers if transfer.receiver == waste]
    assert all(transfer.is_counted_there for transfer in to_waste)
    assert waste not in {passed.receiver for passed in figures.gaps.passed_on}
    own = [transfer for transfer in to_waste if transfer.body == waste]
    assert [transfer.amount < 0 for transfer in own] == [True], "what it receives it reports as negative"


def test_a_note_that_a_person_changed_is_not_taken_apart() -> None:
    working = open_working_version(count_of("lewisham"))
    line = working.lines.get(is_transfer=True, receiver=None)
    SpendLine.objects.filter(pk=line.pk).update(note="The sum of: Parish precepts £1.")
    transfers = [transfer for transfer in reconciliation_figures(working).transfers if not transfer.is_counted_there]
    assert [transfer.amount for transfer in transfers] == [line.amount]
    assert transfers[0].receiver == (
        "the London Pensions Fund Authority, receivers of other levies and the Environment Agency"
    )


def test_the_reconciliation_counts_body_by_body_with_the_whole_where_only_a_share_is_counted() -> None:
    figures = reconciliation_figures(published("kent"))
    rows = {row.body.code: row for row in figures.counted}
    assert sum(row.counted for row in figures.counted) == Decimal("8259406210.78") == sum(figures.rests_on.values())
    assert rows["E2221"].whole is None
    assert rows["E2221"].basis == "a body’s own return"
    whole = rows["E6022"].whole
    assert whole is not None
    assert abs(whole * rows["E6022"].body.share - rows["E6022"].counted) < 1
    assert rows["E6022"].basis == "wider body, shared out"
    assert rows["NHS"].basis == "national average a head"
    assert [row.counted for row in figures.counted] == sorted((row.counted for row in figures.counted), reverse=True)


def test_the_reconciliation_says_what_is_left_out_and_what_was_published() -> None:
    version = published("kent")
    figures = reconciliation_figures(version)
    assert sum(item.amount for item in figures.left_out) == sum(Decimal(item["amount"]) for item in version.left_out)
    assert "Housing benefit" in {item.what for item in figures.left_out}
    assert [(total.amount, total.year) for total in figures.gaps.published] == [(8_300_000_000, "2008-09")]
    assert figures.capital == 0
    assert reconciliation_figures(published("croydon")).gaps.published == ()


def test_capital_stands_beside_the_totals() -> None:
    working = open_working_version(count_of("kent"))
    values = {"agency": "E2221", "service_line": "police", "spend_type": "employees", "amount": "1000"}
    add_line(working, {**values, "is_capital": True}, None, "test")
    figures = reconciliation_figures(working)
    assert figures.capital == 1000
    assert sum(row.counted for row in figures.counted) == Decimal("8259406210.78")


@pytest.mark.parametrize("slug", ["kent", "lewisham", "cornwall"])
def test_the_pages_can_be_made_from_the_figures(slug: str) -> None:
    version = published(slug)
    figures = place_figures(version, "central")
    assert str(place_page(figures)["headline"]).startswith(figures.name)
    assert savings_page(figures, pool_figures(version, "central"))["bodies"]
    assert reconciliation_page(reconciliation_figures(version))["counted"]


def test_the_pages_can_be_made_of_a_partial_year_before_its_map() -> None:
    publish_councils_only(default_programme(), "kent", "2012-13")
    version = published("kent", "2012-13")
    page = place_page(place_figures(version, "central"))
    assert "at least" in str(page["headline"])
    assert page["provenance"].missing == ("NHS", "benefits")

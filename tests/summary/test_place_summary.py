"""The summary of a place: known figures, and the states in which something is missing."""

from decimal import Decimal

import pytest

from mapping.models import CurrentMap, MapResult
from mapping.recompute import recompute_version
from mapping.summary import place_figures, place_summary, pool_figures, reconciliation_figures
from pilots.models import Count, Population, Version
from pilots.register.load import default_programme
from pilots.spend.versions import open_working_version
from pilots.spend.write import add_line
from pilots.spend.years import newest_complete_year

from .counts import count_of, publish_councils_only, published, year

pytestmark = pytest.mark.django_db


def test_kent() -> None:
    summary = place_summary(published("kent"), "central")
    assert (summary.place, summary.year, summary.scenario) == ("kent", "2010-11", "central")
    assert summary.spend_total == Decimal("8259406210.78")
    assert summary.savings is not None
    assert round(summary.savings.full_year, -6) == 112_000_000
    assert round(summary.savings.joined, -6) == 88_000_000
    assert (summary.savings.payback, summary.savings.payback_status) == (2, "reached")
    assert len(summary.by_agency) == 17
    assert summary.by_agency[0].code == "DWP"
    assert {row.parent for row in summary.by_service if row.code == "police"} == {"public-order"}
    assert (summary.is_partial, summary.missing, summary.range, summary.messages) == (False, [], None, [])


def test_a_summary_names_its_map() -> None:
    summary = place_summary(published("kent"), "central")
    current = CurrentMap.objects.select_related("map__assumption_set").get(version=published("kent")).map
    assert summary.map is not None
    assert (summary.map.id, summary.map.assumption_set) == (current.pk, 1)
    assert (summary.map.computed_at, summary.map.inputs_digest) == (current.computed_at, current.inputs_digest)
    assert summary.map.is_stale is False


@pytest.mark.parametrize("slug", ["kent", "croydon", "manchester-city-region-warrington"])
def test_a_summary_takes_five_queries_in_a_small_place_and_a_large_one(slug: str, django_assert_num_queries) -> None:
    version = published(slug)
    with django_assert_num_queries(5):
        place_summary(version, "central")


@pytest.mark.parametrize("slug", ["croydon", "manchester-city-region-warrington"])
def test_the_queries_of_a_page_do_not_grow_with_the_place(slug: str, django_assert_num_queries) -> None:
    version = published(slug)
    with django_assert_num_queries(15):
        place_figures(version, "central")
    with django_assert_num_queries(3):
        pool_figures(version, "central")
    with django_assert_num_queries(11):
        reconciliation_figures(version)


def test_before_the_first_map_spend_is_shown_and_savings_are_not() -> None:
    working = open_working_version(count_of("kent"))
    summary, figures = place_summary(working, "central"), place_figures(working, "central")
    assert summary.spend_total == Decimal("8259406210.78")
    assert len(summary.by_agency) == 17
    assert (summary.savings, summary.map) == (None, None)
    assert summary.messages == ["The savings are being computed."]
    assert (figures.savings, figures.pairs, figures.saving_cells) == (None, (), ())
    assert figures.provenance.computed_at is None
    assert not figures.provenance.is_stale
    assert sum(cell.amount for cell in figures.spend) == summary.spend_total
    assert pool_figures(working, "central") == ()


def test_the_working_version_has_a_map_of_its_own() -> None:
    working = open_working_version(count_of("kent"))
    recompute_version(working.pk)
    mine, theirs = place_summary(working, "central"), place_summary(published("kent"), "central")
    assert mine.savings == theirs.savings
    assert mine.map is not None
    assert theirs.map is not None
    assert mine.map.id != theirs.map.id
    assert place_figures(working, "central").provenance.version == "Working version"


def test_a_draft_edit_makes_the_map_of_the_working_version_stale_and_no_published_one() -> None:
    working = open_working_version(count_of("kent"))
    recompute_version(working.pk)
    values = {"agency": "E2221", "service_line": "law-courts", "spend_type": "employees", "amount": "1000"}
    add_line(working, values, None, "test")
    edited = place_summary(working, "central")
    assert edited.map is not None
    assert edited.map.is_stale
    assert any("computed again" in message for message in edited.messages)
    assert edited.spend_total == Decimal("8259406210.78"), "the old figures stay until the map is remade"
    provenance = place_figures(working, "central").provenance
    assert provenance.is_stale
    assert provenance.stale_since is not None
    untouched = place_summary(published("kent"), "central").map
    assert untouched is not None
    assert not untouched.is_stale


def test_a_change_of_the_register_makes_published_maps_stale() -> None:
    Population.objects.filter(place__slug="kent").update(people=1_500_000)
    reference = place_summary(published("kent"), "central").map
    provenance = place_figures(published("kent"), "central").provenance
    assert reference is not None
    assert reference.is_stale
    assert provenance.computed_at is not None
    assert provenance.stale_since is not None
    assert provenance.stale_since > provenance.computed_at


def test_a_partial_year_is_labelled_and_never_the_default() -> None:
    publish_councils_only(default_programme(), "kent", "2011-12")
    recompute_version(published("kent", "2011-12").pk)
    summary = place_summary(published("kent", "2011-12"), "central")
    assert summary.is_partial
    assert summary.missing == ["NHS", "benefits"]
    assert summary.messages == [
        "2011-12 is a partial year: it lacks NHS and benefits, so its totals are “at least”. "
        "Do not set it beside complete years."
    ]
    assert newest_complete_year(default_programme()) == year("2010-11")
    complete = place_figures(published("kent"), "central")
    assert complete.provenance.years == ("2010-11", "2011-12")
    assert [(other.year, other.missing) for other in complete.gaps.other_years] == [("2011-12", ("NHS", "benefits"))]
    assert place_figures(published("kent", "2011-12"), "central").provenance.is_partial


def test_without_a_complete_published_count_there_is_no_default_year() -> None:
    publish_councils_only(default_programme(), "kent", "2011-12")
    Count.objects.filter(year__label="2010-11").update(published=None)
    assert newest_complete_year(default_programme()) is None


def test_cases_that_cross_are_said_and_never_sorted() -> None:
    version = published("kent")
    current = CurrentMap.objects.get(version=version).map_id
    MapResult.objects.filter(map=current, scenario="high").update(saving=Decimal("1000000.00"))
    messages = place_summary(version, "central").messages
    assert messages == [
        "The cases cross: low £51.5m, central £112.0m, high £1.0m. They are ordered by what they assume, "
        "not by what they save."
    ]


def test_an_empty_count_has_nothing_to_sum() -> None:
    version = Version.objects.create(
        count=Count.objects.create(place=count_of("kent").place, year=year("2008-09")), kind=Version.Kind.WORKING
    )
    summary = place_summary(version, "central")
    assert (summary.spend_total, summary.by_agency, summary.by_service, summary.savings) == (0, [], [], None)
    assert place_figures(version, "central").spend == ()
    assert reconciliation_figures(version).counted == ()

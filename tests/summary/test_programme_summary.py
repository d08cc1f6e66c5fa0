"""The summary of a programme, and the figures of its page."""

from decimal import Decimal

import pytest
from django.utils import timezone

from mapping.charts.inputs import Footing
from mapping.models import AssumptionSet, CurrentAssumptionSet, CurrentMap, Lever, LeverRule
from mapping.recompute import recompute_version
from mapping.summary import programme_figures, programme_summary
from pilots.acting import acting
from pilots.models import Place
from pilots.register.load import default_programme

from .counts import publish_councils_only, published, year

pytestmark = pytest.mark.django_db


def test_the_thirteen_pilots() -> None:
    summary = programme_summary(default_programme(), year(), "central", "pilot")
    assert summary.spend_total == Decimal("68305517655.90")
    assert summary.savings is not None
    assert round(summary.savings.full_year, -6) == 1_135_000_000
    assert round(summary.savings.joined, -6) == 937_000_000
    assert (summary.savings.payback, summary.savings.payback_status) == (2, "reached")
    assert [row.code for row in summary.savings.by_lever] == [
        *("shared-back-office", "collaborative-procurement", "senior-management"),
        *("asset-management", "service-redesign"),
    ]
    assert (summary.kind, summary.is_partial, summary.range, summary.messages) == ("pilot", False, None, [])


def test_the_reference_of_many_maps_stands_for_all_of_them() -> None:
    pilots = programme_summary(default_programme(), year(), "central", "pilot").map
    everything = programme_summary(default_programme(), year(), "central").map
    assert pilots is not None
    assert everything is not None
    assert (pilots.id, pilots.assumption_set, pilots.is_stale) == (None, 1, False)
    assert pilots.inputs_digest != everything.inputs_digest
    oldest = min(current.map.computed_at for current in CurrentMap.objects.select_related("map"))
    assert everything.computed_at == oldest


@pytest.mark.parametrize("kind", ["pilot", None])
def test_a_summary_takes_five_queries_however_many_places(kind: str | None, django_assert_num_queries) -> None:
    programme, financial_year = default_programme(), year()
    with django_assert_num_queries(5):
        programme_summary(programme, financial_year, "central", kind)


@pytest.mark.parametrize("kind", ["pilot", "all"])
def test_the_queries_of_the_page_do_not_grow_with_the_places(kind: str, django_assert_num_queries) -> None:
    programme, financial_year = default_programme(), year()
    with django_assert_num_queries(13):
        programme_figures(programme, financial_year, "central", kind)


def test_a_place_without_a_map_is_in_the_spend_and_named_as_missing_in_the_savings() -> None:
    before = programme_summary(default_programme(), year(), "central", "pilot")
    CurrentMap.objects.filter(version=published("kent")).delete()
    after = programme_summary(default_programme(), year(), "central", "pilot")
    kent = next(row for row in after.by_place if row.slug == "kent")
    lost = next(row for row in before.by_place if row.slug == "kent")
    assert after.spend_total == before.spend_total
    assert (kent.spend, kent.saving, kent.joined, kent.map_id) == (lost.spend, None, None, None)
    assert before.savings is not None
    assert after.savings is not None
    assert before.savings.full_year - after.savings.full_year == lost.saving
    assert after.messages == ["One place of 13 has no savings map yet: the savings are those of the others."]
    row = next(row for row in programme_figures(default_programme(), year(), "central").places if row.slug == "kent")
    assert (row.spend, row.saving, row.bodies) == (lost.spend, None, 17)


def test_without_any_map_there_are_no_savings() -> None:
    CurrentMap.objects.all().delete()
    summary = programme_summary(default_programme(), year(), "central", "pilot")
    assert summary.spend_total == Decimal("68305517655.90")
    assert (summary.savings, summary.map) == (None, None)
    assert programme_figures(default_programme(), year(), "central", "pilot").savings is None


def test_a_year_that_nobody_published_is_empty() -> None:
    summary = programme_summary(default_programme(), year("2008-09"), "central")
    assert (summary.spend_total, summary.by_place, summary.savings, summary.map) == (0, [], None, None)
    figures = programme_figures(default_programme(), year("2008-09"), "central")
    assert all(place.spend is None for place in figures.places)
    assert figures.provenance.years == ("2008-09", "2010-11")


def test_a_retired_place_is_left_out() -> None:
    Place.objects.filter(slug="kent").update(retired_on=timezone.now())
    summary = programme_summary(default_programme(), year(), "central", "pilot")
    assert len(summary.by_place) == 12
    assert summary.spend_total == Decimal("68305517655.90") - Decimal("8259406210.78")


def test_a_programmes_partial_year_says_what_is_missing() -> None:
    publish_councils_only(default_programme(), "kent", "2011-12")
    summary = programme_summary(default_programme(), year("2011-12"), "central")
    assert summary.is_partial
    assert summary.missing == ["NHS", "benefits"]
    assert len(summary.by_place) == 1


def a_second_set() -> AssumptionSet:
    """Assumption set 2, the same as set 1 but that redesign costs nothing; it is made the current one."""
    old = AssumptionSet.objects.get(number=1)
    levers = list(Lever.objects.filter(assumption_set=old).prefetch_related("rules"))
    with acting(None, "test"):
        new = AssumptionSet.objects.get(pk=old.pk)
        new.pk, new.number, new.published_at = None, 2, None
        new._state.adding = True
        new.save()
        for lever in levers:
            rules = list(lever.rules.all())
            lever.pk, lever.assumption_set = None, new
            lever.cost_multiple = Decimal(0) if lever.code == "service-redesign" else lever.cost_multiple
            lever._state.adding = True
            lever.save()
            for rule in rules:
                rule.pk, rule.lever = None, lever
            LeverRule.objects.bulk_create(rules)
        CurrentAssumptionSet.objects.update(assumption_set=new)
    return new


def test_while_maps_are_remade_with_another_set_each_way_to_save_stands_once() -> None:
    before = programme_summary(default_programme(), year(), "central", "pilot")
    a_second_set()
    recompute_version(published("kent").pk)
    after = programme_summary(default_programme(), year(), "central", "pilot")
    assert before.savings is not None
    assert after.savings is not None
    assert after.map is not None
    assert (after.map.is_stale, after.map.assumption_set) == (True, 1)
    assert {row.slug for row in after.by_place if not row.is_stale} == {"kent"}
    codes = [row.code for row in after.savings.by_lever]
    assert codes == [row.code for row in before.savings.by_lever]
    assert after.savings.full_year == before.savings.full_year == sum(row.saving for row in after.savings.by_lever)
    assert after.savings.npv > before.savings.npv
    paybacks = {row.code: row.payback for row in after.savings.by_lever}
    assert paybacks["shared-back-office"] == 3, "the same in both sets"
    assert paybacks["service-redesign"] == 2, "from the years of both sets together"
    figures = programme_figures(default_programme(), year(), "central", "pilot")
    assert figures.provenance.stale_since is not None
    assert figures.savings is not None
    assert figures.savings.saving.central == after.savings.full_year


def test_the_page_counts_bodies_and_what_rests_on_their_own_returns() -> None:
    figures = programme_figures(default_programme(), year(), "central", "pilot")
    kent = next(place for place in figures.places if place.slug == "kent")
    manchester = next(place for place in figures.places if place.slug == "manchester-city-region-warrington")
    assert (kent.bodies, kent.large_councils, kent.own) == (17, 1, Decimal("2738091000.00"))
    assert (manchester.bodies, manchester.large_councils) == (19, 11)
    assert {footing: round(amount, -8) for footing, amount in figures.rests_on.items()} == {
        Footing.OWN: 25_100_000_000,
        Footing.WIDER: 2_300_000_000,
        Footing.NATIONAL: 40_900_000_000,
    }
    assert {"law courts", "prisons and probation", "colleges"} <= set(figures.gaps.not_reported)
    assert [(total.amount, total.year) for total in figures.gaps.published] == [(82_000_000_000, "2008-09")]
    assert programme_figures(default_programme(), year(), "central", "parallel").gaps.published == ()
    assert figures.provenance.version == "Official returns, snapshot 1"

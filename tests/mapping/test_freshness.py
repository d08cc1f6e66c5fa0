"""A map is fresh while its version's revision, the assumption set and the register are what it was made from."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mapping.assumption_sets import make_current
from mapping.freshness import is_stale, stale_versions, with_freshness
from mapping.models import AssumptionSet, CurrentAssumptionSet, CurrentMap, SavingsMap
from mapping.recompute import recompute_version, recompute_versions
from pilots.models import Agency, Milestone, Place, PlaceOutline, Population, Programme, ServiceLine, Version
from pilots.register.load import default_programme

from .examples import add_to_a_line, count_of, publish, working_version

pytestmark = pytest.mark.django_db


def stale() -> set[int]:
    return set(stale_versions().values_list("pk", flat=True))


def refresh() -> None:
    recompute_versions(stale())
    assert stale() == set()


def test_opening_a_working_version_makes_only_its_own_map_wanted() -> None:
    version = working_version("kent")
    assert stale() == {version.pk}
    refresh()


def test_an_edit_makes_only_the_map_of_its_working_version_stale() -> None:
    version = working_version("kent")
    refresh()
    add_to_a_line(version, 1)
    assert stale() == {version.pk}
    published = count_of("kent").published
    assert published is not None
    assert not is_stale(CurrentMap.objects.get(version=published).map)
    assert is_stale(CurrentMap.objects.get(version=version).map)


def test_publishing_makes_the_map_of_the_new_snapshot_wanted_and_of_the_old_one_no_longer() -> None:
    version = working_version("kent")
    add_to_a_line(version, 1)
    refresh()
    snapshot = publish("kent")
    assert stale() == {snapshot.pk}
    made = recompute_version(snapshot.pk)
    working = CurrentMap.objects.get(version=version).map
    assert made is not None
    assert made.inputs_digest == working.inputs_digest
    assert stale() == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Agency.objects.filter(code="E2221").update(name="Kent County Council, renamed"),
        lambda: Population.objects.filter(place__slug="kent").update(people=1),
        lambda: ServiceLine.objects.filter(code="central-services").update(name="The centre"),
        lambda: Place.objects.get(slug="kent").memberships.order_by("pk")[0].delete(),
    ],
    ids=["an agency", "a population", "a service line", "a membership"],
)
def test_a_change_of_the_register_makes_every_map_stale(change) -> None:
    change()
    assert len(stale()) == 93


def test_a_change_of_the_register_that_concerns_no_map_makes_none_stale() -> None:
    place = Place.objects.get(slug="kent")
    Place.objects.filter(slug="kent").update(name="Kent, renamed")
    Milestone.objects.create(place=place, kind=Milestone.Kind.COUNT)
    PlaceOutline.objects.filter(place=place).delete()
    assert stale() == set()


def test_a_change_in_another_programme_makes_nothing_here_stale() -> None:
    other = Programme.objects.create(slug="other", name="Other")
    ServiceLine.objects.create(programme=other, code="all", name="All")
    assert stale() == set()


def test_another_current_set_makes_every_map_stale_and_going_back_brings_the_old_maps_back() -> None:
    first = AssumptionSet.objects.get(number=1)
    before = set(CurrentMap.objects.values_list("map", flat=True))
    make_current(_another_set(first))
    assert len(stale()) == 93
    refresh()
    assert before.isdisjoint(CurrentMap.objects.values_list("map", flat=True))
    assert SavingsMap.objects.filter(pk__in=before).count() == 93
    make_current(first)
    refresh()
    assert set(CurrentMap.objects.values_list("map", flat=True)) == before
    assert SavingsMap.objects.count() == 2 * 93


def _another_set(first: AssumptionSet) -> AssumptionSet:
    levers = list(first.levers.prefetch_related("rules"))
    second = AssumptionSet.objects.get(pk=first.pk)
    second.pk, second.number, second.published_at = None, 2, None
    second.save(force_insert=True)
    for lever in levers:
        rules = list(lever.rules.all())
        lever.pk, lever.assumption_set, lever._state.adding = None, second, True
        lever.save(force_insert=True)
        for rule in rules:
            rule.pk, rule.lever = None, lever
            rule.save(force_insert=True)
    second.published_at = timezone.now()
    second.save(update_fields=["published_at"])
    return second


def test_without_a_current_set_nothing_can_be_made_and_nothing_is_asked_for() -> None:
    CurrentAssumptionSet.objects.all().delete()
    add_to_a_line(working_version("kent"), 1)
    assert stale() == set()
    assert recompute_version(working_version("kent").pk) is None


def test_staleness_is_asked_by_programme() -> None:
    add_to_a_line(working_version("kent"), 1)
    other = Programme.objects.create(slug="other", name="Other")
    assert not stale_versions(other).exists()
    assert stale_versions(default_programme()).count() == 1


def test_recomputing_what_is_fresh_makes_nothing() -> None:
    assert recompute_versions(Version.objects.values_list("pk", flat=True)) == 0
    assert SavingsMap.objects.count() == 93


def test_maps_and_versions_say_whether_they_are_stale_and_since_when() -> None:
    version = working_version("kent")
    fresh = recompute_version(version.pk)
    assert fresh is not None
    assert _said(with_freshness(SavingsMap.objects.all()).get(pk=fresh.pk)) == (False, None)
    assert _said(with_freshness(Version.objects.all()).get(pk=version.pk)) == (False, None)
    begin = timezone.now()
    add_to_a_line(version, 1)
    first = timezone.now()
    add_to_a_line(version, 1)
    for row in (
        with_freshness(SavingsMap.objects.all()).get(pk=fresh.pk),
        with_freshness(Version.objects.all()).get(pk=version.pk),
    ):
        is_old, since = _said(row)
        assert is_old
        assert begin - timedelta(seconds=1) <= since <= first


def test_a_map_is_stale_since_the_register_or_the_set_was_changed() -> None:
    published = count_of("kent").published
    assert published is not None
    Agency.objects.filter(code="E2221").update(name="Renamed")
    is_old, of_register = _said(with_freshness(Version.objects.all()).get(pk=published.pk))
    assert is_old
    refresh()
    make_current(_another_set(AssumptionSet.objects.get(number=1)))
    is_old, of_set = _said(with_freshness(Version.objects.all()).get(pk=published.pk))
    assert is_old
    assert of_register < of_set


def _said(row) -> tuple:
    return row.is_stale, row.stale_since

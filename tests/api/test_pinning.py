"""Permanent addresses: what was shown then stays to be had, and why two maps differ adds up."""

from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.utils import timezone

from mapping.assumption_sets import make_current
from mapping.freshness import stale_versions
from mapping.models import AssumptionSet, CurrentMap, SavingsMap
from mapping.recompute import recompute_versions
from pilots.models import Agency, AgencyType
from tests.mapping.examples import add_to_a_line, count_of, publish, working_version


def refresh() -> None:
    recompute_versions(stale_versions().values_list("pk", flat=True))


def published_map() -> SavingsMap:
    return CurrentMap.objects.get(version=count_of("kent").published).map


@pytest.fixture
def first(db) -> SavingsMap:
    return published_map()


@pytest.fixture
def second(first) -> SavingsMap:
    """Kent's second snapshot spends a million pounds more."""
    add_to_a_line(working_version("kent"), 1_000_000)
    publish("kent")
    refresh()
    return published_map()


def bolder_than(first: AssumptionSet) -> AssumptionSet:
    """The same set with every cap and own rate a little higher."""
    levers = list(first.levers.prefetch_related("rules"))
    second = AssumptionSet.objects.get(pk=first.pk)
    second.pk, second.number, second.published_at = None, 2, None
    second.save(force_insert=True)
    for lever in levers:
        rules = list(lever.rules.all())
        lever.pk, lever.assumption_set, lever._state.adding = None, second, True
        lever.own_high, lever.own_central = lever.own_high + Decimal("0.02"), lever.own_central + Decimal("0.01")
        lever.cap += Decimal("0.02")
        lever.save(force_insert=True)
        for rule in rules:
            rule.pk, rule.lever = None, lever
            rule.save(force_insert=True)
    second.published_at = timezone.now()
    second.save(update_fields=["published_at"])
    return second


def asked(address: str, as_of: object) -> str:
    return f"{address}{'&' if '?' in address else '?'}as_of={quote(str(as_of))}"


ADDRESSES = ["places/kent/summary/", "places/kent/savings/", "aggregate/?drilldown=agency|lever&aggregates=saving.sum"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_map_keeps_its_answers_when_another_becomes_current(anybody, first, address, request):
    before = anybody.get(address if "places" in address else f"{address}&cut=place:kent").data
    request.getfixturevalue("second")
    now = anybody.get(address if "places" in address else f"{address}&cut=place:kent").data
    then = anybody.get(asked(address, first.pk)).data
    for answer in (before, now, then):
        for varying in ("messages", "question", "next", "previous"):
            answer.pop(varying, None)
        if answer.get("map"):
            answer["map"].pop("is_stale")
    assert then == before != now


def test_a_time_takes_what_was_published_then(anybody, first, second):
    def map_at(time: datetime) -> dict | None:
        return anybody.get(asked("places/kent/summary/", time.isoformat())).data["map"]

    published = count_of("kent").published.published_at
    assert map_at(first.computed_at)["id"] == first.pk
    assert map_at(published - timedelta(microseconds=1))["id"] == first.pk
    assert map_at(published) is None  # the second snapshot waits for its map
    assert map_at(second.computed_at)["id"] == map_at(timezone.now())["id"] == second.pk
    assert anybody.get(asked("places/kent/summary/", "2009-01-01T00:00:00Z")).status == 404
    then = anybody.get(asked("summary/", first.computed_at.isoformat())).data
    assert then["spend_total"] != anybody.get("summary/").data["spend_total"]


def test_an_answer_names_the_address_at_which_it_stays(anybody, first, request):
    answer = anybody.get("places/kent/summary/?scenario=high")
    assert answer.headers["Content-Location"] == f"/api/v1/places/kent/summary/?scenario=high&as_of={first.pk}"
    request.getfixturevalue("second")
    stays = anybody.get(answer.headers["Content-Location"].removeprefix("/api/v1/")).data
    assert stays["savings"] == answer.data["savings"]
    assert stays["spend_total"] == answer.data["spend_total"]


def test_a_map_of_another_place_or_year_is_refused(anybody, first):
    assert anybody.get(asked("places/birmingham/summary/", first.pk)).status == 404
    assert anybody.get(asked("places/kent/summary/?year=2009-10", first.pk)).status == 400
    assert anybody.get(asked("summary/", first.pk)).status == 400
    assert anybody.get(asked("places/kent/summary/", 10**12)).status == 404


def test_the_map_of_a_working_version_is_for_those_who_may_read_it_and_keeps_no_spend(anybody, lead, first):
    version = working_version("kent")
    add_to_a_line(version, 5)
    refresh()
    old = CurrentMap.objects.get(version=version).map
    for address in ADDRESSES:
        assert anybody.get(asked(address, old.pk)).status == 401
        assert lead.get(asked(address, old.pk)).status == 200
    add_to_a_line(version, 5)
    refresh()
    assert lead.get(asked("places/kent/summary/", old.pk)).status == 404
    assert lead.get(asked("places/kent/savings/", old.pk)).status == 200
    assert lead.get(asked("aggregate/?aggregates=amount.sum", old.pk)).status == 400
    assert lead.get(asked("aggregate/?aggregates=saving.sum", old.pk)).status == 200
    explained = lead.get(f"explain/?map={old.pk}").data
    assert explained["is_whole"] is False
    assert explained["cells"][0]["stored"]


def test_the_cube_of_a_working_version_is_for_those_who_may_read_it(anybody, lead, contributor):
    add_to_a_line(working_version("kent"), 5)
    address = "aggregate/?version=working&cut=place:kent"
    assert anybody.get(address).status == 401
    assert lead.get(address).status == 200
    assert contributor.get(address).status == 403
    own = Agency.objects.get(places__slug="kent", name="Dover").code
    answer = contributor.get(f"{address}%7Cagency:{own}")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert contributor.get(f"aggregate/facts/?version=working&cut=place:kent%7Cagency:{own}").status == 200


def parts(difference: dict) -> dict[str, Decimal]:
    causes = {cause: Decimal(amount) for cause, amount in difference["causes"].items()}
    assert sum(causes.values()) == Decimal(difference["difference"])
    assert Decimal(difference["second"]) - Decimal(difference["first"]) == Decimal(difference["difference"])
    return causes


def test_more_spend_is_told_apart_from_other_causes(anybody, first, second):
    compared = anybody.get(f"places/kent/maps/{first.pk}/compare/{second.pk}/").data
    causes = parts(compared["saving"])
    assert causes["lines"] != 0
    assert causes["assumptions"] == causes["register"] == 0
    assert sum(Decimal(row["saving"]["difference"]) for row in compared["by_lever"]) == sum(causes.values())
    for row in compared["by_lever"]:
        parts(row["saving"])
        parts(row["joined"])


def test_another_set_is_told_apart_from_other_causes(anybody, first):
    make_current(bolder_than(first.assumption_set))
    refresh()
    compared = anybody.get(f"places/kent/maps/{first.pk}/compare/{published_map().pk}/").data
    causes = parts(compared["saving"])
    assert causes["lines"] == causes["register"] == 0
    assert causes["assumptions"] > 0
    assert compared["first"]["assumption_set"] != compared["second"]["assumption_set"]


def test_everything_that_changed_at_once_adds_up(anybody, first, second):
    Agency.objects.filter(code="E2221").update(type=AgencyType.objects.get(code="unitary authority"))
    refresh()
    compared = anybody.get(f"places/kent/maps/{first.pk}/compare/{published_map().pk}/").data
    parts(compared["saving"])
    parts(compared["joined"])


def test_where_lines_are_kept_no_more_the_difference_is_said_and_not_told_apart(lead):
    version = working_version("kent")
    maps = []
    for _ in range(2):
        add_to_a_line(version, 1_000_000)
        refresh()
        maps.append(CurrentMap.objects.get(version=version).map_id)
    compared = lead.get(f"places/kent/maps/{maps[0]}/compare/{maps[1]}/").data
    assert compared["saving"]["causes"] is None
    assert any("kept" in message or "changed since" in message for message in compared["messages"])

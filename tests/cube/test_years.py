"""A year is always one, unless years are asked for; partial years stand with complete ones only by name."""

import pytest

from mapping.freshness import stale_versions
from mapping.recompute import recompute_versions
from pilots.register.load import default_programme
from tests.api.asking import Api, total
from tests.summary.counts import publish_councils_only

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(settings) -> Api:
    """Kent has a partial count of 2011-12 beside the complete one of 2010-11."""
    settings.API_LIMITS = {"anonymous": 0, "person": 0}
    publish_councils_only(default_programme(), "kent", "2011-12")
    recompute_versions(stale_versions().values_list("pk", flat=True))
    return Api()


def test_a_partial_year_is_never_taken_by_default(api) -> None:
    assert api.get("aggregate/").data["question"]["years"] == ["2010-11"]


def test_by_year_complete_years_are_shown_and_partial_ones_named(api) -> None:
    answer = api.get("aggregate/?drilldown=year").data
    assert [cell["year"] for cell in answer["cells"]] == ["2010-11"]
    assert any("2011-12 is a partial year and left out" in message for message in answer["messages"])


def test_a_partial_year_that_is_asked_for_by_name_says_what_it_lacks(api) -> None:
    answer = api.get("aggregate/?drilldown=year&cut=year:2010-11;2011-12%7Cplace:kent&aggregates=amount.sum").data
    assert [cell["year"] for cell in answer["cells"]] == ["2010-11", "2011-12"]
    assert any("2011-12 is a partial year: it lacks" in message for message in answer["messages"])


def test_years_are_added_up_only_as_the_cut_asks_and_that_is_said(api) -> None:
    address = "aggregate/?cut=year:2010-11;2011-12%7Cplace:kent&aggregates=amount.sum,saving.sum"
    together, by_year = api.get(address).data, api.get(f"{address}&drilldown=year").data
    for name in ("amount.sum", "saving.sum"):
        assert f"{total(by_year['cells'], name):.2f}" == together["summary"][name] == by_year["summary"][name]
    assert any("added up" in message for message in together["messages"])


def test_a_place_without_a_map_yet_is_in_the_amounts_and_said_to_be_missing_from_the_savings(settings) -> None:
    settings.API_LIMITS = {"anonymous": 0, "person": 0}
    publish_councils_only(default_programme(), "kent", "2011-12")
    answer = Api().get("aggregate/?drilldown=agency&cut=year:2011-12").data
    assert total(answer["cells"], "amount.sum") > 0
    assert total(answer["cells"], "saving.sum") == 0
    assert any("no savings map yet of Kent" in message for message in answer["messages"])
    summary = Api().get("places/kent/summary/?year=2011-12").data
    assert answer["summary"]["amount.sum"] == summary["spend_total"]

"""Summaries, savings and sharing: sums to the penny, few queries, and 304 without a body."""

import time
from datetime import timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection
from django.utils.http import http_date

from mapping.models import SavingsMap
from pilots.api import views
from pilots.models import Agency, FinancialYear, Place, Population

from .asking import queries_of, total

CASES = ("low", "central", "high")


@pytest.mark.parametrize("scenario", CASES)
def test_cells_of_every_place_sum_to_its_summary_and_to_the_programme(anybody, scenario):
    cells = anybody.get(f"savings/?scenario={scenario}").rows
    programme = anybody.get(f"summary/?scenario={scenario}").data
    assert f"{total(cells, 'saving'):.2f}" == programme["savings"]["full_year"]
    assert f"{total(cells, 'joined'):.2f}" == programme["savings"]["joined"]
    by_place: dict[str, list] = {}
    for cell in cells:
        by_place.setdefault(cell["place"], []).append(cell)
    assert len(by_place) == 93
    for row in programme["by_place"]:
        assert f"{total(by_place[row['slug']], 'saving'):.2f}" == row["saving"]
        assert f"{total(by_place[row['slug']], 'joined'):.2f}" == row["joined"]
    assert f"{total(programme['by_place'], 'spend'):.2f}" == programme["spend_total"]


@pytest.mark.parametrize("slug", ["kent", "birmingham", "durham"])
def test_a_places_cells_sum_to_its_summary(anybody, slug):
    summary = anybody.get(f"places/{slug}/summary/").data
    cells = anybody.get(f"places/{slug}/savings/").rows
    savings = summary["savings"]
    assert f"{total(cells, 'saving'):.2f}" == savings["full_year"]
    assert f"{total(cells, 'joined'):.2f}" == savings["joined"]
    assert f"{total(summary['by_agency'], 'spend'):.2f}" == summary["spend_total"]
    assert f"{total(summary['by_service'], 'spend'):.2f}" == summary["spend_total"]
    assert f"{total(savings['by_lever'], 'saving'):.2f}" == savings["full_year"]
    assert f"{total(savings['by_lever'], 'npv'):.2f}" == savings["npv"]
    assert sum(map(Decimal, savings["rests_on"].values())) == Decimal(savings["full_year"])
    for year in savings["by_year"]:
        assert Decimal(year["net"]) == Decimal(year["saving"]) - Decimal(year["cost"])


def test_the_pilots_save_what_was_computed_independently(anybody):
    savings = anybody.get("summary/?kind=pilot").data["savings"]
    assert round(float(savings["full_year"]) / 1e6) == 1135
    assert round(float(savings["joined"]) / 1e6) == 937


def test_cells_are_chosen_by_lever_and_body(anybody):
    every = anybody.get("places/kent/savings/").rows
    lever = every[0]["lever"]
    chosen = anybody.get(f"places/kent/savings/?lever={lever}&agency=E2221").rows
    assert chosen == [cell for cell in every if cell["lever"] == lever and cell["agency"] == "E2221"]
    assert chosen


def test_pairs_say_who_should_talk_to_whom_most_first(anybody):
    pairs = anybody.get("places/kent/sharing/").rows
    savings = [Decimal(pair["saving"]) for pair in pairs]
    assert savings == sorted(savings, reverse=True)
    assert all(pair["agency_a"] < pair["agency_b"] for pair in pairs)


def test_what_was_taken_by_default_is_named(anybody):
    messages = anybody.get("places/kent/summary/").data["messages"]
    assert "Year 2010-11 was taken: the newest complete published one." in messages
    assert "Scenario central was taken." in messages
    asked = anybody.get("places/kent/summary/?year=2010-11&scenario=central&version=published").data
    assert not [message for message in asked["messages"] if "was taken" in message]


def test_a_place_summary_takes_six_queries(anybody):
    with queries_of(connection) as queries:
        anybody.get("places/kent/summary/")
    assert len(queries) <= 6, [query["sql"][:100] for query in queries]


CONDITIONAL = [
    "places/kent/summary/",
    "places/kent/summary/?scenario=high",
    "places/kent/savings/",
    "places/kent/savings/?format=csv",
    "places/kent/sharing/?lever=shared-back-office",
    "summary/?kind=pilot",
    "savings/",
    "spend/",
]
OF_THE_BODY = (
    "mapping_savingscell",
    "mapping_rollup",
    "mapping_sharingpair",
    "mapping_leverresult",
    "pilots_spendline",
)


@pytest.mark.parametrize("address", CONDITIONAL)
def test_what_the_client_holds_is_answered_without_building_the_body(anybody, address):
    etag = anybody.get(address).etag
    with queries_of(connection) as queries:
        again = anybody.get(address, if_none_match=etag)
    assert (again.status, again.body, again.etag) == (304, b"", etag)
    assert len(queries) <= 4
    read = " ".join(query["sql"] for query in queries)
    assert not [table for table in OF_THE_BODY if table in read]


def test_another_question_has_another_etag(anybody):
    answers = {anybody.get(address).etag for address in CONDITIONAL[:4]}
    assert len(answers) == 4


def test_a_change_of_the_register_makes_what_clients_hold_stale(anybody):
    answer = anybody.get("places/kent/summary/")
    assert not answer.data["map"]["is_stale"]
    Agency.objects.filter(code="E2221").update(name="Kent County Council")
    again = anybody.get("places/kent/summary/", if_none_match=answer.etag)
    assert again.status == 200
    assert again.data["map"]["is_stale"]


def test_a_working_version_has_no_savings_until_its_map_is_there(lead):
    summary = lead.get("places/kent/summary/?version=working")
    assert (summary.data["savings"], summary.data["map"]) == (None, None)
    assert summary.data["spend_total"] == lead.get("places/kent/summary/").data["spend_total"]
    assert summary.headers["Cache-Control"] == "private, no-cache"


def test_every_map_has_a_permanent_address(anybody, kent):
    [row] = anybody.get("places/kent/maps/").rows
    summary = anybody.get("places/kent/summary/").data
    assert (row["id"], row["inputs_digest"]) == (summary["map"]["id"], summary["map"]["inputs_digest"])
    assert row["full_year"] == summary["savings"]["full_year"]
    assert (row["is_current"], row["is_stale"]) == (True, False)
    assert anybody.get(row["address"].removeprefix("/api/v1/")).data == row
    other = Place.objects.get(slug="birmingham")
    foreign = SavingsMap.objects.get(version__count__place=other)
    assert anybody.get(f"places/kent/maps/{foreign.pk}/").status == 404


def test_an_assumption_set_says_all_that_a_map_assumes(anybody):
    number = anybody.get("places/kent/summary/").data["map"]["assumption_set"]
    assumptions = anybody.get(f"assumption-sets/{number}/").data
    assert (assumptions["horizon_years"], assumptions["discount_rate"]) == (10, "0.035")
    assert assumptions["levers"] == anybody.get("levers/").rows
    for lever in assumptions["levers"]:
        assert sum(map(Decimal, lever["cost"]["profile"])) == 1
        assert Decimal(lever["beta"]["low"]) >= Decimal(lever["beta"]["high"])
        assert lever["rules"]


@pytest.fixture
def deflators(kent):
    years = FinancialYear.objects.filter(programme=kent.programme)
    years.filter(label="2010-11").update(deflator=Decimal("102.5"))
    years.filter(label="2008-09").update(deflator=Decimal("98.1"))
    return Decimal("98.1") / Decimal("102.5")


@pytest.mark.parametrize("address", ["places/kent/summary/", "places/kent/savings/", "summary/", "savings/"])
def test_without_deflators_other_prices_are_refused_by_name(anybody, address):
    refused = anybody.get(f"{address}?prices=2008-09")
    assert refused.status == 400
    assert refused.data["errors"][0]["parameter"] == "prices"
    assert "No deflator is loaded" in refused.detail
    assert anybody.get(f"{address}?prices=nominal").status == 200


@pytest.mark.parametrize(
    ("summary", "cells", "cut"),
    [
        ("places/kent/summary/", "places/kent/savings/", "&cut=place:kent"),
        ("summary/?kind=pilot", "savings/?kind=pilot", "&cut=kind:pilot"),
    ],
)
def test_in_other_prices_everything_adds_up_as_the_cube_does(anybody, deflators, summary, cells, cut):
    both = "&" if "?" in summary else "?"
    nominal = anybody.get(summary).data
    real = anybody.get(f"{summary}{both}prices=2008-09").data
    rows = anybody.get(f"{cells}{both}prices=2008-09").rows
    cube = anybody.get(f"aggregate/?prices=2008-09&aggregates=amount.sum,saving.sum,joined.sum{cut}").data["summary"]
    savings = real["savings"]
    assert (nominal["prices"], real["prices"]) == ("nominal", "2008-09")
    assert cube == {
        "amount.sum": real["spend_total"],
        "saving.sum": savings["full_year"],
        "joined.sum": savings["joined"],
    }
    for name, column in (("full_year", "saving"), ("joined", "joined")):
        for parts in (rows, real["by_agency"], real["by_service"], savings["by_lever"]):
            assert f"{total(parts, column):.2f}" == savings[name]
    assert sum(map(Decimal, savings["rests_on"].values())) == Decimal(savings["full_year"])
    assert f"{total(savings['by_lever'], 'npv'):.2f}" == savings["npv"]
    for was, now in ((nominal["spend_total"], real["spend_total"]), (nominal["savings"]["npv"], savings["npv"])):
        assert Decimal(now) / Decimal(was) == pytest.approx(deflators, rel=Decimal("1e-6"))


def test_a_deflator_that_changes_makes_what_clients_hold_stale(anybody, deflators):
    first = anybody.get("places/kent/summary/?prices=2008-09")
    assert "Last-Modified" not in first.headers
    FinancialYear.objects.filter(label="2008-09").update(deflator=Decimal("97"))
    again = anybody.get("places/kent/summary/?prices=2008-09", if_none_match=first.etag)
    assert again.status == 200
    assert again.data["spend_total"] != first.data["spend_total"]


@pytest.mark.parametrize("address", ["places/kent/summary/", "summary/?kind=pilot"])
def test_headline_figures_are_to_be_had_for_each_person(anybody, kent, address):
    assert anybody.get(address).data["per_head"] is None
    both = "&" if "?" in address else "?"
    answer = anybody.get(f"{address}{both}per=head").data
    found = answer["per_head"]
    people = found["spend_total"]["denominator"]
    if address.startswith("places/"):
        assert people == Population.objects.filter(place=kent).order_by("-year")[0].people
    for name, amount in (("spend_total", answer["spend_total"]), ("full_year", answer["savings"]["full_year"])):
        assert found[name]["numerator"] == amount
        assert abs(Decimal(found[name]["value"]) - Decimal(amount) / people) <= Decimal("0.005")


DATED = [*CONDITIONAL[:-1], "places/kent/reconciliation/", "aggregate/?drilldown=place"]


@pytest.mark.parametrize("address", DATED)
def test_an_answer_from_maps_says_when_it_last_changed(anybody, address, kent, monkeypatch):
    # The maps of the test database may have been made a moment ago.
    monkeypatch.setattr(views, "TOLD_AFTER", timedelta(0))
    answer = anybody.get(address)
    changed = parsedate_to_datetime(answer.headers["Last-Modified"])
    published = SavingsMap.objects.filter(version__published_for__place=kent).latest("computed_at")
    assert changed >= published.computed_at.replace(microsecond=0)
    since = anybody.get(address, if_modified_since=answer.headers["Last-Modified"])
    assert (since.status, since.body) == (304, b"")
    earlier = http_date((changed - timedelta(seconds=1)).timestamp())
    assert anybody.get(address, if_modified_since=earlier).status == 200


def test_a_change_of_the_register_is_told_by_its_time_once_its_second_is_over(anybody, monkeypatch):
    monkeypatch.setattr(views, "TOLD_AFTER", timedelta(0))
    first = anybody.get("places/kent/summary/").headers["Last-Modified"]
    time.sleep(1)
    Agency.objects.filter(code="E2221").update(name="Kent County Council")
    again = anybody.get("places/kent/summary/", if_modified_since=first)
    assert again.status == 200
    assert parsedate_to_datetime(again.headers["Last-Modified"]) > parsedate_to_datetime(first)
    monkeypatch.undo()
    assert "Last-Modified" not in anybody.get("places/kent/summary/").headers

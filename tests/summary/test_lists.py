"""Lists of cells and of places: rows with the contract's fields, in an order that never wavers."""

import pytest

from mapping.summary import CELL_COLUMNS, all_savings_cells, savings_cells, sharing_pairs
from pilots.models import Place
from pilots.register.listing import PLACE_COLUMNS, list_places, place_row
from pilots.register.load import default_programme
from pilots.spend.versions import open_working_version

from .counts import count_of, published, year

pytestmark = pytest.mark.django_db


def test_a_cell_has_the_fields_of_the_contract() -> None:
    row = next(savings_cells(published("kent"), "central").all())
    assert tuple(row) == CELL_COLUMNS
    assert (row["place"], row["year"], row["scenario"]) == ("kent", "2010-11", "central")
    assert isinstance(row["is_capped"], bool)


def test_cells_are_ordered_by_place_body_leaf_and_lever_and_can_be_cut_anywhere() -> None:
    rows = all_savings_cells(default_programme(), year(), "central", kind="pilot")
    everything = list(rows.all())
    keys = [(row["place"], row["agency"], row["service_line"], row["lever"]) for row in everything]
    assert len(set(keys)) == len(keys) == rows.count() == 3018
    assert [*rows.some(0, 1000), *rows.some(1000, 2000), *rows.some(2000, 4000)] == everything
    places = [key[0] for key in keys]
    assert places == sorted(places)


def test_cells_can_be_narrowed_to_a_lever_and_a_body() -> None:
    version = published("kent")
    everything = list(savings_cells(version, "high").all())
    narrowed = list(savings_cells(version, "high", lever="shared-back-office", agency="E2221").all())
    assert narrowed == [row for row in everything if row["lever"] == "shared-back-office" and row["agency"] == "E2221"]
    assert narrowed
    nhs = all_savings_cells(default_programme(), year(), "high", agency="NHS")
    assert {row["agency"] for row in nhs.all()} == {"NHS"}
    assert len({row["place"] for row in nhs.all()}) == 93


def test_without_a_map_there_are_no_cells_and_no_pairs() -> None:
    working = open_working_version(count_of("kent"))
    assert savings_cells(working, "central").count() == 0
    assert sharing_pairs(working, "central") == []


def names(**filters: str) -> set[str]:
    """The places that a filter leaves, by address."""
    return {place.slug for place in list_places(default_programme(), year(), **filters)}


def test_the_list_of_places_has_the_fields_of_the_contract() -> None:
    kent = list_places(default_programme(), year()).get(slug="kent")
    assert tuple(place_row(kent)) == PLACE_COLUMNS
    assert place_row(kent) == {
        "slug": "kent",
        "name": "Kent",
        "kind": "pilot",
        "participation": "confirmed",
        "region": "South East",
        "population": 1463740,
        "themes": kent.studied,
        "status": "published",
    }


def test_places_are_listed_in_one_query(django_assert_num_queries) -> None:
    places = list_places(default_programme(), year())
    with django_assert_num_queries(1):
        assert len([place_row(place) for place in places]) == 93


def test_places_can_be_narrowed_by_each_filter() -> None:
    assert len(names(kind="pilot")) == 13
    assert len(names(kind="parallel")) == 80
    assert names(kind="pilot", region="South East") == {"kent"}
    assert names(q="KENT") == {"kent"}
    assert names(q="warring") == {"manchester-city-region-warrington"}
    assert names(theme="mental health") == {"birmingham"}
    assert names(participation="confirmed") | names(participation="candidate") == names()
    assert names(status="published") == names()
    assert names(status="draft") == set()


def test_a_year_without_counts_has_not_started() -> None:
    statuses = {place_row(place)["status"] for place in list_places(default_programme(), year("2008-09"))}
    assert statuses == {"not_started"}


def test_a_retired_place_is_not_listed() -> None:
    Place.objects.filter(slug="kent").update(retired_on="2010-12-01")
    assert "kent" not in names()

"""Places: which there are, and what one says of itself."""

import pytest

from pilots.models import Count, Milestone, Version

FILTERS = [
    ("", 93),
    ("kind=pilot", 13),
    ("kind=parallel", 80),
    ("kind=pilot&region=South East", 1),
    ("kind=pilot&theme=mental health", 1),
    ("kind=pilot&participation=confirmed", 13),
    ("kind=pilot&status=published", 13),
    ("status=draft", 0),
    ("q=kent", 1),
    ("region=Nowhere", 0),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_places_are_found_by_kind_region_theme_status_participation_and_name(anybody, query, expected):
    answer = anybody.get(f"places/?{query}" if query else "places/")
    assert answer.data["count"] == len(answer.rows) == expected


def test_a_place_says_which_bodies_serve_it_and_with_which_share(anybody):
    kent = anybody.get("places/kent/").data
    assert kent["name"] == "Kent"
    assert kent["kind"] == "pilot"
    shares = {agency["name"]: agency["share"] for agency in kent["agencies"]}
    assert shares["Dover"] == "1"
    assert all(0 < float(share) <= 1 for share in shares.values())


def test_a_place_says_where_each_years_count_stands(anybody):
    [count] = anybody.get("places/kent/").data["counts"]
    assert (count["year"], count["status"], count["snapshot"]) == ("2010-11", "published", 1)
    assert not count["is_partial"]
    assert count["working"] is None


def test_the_working_version_is_told_of_to_those_who_may_read_it(anybody, lead, kent):
    lead.get("places/kent/spend/?version=working")
    assert lead.get("places/kent/").data["counts"][0]["working"]["status"] == "published"
    assert anybody.get("places/kent/").data["counts"][0]["working"] is None


def test_a_partial_year_is_labelled_with_what_is_missing(anybody, kent):
    year = kent.programme.years.get(label="2011-12")
    count = Count.objects.create(place=kent, year=year)
    count.published = Version.objects.create(
        count=count, kind=Version.Kind.SNAPSHOT, number=1, status="published", missing=["the NHS"]
    )
    count.save()
    newest, older = anybody.get("places/kent/").data["counts"]
    assert (newest["year"], newest["is_partial"], newest["missing"]) == ("2011-12", True, ["the NHS"])
    assert older["year"] == "2010-11"
    # It is never taken by default.
    assert anybody.get("places/kent/summary/").data["year"] == "2010-11"
    assert anybody.get("places/kent/summary/?year=2011-12").data["is_partial"]


def test_progress_has_every_place_with_its_status_and_milestones(anybody, kent):
    Milestone.objects.create(place=kent, kind="interim_report", due_on="2010-02-05", reached_on="2010-02-04")
    board = {row["place"]: row for row in anybody.get("progress/").rows}
    assert len(board) == 93
    assert board["kent"]["status"] == "published"
    assert board["kent"]["milestones"] == [
        {"kind": "interim_report", "due_on": "2010-02-05", "reached_on": "2010-02-04", "note": ""}
    ]


@pytest.mark.parametrize(
    "address",
    ["places/", "places/kent/", "progress/", "agencies/", "service-lines/", "levers/", "places/kent/maps/"],
)
def test_lists_take_the_same_few_queries_however_many_rows(anybody, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        anybody.get(address)

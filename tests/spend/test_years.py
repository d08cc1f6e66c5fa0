"""Which year is meant when none is named, and what a count or a year lacks."""

from typing import Any

import pytest
from django.test import Client

from pilots.acting import acting
from pilots.models import Count, FinancialYear, Place, Programme, Version
from pilots.spend.publish import publish_count
from pilots.spend.versions import copy_lines_between, open_working_version
from pilots.spend.years import lagging_places, newest_complete_year
from tests.people_of_kent import leadership_centre
from tests.review.approved import approved

from .kent import added, count_of_kent

pytestmark = pytest.mark.django_db
NEXT = "2011-12"
KINDS = ["county council", "district council", "NHS", "benefits", "police authority", "fire and rescue authority"]


def programme() -> Programme:
    return Programme.objects.get(slug="total-place")


def published_next_year(slug: str = "kent", *, whole: bool) -> Version:
    """The count of the next year, published: as that of 2010-11, or with one line of Dover alone."""
    place = Place.objects.get(slug=slug)
    year = FinancialYear.objects.get(programme=place.programme, label=NEXT)
    count = Count.objects.create(place=place, year=year)
    working = open_working_version(count)
    if whole:
        before = Count.objects.get(place=place, year__label="2010-11").published_id
        with acting(None, "test"):
            copy_lines_between({working.pk: before})
    else:
        added(working)
    return publish_count(approved(count), leadership_centre())


def test_a_count_that_holds_one_body_lacks_the_other_kinds_that_serve_the_place() -> None:
    snapshot = published_next_year(whole=False)
    assert sorted(snapshot.missing) == sorted(set(KINDS) - {"district council"})
    assert snapshot.is_partial


def test_a_count_with_a_line_of_each_kind_lacks_nothing() -> None:
    assert published_next_year(whole=True).missing == []


def test_what_was_lacking_and_is_recorded_is_lacking_no_more() -> None:
    count = count_of_kent()
    working = open_working_version(count)
    Version.objects.filter(pk=working.pk).update(missing=["NHS"])
    added(working)
    assert publish_count(approved(count), leadership_centre()).missing == []


def test_the_first_place_that_publishes_a_new_year_does_not_move_the_default_year(client: Client) -> None:
    before = client.get("/api/v1/summary/").json()
    published_next_year(whole=True)
    assert newest_complete_year(programme()) == FinancialYear.objects.get(programme=programme(), label="2010-11")
    after = client.get("/api/v1/summary/").json()
    assert (after["year"], after["spend_total"]) == ("2010-11", before["spend_total"])
    assert client.get("/api/v1/places/kent/summary/").json()["year"] == "2010-11"


def test_once_every_place_has_published_it_the_new_year_is_the_default() -> None:
    others = programme().places.exclude(slug="kent")
    Count.objects.filter(place__in=others).update(published=None)
    published_next_year(whole=True)
    newest = newest_complete_year(programme())
    assert newest is not None
    assert newest.label == NEXT


def test_a_retired_place_holds_no_year_back() -> None:
    published_next_year(whole=True)
    programme().places.exclude(slug="kent").update(retired_on="2011-04-01")
    newest = newest_complete_year(programme())
    assert newest is not None
    assert newest.label == NEXT


def test_a_place_without_the_usual_year_is_shown_in_its_own_newest(client: Client) -> None:
    published_next_year(whole=True)
    Count.objects.filter(place__slug="kent", year__label="2010-11").update(published=None)
    assert client.get("/api/v1/places/kent/summary/").json()["year"] == NEXT


@pytest.mark.parametrize(("kind", "lacking"), [("", "92 places"), ("pilot", "twelve places")])
def test_a_year_that_places_have_not_published_says_how_many(client: Client, kind: str, lacking: str) -> None:
    published_next_year(whole=True)
    query = f"?year={NEXT}" + (f"&kind={kind}" if kind else "")
    summary: dict[str, Any] = client.get(f"/api/v1/summary/{query}").json()
    assert (summary["is_partial"], summary["missing"]) == (True, [f"the counts of {lacking}"])
    assert f"it lacks the counts of {lacking}, so its totals are “at least”" in " ".join(summary["messages"])
    page = client.get(f"/{query}" if kind else f"/{query}&kind=all").content.decode()
    assert f"{NEXT} lacks the counts of {lacking}" in page
    assert "spends at least" in page


def test_no_year_before_the_first_lacks_a_place() -> None:
    first = FinancialYear.objects.get(programme=programme(), label="2010-11")
    assert lagging_places(programme(), first) == []

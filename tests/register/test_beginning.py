"""Another programme: its own years and places, with the service tree of another or a root alone."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from pilots.models import Count, Programme, ServiceLine, Version
from pilots.permissions import NotAllowed
from pilots.register.beginning import YearRefused, add_year, begin_programme, make_default, next_year
from pilots.register.load import default_programme
from pilots.spend.years import default_year
from tests.people_of_kent import administrator, lead_of, leadership_centre

pytestmark = pytest.mark.django_db


def test_an_empty_programme_takes_the_service_tree_of_another() -> None:
    shipped = default_programme()
    made = begin_programme("Today", "today", ["2025-26", "2024-25"], shipped, administrator())
    tree = ("code", "name", "cofog", "position", "parent__code")
    assert set(made.service_lines.values_list(*tree)) == set(shipped.service_lines.values_list(*tree))
    assert list(made.years.values_list("label", flat=True)) == ["2024-25", "2025-26"]
    assert (made.places.count(), made.is_default) == (0, False)


def test_without_another_its_tree_is_a_root_alone() -> None:
    made = begin_programme("Today", "today", ["2025-26"], None, leadership_centre())
    assert list(ServiceLine.objects.filter(programme=made).values_list("code", "parent")) == [("public-services", None)]


def test_the_first_programme_of_all_is_shown_first() -> None:
    Programme.objects.update(is_default=False)
    assert not begin_programme("Second", "second", ["2025-26"], None, None).is_default


def test_an_administrator_chooses_which_programme_is_shown_first() -> None:
    made = begin_programme("Today", "today", ["2025-26"], None, None)
    with pytest.raises(NotAllowed):
        make_default(made, leadership_centre())
    make_default(made, administrator())
    assert Programme.objects.get(is_default=True) == made


def test_a_taken_address_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        begin_programme("Again", default_programme().slug, ["2025-26"], None, None)


def test_who_may_not_edit_the_register_begins_no_programme() -> None:
    with pytest.raises(NotAllowed):
        begin_programme("Today", "today", ["2025-26"], None, lead_of("kent"))


def test_the_default_year_is_the_newest_complete_published_one() -> None:
    programme = default_programme()
    assert str(default_year(programme)) == "2010-11"
    partial = Count.objects.create(place=programme.places.get(slug="kent"), year=programme.years.get(label="2012-13"))
    snapshot = Version.objects.create(count=partial, kind="snapshot", number=1, status="published", missing=["NHS"])
    partial.published = snapshot
    partial.save()
    assert str(default_year(programme)) == "2010-11"
    empty = begin_programme("Today", "today", ["2024-25", "2025-26"], None, None)
    assert str(default_year(empty)) == "2025-26"


def test_a_year_is_added_by_who_may_edit_the_register() -> None:
    shipped, centre = default_programme(), leadership_centre()
    assert next_year(shipped) == "2013-14"
    assert add_year(shipped, " 2013-14 ", centre).label == "2013-14"
    for label, says in (("2013-14", "already"), ("2014-16", "Write it as"), ("next", "Write it as")):
        with pytest.raises(YearRefused, match=says):
            add_year(shipped, label, centre)
    with pytest.raises(NotAllowed):
        add_year(shipped, "2014-15", lead_of("kent"))


def test_the_page_of_programmes_adds_the_year_that_it_offers(client: Client) -> None:
    assert client.get("/programmes/total-place/years/new/").status_code == 403
    client.force_login(leadership_centre())
    assert "/programmes/total-place/years/new/" in client.get("/programmes/").content.decode()
    assert 'value="2013-14"' in client.get("/programmes/total-place/years/new/").content.decode()
    assert client.post("/programmes/total-place/years/new/", {"year": "2012-13"}).status_code == 422
    assert client.post("/programmes/total-place/years/new/", {"year": "2013-14"}).status_code == 302
    assert default_programme().years.filter(label="2013-14").exists()

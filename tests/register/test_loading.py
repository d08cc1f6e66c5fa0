"""Loading the shipped register: what is missing is added, what people edited stays and is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from pilots.models import Agency, Membership, Place, PlaceOutline, Programme
from pilots.outlines import refresh_outlines
from pilots.register.editing import retire_place, save_place
from pilots.register.load import LoadedElsewhere, default_programme, load_register

pytestmark = pytest.mark.django_db


@contextmanager
def without_a_trace() -> Iterator[None]:
    """As where somebody looks after the database by hand: what is removed leaves no history."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pilots_membership DISABLE TRIGGER history_delete")
        yield
        cursor.execute("ALTER TABLE pilots_membership ENABLE TRIGGER history_delete")


def said() -> str:
    out = StringIO()
    call_command("load_register", stdout=out)
    return out.getvalue()


def test_the_shipped_register_has_13_pilots_and_80_parallel_places_without_a_pound_in_two() -> None:
    kinds = list(Place.objects.filter(programme=default_programme()).values_list("kind", flat=True))
    assert (kinds.count("pilot"), kinds.count("parallel")) == (13, 80)


def test_loading_again_adds_nothing_and_says_so() -> None:
    before = (Place.objects.count(), Agency.objects.count(), Membership.objects.count())
    assert said().strip() == "Register: nothing to add."
    assert (Place.objects.count(), Agency.objects.count(), Membership.objects.count()) == before


def test_a_renamed_place_keeps_its_name_and_the_difference_is_said() -> None:
    place = Place.objects.get(slug="kent")
    place.name = "Kent and Medway"
    save_place(place, [], None, None)
    told = said()
    assert 'name is "Kent and Medway" here, "Kent" as shipped' in told
    assert Place.objects.get(slug="kent").name == "Kent and Medway"


def test_a_member_that_was_taken_out_is_not_put_back_and_that_is_said() -> None:
    Membership.objects.get(place__slug="kent", agency__code="E2234").delete()
    told = said()
    assert "Dover in Kent" in told
    assert "not added again" in told
    assert not Membership.objects.filter(place__slug="kent", agency__code="E2234").exists()


def test_a_retired_place_stays_retired() -> None:
    retire_place(Place.objects.get(slug="barnet"), None)
    load_register()
    assert not Place.objects.get(slug="barnet").is_active


def test_what_was_lost_without_a_trace_is_added_again_and_the_outlines_follow() -> None:
    assert PlaceOutline.objects.count() == 93
    with without_a_trace():
        Membership.objects.get(place__slug="kent", agency__code="E2234").delete()
    without = PlaceOutline.objects.get(place__slug="kent").path
    refresh_outlines(default_programme())
    assert PlaceOutline.objects.get(place__slug="kent").path != without
    assert load_register().added["membership", "memberships"] == 1
    assert PlaceOutline.objects.get(place__slug="kent").path == without


def test_the_shipped_places_cannot_stand_in_two_programmes() -> None:
    other = Programme.objects.create(slug="elsewhere", name="Elsewhere")
    with pytest.raises(LoadedElsewhere, match="in the programme Total Place already"):
        load_register(other)
    assert not Agency.objects.filter(programme=other).exists()

"""Tests that commit have the shipped data and leave nothing behind."""

from threading import Thread

import pytest
from django.db import connection

from mapping.freshness import stale_versions
from mapping.models import CurrentMap
from pilots.models import Place


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_starts_from_the_shipped_data(time: str) -> None:
    assert Place.objects.filter(name="Kent").exists()
    seen = []

    def look() -> None:
        seen.append(Place.objects.get(slug="kent").name)
        connection.close()

    Place.objects.filter(slug="kent").update(name="Kent, renamed")
    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["Kent, renamed"]


@pytest.mark.django_db
def test_the_test_database_has_a_fresh_map_of_every_shipped_count() -> None:
    assert Place.objects.get(slug="kent").name == "Kent"
    assert CurrentMap.objects.count() == 93
    assert not stale_versions().exists()


def test_pages_can_be_served_from_the_shipped_data(live_server) -> None:
    assert CurrentMap.objects.count() == 93

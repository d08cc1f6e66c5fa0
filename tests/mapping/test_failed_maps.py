"""A map that cannot be made: its reason is shown to those who wait, and it is tried again less and less often."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DataError
from django.test import Client
from django.utils import timezone

from mapping.failing import LONGEST_PAUSE, resting
from mapping.freshness import stale_versions
from mapping.models import CurrentMap, FailedMap
from mapping.recompute import recompute_version
from pilots.acting import acting
from pilots.models import SpendLine, Version
from tests.people_of_kent import lead_of

from .examples import add_to_a_line, working_version

pytestmark = pytest.mark.django_db

LARGEST = Decimal("99999999999999.99")
PAGE = "/places/kent/?version=working"


def with_more_than_a_total_can_hold() -> Version:
    """Kent's working version with a hundred and two lines of the largest amount: each fits, their sum does not."""
    version = working_version("kent")
    chosen = list(version.lines.filter(is_transfer=False, is_capital=False).order_by("pk")[:102])
    assert len(chosen) == 102
    with acting(None, "test"):
        SpendLine.objects.filter(pk__in=[line.pk for line in chosen]).update(amount=LARGEST)
    version.refresh_from_db()
    return version


def with_right_amounts(version: Version) -> None:
    with acting(None, "test"):
        version.lines.filter(amount=LARGEST).update(amount=Decimal(1))


def fail(version: Version) -> FailedMap:
    with pytest.raises(DataError):
        recompute_version(version.pk)
    return FailedMap.objects.get(version=version)


def test_the_reason_is_kept_and_the_sweep_leaves_the_version_alone_until_another_try_is_due() -> None:
    version = with_more_than_a_total_can_hold()
    failure = fail(version)
    assert "more than a total can hold" in failure.reason
    assert (failure.attempts, version.pk in resting()) == (1, True)
    FailedMap.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert version.pk not in resting()
    assert version in stale_versions()


def test_each_try_from_the_same_inputs_is_put_off_longer_and_never_longer_than_a_day() -> None:
    version = with_more_than_a_total_can_hold()
    pauses = [fail(version).not_before - timezone.now() for _ in range(3)]
    assert pauses[0] < pauses[1] < pauses[2]
    FailedMap.objects.update(attempts=40)
    assert fail(version).not_before <= timezone.now() + LONGEST_PAUSE


def test_from_other_inputs_it_is_tried_at_once_and_a_map_that_is_made_ends_the_failure() -> None:
    version = with_more_than_a_total_can_hold()
    fail(version)
    with_right_amounts(version)
    assert version.pk not in resting()
    assert recompute_version(version.pk) is not None
    assert not FailedMap.objects.exists()
    assert CurrentMap.objects.filter(version=version).exists()


def test_those_who_wait_are_told_why_and_not_that_it_is_being_computed(client: Client) -> None:
    client.force_login(lead_of("kent"))
    version = with_more_than_a_total_can_hold()
    waiting = client.get(PAGE)
    assert "being computed" in waiting.content.decode()
    fail(version)
    told = client.get(PAGE, headers={"If-None-Match": waiting.headers["ETag"]})
    assert told.status_code == 200
    page = told.content.decode()
    assert "The savings cannot be computed from what is recorded now." in page
    assert "more than a total can hold" in page
    assert "being computed" not in page
    assert "cannot be computed" in client.get("/places/kent/savings/?version=working").content.decode()
    answer = client.get("/api/v1/places/kent/summary/?version=working&year=2010-11").json()
    assert any("cannot be computed" in message for message in answer["messages"])


def test_an_older_map_keeps_its_place_and_says_that_it_is_older(client: Client) -> None:
    client.force_login(lead_of("kent"))
    add_to_a_line(working_version("kent"), 1)
    recompute_version(working_version("kent").pk)
    fail(with_more_than_a_total_can_hold())
    page = client.get(PAGE).content.decode()
    assert "older than what is recorded" in page
    assert "By joining up they could save" in page

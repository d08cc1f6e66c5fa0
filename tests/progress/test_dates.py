"""The dates of milestones, as the place's page takes them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pilots.models import Milestone
from pilots.progress.telling import set_milestone
from tests.review.world import World

pytestmark = pytest.mark.django_db

PAGE = "/places/dunshire/progress/"
FORM = f"{PAGE}milestones/"
BOARD = "/progress/?programme=reviewed"


def signed_in(world: World, role: str = "lead") -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


@pytest.mark.parametrize(
    ("field", "day", "says"),
    [
        ("count_due", "9999-12-31", "Give a day from 2000 to 2100"),
        ("count_due", "0210-09-01", "Give a day from 2000 to 2100"),
        ("count_reached", "2099-01-01", "is still to come"),
    ],
)
def test_a_day_that_nobody_can_mean_is_refused_at_its_field(world: World, field: str, day: str, says: str) -> None:
    answer = signed_in(world).post(FORM, {field: day})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Milestone.objects.exists()


def test_no_way_in_keeps_a_day_that_nobody_can_mean(world: World) -> None:
    lead, tomorrow = world.people["lead"], timezone.localdate() + timedelta(1)
    for due, reached in ((date.max, None), (date(210, 9, 1), None), (None, tomorrow)):
        with pytest.raises(ValidationError):
            set_milestone(world.place, "count", due, reached, lead)


def test_a_day_that_was_kept_before_days_were_bounded_takes_no_page_down(world: World, client: Client) -> None:
    Milestone.objects.create(place=world.place, kind="count", due_on=date.max)
    Milestone.objects.create(place=world.place, kind="deep_dive", due_on=date(210, 9, 1))
    assert client.get(PAGE).status_code == 200
    assert client.get(BOARD).status_code == 200

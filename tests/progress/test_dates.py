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
        ("count_due_on", "9999-12-31", "Give a day from 2000 to 2100"),
        ("count_due_on", "0210-09-01", "Give a day from 2000 to 2100"),
        ("count_reached_on", "2099-01-01", "is still to come"),
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


def test_only_the_dates_that_a_sender_changed_are_changed(world: World) -> None:
    lead = signed_in(world)
    opened = lead.get(PAGE).context["milestones_form"]
    shown = {f"initial-{name}": "" for name in opened.fields}
    set_milestone(world.place, "deep_dive", date(2010, 9, 1), None, world.people["centre"])
    sent = {**shown, "deep_dive_due_on": "", "count_due_on": "2010-10-01"}
    assert lead.post(FORM, sent).status_code == 302
    assert dict(Milestone.objects.values_list("kind", "due_on")) == {
        "deep_dive": date(2010, 9, 1),
        "count": date(2010, 10, 1),
    }


def test_where_two_set_one_date_the_second_sees_both_and_decides(world: World) -> None:
    lead = signed_in(world)
    set_milestone(world.place, "count", date(2010, 9, 1), None, world.people["centre"])
    sent = {"initial-count_due_on": "", "count_due_on": "2010-10-01", "final_report_due_on": "2010-12-01"}
    answer = lead.post(FORM, sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Somebody set this to 1 September 2010 meanwhile" in shown
    assert 'value="2010-10-01"' in shown
    assert Milestone.objects.get().due_on == date(2010, 9, 1)
    again = {field.html_name: field.value() or "" for field in answer.context["milestones_form"]}
    again |= {f"initial-{name}": "" for name in answer.context["milestones_form"].fields}
    again["initial-count_due_on"] = "2010-09-01"
    assert 'name="initial-count_due_on" value="2010-09-01"' in shown
    assert lead.post(FORM, again).status_code == 302
    assert Milestone.objects.get(kind="count").due_on == date(2010, 10, 1)
    assert Milestone.objects.get(kind="final_report").due_on == date(2010, 12, 1)

"""The board of all places, from the shipped counts: what it shows, to whom, in how many queries."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pilots.models import Judgement, Milestone, Place, Programme, SpendLine
from pilots.pages.progress_views import sections_of
from pilots.permissions import NotAllowed
from pilots.progress.board import board
from pilots.progress.reminders import deadlines_of, send_reminders
from pilots.progress.start_year import CannotStart, start_year, structure_of
from pilots.progress.telling import add_update, judge, set_milestone
from pilots.progress.timeline import timeline
from pilots.review.transitions import return_count, submit_count
from pilots.spend.versions import open_working_version, with_status
from tests.people_of_kent import lead_of, leadership_centre
from tests.review.approved import ANSWERS
from tests.review.world import World

pytestmark = pytest.mark.django_db

SITE = "https://totalplace.example.org"
NOBODY = AnonymousUser()


def england() -> Programme:
    return Programme.objects.get(is_default=True)


def test_every_active_place_has_a_row_with_what_was_reported() -> None:
    rows = board(england(), NOBODY)
    assert len(rows) == 93
    kent = next(row for row in rows if row.place.slug == "kent")
    own = SpendLine.objects.filter(version__published_for__place=kent.place).exclude(method="national average")
    assert kent.services == own.values("service_line").distinct().count()
    assert kent.bodies == len(
        set(own.values_list("agency", flat=True)) & set(kent.place.memberships.values_list("agency", flat=True))
    )
    assert 0 < kent.services < kent.all_services
    assert 0 < kent.bodies <= kent.all_bodies


def test_the_stage_is_that_of_the_working_version() -> None:
    places = with_status(Place.objects.filter(programme=england()), england().years.get(label="2010-11"))
    expected = dict(
        places.values_list("slug", "status")  # type: ignore[misc]
    )
    assert {row.place.slug: row.stage for row in board(england(), NOBODY)} == {
        slug: expected[slug] for slug in expected if slug in {row.place.slug for row in board(england(), NOBODY)}
    }


def test_the_number_of_queries_does_not_grow_with_the_places(django_assert_max_num_queries) -> None:
    who = leadership_centre()
    for slug in ("kent", "birmingham"):
        open_working_version(Place.objects.get(slug=slug).counts.get(year__label="2010-11"))
    cache.clear()
    with django_assert_max_num_queries(17):
        assert len(board(england(), who)) == 93


def test_only_who_may_read_the_working_version_sees_what_it_counts(world: World) -> None:
    world.record("E1", "schools", "1000")
    by_role = {}
    for role in ("lead", "other_lead", "centre", "contributor"):
        rows = {row.place.slug: row for row in board(world.programme, world.people[role])}
        by_role[role] = rows["dunshire"].services
    assert by_role == {"lead": 1, "centre": 1, "other_lead": 0, "contributor": 0}


def test_many_places_with_one_reason_stand_together_and_none_is_lost() -> None:
    rows = board(england(), NOBODY)
    sections = sections_of(rows)
    candidates = Place.objects.filter(programme=england(), participation="candidate", retired_on=None).count()
    together = [group for section in sections for group in section.together]
    assert [len(group.rows) for group in together if "confirms" in group.reason] == [
        sum(row.stands.reason == "No source confirms that it takes part" for row in rows)
    ]
    assert candidates >= 50
    assert sum(section.number for section in sections) == len(rows)


def test_the_leadership_centre_overrules_the_dates_with_a_reason(world: World) -> None:
    centre = world.people["centre"]
    judge(world.place, "stuck", "Its lead has left", centre)
    row = next(row for row in board(world.programme, NOBODY) if row.place == world.place)
    assert (row.stands.standing, row.stands.reason, row.stands.is_judged) == ("stuck", "Its lead has left", True)
    with pytest.raises(ValueError, match="reason"):
        judge(world.place, "check", " ", centre)
    for role in ("lead", "contributor", "administrator"):
        with pytest.raises(NotAllowed):
            judge(world.place, "on_course", "All is well", world.people[role])
    judge(world.place, "", "", centre)
    assert not Judgement.objects.exists()


def test_the_file_holds_the_rows_that_the_page_shows(client: Client) -> None:
    answer = client.get("/progress/?kind=pilot&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 13
    assert {row["kind"] for row in rows} == {"pilot"}
    assert rows[0]["count_due"] == ""


@pytest.mark.parametrize(
    ("query", "number"), [("q=kent", 1), ("kind=pilot", 13), ("kind=candidate", 61), ("changed=never", 0), ("", 93)]
)
def test_the_board_is_narrowed(client: Client, query: str, number: int) -> None:
    assert client.get(f"/progress/?{query}").context["number"] == number


@pytest.mark.parametrize("sort", ["pressing", "name", "stage", "services", "bodies", "change", "due", "nonsense"])
def test_the_board_is_ordered_in_every_way(client: Client, sort: str) -> None:
    answer = client.get(f"/progress/?sort={sort}")
    assert answer.status_code == 200
    assert sum(section.number for section in answer.context["sections"]) == 93


def test_a_places_timeline_tells_its_counts_way(world: World) -> None:
    lead, centre = world.people["lead"], world.people["centre"]
    world.record("E1", "schools", "1000")
    submit_count(world.count, ANSWERS, lead, "First try")
    return_count(world.count, "Police is missing", centre)
    add_update(world.place, "Police is on its way", lead)
    set_milestone(world.place, "deep_dive", None, date(2010, 1, 1), lead)
    assert [event.what for event in timeline(world.place, lead)] == [
        "Update",
        "Count of 2010-11 returned",
        "Count of 2010-11 submitted: one line added",
        "Deep dive reached",
    ]


@pytest.mark.parametrize(
    ("role", "is_told"),
    [("nobody", False), ("other_lead", False), ("contributor", True), ("lead", True), ("centre", True)],
)
def test_what_review_wrote_is_told_to_those_inside_alone(
    world: World, client: Client, role: str, is_told: bool
) -> None:
    world.record("E1", "schools", "1000")
    submit_count(world.count, ANSWERS, world.people["lead"], "The police figure is a guess")
    return_count(world.count, "Ask the police again", world.people["centre"])
    if role != "nobody":
        client.force_login(world.people[role])
    shown = client.get("/places/dunshire/progress/").content.decode()
    assert "Count of 2010-11 returned" in shown
    for words in ("The police figure is a guess", "Ask the police again", "one line added"):
        assert (words in shown) == is_told


@pytest.mark.parametrize("role", ["nobody", "contributor", "other_lead", "administrator"])
def test_only_the_lead_and_the_leadership_centre_tell_of_progress(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        add_update(world.place, "All well", world.people[role])
    with pytest.raises(NotAllowed):
        set_milestone(world.place, "count", date(2010, 1, 1), None, world.people[role])


def test_a_deadline_shows_when_it_is_near_or_late(world: World) -> None:
    today, lead = date(2010, 10, 1), world.people["lead"]
    for kind, days in (("count", 5), ("deep_dive", -2), ("final_report", 90)):
        set_milestone(world.place, kind, today + timedelta(days), None, lead)
    assert [row.words for row in deadlines_of(world.place, today)] == [
        "Deep dive two days overdue",
        "Count due in five days",
    ]


def test_leads_are_reminded_by_mail_on_set_days_once_a_day(world: World, settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.SITE_ADDRESS = SITE
    today = timezone.localdate()
    set_milestone(world.place, "deep_dive", today + timedelta(7), None, world.people["lead"])
    mail.outbox = []
    for day, sent in ((0, 1), (0, 0), (1, 0), (6, 1), (7, 1), (8, 1), (9, 0), (15, 1)):
        assert send_reminders(today + timedelta(day)) == sent, day
    assert mail.outbox[0].to == ["lead@example.org"]
    assert "due in seven days" in mail.outbox[0].subject
    assert f"{SITE}/places/dunshire/progress/" in mail.outbox[0].body
    Milestone.objects.update(reached_on=today)
    assert send_reminders(today + timedelta(30)) == 0


def test_without_mail_nobody_is_reminded_and_nothing_is_noted(world: World, settings) -> None:
    settings.MAILERS = {}
    set_milestone(world.place, "deep_dive", timezone.localdate(), None, world.people["lead"])
    assert send_reminders() == 0
    assert Milestone.objects.get().reminded_on is None


def test_a_new_year_begins_with_last_years_structure_and_no_amount() -> None:
    kent = Place.objects.get(slug="kent")
    lead = lead_of("kent")
    year = kent.programme.years.get(label="2011-12")
    version = start_year(kent, year, lead)
    assert (version.status, version.lines.count()) == ("draft", 0)
    before = kent.counts.get(year__label="2010-11").published
    assert before is not None
    assert version.begun_from == before
    assert len(structure_of(version)) == before.lines.count()
    with pytest.raises(CannotStart, match="already"):
        start_year(kent, year, lead)
    with pytest.raises(NotAllowed):
        start_year(kent, kent.programme.years.get(label="2012-13"), leadership_centre())


def test_a_body_that_ended_is_expected_as_the_one_that_followed_it(world: World) -> None:
    old, new = world.programme.agencies.filter(code__in=["E1", "E2"]).order_by("code")
    world.record("E1", "schools", "5")
    old.successor, old.last_year = new, "2010-11"
    old.save()
    later = world.programme.years.create(label="2011-12")
    (cell,) = structure_of(start_year(world.place, later, world.people["lead"]))
    assert cell.agency_id == new.pk


def test_progress_of_nothing_counted_is_no_gap(world: World) -> None:
    row = next(row for row in board(world.programme, NOBODY) if row.place == world.place)
    assert (row.services, row.stage, row.last_change) == (0, "not_started", None)
    assert row.stands.reason == "Nothing is overdue"

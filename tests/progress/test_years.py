"""Which year the board, a place's page and reminders are about."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from pilots.models import Count, FinancialYear, Milestone
from pilots.progress.board import board
from pilots.progress.reminders import deadlines_of, send_reminders
from pilots.progress.start_year import start_year, structure_of
from pilots.progress.telling import set_milestone
from pilots.review.transitions import submit_count
from pilots.spend.publish import publish_count
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import add_line
from tests.review.approved import ANSWERS, approved
from tests.review.world import World

pytestmark = pytest.mark.django_db

PAGE = "/places/dunshire/progress/"
BOARD = "/progress/?programme=reviewed"
TODAY = timezone.localdate


def signed_in(world: World, role: str = "lead") -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


def published(world: World) -> Count:
    """Dunshire's count of 2010-11, published."""
    world.record("E1", "schools", "1000")
    publish_count(approved(world.count), world.people["centre"])
    return world.count


def begun(world: World) -> FinancialYear:
    """Dunshire begins 2011-12."""
    year = FinancialYear.objects.create(programme=world.programme, label="2011-12")
    start_year(world.place, year, world.people["lead"])
    return year


def stage_of(world: World, year: FinancialYear | None = None) -> str:
    return next(row.stage for row in board(world.programme, None, year=year) if row.place == world.place)


def test_board_and_page_are_of_the_newest_year_that_somebody_works_on(world: World, client: Client) -> None:
    published(world)
    assert client.get(BOARD).context["year"] == "2010-11"
    year = begun(world)
    assert (stage_of(world), stage_of(world, world.year)) == ("draft", "published")
    assert client.get(BOARD).context["year"] == "2011-12"
    count = open_count(world.place, year)
    line = {"agency": "E1", "service_line": "schools", "amount": "1200"}
    add_line(open_working_version(count), line, world.people["lead"], "page")
    submit_count(count, ANSWERS, world.people["lead"])
    for page in (client.get(BOARD), client.get(PAGE)):
        assert page.context["year"] == "2011-12"
        assert "Submitted" in page.content.decode()


def test_a_place_that_has_not_begun_the_newest_year_shows_its_own(world: World, client: Client) -> None:
    published(world)
    later = FinancialYear.objects.create(programme=world.programme, label="2011-12")
    open_count(world.other_place, later)
    assert client.get(PAGE).context["year"] == "2010-11"
    assert client.get(f"{PAGE}?year=2011-12").context["row"].stage == "not_started"


def test_another_year_is_asked_for_and_the_filters_keep_it(world: World, client: Client) -> None:
    published(world)
    begun(world)
    shown = client.get(f"{BOARD}&year=2010-11&stage=published").content.decode()
    assert f"{PAGE}?year=2010-11" in shown
    assert '<input type="hidden" name="year" value="2010-11"' in shown
    assert client.get(f"{BOARD}&year=1999-00").status_code == 404
    assert client.get(f"{PAGE}?year=1999-00").status_code == 404


def test_the_lead_submits_the_year_that_the_page_shows(world: World) -> None:
    published(world)
    begun(world)
    shown = signed_in(world).get(PAGE).content.decode()
    assert "Submit the count of 2011-12" in shown
    assert "/places/dunshire/spend/2011-12/submit/" in shown


def test_a_year_begun_after_an_empty_one_has_the_structure_of_the_last_with_lines(world: World) -> None:
    published(world)
    begun(world)
    later = FinancialYear.objects.create(programme=world.programme, label="2012-13")
    version = start_year(world.place, later, world.people["lead"])
    assert version.begun_from == world.count.published
    assert len(structure_of(version)) == 1


def test_a_published_place_is_not_stuck_when_one_cell_is_changed_later(world: World) -> None:
    Milestone.objects.create(place=world.place, kind="count", due_on=date(2010, 9, 1))
    published(world)
    Milestone.objects.update(reached_on=None)  # As of before publishing noted it.
    world.change(world.working.lines.get(), amount="1001")
    row = next(row for row in board(world.programme, world.people["lead"]) if row.place == world.place)
    assert (row.stage, row.stands.reason) == ("draft", "Nothing is overdue")
    assert deadlines_of(world.place) == []
    assert "days overdue" not in signed_in(world).get(PAGE).content.decode()


def test_a_day_before_a_year_began_is_not_the_deadline_of_its_count(world: World) -> None:
    published(world)
    begun(world)
    Milestone.objects.create(place=world.place, kind="count", due_on=date(2010, 9, 1))
    assert deadlines_of(world.place) == []
    row = next(row for row in board(world.programme, world.people["lead"]) if row.place == world.place)
    assert (row.stage, row.stands.reason) == ("draft", "Nothing is overdue")
    Milestone.objects.update(due_on=date(2011, 9, 1))
    assert "overdue" in deadlines_of(world.place)[0].words


def test_publishing_reaches_the_count_once(world: World) -> None:
    set_milestone(world.place, "count", date(2010, 9, 1), None, world.people["lead"])
    published(world)
    assert Milestone.objects.get().reached_on == TODAY()
    set_milestone(world.place, "count", date(2012, 9, 1), None, world.people["lead"])
    world.change(world.working.lines.get(), amount="1001")
    publish_count(approved(world.count), world.people["centre"])
    assert Milestone.objects.get().reached_on is None


def test_last_years_count_silences_no_reminder_of_this_years(world: World, settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    published(world)
    set_milestone(world.place, "count", TODAY(), None, world.people["lead"])
    assert send_reminders() == 0
    begun(world)
    assert send_reminders() == 1
    set_milestone(world.place, "count", TODAY() + timedelta(7), None, world.people["lead"])
    assert [row.words for row in deadlines_of(world.place)] == ["Count due in seven days"]

"""Who is told what on the way of a count: by mail where mail leaves, and by a number in the menu."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from pilots.review.transitions import CellRemark, approve_and_publish, approve_count, return_count, submit_count

from .approved import ANSWERS
from .world import World

pytestmark = pytest.mark.django_db
SITE = "https://totalplace.example.org"


@pytest.fixture(autouse=True)
def mail_leaves(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.SITE_ADDRESS = SITE
    mail.outbox = []


def sent() -> dict[str, Any]:
    return {one.to[0]: one for one in mail.outbox}


def test_the_leadership_centre_is_told_what_waits_for_it(world: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submit_count(world.count, ANSWERS, world.people["lead"], "First count.")
    (told,) = mail.outbox
    assert (told.to, told.subject) == (["centre@example.org"], "Dunshire, 2010-11 was submitted")
    for words in ("+£1,500.10", "First count.", f"{SITE}/review/dunshire/2010-11/?number=1"):
        assert words in told.body


def test_a_place_is_told_what_was_decided_and_contributors_what_was_said_of_their_cells(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    said = [CellRemark("E1", "schools", "In thousands?"), CellRemark("E2", "police", "As audited?")]
    with django_capture_on_commit_callbacks(execute=True):
        return_count(world.count, "Two cells.", world.people["centre"], said)
    assert sent().keys() == {"lead@example.org", "contributor@example.org"}
    lead, contributor = sent()["lead@example.org"], sent()["contributor@example.org"]
    assert lead.subject == contributor.subject == "Dunshire, 2010-11 was returned"
    for words in ("Two cells.", "In thousands?", "As audited?", f"{SITE}/review/dunshire/2010-11/?number=1"):
        assert words in lead.body
    assert "Dunshire County Council, Schools: In thousands?" in contributor.body
    assert f"{SITE}/places/dunshire/spend/2010-11/" in contributor.body
    assert "As audited?" not in contributor.body


def test_what_is_approved_and_published_in_one_go_is_told_once(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    with django_capture_on_commit_callbacks(execute=True):
        approve_and_publish(world.count, world.people["centre"], "Thank you.")
    (told,) = mail.outbox
    assert told.subject == "Dunshire, 2010-11 was published"
    assert "Thank you." in told.body


def test_where_no_mail_leaves_nothing_is_sent(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MAILERS = {}
    with django_capture_on_commit_callbacks(execute=True):
        submit_count(world.count, ANSWERS, world.people["lead"])
        approve_count(world.count, world.people["centre"])
    assert mail.outbox == []


def test_the_menu_of_those_who_review_says_how_many_counts_wait(world: World) -> None:
    def menu(role: str) -> str:
        client = Client()
        client.force_login(world.people[role])
        return client.get("/places/?programme=reviewed").content.decode()

    assert "to decide" not in menu("centre")
    submit_count(world.count, ANSWERS, world.people["lead"])
    assert 'menu-number">1<' in menu("centre")
    assert "menu-number" not in menu("lead")

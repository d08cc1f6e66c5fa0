"""Mails: every link in them is a whole address, and a question reaches the place's lead."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pilots.models import Question
from pilots.people.links import whole_address
from pilots.progress.reminders import send_reminders
from pilots.progress.telling import set_milestone
from tests.review.world import World

pytestmark = pytest.mark.django_db

SITE = "https://totalplace.example.org"
PATH = re.compile(r"(?<![\w.])/(places|accounts)/\S*")


@pytest.fixture(autouse=True)
def mail_leaves(settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.SITE_ADDRESS = SITE
    mail.outbox = []
    cache.clear()


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def test_every_link_of_every_mail_begins_with_the_address_of_the_site(world: World) -> None:
    invited = {"email": "new@example.org", "kind": "place_lead", "place": "dunshire"}
    signed_in(world, "centre").post("/accounts/people/invite/?programme=reviewed", invited)
    Client().post("/accounts/reset/", {"who": "contributor"})
    Client().post("/places/dunshire/ask/", {"text": "Why?", "page": "/places/dunshire/savings/"})
    set_milestone(world.place, "deep_dive", timezone.localdate(), None, world.people["lead"])
    assert send_reminders() == 1
    assert len(mail.outbox) == 4
    for sent in mail.outbox:
        assert SITE in sent.body
        assert not PATH.search(sent.body.replace(f"{SITE}/", "")), sent.body


@pytest.mark.parametrize(
    ("hosts", "https", "address"),
    [
        ([".example.org", "totalplace.example.org"], True, "https://totalplace.example.org/places/"),
        (["totalplace.example.org"], False, "http://totalplace.example.org/places/"),
    ],
)
def test_without_a_site_address_the_worker_s_links_begin_with_the_first_host(settings, hosts, https, address) -> None:
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS, settings.HTTPS, settings.EMBEDDED = "", hosts, https, False
    assert whole_address("/places/") == address


def test_a_question_is_mailed_to_the_lead_and_the_answer_to_whoever_asked(world: World) -> None:
    Client().post("/places/dunshire/ask/", {"text": "Why so much?", "page": "", "email": "ada@example.org"})
    (asked,) = mail.outbox
    assert (asked.to, "Why so much?" in asked.body) == (["lead@example.org"], True)
    assert f"{SITE}/places/dunshire/progress/#questions" in asked.body
    signed_in(world, "lead").post(f"/places/dunshire/questions/{Question.objects.get().pk}/", {"answer": "A school."})
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "A school." in mail.outbox[-1].body


def test_where_a_place_has_no_lead_a_question_is_mailed_to_the_leadership_centre(world: World) -> None:
    world.people["lead"].roles.all().delete()
    Client().post("/places/dunshire/ask/", {"text": "Why so much?", "page": ""})
    assert [sent.to for sent in mail.outbox] == [["centre@example.org"]]


def test_a_mail_that_fails_loses_no_question_and_no_reminder(world: World, settings) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    assert Client().post("/places/dunshire/ask/", {"text": "Why?", "page": ""}).status_code == 302
    assert Question.objects.get().text == "Why?"
    set_milestone(world.place, "deep_dive", timezone.localdate(), None, world.people["lead"])
    assert send_reminders() == 0
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert send_reminders() == 1

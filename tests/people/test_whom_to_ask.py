"""On every published figure: whom to ask, and a way to query it."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mapping.reports import place_report
from pilots.models import Agency, Place, Question
from pilots.people.asking import contacts_of
from tests.people_of_kent import lead_of
from tests.summary.counts import published

pytestmark = pytest.mark.django_db

PAGES = ("", "savings/", "reconciliation/", "report/", "spend/2010-11/")


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    cache.clear()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_a_place_s_figures_names_its_lead_once_and_links_to_the_question(
    client: Client, page: str
) -> None:
    lead_of("kent")
    shown = client.get(f"/places/kent/{page}").content.decode()
    assert shown.count("Ask about these figures") == 1
    assert re.search(r"Lead of kent\. <a href=\"/places/kent/ask/\?page=/places/kent/", shown, re.IGNORECASE)


def test_a_body_s_figures_name_whom_to_ask_in_each_place_it_serves(client: Client) -> None:
    address = f"/agencies/{Agency.objects.get(name='Dover').code}/"
    assert "The Leadership Centre. <a href=" in client.get(address).content.decode()
    lead_of("kent")
    shown = client.get(address).content.decode()
    assert re.search(rf'Lead of kent\. <a href="/places/kent/ask/\?page={address}">Ask<', shown, re.IGNORECASE)


def test_whom_to_ask_is_read_at_once_however_many_places_a_body_serves(
    client: Client, django_assert_num_queries: Any
) -> None:
    places = list(Place.objects.all())
    lead_of("kent")
    with django_assert_num_queries(1):
        contacts = contacts_of(places)
    assert len(contacts) == len(places) > 1


def test_lines_that_are_not_published_are_no_figures_to_ask_about(client: Client) -> None:
    client.force_login(lead_of("kent"))
    assert "Ask about these figures" not in client.get("/places/kent/spend/2010-11/?view=lines").content.decode()


def test_a_question_asked_from_a_page_goes_to_the_place_s_lead_with_the_page_it_is_about(client: Client) -> None:
    page = "/places/kent/savings/?year=2010-11"
    form = client.get("/places/kent/ask/", {"page": page}).content.decode()
    assert 'value="/places/kent/savings/?year=2010-11"' in form
    answer = client.post("/places/kent/ask/", {"text": "Why so much?", "page": page, "email": "ada@example.org"})
    assert answer.headers["Location"] == page
    question = Question.objects.get()
    assert (question.place, question.page) == (Place.objects.get(slug="kent"), page)
    lead = Client()
    lead.force_login(lead_of("kent"))
    assert "Why so much?" in lead.get("/places/kent/progress/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example/"])
def test_after_a_question_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    answer = client.post("/places/kent/ask/", {"text": "Why?", "page": elsewhere})
    assert answer.headers["Location"] == "/places/kent/"


def test_a_page_that_somebody_holds_is_new_once_somebody_else_leads(client: Client) -> None:
    held = {"If-None-Match": client.get("/places/kent/").headers["ETag"]}
    assert client.get("/places/kent/", headers=held).status_code == 304
    lead_of("kent")
    assert client.get("/places/kent/", headers=held).status_code == 200


def test_a_report_on_paper_names_whom_to_ask_with_the_whole_address() -> None:
    lead_of("kent")
    report = place_report(published("kent"), "central", "https://total.example/places/kent/report/?map=1")
    notes = [note for section in report.sections for note in section.notes]
    assert "Whom to ask about these figures: Lead Of Kent, at https://total.example/places/kent/ask/" in notes


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/places/kent/summary/",
        "/api/v1/places/kent/reconciliation/",
        "/api/v1/explain/?place=kent&agency=E2221&lever=shared-back-office",
    ],
)
def test_answers_of_the_api_about_a_place_s_figures_lead_to_whom_to_ask(client: Client, address: str) -> None:
    lead_of("kent")
    assert client.get(address).json()["whom_to_ask"] == "/places/kent/ask/"


def test_the_programme_page_says_where_to_ask(client: Client) -> None:
    assert "its page names whom to ask" in client.get("/").content.decode()

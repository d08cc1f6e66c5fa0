"""Review, progress, quality and people in a real browser, as each role: policy, axe-core, widths, keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pilots.models import Person, Place
from pilots.people.invitations import invite
from pilots.review.transitions import submit_count
from pilots.spend.versions import open_working_version
from tests.browser.conftest import Visit
from tests.people_of_kent import lead_of, leadership_centre
from tests.review.approved import ANSWERS
from tests.spend.kent import added, count_of_kent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPEND = "/places/kent/spend/2010-11"
PAGES = [
    ("centre", "/review/"),
    ("centre", "/review/kent/2010-11/"),
    ("lead", "/review/kent/2010-11/"),
    ("lead", f"{SPEND}/submit/"),
    ("nobody", "/progress/"),
    ("nobody", "/progress/?sort=due"),
    ("lead", "/places/kent/progress/"),
    ("centre", "/places/kent/progress/"),
    ("nobody", "/places/kent/ask/"),
    ("lead", "/places/kent/quality/new/"),
    ("centre", "/accounts/people/"),
    ("lead", "/accounts/people/invite/"),
    ("centre", "/places/kent/hand-over/"),
]


@pytest.fixture
def people(live_server: Any) -> dict[str, Person]:
    """A lead and somebody of the Leadership Centre."""
    return {"lead": lead_of("kent"), "centre": leadership_centre()}


@pytest.fixture
def open_as(live_server: Any, visit: Callable[..., Visit], people: dict[str, Person]) -> Callable[..., Visit]:
    """Opens a page as a role: `open_as("lead", "/places/kent/progress/", width=390)`."""

    def open_page(role: str, path: str, **options: Any) -> Visit:
        opened = visit(f"{live_server.url}/accounts/sign-in/", **options)
        if role in people:
            client = Client()
            client.force_login(people[role])
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
            opened.page.context.add_cookies([cookie])  # type: ignore[list-item]
        answer = opened.page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert answer.status == 200
        return opened

    return open_page


def submitted(people: dict[str, Person]) -> None:
    """Kent's count with a line more, submitted."""
    added(open_working_version(count_of_kent()))
    submit_count(count_of_kent(), ANSWERS, people["lead"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_breaks_the_policy_or_the_rules_of_access(
    open_as: Callable[..., Visit], people: dict[str, Person], theme: str
) -> None:
    submitted(people)
    invite("new@example.org", "place_lead", people["centre"], Place.objects.get(slug="kent"))
    width = {"light": 390, "dark": 1280}[theme]
    found = {}
    for role, path in PAGES:
        opened = open_as(role, path, width=width, theme=theme)
        wide = opened.page.evaluate("document.documentElement.scrollWidth")
        found[role, path] = [*opened.violations(), *opened.complaints, *opened.accessibility()]
        assert wide <= width, path
    assert {page: wrong for page, wrong in found.items() if wrong} == {}


def test_a_reviewer_returns_a_count_with_a_comment_on_a_cell_by_keyboard_alone(
    open_as: Callable[..., Visit], people: dict[str, Person]
) -> None:
    submitted(people)
    page = open_as("centre", "/review/kent/2010-11/").page
    page.locator("textarea[name=comment]").focus()
    page.keyboard.type("One cell.")
    page.locator(".cell-comment summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Is this in thousands?")
    page.locator("button[value=return]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    shown = open_as("lead", "/review/kent/2010-11/").page
    assert "Is this in thousands?" in shown.locator("main").inner_text()
    assert "One cell." in shown.locator("main").inner_text()


def test_a_lead_submits_by_keyboard_and_is_led_to_what_is_missing(
    open_as: Callable[..., Visit], people: dict[str, Person]
) -> None:
    added(open_working_version(count_of_kent()))
    page = open_as("lead", f"{SPEND}/submit/").page
    page.locator("text=Submit the count >> nth=-1").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    assert page.locator(".govuk-error-summary a").count() == len(ANSWERS)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    for code in ANSWERS:
        page.locator(f"input[name=answer_{code}][value=yes]").focus()
        page.keyboard.press("Space")
    page.locator("button:has-text('Submit the count')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/kent/2010-11/")
    assert "Submitted" in page.locator("main").inner_text()

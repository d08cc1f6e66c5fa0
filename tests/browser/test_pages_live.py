"""A page of figures stays true while it is open: it goes stale, and then shows the new figures, without a reload."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from mapping.freshness import stale_versions
from mapping.recompute import recompute_versions
from pilots.models import Count, Person, SpendLine, Version
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from tests.browser.conftest import Visit
from tests.pages.mapping.places_of_england import lead_of, with_changed_register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORKING = "?version=working"


@pytest.fixture
def lead(live_server: Any) -> Person:
    return lead_of("kent")


@pytest.fixture
def working(lead: Person) -> Version:
    """The working version of Kent, with a fresh map."""
    version = open_working_version(Count.objects.get(place__slug="kent", year__label="2010-11"))
    _change_largest_line(version, lead, Decimal(1_000_000))
    recompute_versions([version.pk])
    return version


@pytest.fixture
def open_working(live_server: Any, visit: Callable[..., Visit], lead: Person) -> Callable[[str], Visit]:
    """Opens one of Kent's pages of the working version as its lead: `open_working("savings/")`."""

    def open_page(page: str = "") -> Visit:
        opened = visit("about:blank")
        client = Client()
        client.force_login(lead)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        opened.page.context.add_cookies([cookie])  # type: ignore[list-item]
        opened.page.goto(f"{live_server.url}/places/kent/{page}{WORKING}")
        opened.page.evaluate("window.isSamePage = true")
        return opened

    return open_page


def _change_largest_line(version: Version, lead: Person, more: Decimal) -> None:
    line = SpendLine.objects.filter(version=version, agency__type__code="county council", is_transfer=False).latest(
        "amount"
    )
    values = {"amount": str(line.amount + more), "whole_amount": None, "share": "1"}
    change_line(version, line.pk, values, line.row_version, lead, "test")


def _is_the_same_page(page: Page) -> bool:
    return page.evaluate("window.isSamePage === true")


@pytest.mark.parametrize(("address", "first"), [("", "Kent’s 17 public bodies spend £8.26bn"), ("savings/", "")])
def test_after_an_edit_the_page_says_that_it_is_stale_and_then_shows_the_new_figures(
    open_working: Callable[[str], Visit], working: Version, lead: Person, address: str, first: str
) -> None:
    page = open_working(address).page
    expect(page.locator("h1")).to_contain_text(first)
    expect(page.locator(".provenance")).to_contain_text("up to date")
    before = page.locator("h1").inner_text()
    _change_largest_line(working, lead, Decimal(900_000_000))
    expect(page.locator(".provenance")).to_contain_text("being recomputed", timeout=10_000)
    expect(page.locator("#status")).to_contain_text("are being recomputed")
    assert page.locator("h1").inner_text() == before
    recompute_versions([working.pk])
    expect(page.locator(".provenance")).to_contain_text("up to date", timeout=10_000)
    assert page.locator("h1").inner_text() != before
    expect(page.locator("#status")).to_contain_text("New figures.")
    assert _is_the_same_page(page)


def test_the_charts_are_drawn_again_and_the_reader_stays_where_they_were(
    open_working: Callable[[str], Visit], working: Version, lead: Person
) -> None:
    opened = open_working("")
    page = opened.page
    opened.draw_charts()
    page.locator("#years-table").check(force=True)
    page.locator("#who-does-what .switch a").nth(1).focus()
    page.evaluate("scrollTo(0, 700)")
    _change_largest_line(working, lead, Decimal(900_000_000))
    recompute_versions([working.pk])
    expect(page.locator("h1")).to_contain_text("£9.16bn", timeout=10_000)
    assert page.evaluate("scrollY") == 700
    assert page.evaluate("document.activeElement.textContent") == "Saving"
    assert page.locator("#years-table").is_checked()
    expect(page.locator("#spend .chart")).to_contain_text("£2.87bn")
    assert opened.violations() == []
    assert opened.complaints == []
    assert _is_the_same_page(page)


def test_a_reader_who_comes_back_to_a_published_page_sees_it_go_stale_and_then_the_new_figures(
    live_server: Any, visit: Callable[..., Visit]
) -> None:
    page = visit(f"{live_server.url}/").page
    page.evaluate("window.isSamePage = true")
    expect(page.locator(".provenance")).to_contain_text("up to date")
    with_changed_register("kent")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".provenance")).to_contain_text("being recomputed")
    recompute_versions(stale_versions().values_list("pk", flat=True))
    expect(page.locator(".provenance")).to_contain_text("up to date", timeout=20_000)
    expect(page.locator("#status")).to_contain_text("New figures. The 13 pilots spend £68.3bn a year.")
    assert _is_the_same_page(page)

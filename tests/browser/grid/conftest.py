"""A real browser before the grid of a real count, one person or two."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from pilots.models import Agency, Count, Person, Place, Role, ServiceLine
from pilots.spend.versions import open_working_version
from tests.grid.people import make_person

# Playwright's synchronous interface keeps an event loop in the tests' thread, in which Django would refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ADDRESS = "/places/kent/spend/2010-11/"


class GridPage:
    """The grid as somebody at the keyboard uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def cell(self, body: str, service: str) -> Locator:
        """The input of a body (by code) and a service line (by code)."""
        agency = Agency.objects.get(code=body, programme__is_default=True)
        line = ServiceLine.objects.get(code=service, programme__is_default=True)
        return self.page.locator(f"#c-{agency.pk}-{line.pk}")

    def total(self, name: str) -> str:
        return self.page.locator(f'[data-total="{name}"]').inner_text()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def status(self) -> Locator:
        return self.page.locator("#grid-status")

    def wait_saved(self) -> None:
        self.page.wait_for_function(
            "document.getElementById('grid-status').textContent === 'All changes are saved'", timeout=10_000
        )

    def wait_status(self, words: str) -> None:
        self.page.wait_for_function(
            "words => document.getElementById('grid-status').textContent.includes(words)", arg=words, timeout=10_000
        )

    def state(self, cell: Locator) -> str | None:
        return cell.locator("xpath=..").get_attribute("data-state")

    def wait_state(self, cell: Locator, state: str) -> None:
        self.page.wait_for_function(
            "([id, state]) => document.getElementById(id).parentElement.dataset.state === state",
            arg=[cell.get_attribute("id"), state],
            timeout=10_000,
        )

    def clipboard(self) -> str:
        return self.page.evaluate("navigator.clipboard.readText()")

    def set_clipboard(self, text: str) -> None:
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)

    def problems(self) -> list[str]:
        return self.page.locator("#grid-problems-list li").all_inner_texts()


@pytest.fixture
def kent(live_server: Any) -> Place:
    """Kent, with its working version of 2010-11 open."""
    place = Place.objects.get(slug="kent")
    open_working_version(Count.objects.get(place=place, year__label="2010-11"))
    return place


@pytest.fixture
def lead(kent: Place) -> Person:
    return make_person("lead", Role.Kind.PLACE_LEAD, kent)


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def open_grid(
    live_server: Any, kent: Place, browser: Browser, contexts: list[BrowserContext]
) -> Callable[..., GridPage]:
    """Opens the grid signed in as somebody: `open_grid(person, query="?...", width=390, scripts=False)`."""

    def open_page(person: Person, query: str = "", address: str = ADDRESS, **options: Any) -> GridPage:
        client = Client()
        client.force_login(person)
        width, scripts = options.pop("width", 1280), options.pop("scripts", True)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=live_server.url, **options
        )
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{address}{query}")
        return GridPage(page)

    return open_page

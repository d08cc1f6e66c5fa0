"""A real browser before the grid of a real count, one person or two."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from pilots.models import Agency, Count, Person, Place, Role, ServiceLine
from pilots.spend.versions import open_working_version
from tests.grid.people import make_person

ADDRESS = "/places/kent/spend/2010-11/"


class GridPage:
    """The grid as somebody at the keyboard uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked = self.answered = 0
        page.on("request", lambda _: self._count(asked=1))
        for event in ("requestfinished", "requestfailed"):
            page.on(event, lambda _: self._count(answered=1))

    def _count(self, asked: int = 0, answered: int = 0) -> None:
        self.asked += asked
        self.answered += answered

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

    def state(self, cell: Locator) -> str | None:
        return cell.locator("xpath=..").get_attribute("data-state")

    def wait_saved(self) -> None:
        self.wait_status("All changes are saved")

    def wait_status(self, words: str) -> None:
        expect(self.status()).to_contain_text(words, timeout=10_000)

    def wait_state(self, cell: Locator, state: str) -> None:
        expect(cell.locator("xpath=..")).to_have_attribute("data-state", state, timeout=10_000)

    def wait_quiet(self) -> None:
        """Until the server has answered everything, so that it asks nothing of a database that is gone."""
        while self.asked > self.answered:
            self.page.wait_for_timeout(20)

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
def opened() -> Iterator[list[GridPage]]:
    made: list[GridPage] = []
    yield made
    for grid in made:
        if not grid.page.is_closed():
            grid.wait_quiet()
        grid.page.context.close()


@pytest.fixture
def open_grid(live_server: Any, kent: Place, browser: Browser, opened: list[GridPage]) -> Callable[..., GridPage]:
    """Opens the grid signed in as somebody: `open_grid(person, query="?...", width=390, scripts=False)`."""

    def open_page(person: Person, query: str = "", address: str = ADDRESS, **options: Any) -> GridPage:
        client = Client()
        client.force_login(person)
        width, scripts = options.pop("width", 1280), options.pop("scripts", True)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=live_server.url, **options
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        grid = GridPage(context.new_page())
        opened.append(grid)
        grid.page.goto(f"{address}{query}")
        return grid

    return open_page

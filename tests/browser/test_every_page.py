"""Every page there is, as its reader: nothing complains, is refused, moves by itself or scrolls sideways."""

import json
import random
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pilots.models import Person
from pilots.people.examples import make_example_people
from tests.browser.conftest import Visit
from tests.screens.examples import make_examples
from tests.screens.opening import open_screen
from tests.screens.pages import ANONYMOUS, ROLES, SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = DESKTOP, NARROWEST = 1280, 320
# How many of the pages every run looks at, always the same ones; all of them with `-m full`.
SOME = 0.4
GOOD = "<!doctype html><html lang=en><title>Good</title><meta name=viewport content='width=device-width'><p>Good.</p>"
BAD = {
    "/complains": (f"{GOOD}<script src='/static/nowhere.js'></script>", "404"),
    "/is-refused": (f"{GOOD}<script>document.title = 'Ran'</script>", "refused: script-src-elem inline"),
    "/moves": (f"{GOOD}<img src='/late.svg'><h1>Down</h1><p>Here</p>", "moved by"),
    "/is-wide": (f"{GOOD}<svg width=2000 height=20></svg>", "scrolls sideways by"),
}


def signed_in(opened: Visit, url: str, username: str) -> None:
    """Gives a browser the session of a person."""
    client = Client()
    client.force_login(Person.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}
    opened.page.context.add_cookies([cookie])  # type: ignore[list-item]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("width", "share"), [(NARROWEST, SOME), *(pytest.param(width, 1, marks=pytest.mark.full) for width in WIDTHS)]
)
def test_no_page_of_a_reader_does_what_no_page_may(
    live_server: Any, visit: Callable[..., Visit], settings: Any, tmp_path: Path, width: int, share: float, role: str
) -> None:
    settings.EMBEDDED, settings.TOTALPLACE_HOME = True, tmp_path
    make_example_people()
    examples = make_examples()
    odd: dict[str, list[str]] = {}
    # A page that several readers see alike is looked at by the first of them.
    screens = [screen for screen in SCREENS if screen.roles[0] == role]
    for screen in random.Random(2010).sample(screens, ceil(share * len(screens))):
        opened = visit("about:blank", width=width)
        if role != ANONYMOUS:
            signed_in(opened, live_server.url, role)
        status = open_screen(opened.page, live_server.url, screen, examples)
        assert status == screen.status, screen.name
        opened.draw_charts()
        said = [words for words in opened.oddities() if screen.status == 200 or "Failed to load" not in words]
        if said:
            odd[screen.name] = said
        opened.page.context.close()
    assert odd == {}, json.dumps(odd, indent=1)


@pytest.mark.parametrize("path", BAD)
def test_a_page_that_does_so_is_found_out(
    served: Callable[[dict[str, str]], str], visit: Callable[..., Visit], path: str
) -> None:
    page, words = BAD[path]
    address = served({path: page, "/good": GOOD})
    assert visit(f"{address}/good", width=NARROWEST).oddities() == []
    opened = visit("about:blank", width=NARROWEST)
    if path == "/moves":
        picture = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='600'/>"
        opened.page.route("**/late.svg", lambda route: _late(opened, route, picture))
    opened.page.goto(address + path)
    opened.page.wait_for_timeout(500)
    assert words in " ".join(opened.oddities())


def _late(opened: Visit, route: Any, picture: str) -> None:
    """Answers with a picture once the page has been shown without it."""
    opened.page.wait_for_timeout(700)
    route.fulfill(body=picture, content_type="image/svg+xml")

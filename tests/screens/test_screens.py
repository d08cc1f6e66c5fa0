"""Every page is in the list of pictures, and nothing else is."""

import string
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from tests.screens.__main__ import Taken, index
from tests.screens.pages import NO_PAGES, NO_ROUTES, SCREENS

PAGES_OF_THE_API = {"api-reference", "api-problems", "api-schema"}


def named_routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """The names of the routes of pages; of the API only the pages that are read."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = f"{before}{pattern.pattern}"
        if not isinstance(pattern, URLPattern):
            yield from named_routes(pattern, whole)
        elif pattern.name and (not whole.startswith("api/") or pattern.name in PAGES_OF_THE_API):
            yield pattern.name


def test_every_named_route_is_a_page_with_pictures_or_says_why_not() -> None:
    shown = {screen.route for screen in SCREENS} - NO_ROUTES
    routes = set(named_routes())
    assert routes - shown - NO_PAGES.keys() == set()
    assert (shown | NO_PAGES.keys()) - routes == set()
    assert shown & NO_PAGES.keys() == set()


def test_no_two_pictures_are_kept_under_one_name() -> None:
    names = [(screen.name, role) for screen in SCREENS for role in screen.roles]
    assert len(names) == len(set(names))


def test_addresses_ask_only_for_examples_that_are_made() -> None:
    made = {"year", "submitted", "agency", "line", "cell", "block", "measure", "invitation", "password"}
    made |= {"checked", "refused"}
    asked = {field for screen in SCREENS for _, field, _, _ in string.Formatter().parse(screen.address) if field}
    assert asked <= made


def test_the_index_shows_each_picture_with_what_was_odd() -> None:
    taken = Taken(SCREENS[0], "anonymous", 390, "light", "programme-anonymous-390.png", ("scrolls <sideways>",))
    assert 'src="programme-anonymous-390.png"' in index([taken])
    assert "scrolls &lt;sideways&gt;" in index([taken])

"""Opens a page of the list as its reader would: by its address, by sending its form, or as the template it is."""

from collections.abc import Mapping

from playwright.sync_api import Error, Page

from tests.screens.pages import Screen


def open_screen(page: Page, base: str, screen: Screen, examples: Mapping[str, str]) -> int:
    """Brings a page up on a server; what that answered, 0 where nothing could be shown."""
    if screen.template:
        page.route(base + screen.address, lambda route: route.fulfill(status=screen.status, body=_as_it_is(screen)))
    status = _open(page, base + screen.address.format_map(examples))
    return status if screen.fills is None else _send(page, screen.fills)


def _open(page: Page, address: str) -> int:
    try:
        response = page.goto(address)
    except Error:
        return 0
    return response.status if response else 0


def _send(page: Page, fills: Mapping[str, str]) -> int:
    """Fills a form in and sends it; what that answered."""
    for name, value in fills.items():
        page.locator(f"main [name='{name}']").fill(value)
    with page.expect_navigation() as answered:
        page.locator("main form .govuk-button").first.click()
    return answered.value.status if answered.value else 0


def _as_it_is(screen: Screen) -> str:
    """A page that asks nobody for anything."""
    from django.template.loader import render_to_string

    return render_to_string(screen.template)

"""The sense checks and apportioning in a real browser: what is said while typing, and the pages for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pilots.models import Person, Place, Role
from tests.browser.conftest import Visit
from tests.grid.people import make_person

from .conftest import ADDRESS, GridPage


def test_a_mistyped_figure_is_asked_about_a_moment_after_it_was_saved(
    open_grid: Callable[..., GridPage], lead: Person
) -> None:
    grid = open_grid(lead)
    expect(grid.page.locator("#grid-checks summary")).to_have_text("One figure to check")
    grid.cell("E2234", "cultural").focus()
    grid.type("2633")
    grid.press("Enter")
    grid.wait_saved()
    expect(grid.page.locator("#grid-checks summary")).to_have_text("Two figures to check", timeout=10_000)
    grid.page.locator("#grid-checks summary").click()
    expect(grid.page.locator("#grid-checks li").first).to_contain_text("£2,633 is a thousandth of")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", [f"{ADDRESS}checks/", f"{ADDRESS}apportion/", "/programmes/total-place/inputs/"])
def test_the_pages_are_accessible_and_fit(
    open_grid: Callable[..., GridPage], lead: Person, kent: Place, address: str, width: int
) -> None:
    somebody = make_person("centre", Role.Kind.LEADERSHIP_CENTRE) if "inputs" in address else lead
    page = open_grid(somebody, address=address, width=width).page
    assert Visit(page).accessibility() == []
    assert page.evaluate("document.documentElement.scrollWidth") == width

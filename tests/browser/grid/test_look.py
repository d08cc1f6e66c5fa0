"""What axe-core, a phone, the dark theme and the security policy say of the grid."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pilots.models import Person, Place, Role
from pilots.progress.start_year import start_year
from tests.browser.conftest import Visit
from tests.browser.grid.conftest import GridPage
from tests.browser.grid.test_keyboard import DOVER, GRAVESHAM
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

OpenGrid = Callable[..., GridPage]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_wrong_with_a_grid_at_work(open_grid: OpenGrid, lead: Person, width: int, theme: str) -> None:
    grid = open_grid(lead, width=width, color_scheme=theme)
    grid.cell(DOVER, "cultural").focus()
    grid.type("£3.2m")
    grid.press("Tab")
    grid.type("7")
    grid.press("Tab")
    grid.wait_state(grid.cell(GRAVESHAM, "cultural"), "saved")
    grid.press("Shift+ArrowRight")
    grid.page.locator("#grid-panel h2").wait_for()
    assert Visit(grid.page).accessibility() == []


@pytest.mark.parametrize("query", ["?across=services", "?kind=capital", "?lines=recorded", "grid/paste/"])
def test_axe_finds_nothing_wrong_with_the_other_ways_to_look(open_grid: OpenGrid, lead: Person, query: str) -> None:
    assert Visit(open_grid(lead, query).page).accessibility() == []


def test_axe_finds_nothing_wrong_with_a_grid_that_is_only_read(open_grid: OpenGrid, kent: Place) -> None:
    grid = open_grid(make_person("centre", Role.Kind.LEADERSHIP_CENTRE), "?view=grid")
    assert grid.page.locator(".grid input:not([readonly])").count() == 0
    assert Visit(grid.page).accessibility() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_itself_never_scrolls_sideways(open_grid: OpenGrid, lead: Person, width: int) -> None:
    grid = open_grid(lead, width=width)
    assert grid.page.evaluate("document.documentElement.scrollWidth") <= width


def test_totals_stay_in_sight_on_both_edges(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    grid.page.evaluate("document.getElementById('grid-box').scrollTo(400, 300)")
    box = grid.page.locator("#grid-box").bounding_box()
    corner = grid.page.locator('tfoot [data-total="all"]').bounding_box()
    assert box
    assert corner
    assert abs(box["x"] + box["width"] - corner["x"] - corner["width"]) < 20
    assert abs(box["y"] + box["height"] - corner["y"] - corner["height"]) < 20


def test_the_page_asks_for_nothing_that_its_policy_refuses(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    complaints: list[str] = []
    grid.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    grid.page.on("pageerror", lambda error: complaints.append(str(error)))
    grid.page.reload()
    grid.cell(DOVER, "cultural").focus()
    grid.type("9")
    grid.press("Enter")
    grid.wait_saved()
    grid.page.locator("#grid-panel h2").wait_for()
    assert complaints == []


@pytest.mark.parametrize("width", [390, 360])
def test_on_a_phone_one_body_is_a_form_line_by_line(open_grid: OpenGrid, lead: Person, width: int) -> None:
    grid = open_grid(lead, f"?only={DOVER}", width=width)
    assert not grid.page.locator("#grid-choices").is_visible()
    box, cell = grid.page.locator("#grid-box").bounding_box(), grid.cell(DOVER, "cultural").bounding_box()
    assert grid.page.evaluate("document.getElementById('grid-box').scrollWidth") <= box["width"]
    assert cell["height"] >= 40
    assert cell["x"] + cell["width"] <= width
    assert float(grid.cell(DOVER, "cultural").evaluate("input => parseFloat(getComputedStyle(input).fontSize)")) >= 16
    grid.page.locator("#grid-fold summary").press("Enter")
    expect(grid.page.locator("select[name=only]")).to_have_value(DOVER)
    assert Visit(grid.page).accessibility() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_started_year_to_be_filled_in(
    open_grid: OpenGrid, lead: Person, kent: Place, theme: str
) -> None:
    start_year(kent, kent.programme.years.get(label="2011-12"), lead)
    grid = open_grid(lead, address="/places/kent/spend/2011-12/", color_scheme=theme)
    cell = grid.cell(DOVER, "cultural")
    box = cell.locator("xpath=..")
    assert box.get_attribute("data-marks") == "expected"
    assert Visit(grid.page).accessibility() == []
    cell.focus()
    grid.type("5")
    grid.press("Enter")
    grid.wait_saved()
    assert (box.get_attribute("data-marks"), cell.get_attribute("aria-describedby")) == (None, None)

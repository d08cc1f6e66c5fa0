"""What was typed and is not saved: told, put right from anywhere, never written where it does not belong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pilots.models import Person, Place, Role, SpendLine
from tests.browser.grid.conftest import ADDRESS, GridPage
from tests.browser.grid.test_keyboard import DOVER, GRAVESHAM, stored
from tests.browser.grid.test_saving import type_into
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

OpenGrid = Callable[..., GridPage]


@pytest.fixture
def grid(open_grid: OpenGrid, lead: Person) -> GridPage:
    grid = open_grid(lead)
    grid.page.on("dialog", lambda dialog: dialog.accept())
    return grid


@pytest.fixture
def away(grid: GridPage) -> GridPage:
    """A grid without a connection that has tried to send something of another cell already."""
    grid.page.context.set_offline(True)
    return grid


def test_a_cell_typed_twice_without_a_connection_is_asked_about_once_with_what_was_typed_last(
    away: GridPage, open_grid: OpenGrid, kent: Place
) -> None:
    type_into(away, DOVER, "cultural", "111")
    type_into(away, DOVER, "cultural", "222")
    away.wait_status("waiting for the connection")
    theirs = open_grid(make_person("other", Role.Kind.PLACE_LEAD, kent))
    type_into(theirs, DOVER, "cultural", "999")
    theirs.wait_saved()
    away.page.context.set_offline(False)
    away.wait_state(away.cell(DOVER, "cultural"), "conflict")
    away.wait_status("1 cell is not saved")
    [problem] = away.problems()
    assert "You typed 222; Other Example saved 999" in problem
    away.page.get_by_role("button", name="Keep mine").press("Enter")
    away.wait_saved()
    assert stored(DOVER, "cultural") == 222
    assert away.cell(DOVER, "cultural").input_value() == "222"


def test_a_cell_corrected_before_the_answer_came_is_saved_as_corrected(away: GridPage) -> None:
    type_into(away, DOVER, "cultural", "abc")
    type_into(away, DOVER, "cultural", "1500")
    away.page.context.set_offline(False)
    away.wait_saved()
    assert stored(DOVER, "cultural") == 1500
    assert away.page.locator("#grid-problems").is_hidden()
    away.page.reload()
    assert away.cell(DOVER, "cultural").input_value() == "1,500"


def test_a_bad_cell_of_a_block_corrected_before_the_answer_came_lets_the_rest_of_the_block_go(away: GridPage) -> None:
    away.set_clipboard("1\tabc\r\n")
    away.cell(DOVER, "law-courts").focus()
    away.press("Control+v")
    type_into(away, GRAVESHAM, "law-courts", "2")
    away.page.context.set_offline(False)
    away.wait_saved()
    assert [stored(DOVER, "law-courts"), stored(GRAVESHAM, "law-courts")] == [1, 2]


def test_a_refused_amount_of_other_money_is_put_right_where_that_is_shown(grid: GridPage) -> None:
    type_into(grid, DOVER, "cultural", "12k")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    grid.page.goto(f"{ADDRESS}?kind=capital")
    [problem] = grid.problems()
    assert "Dover, Cultural and related services (Revenue)." in problem
    box = grid.page.locator("#grid-problems")
    assert box.get_by_role("button").count() == 0
    box.get_by_role("link", name="Show Revenue").press("Enter")
    cell = grid.cell(DOVER, "cultural")
    expect(cell).to_be_focused()
    assert cell.input_value() == "12k"
    grid.page.get_by_role("button", name="Use £12,000").press("Enter")
    grid.wait_saved()
    lines = SpendLine.objects.filter(
        version__count__place__slug="kent",
        version__kind="working",
        agency__code=DOVER,
        service_line__code="cultural",
    )
    assert list(lines.values_list("amount", "is_capital")) == [(12_000, False)]


def test_what_a_refused_cell_of_a_branch_that_is_not_open_may_have_meant_is_one_press_away(grid: GridPage) -> None:
    type_into(grid, DOVER, "cultural", "3.2m")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    grid.page.goto(f"{ADDRESS}?branch=police")
    expect(grid.cell(DOVER, "cultural")).not_to_be_attached()
    grid.page.get_by_role("button", name="Use £3,200,000").press("Enter")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 3_200_000


def test_a_refused_cell_of_a_branch_that_is_not_open_is_gone_to_by_way_of_its_branch(grid: GridPage) -> None:
    type_into(grid, DOVER, "cultural", "3.2m")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    grid.page.goto(f"{ADDRESS}?branch=police")
    grid.page.get_by_role("link", name="Go to cell").press("Enter")
    cell = grid.cell(DOVER, "cultural")
    expect(cell).to_be_focused()
    assert cell.input_value() == "3.2m"
    expect(grid.page.locator('#grid-choices [name="branch"]')).to_have_value("recreation-culture")


def test_a_refused_cell_is_put_back_to_what_is_saved_after_the_page_was_loaded_again(grid: GridPage) -> None:
    type_into(grid, DOVER, "cultural", "12k")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    grid.page.reload()
    grid.page.get_by_role("button", name="Put back 2,633,000").press("Enter")
    grid.wait_saved()
    expect(grid.cell(DOVER, "cultural")).to_be_focused()
    assert grid.cell(DOVER, "cultural").input_value() == "2,633,000"
    assert stored(DOVER, "cultural") == 2_633_000


def test_a_block_that_waits_is_discarded_as_a_whole_after_the_page_was_loaded_again(grid: GridPage) -> None:
    grid.set_clipboard("1\t2\r\n3e6\t4\r\n")
    grid.cell(DOVER, "law-courts").focus()
    grid.press("Control+v")
    grid.wait_status("4 cells are not saved")
    grid.page.reload()
    grid.page.get_by_role("button", name="Discard these 4 cells").press("Enter")
    grid.wait_saved()
    cells = [(body, line) for body in (DOVER, GRAVESHAM) for line in ("law-courts", "prisons-probation")]
    assert [grid.cell(*cell).input_value() for cell in cells] == [""] * 4
    assert [stored(*cell) for cell in cells] == [None] * 4


def test_a_refusal_that_was_put_right_in_another_tab_is_over_in_this_one(
    grid: GridPage, opened: list[GridPage]
) -> None:
    type_into(grid, DOVER, "cultural", "12k")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    second = GridPage(grid.page.context.new_page())
    opened.append(second)
    second.page.goto(ADDRESS)
    second.page.get_by_role("button", name="Use £12,000").press("Enter")
    second.wait_saved()
    grid.wait_saved()
    assert grid.page.locator("#grid-problems").is_hidden()
    type_into(grid, GRAVESHAM, "cultural", "5")
    grid.wait_saved()
    second.page.reload()
    assert second.cell(DOVER, "cultural").input_value() == "12,000"
    assert second.page.locator("#grid-problems").is_hidden()


def test_a_dash_that_removes_a_line_says_so_where_everybody_reads_it(grid: GridPage) -> None:
    type_into(grid, DOVER, "cultural", "-")
    grid.wait_saved()
    assert stored(DOVER, "cultural") is None
    grid.wait_status("Dover, Cultural and related services: A dash")
    type_into(grid, GRAVESHAM, "cultural", "5")
    expect(grid.status()).to_have_text("All changes are saved", timeout=10_000)


def test_what_is_taken_back_in_a_branch_that_is_not_open_is_said(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead, "?branch=recreation-culture")
    type_into(grid, DOVER, "cultural", "5")
    grid.wait_saved()
    grid.page.locator("a[data-branch]").first.press("Enter")
    expect(grid.cell(DOVER, "cultural")).not_to_be_attached()
    grid.page.get_by_role("button", name="Undo").press("Enter")
    grid.wait_status("Taken back in a branch that is not open: Dover, Cultural and related services.")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 2_633_000

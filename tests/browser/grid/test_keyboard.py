"""The grid by keyboard alone, in a real browser with its real clipboard."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from pilots.models import Agency, Person, ServiceLine, SpendLine
from tests.browser.grid.conftest import GridPage

pytestmark = pytest.mark.browser

DOVER, GRAVESHAM, MAIDSTONE = "E2234", "E2236", "E2237"


@pytest.fixture
def grid(open_grid: Callable[..., GridPage], lead: Person) -> GridPage:
    return open_grid(lead)


def stored(body: str, service: str) -> Decimal | None:
    """What the working version holds of a cell."""
    return (
        SpendLine.objects.filter(
            version__count__place__slug="kent", version__kind="working", agency__code=body, service_line__code=service
        )
        .values_list("amount", flat=True)
        .first()
    )


def test_typing_saves_by_itself_on_leaving_the_cell_and_totals_follow(grid: GridPage) -> None:
    cell = grid.cell(DOVER, "cultural")
    cell.focus()
    grid.type("£1,234.5")
    assert stored(DOVER, "cultural") == 2_633_000
    grid.press("Enter")
    grid.wait_saved()
    assert cell.input_value() == "1,234.50"
    assert grid.state(cell) == "saved"
    assert stored(DOVER, "cultural") == Decimal("1234.50")
    assert grid.total("all") == "8,256,774,445.28"
    assert "£2,631,765.50 less than the official return" in grid.total("difference")


def test_arrows_enter_and_tab_move_as_in_a_spreadsheet(grid: GridPage) -> None:
    def focused() -> str:
        return grid.page.evaluate("document.activeElement.id")

    names = [(DOVER, "highways-transport"), (DOVER, "planning-development"), (GRAVESHAM, "planning-development")]
    at = {name: grid.cell(*name).get_attribute("id") for name in names}
    grid.cell(DOVER, "highways-transport").focus()
    grid.press("ArrowDown")
    assert focused() == at[DOVER, "planning-development"]
    grid.press("ArrowRight")
    assert focused() == at[GRAVESHAM, "planning-development"]
    grid.press("ArrowLeft", "ArrowUp", "Enter")
    assert focused() == at[DOVER, "planning-development"]
    grid.press("Tab")
    assert focused() == at[GRAVESHAM, "planning-development"]
    grid.press("Shift+Tab", "Shift+Enter")
    assert focused() == at[DOVER, "highways-transport"]


def test_f2_edits_within_a_cell_and_escape_restores_it(grid: GridPage) -> None:
    cell = grid.cell(DOVER, "cultural")
    cell.focus()
    grid.press("F2", "ArrowLeft", "Backspace")
    grid.type("7")
    assert cell.input_value() == "2,633,070"
    grid.press("Escape")
    assert cell.input_value() == "2,633,000"
    grid.press("F2", "ArrowLeft", "Backspace")
    grid.type("7")
    grid.press("Enter")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 2_633_070


def test_a_refused_cell_stays_as_typed_and_its_suggestion_is_one_press_away(grid: GridPage) -> None:
    cell = grid.cell(DOVER, "cultural")
    cell.focus()
    grid.type("£3.2m")
    grid.press("Enter")
    grid.wait_state(cell, "refused")
    assert cell.input_value() == "£3.2m"
    assert cell.get_attribute("aria-invalid") == "true"
    assert stored(DOVER, "cultural") == 2_633_000
    [problem] = grid.problems()
    assert "Dover, Cultural and related services." in problem
    assert "Did you mean 3,200,000.00?" in problem
    grid.page.get_by_role("button", name="Use £3,200,000").press("Enter")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 3_200_000
    assert grid.page.locator("#grid-problems").is_hidden()


def test_a_block_from_a_spreadsheet_is_one_action_and_leaves_the_row_below_alone(grid: GridPage) -> None:
    below = stored(DOVER, "planning-development")
    grid.cell(DOVER, "public-debt").focus()
    grid.set_clipboard("1\t2\r\n3.5\t(4)\r\n")
    grid.cell(DOVER, "police").focus()
    grid.press("Control+v")
    grid.wait_saved()
    assert [stored(DOVER, "police"), stored(GRAVESHAM, "police")] == [1, 2]
    assert [stored(DOVER, "fire-and-rescue"), stored(GRAVESHAM, "fire-and-rescue")] == [Decimal("3.5"), -4]
    assert stored(DOVER, "law-courts") is None
    assert stored(DOVER, "planning-development") == below
    grid.press("Control+z")
    grid.wait_saved()
    assert [stored(body, line) for body in (DOVER, GRAVESHAM) for line in ("police", "fire-and-rescue")] == [None] * 4
    assert grid.cell(DOVER, "police").input_value() == ""
    grid.press("Control+y")
    grid.wait_saved()
    assert stored(GRAVESHAM, "fire-and-rescue") == -4


def test_what_is_copied_pastes_into_a_spreadsheet_and_back(grid: GridPage) -> None:
    grid.cell(DOVER, "cultural").focus()
    grid.press("Shift+ArrowRight", "Shift+ArrowUp", "Control+c")
    assert grid.clipboard() == "\t\r\n2633000\t2417000"
    grid.cell(DOVER, "law-courts").focus()
    grid.press("Control+v")
    grid.wait_saved()
    assert stored(GRAVESHAM, "prisons-probation") == 2_417_000


def test_one_copied_cell_fills_the_selection(grid: GridPage) -> None:
    grid.set_clipboard("7\r\n")
    grid.cell(DOVER, "law-courts").focus()
    grid.press("Shift+ArrowDown", "Shift+ArrowRight", "Control+v")
    grid.wait_saved()
    cells = [(body, line) for body in (DOVER, GRAVESHAM) for line in ("law-courts", "prisons-probation")]
    assert [stored(*cell) for cell in cells] == [7] * 4


def test_fill_down_and_delete_are_one_action_each(grid: GridPage) -> None:
    grid.cell(DOVER, "cultural").focus()
    grid.press("Shift+ArrowRight", "Shift+ArrowDown", "Control+d")
    grid.wait_saved()
    assert [stored(DOVER, "education-services"), stored(GRAVESHAM, "education-services")] == [2_633_000, 2_417_000]
    grid.cell(DOVER, "cultural").focus()
    grid.press("Shift+ArrowRight", "Shift+ArrowDown", "Delete")
    grid.wait_saved()
    assert [stored(DOVER, "cultural"), stored(GRAVESHAM, "education-services")] == [None, None]
    grid.press("Control+z", "Control+z")
    grid.wait_saved()
    assert [stored(DOVER, "cultural"), stored(DOVER, "education-services")] == [2_633_000, None]
    line = SpendLine.objects.get(
        version__kind="working", version__count__place__slug="kent", agency__code=DOVER, service_line__code="cultural"
    )
    assert "Revenue outturn" in line.source


def test_a_paste_with_a_bad_cell_writes_nothing_until_it_is_put_right(grid: GridPage) -> None:
    grid.set_clipboard("1\t3e6\r\n2\t4\r\n")
    cell = grid.cell(DOVER, "law-courts")
    cell.focus()
    grid.press("Control+v")
    bad = grid.cell(GRAVESHAM, "law-courts")
    grid.wait_state(bad, "refused")
    assert (cell.input_value(), bad.input_value(), grid.state(cell)) == ("1", "3e6", "held")
    assert "3 other cells of the same block wait" in grid.page.locator("#grid-problems-title").inner_text()
    assert stored(DOVER, "law-courts") is None
    grid.page.get_by_role("link", name="Go to cell").press("Enter")
    grid.type("3,000,000")
    grid.press("Enter")
    grid.wait_saved()
    assert [stored(DOVER, "law-courts"), stored(GRAVESHAM, "law-courts")] == [1, 3_000_000]


def test_taking_back_a_refused_paste_leaves_the_grid_as_it_was(grid: GridPage) -> None:
    grid.set_clipboard("1\tnfp\r\n")
    grid.cell(DOVER, "cultural").focus()
    grid.press("Control+v")
    grid.wait_state(grid.cell(GRAVESHAM, "cultural"), "refused")
    grid.press("Control+z")
    grid.wait_saved()
    values = [grid.cell(body, "cultural").input_value() for body in (DOVER, GRAVESHAM)]
    assert values == ["2,633,000", "2,417,000"]
    assert stored(DOVER, "cultural") == 2_633_000


def test_a_block_that_does_not_fit_is_refused_whole(grid: GridPage) -> None:
    grid.set_clipboard("1\r\n" * 60)
    grid.cell(DOVER, "cultural").focus()
    grid.press("Control+v")
    assert "too many rows" in grid.problems()[0]
    assert grid.cell(DOVER, "cultural").input_value() == "2,633,000"


def test_a_block_with_names_goes_to_the_page_that_shows_what_it_would_do(grid: GridPage) -> None:
    grid.set_clipboard("Service line\tDover\tGravesham\r\nCultural and related services\t10\t20\r\nTotal\t10\t20\r\n")
    grid.cell(MAIDSTONE, "cultural").focus()
    grid.press("Control+v")
    grid.page.wait_for_url("**/grid/paste/")
    assert "2 totals" not in grid.page.content()
    assert "Two totals of the block were checked and not stored: all agree." in grid.page.inner_text("main")
    grid.page.get_by_role("button", name="Save two cells").press("Enter")
    grid.page.wait_for_url("**/spend/2010-11/")
    assert "Two cells saved" in grid.page.inner_text(".messages")
    assert [stored(DOVER, "cultural"), stored(GRAVESHAM, "cultural")] == [10, 20]
    assert stored(MAIDSTONE, "cultural") == 3_442_000


def test_every_pence_typed_in_the_browser_comes_back_exactly(grid: GridPage) -> None:
    amounts = [f"{whole}.{pence:02}" for whole, pence in zip(range(0, 9_000, 300), [*range(8, 100, 3)], strict=False)]
    bodies = list(Agency.objects.filter(memberships__place__slug="kent", gss_code__gt="").order_by("name"))[:6]
    lines = ["law-courts", "prisons-probation", "employment-skills", "waste-management", "public-health"]
    cells = [(body.code, line) for line in lines for body in bodies][: len(amounts)]
    for (body, line), amount in zip(cells, amounts, strict=True):
        grid.cell(body, line).focus()
        grid.type(amount)
        grid.press("Enter")
    grid.wait_saved()
    assert [f"{stored(*cell):.2f}" for cell in cells] == amounts
    shown = [grid.cell(*cell).input_value() for cell in cells]
    assert [Decimal(text.replace(",", "")) for text in shown] == [Decimal(amount) for amount in amounts]
    assert ServiceLine.objects.filter(code__in=lines).count() >= len(lines)


def test_names_and_one_column_of_amounts_are_of_the_body_they_were_pasted_at(grid: GridPage) -> None:
    grid.set_clipboard("Service line\tAmount\r\nCultural and related services\t10\r\n")
    grid.cell(GRAVESHAM, "law-courts").focus()
    grid.press("Control+v")
    grid.page.get_by_role("button", name="Save one cell").press("Enter")
    grid.page.wait_for_url("**/spend/2010-11/")
    assert [stored(DOVER, "cultural"), stored(GRAVESHAM, "cultural")] == [2_633_000, 10]


def test_the_state_of_the_count_follows_the_first_change(grid: GridPage) -> None:
    assert grid.total("status") == "Published"
    grid.cell(DOVER, "cultural").focus()
    grid.type("1")
    grid.press("Enter")
    grid.wait_saved()
    assert grid.total("status") == "Draft"


def test_the_link_past_the_grid_leads_past_it(grid: GridPage) -> None:
    link = grid.page.get_by_role("link", name="Skip the grid")
    link.focus()
    grid.press("Enter")
    grid.page.wait_for_timeout(300)
    expect(grid.page.locator("#grid-panel")).to_be_focused()
    grid.page.go_back()
    grid.page.wait_for_timeout(300)
    assert grid.page.evaluate("document.activeElement.closest('.grid')") is None


def test_going_back_to_a_branch_leaves_the_focus_outside_the_grid_where_it_is(
    open_grid: Callable[..., GridPage], lead: Person
) -> None:
    grid = open_grid(lead, "?branch=recreation-culture")
    grid.page.locator("a[data-branch]").first.press("Enter")
    expect(grid.cell(DOVER, "cultural")).not_to_be_attached()
    show = grid.page.locator("#grid-choices button")
    show.focus()
    grid.page.go_back()
    expect(grid.cell(DOVER, "cultural")).to_be_attached()
    expect(show).to_be_focused()
    expect(grid.page.locator('#grid-choices [name="branch"]')).to_have_value("recreation-culture")


def test_a_column_with_an_amount_in_words_is_pasted_where_it_was_meant(grid: GridPage) -> None:
    grid.set_clipboard("tbc\r\n5\r\n")
    grid.cell(DOVER, "law-courts").focus()
    grid.press("Control+v")
    grid.wait_state(grid.cell(DOVER, "law-courts"), "refused")
    assert grid.cell(DOVER, "law-courts").input_value() == "tbc"
    assert grid.state(grid.cell(DOVER, "prisons-probation")) == "held"


def test_a_whole_column_of_a_spreadsheet_pastes_its_amount_or_is_refused_in_plain_words(grid: GridPage) -> None:
    cell = grid.cell(DOVER, "law-courts")
    cell.focus()
    grid.set_clipboard("5\r\n" + "\r\n" * 200_000)
    grid.press("Control+v")
    grid.wait_saved()
    assert stored(DOVER, "law-courts") == 5
    grid.press("Control+z")
    grid.wait_saved()
    grid.set_clipboard("5\r\n" * 200_000)
    grid.press("Control+v")
    assert "The block is 200,000 by 1 cells" in grid.problems()[0]
    assert stored(DOVER, "law-courts") is None


def test_a_value_pasted_while_typing_goes_into_the_text_and_a_block_takes_its_place(grid: GridPage) -> None:
    cell = grid.cell(DOVER, "law-courts")
    cell.focus()
    grid.type("1")
    grid.set_clipboard("23")
    grid.press("Control+v")
    assert cell.input_value() == "123"
    grid.press("Enter")
    grid.wait_saved()
    cell.focus()
    grid.type("9")
    grid.set_clipboard("4\r\n5\r\n")
    grid.press("Control+v")
    grid.wait_saved()
    assert [stored(DOVER, line) for line in ("law-courts", "prisons-probation")] == [4, 5]
    grid.press("Control+z")
    grid.wait_saved()
    assert [stored(DOVER, line) for line in ("law-courts", "prisons-probation")] == [123, None]


def test_moving_up_a_scrolled_grid_keeps_the_cell_below_its_headings(grid: GridPage) -> None:
    grid.page.evaluate(
        """for (const name of document.querySelectorAll(".grid thead th[id]"))
            Object.assign(name.style, {minWidth: "60px", maxWidth: "60px"});"""
    )
    box = grid.page.locator("#grid-box")
    box.evaluate("box => box.scrollTop = box.scrollHeight")
    grid.cell(DOVER, "cultural").focus()
    for _ in range(30):
        grid.press("ArrowUp")
        covered = grid.page.evaluate(
            """() => document.querySelector(".grid thead th").getBoundingClientRect().bottom
                - document.activeElement.getBoundingClientRect().top"""
        )
        assert covered <= 1

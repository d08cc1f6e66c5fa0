"""Two people, a dropped connection, locks, no script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, expect

from pilots.grid.panel import add_comment
from pilots.models import Agency, History, Person, Place, Role, ServiceLine, SpendLine, Version
from tests.browser.grid.conftest import ADDRESS, GridPage
from tests.browser.grid.test_keyboard import DOVER, GRAVESHAM, stored
from tests.grid.conftest import set_status
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

OpenGrid = Callable[..., GridPage]


def type_into(grid: GridPage, body: str, service: str, text: str) -> None:
    grid.cell(body, service).focus()
    grid.type(text)
    grid.press("Enter")


@pytest.fixture
def two(open_grid: OpenGrid, lead: Person, kent: Place) -> tuple[GridPage, GridPage]:
    """The lead and a second lead, who have both opened the grid; the second one has typed already."""
    other = make_person("other", Role.Kind.PLACE_LEAD, kent)
    mine, theirs = open_grid(lead), open_grid(other)
    type_into(theirs, DOVER, "cultural", "820000")
    theirs.wait_saved()
    type_into(mine, DOVER, "cultural", "-820000")
    mine.wait_state(mine.cell(DOVER, "cultural"), "conflict")
    return mine, theirs


def test_two_people_at_one_cell_see_both_values_and_keep_mine(two: tuple[GridPage, GridPage]) -> None:
    mine, _ = two
    [problem] = mine.problems()
    assert "Other Example changed this meanwhile: it is now £820,000.00." in problem
    assert "You typed -820000; Other Example saved 820,000, " in problem
    assert stored(DOVER, "cultural") == 820_000
    mine.page.get_by_role("button", name="Keep mine").press("Enter")
    mine.wait_saved()
    assert stored(DOVER, "cultural") == -820_000
    # Neither value is lost: the history of the cell has both, with who saved them.
    line = SpendLine.objects.get(
        version__kind="working", version__count__place__slug="kent", agency__code=DOVER, service_line__code="cultural"
    )
    changes = History.objects.filter(table_name="pilots_spendline", row_id=line.pk, operation="update").order_by("id")
    people = [Person.objects.get(pk=change.actor_id).first_name for change in changes]
    assert list(zip(people, (change.after["amount"] for change in changes), strict=True)) == [
        ("Other", 820_000),
        ("Lead", -820_000),
    ]


def test_two_people_at_one_cell_take_theirs(two: tuple[GridPage, GridPage]) -> None:
    mine, _ = two
    mine.page.get_by_role("button", name="Take theirs").press("Enter")
    mine.wait_saved()
    assert mine.cell(DOVER, "cultural").input_value() == "820,000"
    assert stored(DOVER, "cultural") == 820_000
    type_into(mine, DOVER, "cultural", "5")
    mine.wait_saved()
    assert stored(DOVER, "cultural") == 5


def test_what_is_typed_without_a_connection_is_sent_when_it_is_back(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    grid.page.context.set_offline(True)
    type_into(grid, DOVER, "cultural", "1")
    type_into(grid, GRAVESHAM, "cultural", "2")
    type_into(grid, DOVER, "cultural", "3")
    grid.wait_status("Not saved yet: 3 changes, waiting for the connection")
    assert grid.state(grid.cell(DOVER, "cultural")) == "waiting"
    assert stored(DOVER, "cultural") == 2_633_000
    grid.page.context.set_offline(False)
    grid.wait_saved()
    assert [stored(DOVER, "cultural"), stored(GRAVESHAM, "cultural")] == [3, 2]


def test_unsent_changes_outlive_the_page(open_grid: OpenGrid, opened: list[GridPage], lead: Person) -> None:
    grid = open_grid(lead)
    warned = []

    def accept(dialog: Dialog) -> None:
        warned.append(dialog.type)
        dialog.accept()

    grid.page.on("dialog", accept)
    grid.page.context.set_offline(True)
    type_into(grid, DOVER, "cultural", "1,234")
    grid.wait_status("waiting for the connection")
    grid.page.close(run_before_unload=True)
    grid.page.wait_for_event("close")
    assert warned == ["beforeunload"]
    assert stored(DOVER, "cultural") == 2_633_000
    context = grid.page.context
    context.set_offline(False)
    again = GridPage(context.new_page())
    opened.append(again)
    again.page.goto(ADDRESS)
    again.wait_saved()
    assert again.cell(DOVER, "cultural").input_value() == "1,234"
    assert stored(DOVER, "cultural") == 1_234


def test_a_refused_cell_outlives_the_page_too(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    type_into(grid, DOVER, "cultural", "12k")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    grid.page.on("dialog", lambda dialog: dialog.accept())
    grid.page.goto(ADDRESS)
    assert grid.cell(DOVER, "cultural").input_value() == "12k"
    assert "Did you mean 12,000.00?" in grid.problems()[0]


def test_a_connection_lost_while_somebody_else_types_ends_in_a_question(
    open_grid: OpenGrid, lead: Person, kent: Place
) -> None:
    mine = open_grid(lead)
    mine.page.context.set_offline(True)
    type_into(mine, DOVER, "cultural", "1")
    mine.wait_status("waiting for the connection")
    theirs = open_grid(make_person("other", Role.Kind.PLACE_LEAD, kent))
    type_into(theirs, DOVER, "cultural", "2")
    theirs.wait_saved()
    mine.page.context.set_offline(False)
    mine.wait_state(mine.cell(DOVER, "cultural"), "conflict")
    assert stored(DOVER, "cultural") == 2


def test_a_count_that_was_submitted_meanwhile_refuses_and_keeps_what_was_typed(
    open_grid: OpenGrid, lead: Person, kent: Place
) -> None:
    grid = open_grid(lead)
    set_status(Version.objects.get(count__place=kent, kind="working"), "submitted", lead)
    type_into(grid, DOVER, "cultural", "1")
    grid.wait_state(grid.cell(DOVER, "cultural"), "refused")
    assert "The count is submitted" in grid.problems()[0]
    assert grid.cell(DOVER, "cultural").input_value() == "1"
    grid.page.on("dialog", lambda dialog: dialog.accept())
    grid.page.reload()
    assert grid.cell(GRAVESHAM, "cultural").get_attribute("readonly") is not None


def test_without_script_the_same_form_saves(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead, scripts=False)
    grid.cell(DOVER, "cultural").fill("£1,234.5")
    grid.cell(GRAVESHAM, "cultural").fill("3e6")
    grid.page.get_by_role("button", name="Save what is shown").click()
    assert grid.cell(DOVER, "cultural").input_value() == "£1,234.5"
    assert "scientific notation" in grid.problems()[0]
    grid.cell(GRAVESHAM, "cultural").fill("7")
    grid.page.get_by_role("button", name="Save what is shown").click()
    assert "Two changes saved." in grid.page.inner_text(".messages")
    assert stored(GRAVESHAM, "cultural") == 7


def test_the_panel_tells_what_a_cell_rests_on_and_keeps_comments(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    type_into(grid, DOVER, "cultural", "9")
    grid.wait_saved()
    grid.cell(DOVER, "cultural").focus()
    panel = grid.page.locator("#grid-panel")
    panel.get_by_text("Cultural and related services").wait_for()
    assert "£9.00, was £2,633,000.00 Lead Example" in panel.inner_text()
    basis = panel.get_by_label("What it rests on")
    basis.focus()
    basis.select_option("estimate")
    grid.press("Tab")
    panel.get_by_text("what it rests on: Estimate").wait_for()
    panel.get_by_label("Say something").fill("Half the year only?")
    panel.get_by_role("button", name="Add comment").press("Enter")
    panel.get_by_text("Half the year only?").wait_for()
    type_into(grid, DOVER, "cultural", "10")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 10


def test_who_else_edits_is_told_without_interrupting(two: tuple[GridPage, GridPage]) -> None:
    mine, theirs = two
    theirs.press("ArrowDown")
    expect(theirs.page.locator("#grid-present")).to_contain_text("Lead Example is editing Dover", timeout=10_000)
    line = mine.page.locator("#grid-present")
    expect(line).to_contain_text("Other Example is editing Dover", timeout=10_000)
    assert line.evaluate("element => element.closest('[aria-live], [role=status], [role=alert]')") is None


def test_a_link_to_a_cell_leads_into_it_with_what_was_said_of_it(
    open_grid: OpenGrid, lead: Person, kent: Place
) -> None:
    dover = Agency.objects.get(code=DOVER, programme=kent.programme)
    line = ServiceLine.objects.get(code="cultural", programme=kent.programme)
    add_comment(Version.objects.get(count__place=kent, kind="working"), dover, line, "Half the year only?", lead)
    grid = open_grid(lead, f"?view=grid&branch=cultural#c-{dover.pk}-{line.pk}")
    expect(grid.cell(DOVER, "cultural")).to_be_focused()
    expect(grid.page.locator("#grid-panel")).to_contain_text("Half the year only?")
    assert grid.cell(DOVER, "cultural").get_attribute("aria-describedby") == "mark-comment"


def test_shift_and_f2_says_something_of_a_cell_and_escape_leads_back(open_grid: OpenGrid, lead: Person) -> None:
    grid = open_grid(lead)
    cell = grid.cell(DOVER, "cultural")
    cell.focus()
    grid.press("Shift+F2")
    expect(grid.page.get_by_label("Say something")).to_be_focused()
    grid.type("Half the year only?")
    grid.press("Tab", "Enter")
    expect(grid.page.locator("#grid-panel [data-comments]")).to_contain_text("Half the year only?")
    expect(cell.locator("xpath=..")).to_have_attribute("data-marks", "comment")
    grid.press("Escape")
    expect(cell).to_be_focused()
    grid.press("F6", "F6", "F6")
    expect(cell).to_be_focused()

"""The panel beside the grid keeps what is typed into it, whatever is drawn and saved meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from pilots.models import CellComment, History, Person, Place, Role, SpendLine
from pilots.spend.write import change_line
from tests.browser.grid.conftest import GridPage
from tests.browser.grid.test_keyboard import DOVER, GRAVESHAM, stored
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

OpenGrid = Callable[..., GridPage]


@pytest.fixture
def grid(open_grid: OpenGrid, lead: Person) -> GridPage:
    grid = open_grid(lead)
    go_to(grid, DOVER)
    return grid


def go_to(grid: GridPage, body: str) -> None:
    grid.cell(body, "cultural").focus()
    expect(panel(grid).locator("h2")).to_have_text({DOVER: "Dover", GRAVESHAM: "Gravesham"}[body], timeout=10_000)


def panel(grid: GridPage) -> Locator:
    return grid.page.locator("#grid-panel")


def slowly(route: Route) -> None:
    """An answer that comes while somebody types on."""
    answer = route.fetch()
    route.request.frame.page.wait_for_timeout(300)
    route.fulfill(response=answer)


def line_of(body: str, service: str = "cultural") -> SpendLine:
    return SpendLine.objects.get(
        version__kind="working", version__count__place__slug="kent", agency__code=body, service_line__code=service
    )


def history_says(grid: GridPage, words: str) -> None:
    expect(panel(grid).locator('[data-part="history"]')).to_contain_text(words, timeout=10_000)


def test_a_note_typed_while_the_source_is_saved_is_kept_letter_for_letter(grid: GridPage) -> None:
    grid.page.route("**/grid/cell/**", slowly)
    panel(grid).get_by_label("Source").fill("Ledger")
    panel(grid).get_by_label("Source").focus()
    grid.press("Tab")
    note = panel(grid).get_by_label("Note")
    expect(note).to_be_focused()
    grid.press("Control+a")
    grid.page.keyboard.type("Agreed with the treasurer on Monday", delay=30)
    history_says(grid, "source: Ledger")
    assert note.input_value() == "Agreed with the treasurer on Monday"
    grid.press("Tab")
    history_says(grid, "note: Agreed with the treasurer on Monday")
    line = line_of(DOVER)
    assert (line.source, line.note) == ("Ledger", "Agreed with the treasurer on Monday")


def test_a_basis_chosen_with_the_arrows_is_saved_once_on_leaving_it(grid: GridPage) -> None:
    before = line_of(DOVER)
    basis = panel(grid).get_by_label("What it rests on")
    basis.focus()
    grid.press("ArrowDown", "ArrowDown")
    chosen = basis.input_value()
    assert chosen != before.basis
    grid.press("Tab")
    history_says(grid, "what it rests on")
    assert line_of(DOVER).basis == chosen
    assert "Somebody" not in panel(grid).inner_text()
    assert History.objects.filter(table_name="pilots_spendline", row_id=before.pk, operation="update").count() == 1


def test_a_half_written_comment_outlives_a_saved_form_and_other_cells(grid: GridPage) -> None:
    comment = panel(grid).get_by_label("Say something")
    comment.fill("Half the year")
    panel(grid).get_by_label("Source").fill("Ledger")
    panel(grid).get_by_label("Source").focus()
    grid.press("Tab")
    history_says(grid, "source: Ledger")
    assert comment.input_value() == "Half the year"
    go_to(grid, GRAVESHAM)
    assert comment.input_value() == ""
    go_to(grid, DOVER)
    assert comment.input_value() == "Half the year"
    comment.fill("Half the year only?")
    panel(grid).get_by_role("button", name="Add comment").press("Enter")
    expect(panel(grid).locator("[data-comments]")).to_contain_text("Half the year only?")
    assert comment.input_value() == ""
    assert CellComment.objects.get().agency.code == DOVER


def test_a_note_is_saved_behind_the_amount_that_was_typed_just_before(grid: GridPage) -> None:
    grid.page.route("**/grid/cells/", slowly)
    grid.type("4321")
    grid.press("F6")
    note = panel(grid).get_by_label("Note")
    note.focus()
    grid.press("Control+a")
    grid.type("From the ledger")
    grid.press("Tab")
    history_says(grid, "note: From the ledger")
    assert stored(DOVER, "cultural") == 4321
    assert line_of(DOVER).note == "From the ledger"
    assert "Somebody" not in panel(grid).inner_text()
    assert note.input_value() == "From the ledger"


def test_a_form_appears_for_the_first_amount_of_a_cell_while_somebody_is_in_the_panel(grid: GridPage) -> None:
    grid.cell(DOVER, "law-courts").focus()
    expect(panel(grid)).to_contain_text("None recorded", timeout=10_000)
    grid.type("50")
    grid.press("F6")
    panel(grid).get_by_label("Note").wait_for(timeout=10_000)
    panel(grid).get_by_label("Note").focus()
    grid.type("From the ledger")
    grid.press("Tab")
    history_says(grid, "note: From the ledger")
    assert line_of(DOVER, "law-courts").note == "From the ledger"


def test_a_line_that_somebody_else_described_meanwhile_asks_and_keeps_what_was_typed(
    grid: GridPage, kent: Place
) -> None:
    line = line_of(DOVER)
    other = make_person("other", Role.Kind.PLACE_LEAD, kent)
    change_line(line.version, line.pk, {"source": "Their ledger"}, line.row_version, other, "page")
    note = panel(grid).get_by_label("Note")
    note.fill("Mine")
    note.focus()
    grid.press("Tab")
    alert = panel(grid).get_by_role("alert")
    expect(alert).to_contain_text("Somebody changed this line meanwhile, so nothing was saved.")
    assert note.input_value() == "Mine"
    assert panel(grid).get_by_label("Source").input_value() == "Their ledger"
    panel(grid).get_by_role("button", name="Save").press("Enter")
    history_says(grid, "note: Mine")
    line.refresh_from_db()
    assert (line.source, line.note) == ("Their ledger", "Mine")

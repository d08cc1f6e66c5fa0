"""Somebody is signed out while the grid is open, and signs in again in another tab."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from pilots.models import CellComment, Person, Place, Role
from tests.browser.grid.conftest import ADDRESS, GridPage
from tests.browser.grid.keyboard import PASSWORD, AtKeyboard
from tests.browser.grid.test_keyboard import DOVER, GRAVESHAM, stored
from tests.browser.grid.test_saving import type_into
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

OpenGrid = Callable[..., GridPage]


def known(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def grid(open_grid: OpenGrid, lead: Person) -> GridPage:
    grid = open_grid(known(lead))
    grid.page.on("dialog", lambda dialog: dialog.accept())
    return grid


def sign_in_elsewhere(grid: GridPage, opened: list[GridPage], person: Person) -> None:
    elsewhere = GridPage(grid.page.context.new_page())
    opened.append(elsewhere)
    AtKeyboard(elsewhere.page).sign_in(person.username, "/accounts/")
    elsewhere.wait_quiet()


def test_what_is_typed_after_signing_in_again_elsewhere_is_saved(
    grid: GridPage, opened: list[GridPage], lead: Person
) -> None:
    grid.page.context.clear_cookies(name="sessionid")
    sign_in_elsewhere(grid, opened, lead)
    type_into(grid, DOVER, "cultural", "5")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 5


def test_whoever_is_signed_out_is_told_where_to_sign_in_and_what_they_typed_goes_on_then(
    grid: GridPage, opened: list[GridPage], lead: Person
) -> None:
    Session.objects.all().delete()
    type_into(grid, DOVER, "cultural", "5")
    grid.wait_status("Not saved: 1 change. You are signed out.")
    link = grid.status().get_by_role("link", name="Sign in again")
    assert link.get_attribute("target") == "_blank"
    assert stored(DOVER, "cultural") == 2_633_000
    sign_in_elsewhere(grid, opened, lead)
    grid.status().get_by_role("button", name="Try again").press("Enter")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 5


def test_coming_back_to_the_tab_after_signing_in_again_sends_what_waits(
    grid: GridPage, opened: list[GridPage], lead: Person
) -> None:
    Session.objects.all().delete()
    type_into(grid, DOVER, "cultural", "5")
    grid.wait_status("You are signed out.")
    sign_in_elsewhere(grid, opened, lead)
    grid.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    grid.wait_saved()
    assert stored(DOVER, "cultural") == 5


def test_what_somebody_typed_is_not_sent_as_whoever_signed_in_after_them(
    grid: GridPage, opened: list[GridPage], kent: Place
) -> None:
    other = known(make_person("other", Role.Kind.PLACE_LEAD, kent))
    grid.page.context.clear_cookies(name="sessionid")
    sign_in_elsewhere(grid, opened, other)
    type_into(grid, DOVER, "cultural", "5")
    grid.wait_status("Somebody else is signed in in this browser now.")
    assert stored(DOVER, "cultural") == 2_633_000


def test_a_comment_of_somebody_signed_out_stays_in_the_panel_until_they_sign_in_again(
    grid: GridPage, opened: list[GridPage], lead: Person
) -> None:
    grid.cell(DOVER, "cultural").focus()
    panel = grid.page.locator("#grid-panel")
    comment = panel.get_by_label("Say something")
    comment.fill("Half the year only?", timeout=10_000)
    Session.objects.all().delete()
    panel.get_by_role("button", name="Add comment").press("Enter")
    expect(panel.get_by_role("status")).to_contain_text("you are signed out")
    panel.get_by_role("link", name="Sign in again").wait_for()
    assert comment.input_value() == "Half the year only?"
    assert panel.locator("h2").inner_text() == "Dover"
    sign_in_elsewhere(grid, opened, lead)
    panel.get_by_role("button", name="Add comment").press("Enter")
    expect(panel.locator("[data-comments]")).to_contain_text("Half the year only?")
    assert CellComment.objects.count() == 1
    assert ADDRESS in grid.page.url


def test_a_cell_gone_to_while_signed_out_leaves_the_panel_as_it_is(grid: GridPage) -> None:
    grid.cell(DOVER, "cultural").focus()
    panel = grid.page.locator("#grid-panel")
    panel.get_by_label("Say something").fill("Half the year only?", timeout=10_000)
    Session.objects.all().delete()
    grid.cell(GRAVESHAM, "cultural").focus()
    expect(panel.get_by_role("status")).to_contain_text("You are signed out", timeout=10_000)
    assert panel.locator("h2").inner_text() == "Dover"
    assert panel.get_by_label("Say something").input_value() == "Half the year only?"
    assert panel.get_by_label("Password").count() == 0

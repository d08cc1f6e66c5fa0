"""Pressing a bar, a flow, a row or a cell shows that part on every figure; the address keeps it, back undoes it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KENT = "/places/kent/"
COUNTY = "E2221"


@pytest.fixture
def open_page(live_server: Any, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    def open_and_mark(address: str, **options: Any) -> Visit:
        opened = visit(f"{live_server.url}{address}", **options)
        if options.get("scripts", True):
            opened.page.evaluate("window.isSamePage = true")
        return opened

    return open_and_mark


def bodies_shown(page: Page) -> int:
    return page.locator("#who-does-what tbody tr").count()


def is_the_same_page(page: Page) -> bool:
    return page.evaluate("window.isSamePage === true")


def test_a_bar_that_is_pressed_narrows_the_other_charts_and_tables_and_back_undoes_it(
    open_page: Callable[..., Visit],
) -> None:
    opened = open_page(KENT)
    page = opened.page
    opened.draw_charts()
    ways = page.locator("#ways .figure-table").text_content()
    page.locator("#spend .nsewdrag").scroll_into_view_if_needed()
    bar = page.locator("#spend .annotation-text", has_text="Kent County Council").first.bounding_box()
    assert bar is not None
    page.mouse.click(bar["x"] + 20, bar["y"] + 36)
    expect(page).to_have_url(re.compile(f"body={COUNTY}&service=education"))
    expect(page.locator(".part-words")).to_contain_text("Kent County Council spends £1.18bn on education here")
    assert bodies_shown(page) == 1
    assert page.locator("#ways .figure-table").text_content() != ways
    expect(page.locator("#status")).to_contain_text("Kent County Council spends £1.18bn on education")
    opened.draw_charts()
    expect(page.locator("#spend .chart-plot")).not_to_contain_text("Department for Work and Pensions")
    page.go_back()
    expect(page.locator(".part-words")).to_have_count(0)
    assert bodies_shown(page) == 17
    page.go_forward()
    expect(page.locator(".part-words")).to_contain_text("on education here")
    assert is_the_same_page(page)
    assert opened.violations() == []
    assert opened.complaints == []


def test_the_same_by_keyboard_and_the_reader_stays_on_the_chart(open_page: Callable[..., Visit]) -> None:
    opened = open_page(KENT)
    opened.draw_charts()
    page = opened.page
    page.locator("#flows .chart").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#flows .chart-said")).to_contain_text("Department for Work and Pensions")
    page.keyboard.press("Enter")
    expect(page.locator(".part-words")).to_contain_text("Department for Work and Pensions spends £2.83bn")
    assert page.evaluate("document.activeElement.closest('.figure')?.id") == "flows"
    assert is_the_same_page(page)


def test_a_cell_of_the_heat_map_chooses_body_and_service_and_stays_where_it_was(
    open_page: Callable[..., Visit],
) -> None:
    page = open_page(KENT).page
    cell = page.locator("#who-does-what tbody tr", has_text="Thanet").locator("td a").first
    cell.scroll_into_view_if_needed()
    top = page.evaluate("document.getElementById('who-does-what').getBoundingClientRect().top")
    cell.click()
    expect(page.locator(".part-words")).to_contain_text("Thanet spends")
    assert "service=" in page.url
    now = page.evaluate("document.getElementById('who-does-what').getBoundingClientRect().top")
    assert abs(now - top) < 2 or page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    assert is_the_same_page(page)


def test_what_is_chosen_is_let_go_by_pressing_it_again(open_page: Callable[..., Visit]) -> None:
    page = open_page(f"{KENT}?body={COUNTY}&scenario=high").page
    link = page.locator("#who-does-what tbody th a")
    assert link.get_attribute("aria-current") == "true"
    link.click()
    expect(page.locator(".part-words")).to_have_count(0)
    assert page.url.endswith("?scenario=high")


@pytest.mark.parametrize("figure", ["spend", "flows"])
def test_the_rows_of_a_table_are_plain_links_where_there_is_no_script(
    open_page: Callable[..., Visit], figure: str
) -> None:
    page = open_page(KENT, scripts=False).page
    page.locator(f"#{figure} .figure-table").get_by_role("link", name="Kent Police Authority").first.click()
    expect(page.locator(".part-words")).to_contain_text("Kent Police Authority spends £270m")
    page.locator("#pairs").get_by_role("link", name="NHS primary care trusts").first.click()
    expect(page.locator(".part-words")).to_contain_text("NHS primary care trusts spends")


def test_another_case_is_shown_without_a_reload_where_the_reader_is(open_page: Callable[..., Visit]) -> None:
    page = open_page("/").page
    page.locator(".provenance").get_by_role("link", name="High").click()
    expect(page).to_have_url(re.compile("scenario=high"))
    expect(page.locator(".provenance [aria-current=true]").last).to_have_text("High")
    expect(page.locator("#ways .figure-about")).to_contain_text("high case")
    assert is_the_same_page(page)
    page.go_back()
    expect(page.locator("#ways .figure-about")).to_contain_text("central case")


def test_a_file_is_still_a_file(open_page: Callable[..., Visit]) -> None:
    page = open_page(KENT).page
    with page.expect_download() as download:
        page.locator("#spend .exports").get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "kent-spend.csv"

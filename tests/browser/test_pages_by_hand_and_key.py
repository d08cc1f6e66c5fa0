"""What a reader does with figures: walks over a chart by key, saves it, narrows the page, asks what a word means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KENT = "/places/kent/"
NEW_PAGES = ["/tour/", "/places/kent/?body=E2221", "/places/kent/savings/", "/places/kent/?service=public-order"]


@pytest.fixture
def open_page(live_server: Any, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    return lambda address, **options: visit(f"{live_server.url}{address}", **options)


@pytest.mark.parametrize("figure", ["spend", "flows"])
def test_the_arrow_keys_go_from_point_to_point_and_each_is_announced(
    open_page: Callable[..., Visit], figure: str
) -> None:
    opened = open_page(KENT)
    opened.draw_charts()
    chart, said = opened.page.locator(f"#{figure} .chart"), opened.page.locator(f"#{figure} .chart-said")
    chart.focus()
    opened.page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("Department for Work and Pensions")
    first = said.inner_text()
    opened.page.keyboard.press("ArrowRight")
    assert said.inner_text() != first
    opened.page.keyboard.press("Home")
    assert said.inner_text() == first
    assert "£" in first
    opened.page.keyboard.press("Escape")
    assert said.inner_text() == ""
    assert opened.violations() == []


def test_on_paper_the_flows_are_whole_and_fit(open_page: Callable[..., Visit]) -> None:
    opened = open_page(KENT)
    opened.draw_charts()
    opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.page.wait_for_function("document.querySelector('#flows .main-svg').width.baseVal.value === 680")
    # A printer takes what stands there at that moment.
    faint = "flows => flows.filter(({ style }) => style.opacity !== '1').length"
    assert opened.page.locator("#flows .sankey-link").evaluate_all(faint) == 0
    assert opened.page.locator("#flows .sankey-node").evaluate_all(faint) == 0


@pytest.mark.parametrize(("picture", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_chart_is_saved_as_a_picture_with_its_title(
    open_page: Callable[..., Visit], picture: str, begins: bytes
) -> None:
    opened = open_page(KENT)
    opened.draw_charts()
    with opened.page.expect_download() as download:
        opened.page.locator(f'#ways [data-save="{picture}"]').click()
    assert download.value.suggested_filename == f"places-kent-ways.{picture}"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(begins)
    if picture == "svg":
        assert "Shared back office" in content.decode()
        assert "Total Place · 2010-11 · Official returns" in content.decode()
        assert "by joining up" in content.decode()
    assert opened.violations() == []


@pytest.mark.parametrize(("picture", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_the_map_is_saved_as_a_picture_that_stands_alone(
    open_page: Callable[..., Visit], picture: str, begins: bytes
) -> None:
    opened = open_page("/", theme="dark")
    with opened.page.expect_download() as download:
        opened.page.locator(f'#map [data-save="{picture}"]').click()
    assert download.value.suggested_filename == f"programme-map.{picture}"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(begins)
    if picture == "svg":
        assert "Pilots that span several large councils" in content.decode()
        assert "class=" not in content.decode()
        assert 'fill="rgb(155, 43, 141)"' in content.decode(), "the colours are those of the light theme"
    assert opened.violations() == []
    assert opened.complaints == []


def test_a_body_is_chosen_without_a_script_and_the_back_button_undoes_it(open_page: Callable[..., Visit]) -> None:
    page = open_page(KENT, scripts=False).page
    page.locator("#part-body").select_option(label="Kent County Council")
    page.locator(".part-form button").click()
    expect(page.locator(".part-words")).to_contain_text("Kent County Council spends £1.97bn here")
    assert "body=E2221" in page.url
    assert page.locator("#who-does-what tbody tr").count() == 1
    page.go_back()
    assert page.locator("#who-does-what tbody tr").count() == 17


def test_a_press_on_a_body_of_the_heat_map_narrows_the_page(open_page: Callable[..., Visit]) -> None:
    page = open_page(KENT).page
    page.locator("#who-does-what").get_by_role("link", name="Thanet").click()
    expect(page.locator(".part-words")).to_contain_text("Thanet spends")
    page.get_by_role("link", name="Show all of Kent").click()
    expect(page.locator(".part-words")).to_have_count(0)


def test_a_word_says_what_it_means_without_a_script(open_page: Callable[..., Visit]) -> None:
    page = open_page(KENT, scripts=False).page
    word = page.locator("#pairs .term").first
    word.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".term-meaning:popover-open")).to_contain_text("never added up")
    page.keyboard.press("Escape")
    expect(page.locator(".term-meaning:popover-open")).to_have_count(0)


@pytest.mark.parametrize("address", NEW_PAGES)
def test_axe_finds_nothing_wrong_with_the_new_pages(open_page: Callable[..., Visit], address: str) -> None:
    opened = open_page(address)
    opened.draw_charts()
    assert opened.accessibility() == []
    opened.page.emulate_media(color_scheme="dark")
    assert opened.accessibility() == []
    assert opened.violations() == []
    assert opened.complaints == []


@pytest.mark.parametrize("address", NEW_PAGES)
def test_at_320_pixels_the_new_pages_do_not_scroll_sideways(open_page: Callable[..., Visit], address: str) -> None:
    opened = open_page(address, width=320)
    opened.draw_charts()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320

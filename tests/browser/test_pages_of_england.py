"""The pages on the shipped data in a real browser: policy, themes, widths, keyboard, and figures that arrive late."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from mapping.models import CurrentMap
from tests.browser.conftest import Visit
from tests.pages.mapping.places_of_england import published, without_map

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROGRAMME, KENT = "/", "/places/kent/"
PAGES = [
    PROGRAMME,
    "/?kind=all",
    KENT,
    "/places/kent/?show=exact&open=economic-affairs",
    "/places/lewisham/savings/",
    "/places/kent/reconciliation/",
    "/levers/",
    "/method/",
    "/places/kentt/",
]


@pytest.fixture
def open_page(live_server: Any, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    """Opens an address of the product: `open_page("/", width=390)`."""
    return lambda address, **options: visit(f"{live_server.url}{address}", **options)


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_wrong_in_light_or_dark_and_nothing_is_refused_or_complained_of(
    open_page: Callable[..., Visit], address: str
) -> None:
    opened = open_page(address)
    opened.draw_charts()
    assert opened.accessibility() == []
    opened.page.emulate_media(color_scheme="dark")
    assert opened.accessibility() == []
    assert opened.violations() == []
    assert [words for words in opened.complaints if "404" not in words] == []


@pytest.mark.parametrize("address", PAGES)
def test_from_320_pixels_on_only_tables_in_their_boxes_scroll_sideways(
    open_page: Callable[..., Visit], address: str
) -> None:
    opened = open_page(address, width=320)
    opened.draw_charts()
    for narrow in (320, 810, 1010):
        opened.page.set_viewport_size({"width": narrow, "height": 900})
        assert opened.page.evaluate("document.documentElement.scrollWidth") == narrow


@pytest.mark.parametrize(("address", "width"), [(PROGRAMME, 1280), (PROGRAMME, 390), (KENT, 1280), (KENT, 390)])
def test_nothing_moves_when_charts_and_fonts_arrive(open_page: Callable[..., Visit], address: str, width: int) -> None:
    opened = open_page(address, width=width)
    opened.page.evaluate(
        """() => { window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
            { window.moved += entry.value; })).observe({type: "layout-shift", buffered: true}); }"""
    )
    opened.draw_charts()
    assert opened.page.evaluate("window.moved") < 0.05


def test_an_area_of_the_map_leads_to_its_place_by_keyboard(open_page: Callable[..., Visit]) -> None:
    page = open_page(PROGRAMME).page
    page.locator(".skip-map").focus()
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    assert first.startswith("/places/")
    area = page.locator(".map a[href='/places/kent/']")
    area.focus()
    assert area.locator("path").evaluate("path => getComputedStyle(path).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Kent’s 17 public bodies")


def test_the_map_can_be_skipped_in_one_step(open_page: Callable[..., Visit]) -> None:
    page = open_page(PROGRAMME).page
    page.locator(".skip-map").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.map') === null")


def test_the_map_needs_no_script_and_each_borough_of_london_can_be_pressed(open_page: Callable[..., Visit]) -> None:
    page = open_page(PROGRAMME, width=390, scripts=False).page
    page.locator(".map a[href='/places/lewisham/'] path").click()
    expect(page.locator("h1")).to_contain_text("Lewisham’s 4 public bodies")


def test_labels_of_the_map_keep_clear_of_each_other_at_every_width(open_page: Callable[..., Visit]) -> None:
    page = open_page(PROGRAMME).page
    for width in (320, 390, 820, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        boxes = page.locator(".map text").evaluate_all(
            "words => words.map(word => { const {left, right, top, bottom} = word.getBoundingClientRect();"
            " return [left, right, top + 3, bottom - 3]; })"
        )
        assert len(boxes) == 14
        assert min(box[0] for box in boxes) >= 0
        assert max(box[1] for box in boxes) <= width
        assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if overlap(a, b)], width


def overlap(a: list[float], b: list[float]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def test_the_bars_of_a_chart_say_what_its_table_says(open_page: Callable[..., Visit]) -> None:
    opened = open_page(PROGRAMME)
    opened.draw_charts()
    page = opened.page
    said = page.locator("#ways .chart").inner_text()
    page.locator("#ways-table").check(force=True)
    for row in page.locator("#ways .figure-table tbody tr").all():
        name, joined = row.locator("th").inner_text(), row.locator("td").first.inner_text()
        millions = round(float(joined.replace(",", "")) / 1_000_000)
        assert name in said
        assert f"£{millions}m" in said


def test_a_page_that_waits_for_its_map_shows_it_by_itself_once_it_is_there(open_page: Callable[..., Visit]) -> None:
    current = CurrentMap.objects.get(version=published("kent"))
    without_map("kent")
    page = open_page(KENT).page
    expect(page.locator("h1")).to_contain_text("is being computed")
    CurrentMap.objects.create(version=current.version, map=current.map)
    expect(page.locator("h1")).to_contain_text("By joining up they could save £88m of it.", timeout=15_000)


def test_on_paper_the_figures_stand_without_controls(open_page: Callable[..., Visit]) -> None:
    opened = open_page(KENT)
    opened.draw_charts()
    opened.page.emulate_media(media="print")
    assert not opened.page.locator(".header").is_visible()
    assert not opened.page.locator(".switch-chart").first.is_visible()
    assert not opened.page.locator(".downloads").is_visible()
    assert opened.page.locator(".headline").is_visible()
    assert opened.page.locator(".provenance").inner_text().count("2010-11") == 1

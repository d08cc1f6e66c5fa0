"""Pages in a real browser, from invented figures: charts, policy, themes, widths, keyboard, no scripts."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, engines
from django.test import RequestFactory

from mapping.pages.method_page import HEADLINE_BASE, headline_sums
from mapping.pages.place_page import place_page
from mapping.pages.programme_page import programme_page
from mapping.pages.savings_page import savings_page
from tests.browser.conftest import Visit
from tests.charts.examples import EMPTY_PLACE, PLACE, PROGRAMME

pytestmark = pytest.mark.browser

PAGES = ["/programme", "/place", "/opened", "/empty", "/computing", "/savings", "/method", "/404.html"]
FETCHED = "performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => /plotly/.test(name))"
BOXES = """(marks) => marks.map((mark) => { const own = mark.getBoundingClientRect();
    const chart = mark.closest(".chart").getBoundingClientRect();
    return [own.x - chart.x, own.y - chart.y, own.width, own.height].map(Math.round); })"""
WORDS = r"(marks) => marks.map((mark) => mark.textContent.replaceAll(/\s+/g, ' ').trim())"
CHART_PAGES = ["/programme", "/place", "/savings"]


def rendered(template: str, context: dict[str, Any]) -> str:
    """A template as a visitor who has not signed in sees it."""
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    page = {**context, "request": request, "user": request.user, "downloads": [("CSV", "/download")]}
    engine = cast(Any, engines["django"]).engine
    return engine.get_template(template).render(Context(page))


@pytest.fixture
def address(served: Callable[[dict[str, str]], str], settings: Any) -> str:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    sums = headline_sums(HEADLINE_BASE)
    return served(
        {
            "/programme": rendered("mapping/programme.html", programme_page(PROGRAMME)),
            "/place": rendered("mapping/place.html", place_page(PLACE)),
            "/opened": rendered("mapping/place.html", place_page(PLACE, "exact", "economic-affairs")),
            "/empty": rendered("mapping/place.html", place_page(EMPTY_PLACE)),
            "/computing": rendered("mapping/place.html", place_page(replace(PLACE, savings=None))),
            "/savings": rendered("mapping/savings.html", savings_page(PLACE)),
            "/method": rendered(
                "mapping/method.html",
                {"headline_sums": sums, "counted_sums": headline_sums(Decimal("1e9")), "year": "2010-11"},
            ),
            "/404.html": rendered("404.html", {}),
        }
    )


@pytest.mark.parametrize("path", CHART_PAGES)
def test_charts_are_drawn_under_the_strict_policy_without_a_complaint(
    address: str, visit: Callable[..., Visit], path: str
) -> None:
    opened = visit(address + path)
    assert opened.draw_charts() >= 2
    assert opened.violations() == []
    assert opened.complaints == []


def test_a_chart_draws_a_bar_for_every_amount_and_writes_its_words(address: str, visit: Callable[..., Visit]) -> None:
    opened = visit(f"{address}/place")
    opened.draw_charts()
    bars = opened.page.locator("#spend .bars .point path")
    segments = sum(len(trace["x"]) for trace in place_page(PLACE)["spend"].data["data"])
    assert bars.count() == segments
    words = opened.page.locator("#spend .chart").inner_text()
    assert "Exampleshire County Council" in words
    assert "national average a head" in words
    assert opened.page.locator("#spend .modebar-btn").count() == 0


def test_a_chart_is_fetched_only_when_it_comes_near(address: str, visit: Callable[..., Visit]) -> None:
    opened = visit(f"{address}/method")
    opened.scroll_down()
    assert not opened.page.evaluate(FETCHED)


def test_a_chart_stands_before_the_reader_does_anything_and_nothing_is_fetched_for_it(
    address: str, visit: Callable[..., Visit]
) -> None:
    page = visit(f"{address}/place").page
    page.wait_for_load_state("networkidle")
    assert page.locator("#spend .chart-still.still-wide").is_visible()
    assert not page.evaluate(FETCHED)
    page.mouse.move(5, 5)
    page.wait_for_selector("#spend.is-drawn")
    assert not page.locator("#spend .chart-still.still-wide").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("figure", ["spend", "ways", "years"])
def test_what_stands_at_first_is_where_plotly_draws_it(
    address: str, visit: Callable[..., Visit], figure: str, width: int
) -> None:
    page = visit(f"{address}/place", width=width).page
    box = f"#{figure} .chart"
    before = [*page.locator(f"{box} .chart-still:visible rect").evaluate_all(BOXES)]
    words = page.locator(f"{box} .chart-still:visible text:not([class*=from-]):visible").evaluate_all(WORDS)
    page.locator(box).scroll_into_view_if_needed()
    page.mouse.move(5, 5)
    page.wait_for_selector(f"#{figure}.is-drawn")
    drawn = page.locator(f"{box} .bars .point path").evaluate_all(BOXES)
    drawn = [one for one in drawn if one[2] > 0 and one[3] > 0]
    assert len(before) == len(drawn) > 2
    for one, other in zip(sorted(before), sorted(drawn), strict=True):
        assert one == pytest.approx(other, abs=2.5)
    said = page.locator(f"{box} .chart-plot .annotation-text").evaluate_all(WORDS)
    assert "".join(said).replace(" ", "") == "".join(words).replace(" ", "")


def test_every_chart_has_a_role_a_name_and_a_table(address: str, visit: Callable[..., Visit]) -> None:
    opened = visit(f"{address}/place")
    for chart in opened.page.locator("[data-chart]").all():
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label") or "") > 40
    assert opened.page.locator("[data-chart]").count() == opened.page.locator(".figure-table table").count()


def test_the_table_of_a_chart_is_one_key_away(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(f"{address}/place").page
    table = page.locator("#spend .figure-table")
    assert not table.is_visible()
    page.locator("#spend-chart").focus()
    page.keyboard.press("ArrowRight")
    assert table.is_visible()
    assert not page.locator("#spend .figure-chart").is_visible()


def test_without_scripts_the_tables_stand_where_the_charts_were(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(f"{address}/place", scripts=False).page
    assert page.locator("#spend .figure-table table").is_visible()
    assert not page.locator("#spend .figure-chart").is_visible()
    assert not page.locator("#spend .switch").is_visible()


def test_where_plotly_does_not_arrive_the_table_takes_its_place(address: str, visit: Callable[..., Visit]) -> None:
    opened = visit(f"{address}/method")
    opened.page.route("**/plotly.js", lambda route: route.abort())
    opened.page.goto(f"{address}/place")
    opened.page.mouse.move(5, 5)
    opened.page.wait_for_selector("#spend.is-without-chart")
    assert opened.page.locator("#spend .figure-table table").is_visible()
    assert opened.page.locator("#spend .chart-failed").is_visible()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong(address: str, visit: Callable[..., Visit], path: str, theme: str) -> None:
    opened = visit(address + path, theme=theme)
    opened.draw_charts()
    assert opened.accessibility() == []


@pytest.mark.parametrize("path", PAGES)
def test_at_320_pixels_nothing_scrolls_sideways_but_tables_in_their_boxes(
    address: str, visit: Callable[..., Visit], path: str
) -> None:
    opened = visit(address + path, width=320)
    opened.draw_charts()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
    assert opened.violations() == []


def test_nothing_moves_when_charts_and_fonts_arrive(address: str, visit: Callable[..., Visit]) -> None:
    opened = visit(f"{address}/place")
    opened.page.evaluate(
        """() => { window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
            { window.moved += entry.value; })).observe({type: "layout-shift", buffered: true}); }"""
    )
    opened.draw_charts()
    assert opened.page.evaluate("window.moved") < 0.05


def test_a_chart_takes_the_colours_of_the_theme(address: str, visit: Callable[..., Visit]) -> None:
    def fill(theme: str) -> str:
        opened = visit(f"{address}/place", theme=theme)
        opened.draw_charts()
        return opened.page.locator("#ways .bars .point path").first.evaluate("(path) => getComputedStyle(path).fill")

    assert fill("light") == "rgb(155, 43, 141)"
    assert fill("dark") == "rgb(251, 134, 230)"


def test_on_a_phone_the_menu_opens_by_keyboard_without_a_script(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(f"{address}/programme", width=390, scripts=False).page
    link = page.locator("#menu a", has_text="Ways to save")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").press("Enter")
    assert link.is_visible()


def test_the_first_tab_offers_to_skip_to_the_content(address: str, visit: Callable[..., Visit]) -> None:
    page = visit(f"{address}/place").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

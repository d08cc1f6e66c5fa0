"""Reports in a real browser: on screen, and printed sheet by sheet."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KENT, PROGRAMME = "/places/kent/report/", "/report/"
REPORTS = [KENT, PROGRAMME, "/report/?kind=all&scenario=low"]
A4 = 595, 842


@pytest.fixture
def open_page(live_server: Any, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    return lambda address, **options: visit(f"{live_server.url}{address}", **options)


def printed(opened: Visit) -> list[str]:
    """The words of each sheet, as the browser prints the page."""
    opened.page.wait_for_load_state("networkidle")
    reader = PdfReader(io.BytesIO(opened.page.pdf(prefer_css_page_size=True)))
    for page in reader.pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == pytest.approx(A4, abs=1)
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


@pytest.mark.parametrize("address", REPORTS)
def test_axe_finds_nothing_wrong_and_nothing_is_refused(open_page: Callable[..., Visit], address: str) -> None:
    opened = open_page(address)
    assert opened.accessibility() == []
    opened.page.emulate_media(color_scheme="dark")
    assert opened.accessibility() == []
    assert opened.violations() == []
    assert opened.complaints == []


@pytest.mark.parametrize("address", REPORTS)
def test_only_tables_in_their_boxes_scroll_sideways(open_page: Callable[..., Visit], address: str) -> None:
    opened = open_page(address, width=320)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize(("address", "subject"), [(KENT, "Kent"), (PROGRAMME, "Total Place, 13 pilots")])
def test_every_printed_sheet_says_whose_figures_it_shows_and_of_what(
    open_page: Callable[..., Visit], address: str, subject: str
) -> None:
    sheets = printed(open_page(address))
    assert 4 <= len(sheets) <= 6
    for number, words in enumerate(sheets, 1):
        assert f"{subject} · 2010-11 · central case" in words
        assert "assumption set 1 · computed" in words
        assert f"{address}?year=2010-11&scenario=central" in words
        assert f"Sheet {number} of {len(sheets)}" in words


def test_a_figure_stands_on_one_sheet_with_its_title(open_page: Callable[..., Visit]) -> None:
    sheets = printed(open_page(KENT))
    for title, last in [
        ("Twelve district councils each run the same six services", "All 17 bodies"),
        ("shared back offices and redesign", "All ways"),
        ("should talk first", "Pairs overlap"),
        ("has paid for itself by the end of year 2", "Three years"),
        ("is shared out by population, and", "Senior management restructuring"),
    ]:
        assert any(title in words and last in words[words.index(title) :] for words in sheets), title


def test_nothing_to_press_is_printed(open_page: Callable[..., Visit]) -> None:
    words = " ".join(printed(open_page(KENT)))
    for control in ("Sign in", "Download", "Workbook (XLSX)", "Skip to main content", "Menu"):
        assert control not in words

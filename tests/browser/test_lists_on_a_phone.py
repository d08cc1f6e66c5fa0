"""Lists on a phone: filters are one press away, and no column of a list is off the edge."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_filters_stand_beside_the_board_and_are_one_key_away_on_a_phone(
    live_server: Any, visit: Callable[..., Visit]
) -> None:
    region = visit(f"{live_server.url}/progress/").page.locator("#id_region")
    assert region.is_visible()
    phone = visit(f"{live_server.url}/progress/", width=390, scripts=False).page
    assert not phone.locator("#id_region").is_visible()
    phone.locator(".filters summary").focus()
    phone.keyboard.press("Enter")
    assert phone.locator("#id_region").is_visible()


@pytest.mark.parametrize("address", ["/places/", "/agencies/", "/progress/"])
def test_a_list_shows_all_that_it_says_within_390_pixels(
    live_server: Any, visit: Callable[..., Visit], address: str
) -> None:
    page = visit(f"{live_server.url}{address}", width=390, scripts=False).page
    boxes = page.locator(".table-box")
    assert boxes.count()
    assert not boxes.evaluate_all("boxes => boxes.filter((box) => box.scrollWidth > box.clientWidth).length")


def test_a_table_of_figures_that_scrolls_says_so(live_server: Any, visit: Callable[..., Visit]) -> None:
    page = visit(f"{live_server.url}/levers/", width=390, scripts=False).page
    said = page.locator(".table-box").first.evaluate("box => getComputedStyle(box, '::before').content")
    assert "Scroll the table sideways" in said

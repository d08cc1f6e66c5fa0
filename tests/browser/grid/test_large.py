"""A tree of 400 leaves by 25 bodies in a real browser: opening branches, scrolling, pasting a block of 300 by 12."""

import random
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any

import pytest
from playwright.sync_api import expect

from pilots.models import Person, Role, SpendLine
from tests.browser.conftest import Visit
from tests.browser.grid.conftest import GridPage
from tests.grid.large import SLUG, YEAR, leaf_codes, make_large_place, make_working_version
from tests.grid.people import make_person

pytestmark = pytest.mark.browser

ADDRESS = f"/places/{SLUG}/spend/{YEAR}/"
# A screen shows a frame every 16.7 ms; one that takes longer than two is seen as a stutter.
FRAME, STUTTER = 1000 / 60, 34
BRANCH_WITHIN = 300


@pytest.fixture
def large_lead(live_server: Any) -> Person:
    place = make_large_place()
    make_working_version(place, filled=True)
    return make_person("large-lead", Role.Kind.PLACE_LEAD, place)


@pytest.fixture
def grid(open_grid: Callable[..., GridPage], large_lead: Person) -> GridPage:
    return open_grid(large_lead, address=ADDRESS)


def test_one_branch_is_open_at_a_time_and_totals_cover_the_whole_count(grid: GridPage) -> None:
    assert grid.page.locator(".grid input").count() == 60 * 25
    assert grid.page.locator(".grid-branch").count() == 8
    everything = sum(line.amount for line in SpendLine.objects.filter(version__count__place__slug=SLUG))
    assert grid.total("all") == f"{everything:,.0f}"


OPEN = """async (code) => {
    const begun = performance.now();
    const link = document.querySelector(`a[data-branch="${code}"]`);
    link.click();
    while (link.isConnected || !document.activeElement.id.startsWith("c-")) await new Promise(requestAnimationFrame);
    return performance.now() - begun;
}"""


def crowding() -> float:
    """How much longer things take here than on a machine of our own: 1 where nothing else runs."""
    wall, own = perf_counter(), process_time()
    while process_time() - own < 0.2:
        pass
    return max(1.0, (perf_counter() - wall) / 0.2)


@pytest.mark.alone
def test_a_branch_of_a_tree_of_400_leaves_opens_within_300_ms(grid: GridPage) -> None:
    """From the press on its name until its first cell has the focus: the server, the network and the browser.

    The best of several, and as many times longer as this machine is too busy: what else runs here is no part of it.
    """
    crowded = crowding()
    took = [grid.page.evaluate(OPEN, branch) for branch in ("B02", "B01") * 5][1::2]
    crowded = (crowded + crowding()) / 2
    print(f"60 lines by 25 bodies opened in {min(took):.0f} ms at best, on a machine {crowded:.1f} times too busy")
    assert "branch=B01" in grid.page.url
    assert min(took) < BRANCH_WITHIN * crowded


SCROLL = """async () => {
    const box = document.getElementById("grid-box");
    const next = () => new Promise(requestAnimationFrame);
    const frames = [];
    await next();
    let before = await next();
    for (let step = 0; step < 240; step += 1) {
        const down = step % 120 < 60;
        if (step < 120) box.scrollTop += down ? 24 : -24;
        else box.scrollLeft += down ? 30 : -30;
        const now = await next();
        frames.push(now - before);
        before = now;
    }
    return frames;
}"""


@pytest.mark.alone
def test_an_open_branch_of_60_lines_by_25_bodies_scrolls_at_60_frames_a_second(grid: GridPage) -> None:
    """In the best of several runs: half of the frames come in time, and fewer than one in ten is seen to be late."""
    runs = [sorted(grid.page.evaluate(SCROLL)) for _ in range(3)]
    ordered = min(runs, key=lambda frames: sum(frame > STUTTER for frame in frames))
    median, ninth = ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10]
    print(f"frames: median {median:.1f} ms, nine in ten within {ninth:.1f} ms, longest {ordered[-1]:.1f} ms")
    assert median < FRAME + 1
    assert sum(frame > STUTTER for frame in ordered) < len(ordered) / 10


@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", [100, pytest.param(2_000, marks=pytest.mark.full)])
def test_cells_typed_one_by_one_with_every_pence_value_come_back_exactly(
    open_grid: Callable[..., GridPage], live_server: Any, number: int
) -> None:
    place = make_large_place()
    version = make_working_version(place)
    grid = open_grid(make_person("large-lead", Role.Kind.PLACE_LEAD, place), address=ADDRESS)
    pounds = random.Random(2010).sample(range(10_000), number)
    typed = [f"{whole:,}.{pence % 100:02}" for pence, whole in enumerate(pounds)]
    assert {text[-2:] for text in typed} == {f"{pence:02}" for pence in range(100)}
    rows = 50
    expected: dict[str, str] = {}
    for column in range(number // rows):
        # The first branch has 60 lines, and so has room for 25 columns of 50; the third is the next that has.
        if column == 25:
            grid.page.evaluate(OPEN, "B03")
        cells = grid.page.locator(f".grid-row td:nth-of-type({column % 25 + 1}) input")
        some = typed[column * rows : (column + 1) * rows]
        expected |= zip(cells.evaluate_all("cells => cells.map(({ id }) => id)")[:rows], some, strict=True)
        cells.nth(0).focus()
        for text in some:
            grid.type(text)
            grid.press("Enter")
    expect(grid.status()).to_contain_text("All changes are saved", timeout=300_000)
    stored = SpendLine.objects.filter(version=version).values_list("agency", "service_line", "amount")
    assert {f"c-{agency}-{line}": f"{amount:,.2f}" for agency, line, amount in stored} == expected
    assert len(expected) == number


def test_a_block_of_300_by_12_with_three_bad_cells_is_put_right_and_saved(grid: GridPage) -> None:
    rows = [["Code", *(f"D{body:03}" for body in range(1, 13))]]
    for number, code in enumerate(leaf_codes()[:300]):
        rows.append([code, *(f"£{number * 12 + body:,}.{(number + body) % 100:02}" for body in range(12))])
    rows[7][3], rows[150][12], rows[300][1] = "£3.2m", "3E+06", "n/a"
    grid.set_clipboard("".join("\t".join(row) + "\r\n" for row in rows))
    grid.page.locator(".grid input").first.focus()
    grid.press("Control+v")
    grid.page.wait_for_url("**/grid/paste/")
    bad = grid.page.locator("input[aria-invalid=true]")
    assert [cell.input_value() for cell in bad.all()] == ["£3.2m", "3E+06", "n/a"]
    assert Visit(grid.page).accessibility() == []
    for cell, text in zip(bad.all(), ("3,200,000", "3,000,000", ""), strict=True):
        cell.focus()
        grid.press("Control+a")
        grid.type(text) if text else grid.press("Delete")
    grid.page.get_by_role("button", name="Check again").press("Enter")
    save = grid.page.get_by_role("button", name="Save 3,599 cells")
    save.wait_for()
    assert Visit(grid.page).accessibility() == []
    save.press("Enter")
    grid.page.wait_for_url("**/spend/2010-11/")
    assert "cells saved from the block you pasted." in grid.page.inner_text(".messages")
    lines = SpendLine.objects.filter(version__count__place__slug=SLUG)
    assert lines.get(agency__code="D003", service_line__code=rows[7][0]).amount == 3_200_000
    assert lines.get(agency__code="D012", service_line__code=rows[150][0]).amount == 3_000_000

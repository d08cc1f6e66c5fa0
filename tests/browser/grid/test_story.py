"""A count from a spreadsheet to the programme's total, as a lead and a reviewer live it, by keyboard alone."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mapping.freshness import stale_versions
from mapping.recompute import recompute_versions
from pilots.models import Agency, History, Person, Place, Programme, Role, ServiceLine, SpendLine, Version
from pilots.review.checklist import questions
from tests.browser.grid.keyboard import PASSWORD, AtKeyboard
from tests.grid.large import SLUG, YEAR, leaf_codes, make_large_place
from tests.grid.people import make_person
from totalplace import money

pytestmark = [pytest.mark.browser, pytest.mark.apart]

GRID, REVIEW = f"/places/{SLUG}/spend/{YEAR}/", f"/review/{SLUG}/{YEAR}/"
ROWS, COLUMNS = 300, 12
# Cells of the block that nothing can be made of as they stand: row, column, what is there, what is meant.
BAD = [(6, 2, "£3.2m", "3,200,000"), (149, 11, "3E+06", "3,000,000"), (299, 0, "n/a", "")]
# The first of them was in thousands, as the reviewer finds out.
MEANT = "3,200.00"


@pytest.fixture
def largeshire(live_server: Any) -> Place:
    """A pilot with 400 service lines and 25 bodies beside the shipped ones, and nothing counted yet."""
    place = make_large_place(Programme.objects.get(is_default=True))
    recompute_versions(stale_versions().values_list("pk", flat=True))
    return place


@pytest.fixture
def people(largeshire: Place) -> dict[str, Person]:
    found = {
        "lead": make_person("lead", Role.Kind.PLACE_LEAD, largeshire),
        "reviewer": make_person("reviewer", Role.Kind.LEADERSHIP_CENTRE),
    }
    for person in found.values():
        person.set_password(PASSWORD)
        person.save()
    return found


@pytest.fixture
def at_keyboard(live_server: Any, browser: Browser, people: dict[str, Person]) -> Iterator[Callable[[str], AtKeyboard]]:
    """Somebody at a browser of their own: `at_keyboard("lead")`."""
    contexts = []

    def begin(who: str) -> AtKeyboard:
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        return AtKeyboard(context.new_page())

    yield begin
    for context in contexts:
        for page in context.pages:
            page.wait_for_load_state("networkidle")
        context.close()


def amount(row: int, column: int) -> Decimal:
    return Decimal(row * COLUMNS + column + 1) + Decimal((row + column) % 100) / 100


def block() -> str:
    """300 x 12 cells as a spreadsheet copies them: half of the lines by their codes, half by their names."""
    services = dict(ServiceLine.objects.filter(code__in=leaf_codes()).values_list("code", "name"))
    bodies = [f"District {number}" for number in range(1, COLUMNS + 1)]
    rows = [["Service line", *bodies]]
    for row, code in enumerate(leaf_codes()[:ROWS]):
        rows.append([code if row % 2 else services[code], *(f"£{amount(row, column):,}" for column in range(COLUMNS))])
    for row, column, text, _ in BAD:
        rows[row + 1][column + 1] = text
    return "".join("\t".join(row) + "\r\n" for row in rows)


def meant_in_all() -> Decimal:
    """What the block comes to once its three bad cells are put right."""
    good = {(row, column): amount(row, column) for row in range(ROWS) for column in range(COLUMNS)}
    good |= {(row, column): Decimal(meant.replace(",", "") or 0) for row, column, _, meant in BAD}
    return sum(good.values(), Decimal(0))


def programme_total(page: Page) -> Decimal:
    """The total of the programme page in pounds and pence: what it rests on, added up."""
    page.goto("/")
    parts = page.locator("#footing td[title]").evaluate_all("cells => cells.map((cell) => cell.title)")
    return sum((Decimal(part.replace("£", "").replace(",", "")) for part in parts), Decimal(0))


@pytest.mark.timeout(400)
def test_a_block_from_a_spreadsheet_is_reviewed_corrected_and_published_by_keyboard_alone(
    at_keyboard: Callable[[str], AtKeyboard], people: dict[str, Person], largeshire: Place
) -> None:
    lead, reviewer = at_keyboard("lead"), at_keyboard("reviewer")
    before = programme_total(reviewer.page)

    paste_and_put_right(lead)
    assert recorded() == meant_in_all()
    submit(lead, meant_in_all())

    return_with_a_comment(reviewer)
    correct_where_the_comment_is(lead)
    after = meant_in_all() - Decimal(3_200_000) + Decimal(3_200)
    assert recorded() == after
    submit_again(lead)

    approve_and_publish(reviewer)
    recompute_versions(stale_versions().values_list("pk", flat=True))
    assert programme_total(reviewer.page) - before == after
    reviewer.check_access()
    the_history_tells_it_all(reviewer, people)


def recorded() -> Decimal:
    lines = SpendLine.objects.filter(version__count__place__slug=SLUG, version__kind="working")
    return sum(lines.values_list("amount", flat=True), Decimal(0))


def paste_and_put_right(lead: AtKeyboard) -> None:
    page = lead.page
    lead.sign_in("test-lead", GRID)
    lead.check_access()
    page.evaluate("text => navigator.clipboard.writeText(text)", block())
    lead.tab_to(page.locator(".grid input").first)
    lead.press("Control+v")
    page.wait_for_url("**/grid/paste/")
    bad = page.locator("input[aria-invalid=true]")
    assert [cell.input_value() for cell in bad.all()] == [text for _, _, text, _ in BAD]
    lead.check_access()
    for cell, (*_, meant) in zip(bad.all(), BAD, strict=True):
        lead.type_into(cell, meant)
    lead.follow(page.get_by_role("button", name="Check again"))
    save = page.get_by_role("button", name="Save 3,599 cells")
    expect(save).to_be_visible()
    lead.check_access()
    lead.follow(save)
    page.wait_for_url(f"**{GRID}")
    expect(page.locator(".messages")).to_contain_text("3,599 cells saved from the block you pasted.")


def answer_checklist(lead: AtKeyboard) -> None:
    for question in questions():
        lead.tab_to(lead.page.locator(f"input[name=answer_{question.code}]").first)
        lead.press("Space")
    lead.follow(lead.page.get_by_role("button", name="Submit the count"))
    lead.page.wait_for_url(f"**{REVIEW}")
    expect(lead.page.locator("main")).to_contain_text("Submitted")


def submit(lead: AtKeyboard, total: Decimal) -> None:
    page = lead.page
    lead.follow(page.get_by_role("link", name="Submit to the Leadership Centre"))
    page.wait_for_url("**/submit/")
    expect(page.locator("#totals")).to_contain_text(f"revenue +{money.exact(total)}")
    lead.check_access()
    answer_checklist(lead)
    lead.check_access()


def open_from_the_queue(reviewer: AtKeyboard) -> None:
    reviewer.follow(reviewer.page.get_by_role("link", name=f"Largeshire, {YEAR}").first)
    reviewer.page.wait_for_url(f"**{REVIEW}?number=*")


def return_with_a_comment(reviewer: AtKeyboard) -> None:
    page = reviewer.page
    reviewer.sign_in("test-reviewer", "/review/")
    reviewer.check_access()
    open_from_the_queue(reviewer)
    expect(page.locator("#lines")).to_have_text("3,599 lines added")
    expect(page.locator("#totals")).to_contain_text(f"revenue +{money.exact(meant_in_all())}")
    reviewer.check_access()
    largest = page.locator("section[aria-labelledby=lines] tbody tr").first
    expect(largest.locator("th")).to_contain_text("District 3")
    reviewer.follow(largest.locator("summary"))
    reviewer.press("Tab")
    reviewer.type("Is this in thousands?")
    reviewer.tab_to(page.get_by_role("link", name="Skip the lines, to the decision"), "Shift+Tab")
    reviewer.press("Enter")
    reviewer.type_into(page.get_by_label("Comment to the place"), "One cell looks too large.")
    reviewer.follow(page.get_by_role("button", name="Return with comments"))
    page.wait_for_url("**/review/")
    expect(page.locator(".messages")).to_contain_text("was returned to its place")


def correct_where_the_comment_is(lead: AtKeyboard) -> None:
    page = lead.page
    page.goto(REVIEW)
    expect(page.locator("main")).to_contain_text("One cell looks too large.")
    conversation = page.locator(".conversations > li")
    expect(conversation).to_contain_text("Is this in thousands?")
    lead.check_access()
    lead.follow(conversation.get_by_role("link"))
    page.wait_for_url("**view=grid*")
    panel = page.locator("#grid-panel")
    expect(panel).to_contain_text("Is this in thousands?")
    cell = page.locator(".grid input:focus")
    expect(cell).to_have_value("3,200,000")
    expect(page.locator('td[data-marks="comment"]')).to_have_count(1)
    lead.press("Shift+F2")
    lead.type("It was. Corrected.")
    lead.press("Tab", "Enter")
    expect(panel).to_contain_text("Lead Example")
    expect(panel.locator("[data-comments]")).to_contain_text("It was. Corrected.")
    lead.check_access()
    lead.press("Escape")
    lead.type(MEANT)
    lead.press("Enter")
    expect(page.locator("#grid-status")).to_contain_text("All changes are saved")


def submit_again(lead: AtKeyboard) -> None:
    page = lead.page
    lead.press("F6", "F6")
    lead.follow(page.get_by_role("link", name="Submit to the Leadership Centre"))
    page.wait_for_url("**/submit/")
    expect(page.locator("#lines")).to_have_text("One line changed")
    lead.check_access()
    answer_checklist(lead)


def approve_and_publish(reviewer: AtKeyboard) -> None:
    page = reviewer.page
    page.goto("/review/")
    open_from_the_queue(reviewer)
    expect(page.locator("#lines")).to_have_text("One line changed")
    expect(page.locator("#totals")).to_contain_text("revenue −£3,196,800.00")
    expect(page.locator(".conversations")).to_contain_text("It was. Corrected.")
    reviewer.check_access()
    reviewer.follow(page.get_by_role("button", name="Approve and publish"))
    page.wait_for_url("**/review/")
    expect(page.locator(".messages")).to_contain_text("was approved and is published as snapshot 2")


def the_history_tells_it_all(reviewer: AtKeyboard, people: dict[str, Person]) -> None:
    page = reviewer.page
    page.goto(f"/places/{SLUG}/progress/")
    assert page.locator(".timeline-what").all_inner_texts()[::-1] == [
        f"Count of {YEAR} submitted: 3,599 lines added",
        f"Count of {YEAR} returned",
        f"Count of {YEAR} submitted: one line changed",
        f"Count of {YEAR} approved",
        f"Count of {YEAR} published as snapshot 2",
    ]
    reviewer.check_access()
    working = Version.objects.get(count__place__slug=SLUG, kind="working")
    moves = History.objects.filter(table_name="pilots_version", row_id=working.pk, operation="update").order_by("id")
    told = [(row.actor_id, row.after["status"]) for row in moves if row.before["status"] != row.after["status"]]
    lead, centre = people["lead"].pk, people["reviewer"].pk
    assert told == [
        (lead, "submitted"),
        (centre, "returned"),
        (lead, "submitted"),
        (centre, "approved"),
        (centre, "published"),
    ]
    agency = Agency.objects.get(code="D003")
    line = ServiceLine.objects.get(code=leaf_codes()[6])
    page.goto(f"{GRID}grid/cell/?agency={agency.pk}&service_line={line.pk}")
    words = page.locator(".grid-panel").inner_text()
    assert "£3,200.00, was £3,200,000.00 Lead Example" in words
    assert "Is this in thousands?\nReviewer Example, in the review" in words
    assert "It was. Corrected.\nLead Example" in words
    reviewer.check_access()

"""What the grid says of cells and people beside amounts: comments, what was shared out, who else edits, one body."""

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from pilots.grid.company import note_cell, others_in_words
from pilots.grid.panel import add_comment
from pilots.models import Agency, Person, Place, Role, ServiceLine, SpendLine, Version
from pilots.spend.ratios import Ratio
from tests.grid.conftest import line_of
from tests.grid.people import make_person
from tests.grid.test_saving_cells import ADDRESS, cell, send


@pytest.fixture(autouse=True)
def nobody_edits() -> None:
    cache.clear()


def box_of(page: Client, agency: Agency, service: ServiceLine, query: str = "") -> str:
    """The cell as the page writes it."""
    html = page.get(f"{ADDRESS}{query}").content.decode()
    before, _, after = html.partition(f'<input id="c-{agency.pk}-{service.pk}"')
    return before[before.rindex("<td") :] + after.partition("</td>")[0]


def panel_of(page: Client, agency: Agency, service: ServiceLine) -> str:
    return page.get(f"{ADDRESS}grid/cell/?agency={agency.pk}&service_line={service.pk}").content.decode()


def test_a_cell_of_which_something_was_said_is_marked_and_described(
    page: Client, lead: Person, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    assert "mark-comment" not in box_of(page, dover, cultural)
    add_comment(working, dover, cultural, "Half the year only?", lead)
    box = box_of(page, dover, cultural)
    assert 'data-marks="comment"' in box
    assert 'aria-describedby="mark-comment"' in box


def test_a_line_that_was_shared_out_is_marked_and_says_by_which_numbers(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ratio = Ratio("pupils", Decimal(210_000), Decimal(640_000), "2010-11", "School census")
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(
        method="pupils", basis="apportioned", whole_amount=8_000_000, share=ratio.share, ratio=ratio.as_data()
    )
    assert 'data-marks="shared"' in box_of(page, dover, cultural)
    assert "Pupils 2010-11: 210,000 of 640,000 (School census)." in panel_of(page, dover, cultural)


def test_who_else_edits_is_told_with_the_cell(
    page: Client, kent: Place, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    other = make_person("other", Role.Kind.PLACE_LEAD, kent)
    assert "is editing" not in page.get(ADDRESS).content.decode()
    theirs = Client()
    theirs.force_login(other)
    panel_of(theirs, dover, cultural)
    words = "Other Example is editing Dover, Cultural and related services now."
    assert words in page.get(ADDRESS).content.decode()
    assert page.get(f"{ADDRESS}grid/present/").json()["present"] == words
    assert send(page, cell(dover, cultural, "5", line_of(working, dover, cultural)))["present"] == words
    assert "Lead Example is editing Dover" in send(theirs, cell(dover, cultural, "6"))["present"]


def test_a_contributor_is_not_told_what_others_do_in_bodies_that_are_not_theirs(
    kent: Place, working: Version, lead: Person, contributor: Person, cultural: ServiceLine
) -> None:
    county = Agency.objects.get(programme=kent.programme, code="E2221")
    note_cell(working, lead, (county.pk, cultural.pk))
    assert others_in_words(working, contributor) == "Lead Example is editing this count now."


def test_somebody_who_only_reads_is_not_said_to_edit(
    page: Client, centre: Person, lead: Person, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    reader = Client()
    reader.force_login(centre)
    panel_of(reader, dover, cultural)
    assert others_in_words(working, lead) == ""


def test_one_body_alone_can_be_shown_with_its_own_totals(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    html = page.get(f"{ADDRESS}?only={dover.code}").content.decode()
    table = html.partition("<table")[2].partition("</table>")[0]
    assert table.count("<input") == ServiceLine.objects.filter(programme=dover.programme, children=None).count()
    total = sum(
        working.lines.filter(agency=dover, is_transfer=False, is_capital=False).values_list("amount", flat=True)
    )
    assert f'data-total="all">{total:,.0f}</td>' in table
    assert f'<option value="{dover.code}" selected>Dover</option>' in html
    unknown = page.get(f"{ADDRESS}?only=nobody").content.decode()
    assert "All 17 bodies" in unknown


def test_somebody_with_one_body_is_not_asked_which(contributor: Person, page: Client) -> None:
    assert 'name="only"' in page.get(ADDRESS).content.decode()
    own = Client()
    own.force_login(contributor)
    html = own.get(ADDRESS).content.decode()
    assert 'class="grid is-of-one"' in html
    assert 'name="only"' not in html

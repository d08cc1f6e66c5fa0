"""A block pasted for the whole count: matched by codes or names, previewed, all or nothing."""

import re
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from pilots.grid.clipboard import parse_pasted
from pilots.grid.matching import WHICH_COLUMN
from pilots.grid.pasting import Paste, Preview, basis_named
from pilots.grid.slice import Slice
from pilots.models import Agency, History, Person, Role, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of, set_status
from tests.grid.large import leaf_codes, make_large_place, make_working_version
from tests.grid.people import make_person

ADDRESS = "/places/kent/spend/2010-11/grid/paste/"


@pytest.fixture
def preview(working: Version, lead: Person):
    def look(text: str, **options: Any) -> Preview:
        return Paste(working, Slice(), parse_pasted(text), lead, **options).preview()

    return look


def block(*rows: str) -> str:
    """Rows with | between cells, as a spreadsheet puts them on the clipboard."""
    return "".join(row.replace("|", "\t") + "\r\n" for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        block("Service line|Dover|Ashford", "Cultural and related services|10|20", "Waste management|30|"),
        block("|E2234|E2231", "cultural|10|20", "waste-management|30|"),
        block("Name|Code|dover|ASHFORD", "Culture|cultural|10|20", "Waste|waste-management|30|"),
        block("Kent 2010-11|||", "|||", "Line|Dover|Ashford|", "cultural|10|20|", "waste-management|30||"),
        block("Body|cultural|waste-management", "Dover|10|30", "Ashford|20|"),
    ],
    ids=["names", "codes", "codes and names", "a title above", "bodies down"],
)
def test_rows_and_columns_are_matched_by_code_or_name(preview, text: str, dover: Agency) -> None:
    seen = preview(text)
    ashford = Agency.objects.get(name="Ashford")
    cultural, waste = (ServiceLine.objects.get(code=code).pk for code in ("cultural", "waste-management"))
    assert seen.faults == []
    assert {(edit.agency, edit.service_line): edit.typed for edit in seen.edits} == {
        (dover.pk, cultural): "10",
        (ashford.pk, cultural): "20",
        (dover.pk, waste): "30",
    }
    assert (seen.added, seen.changed, seen.blank, seen.bodies) == (1, 2, 1, 2)
    assert seen.is_good


def test_the_preview_says_what_each_body_s_total_becomes(preview, working: Version, dover: Agency, cultural) -> None:
    before = line_of(working, dover, cultural).amount
    [change] = preview(block("|Dover", "cultural|10.01")).changes
    assert (change.name, change.difference) == ("Dover", Decimal("10.01") - before)


def test_a_total_row_and_column_are_checked_and_not_stored(preview) -> None:
    good = preview(block("|Dover|Ashford|Total", "cultural|10|20|30", "waste-management|1|2|3", "Total|11|22|33"))
    assert (good.totals_checked, good.mismatches, len(good.edits)) == (5, [], 4)
    bad = preview(block("|Dover|Ashford|Total", "cultural|10|20|30", "waste-management|1|2|3", "Total|11|23|33"))
    [mismatch] = bad.mismatches
    assert (mismatch.row, mismatch.column, mismatch.what) == (4, 3, "Total of Ashford")
    assert (mismatch.said, mismatch.adds_up_to, mismatch.difference) == (23, 22, 1)


def test_the_row_of_a_branch_is_the_sum_of_those_below_it(preview) -> None:
    seen = preview(
        block("|Dover", "economic-affairs|5", "highways-transport|2", "planning-development|3", "cultural|9")
    )
    assert (seen.totals_checked, seen.mismatches, len(seen.edits)) == (1, [], 3)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (block("|Dover", "Cultral and related services|1", "cultural|2"), (2, 1), "Did you mean Cultural and related"),
        (block("|Dover|Sevenoakes", "cultural|1|2"), (1, 3), "Did you mean Sevenoaks?"),
        (block("|Dover|Dover", "cultural|1|2"), (1, 3), "Dover is in column 2 already"),
        (block("|Dover", "cultural|1", "cultural|2"), (3, 1), "Cultural and related services is in row 2 already"),
        (block("|Bristol|Dover", "cultural|1|2"), (1, 2), "Bristol does not serve Kent"),
        (block("1|2", "3|4"), (0, 0), "Put codes or full names of bodies"),
    ],
)
def test_what_cannot_be_matched_is_named_where_it_stands(
    preview, text: str, place: tuple[int, int], words: str
) -> None:
    [fault] = preview(text).faults
    assert (fault.row, fault.column) == place
    assert words in fault.message
    assert not preview(text).is_good


def test_every_bad_cell_is_named_and_amounts_in_short_are_offered_in_full(preview) -> None:
    seen = preview(block("|Dover|Ashford", "cultural|£3.2m|20", "waste-management|nfp|3e4"))
    assert [(cell.row, cell.column) for cell in seen.bad] == [(2, 2), (3, 2), (3, 3)]
    assert seen.bad[0].suggestion == "3,200,000"
    assert seen.bad[0].where == "Dover, Cultural and related services"
    assert not seen.is_good


def test_blank_cells_leave_what_is_recorded_unless_told_otherwise(preview, working: Version) -> None:
    text = block("|Dover|Ashford", "cultural||20")
    assert (preview(text).removed, preview(text).blank) == (0, 1)
    cleared = preview(text, clears=True)
    assert (cleared.removed, cleared.blank) == (1, 0)
    before = line_of(working, Agency.objects.get(name="Dover"), ServiceLine.objects.get(code="cultural")).amount
    assert cleared.changes[0].difference == -before


def test_a_dash_is_blank_and_its_being_read_so_is_said(
    preview, page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    text = block("|Dover|Ashford|Swale", "cultural|-|20|–")
    seen = preview(text)
    assert (seen.removed, seen.blank, seen.dashes) == (0, 2, 2)
    assert (preview(text, clears=True).removed, preview(text, clears=True).dashes) == (2, 2)
    assert preview(block("|Dover|Ashford", "cultural||20")).dashes == 0
    shown = send(page, text).content.decode()
    assert "Two dashes were read as blank." in shown
    recorded = line_of(working, dover, cultural).amount
    assert send(page, text, step="save", revision=hidden(shown, "revision")).status_code == 302
    assert line_of(working, dover, cultural).amount == recorded


@pytest.mark.parametrize(
    "text",
    [
        block("Service line|Amount", "Cultural and related services|10", "Waste management|3e4"),
        block("Cultural and related services|10", "Waste management|3e4"),
    ],
    ids=["with a heading", "without"],
)
def test_a_single_column_of_amounts_is_of_the_body_that_is_named(preview, text: str, dover: Agency) -> None:
    assert "needs the body that it is of" in preview(text).faults[0].message
    seen = preview(text, body="E2234")
    assert (seen.faults, [edit.agency for edit in seen.edits]) == ([], [dover.pk] * 2)
    assert [(cell.row, cell.column) for cell in seen.bad] == [(text.count("\r\n"), 2)]


BUDGET_AND_ACTUAL = block(
    "Service line|Budget 2010-11|Actual|Total",
    "Cultural and related services|10|11|21",
    "Highways and transport|||",
    "Waste management|20|22|42",
)


def test_of_several_columns_of_one_body_one_is_chosen_and_its_heading_says_the_basis(preview, dover: Agency) -> None:
    asked = preview(BUDGET_AND_ACTUAL, body="E2234")
    assert [fault.message for fault in asked.faults] == [WHICH_COLUMN]
    assert [(one.number, one.heading) for one in asked.amount_columns] == [(2, "Budget 2010-11"), (3, "Actual")]
    taken = preview(BUDGET_AND_ACTUAL, body="E2234", column=2)
    assert (taken.faults, taken.mismatches, taken.basis) == ([], [], "budget")
    assert [(edit.agency, edit.typed) for edit in taken.edits] == [(dover.pk, "10"), (dover.pk, "20")]
    assert preview(BUDGET_AND_ACTUAL, body="E2234", column=3).basis == "actual"
    assert preview(BUDGET_AND_ACTUAL, body="E2234", column=9).faults


@pytest.mark.parametrize(
    ("heading", "basis"),
    [("Budgets", "budget"), ("ESTIMATED £", "estimate"), ("Actual against budget", ""), ("Factual", ""), ("", "")],
)
def test_a_heading_names_one_basis_or_none(heading: str, basis: str) -> None:
    assert basis_named(heading) == basis


def test_numbers_of_a_service_code_are_not_taken_for_amounts(preview) -> None:
    seen = preview(block("Code|Line|Dover", "4.1|Cultural and related services|10"))
    assert "4.1" not in [edit.typed for edit in seen.edits]


# On the page


def send(page: Client, text: str, **fields: str) -> Any:
    return page.post(ADDRESS, {"text": text, "step": "preview", **fields})


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_lead_pastes_puts_three_refused_cells_right_and_saves(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    assert page.get(ADDRESS).status_code == 200
    text = block("|Dover|Ashford|Swale", "cultural|£3.2m|20|nfp", "waste-management|1|3e4|2")
    shown = send(page, text)
    assert shown.status_code == 422
    html = shown.content.decode()
    for place in ("2-2", "2-4", "3-3"):
        assert f'name="cell-{place}"' in html
    assert "Save" not in re.findall(r"<button[^>]*>([^<]*)", html)[-2]
    again = send(page, text, **{"cell-2-2": "3,200,000", "cell-2-4": "5", "cell-3-3": "32417"})
    assert again.status_code == 200
    html = again.content.decode()
    assert "Save six cells" in html
    put_right = re.search(r'name="text"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert put_right
    revision = hidden(html, "revision")
    done = send(page, put_right[1], step="save", revision=revision, basis="estimate", source="Ledger")
    assert done.status_code == 302
    line = line_of(working, dover, ServiceLine.objects.get(code="waste-management"))
    assert (line.amount, line.basis, line.source) == (1, "estimate", "Ledger")
    assert line_of(working, dover, cultural).amount == 3_200_000


def test_the_column_to_record_is_asked_for_on_the_page_and_kept(page: Client, working: Version, dover: Agency) -> None:
    asked = send(page, BUDGET_AND_ACTUAL, body="E2234")
    assert asked.status_code == 422
    html = asked.content.decode()
    assert 'href="#paste-column"' in html
    assert options_of(html, "column") == ["", "2", "3"]
    chosen = send(page, BUDGET_AND_ACTUAL, body="E2234", column="2", basis="actual").content.decode()
    assert '<option value="2" selected>Column 2: Budget 2010-11' in chosen
    assert '<option value="budget" selected>' in chosen
    revision = hidden(chosen, "revision")
    sent = {"step": "save", "revision": revision, "body": "E2234", "column": "2", "basis": "budget"}
    assert send(page, BUDGET_AND_ACTUAL, **sent).status_code == 302
    waste = line_of(working, dover, ServiceLine.objects.get(code="waste-management"))
    assert (waste.amount, waste.basis) == (20, "budget")


def options_of(html: str, name: str) -> list[str]:
    found = re.search(rf'<select [^>]*name="{name}".*?</select>', html, re.DOTALL)
    assert found
    return re.findall(r'<option value="([^"]*)"', found[0])


def test_a_misspelt_name_is_put_right_where_it_is_named(page: Client, working: Version, dover: Agency) -> None:
    text = block("|Dovver|Ashford", "Cultral and related services|1|2", "Somthing|3|4", "waste-management|5|6")
    html = send(page, text).content.decode()
    for place in ("1-2", "2-1", "3-1"):
        assert f'href="#name-{place}"' in html
    assert options_of(html, "name-1-2")[:3] == ["", "leave-column", "is-E2234"]
    assert options_of(html, "name-2-1")[:3] == ["", "leave-row", "is-cultural"]
    assert "is-waste-management" in options_of(html, "name-3-1")
    again = send(page, text, **{"name-1-2": "is-E2234", "name-2-1": "is-cultural", "name-3-1": "leave-row"})
    assert again.status_code == 200
    html = again.content.decode()
    assert "Save four cells" in html
    left = re.search(r'name="text"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert left
    assert send(page, left[1], step="save", revision=hidden(html, "revision")).status_code == 302
    assert line_of(working, dover, ServiceLine.objects.get(code="waste-management")).amount == 5


def test_a_column_or_a_row_of_no_body_is_left_out_with_its_bad_cells(page: Client, working: Version) -> None:
    text = block("|Nobody|Dover", "cultural|1|2")
    assert "Save one cell" in send(page, text, **{"name-1-2": "leave-column"}).content.decode()
    turned = block("Body|cultural", "Nobody|1", "Dover|2")
    assert options_of(send(page, turned).content.decode(), "name-2-1")[:2] == ["", "leave-row"]
    sent = {"name-2-1": "leave-row", "cell-2-2": "nfp", "name-9-9": "leave-row", "name-0-1": "is-cultural"}
    assert "Save one cell" in send(page, turned, **sent).content.decode()


def test_names_beyond_those_shown_are_counted(page: Client, working: Version) -> None:
    html = send(page, block("|Dover", "cultural|1", *(f"No such line {row}|1" for row in range(30)))).content.decode()
    assert html.count('name="name-') == 25
    assert "And five more names" in html


def test_totals_are_looked_at_once_every_name_is_known(preview) -> None:
    seen = preview(block("|Dover", "Cultral and related services|1", "waste-management|2", "Total|3"))
    assert (len(seen.faults), seen.totals_checked, seen.mismatches) == (1, 0, [])


def test_the_block_stands_open_where_nothing_in_it_is_known(page: Client, working: Version) -> None:
    html = send(page, block("1|2", "3|4")).content.decode()
    assert '<details class="govuk-details" open>' in html
    assert 'href="#paste-text"' in html
    assert "Put these right" not in html


def test_a_block_seen_before_somebody_else_s_change_is_shown_again(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    text = block("|Dover", "cultural|10")
    revision = hidden(send(page, text).content.decode(), "revision")
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(amount=77)
    shown = send(page, text, step="save", revision=revision)
    assert shown.status_code == 422
    assert "Somebody changed the count" in shown.content.decode()
    assert line_of(working, dover, cultural).amount == 77


def test_nothing_and_too_much_are_refused_in_words(page: Client, working: Version) -> None:
    assert "Paste a block first." in send(page, " \r\n").content.decode()
    much = "\r\n".join(["1\t2\t3"] * 20_000)
    assert "Upload a file instead." in send(page, much).content.decode()
    wide_once = "1" + "\t" * 900_000 + "\n" * 900_000
    assert (
        "This block has 810,000,900,000 cells, and 50,000 can be pasted at once."
        in send(page, wide_once).content.decode()
    )


def test_a_locked_count_takes_no_block(page: Client, working: Version, lead: Person) -> None:
    set_status(working, "submitted", lead)
    assert send(page, block("|Dover", "cultural|10")).status_code == 403


def test_a_contributor_pastes_their_own_body_alone(client: Client, working: Version, contributor: Person) -> None:
    client.force_login(contributor)
    shown = send(client, block("|Dover|Ashford", "cultural|10|20"))
    assert "You may not change spending of Ashford in Kent." in shown.content.decode()


def test_totals_before_and_after_are_of_the_bodies_that_the_person_may_change(
    working: Version, contributor: Person, centre: Person
) -> None:
    rows = parse_pasted(block("|Dover|Ashford", "cultural|10|20"))
    own = Paste(working, Slice(), rows, contributor).preview()
    assert [change.name for change in own.changes] == ["Dover"]
    assert Paste(working, Slice(), rows, centre).preview().changes == []


@pytest.mark.django_db
def test_a_block_of_300_by_12_over_all_branches_is_matched_and_written_in_seconds() -> None:
    place = make_large_place()
    version = make_working_version(place)
    lead = make_person("large-lead", Role.Kind.PLACE_LEAD, place)
    rows = [["Code", *(f"D{body:03}" for body in range(1, 13))]]
    for number, code in enumerate(leaf_codes()[:300]):
        rows.append([code, *(f"£{number * 12 + body:,}.{(number + body) % 100:02}" for body in range(12))])
    begun = perf_counter()
    seen = Paste(version, Slice(), rows, lead).write()
    took = perf_counter() - begun
    print(f"300 x 12 matched and written in {took:.2f} s")
    assert (seen.service_lines, seen.bodies, seen.added, seen.bad) == (300, 12, 3_600, [])
    assert SpendLine.objects.filter(version=version).count() == 3_600
    assert History.objects.filter(version_id=version.pk).count() == 3_600
    assert seen.after == sum(line.amount for line in SpendLine.objects.filter(version=version))
    assert took < 15

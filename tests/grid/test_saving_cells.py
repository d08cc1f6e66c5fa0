"""Saving one cell: what is typed, what is refused, what somebody else did meanwhile."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pilots.models import Agency, Person, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of, set_status

ADDRESS = "/places/kent/spend/2010-11/"


def send(client: Client, *cells: dict[str, Any], slice: dict | None = None) -> dict[str, Any]:
    """Sends one change, of a cell or of several together."""
    answer = client.post(
        f"{ADDRESS}grid/cells/",
        json.dumps({"slice": slice or {}, "shown": {}, "changes": [cells]}),
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    said = answer.json()
    return {**said, "cells": said["changes"][0]}


def cell(agency: Agency, service: ServiceLine, typed: str, line: SpendLine | None = None, **more: Any) -> dict:
    return {
        "agency": agency.pk,
        "service_line": service.pk,
        "typed": typed,
        "line": line.pk if line else None,
        "row_version": line.row_version if line else None,
        **more,
    }


def test_the_grid_shows_every_body_every_line_and_totals_of_the_count(page: Client, working: Version) -> None:
    answer = page.get(ADDRESS)
    assert answer.status_code == 200
    html = answer.content.decode()
    for words in ("Kent’s spend in 2010-11", "Dover", "Cultural and related services", "All 17 bodies"):
        assert words in html
    # Kent's mapped total, as computed independently.
    assert '<td class="grid-edge" data-total="all">8,259,406,210.78</td>' in html


def test_a_typed_amount_changes_the_line_and_the_totals(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    answer = send(page, cell(dover, cultural, "£1,234.5", line))
    outcome = answer["cells"][0]
    assert (outcome["state"], outcome["shown"]) == ("saved", "1,234.50")
    assert outcome["row_version"] == line.row_version + 1
    changed = line_of(working, dover, cultural)
    assert changed.amount == Decimal("1234.50")
    expected = Decimal("8259406210.78") - line.amount + changed.amount
    assert answer["totals"]["all"] == f"{expected:,.2f}"


def test_a_blank_removes_the_line_and_nothing_is_not_zero(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    blanked = send(page, cell(dover, cultural, "", line))["cells"][0]
    assert (blanked["shown"], blanked["line"]) == ("", None)
    assert not SpendLine.objects.filter(pk=line.pk).exists()
    zero = send(page, cell(dover, cultural, "0"))["cells"][0]
    assert zero["shown"] == "0"
    assert line_of(working, dover, cultural).amount == 0


@pytest.mark.parametrize(
    ("typed", "hint", "suggestion"),
    [
        ("£3.2m", "Did you mean 3,200,000.00?", "3,200,000"),
        ("12k", "Did you mean 12,000.00?", "12,000"),
        ("1.234", "money has two", ""),
        ("3e6", "scientific notation", ""),
        ("84.719.000,00", "comma for its decimals", ""),
        ("=cmd|' /C calc'!A0", "is a formula", ""),
        ("NaN", "not a number", ""),
        ("12345678901234567890", "more than can be recorded", ""),
    ],
)
def test_what_could_mean_two_things_is_refused_with_a_hint_and_changes_nothing(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine, typed: str, hint: str, suggestion: str
) -> None:
    line = line_of(working, dover, cultural)
    answer = send(page, cell(dover, cultural, typed, line))
    outcome = answer["cells"][0]
    assert (outcome["state"], outcome["shown"]) == ("refused", typed)
    assert hint in outcome["message"]
    assert outcome.get("suggestion", "") == suggestion
    assert "totals" not in answer
    assert line_of(working, dover, cultural).row_version == line.row_version


def test_a_dash_is_read_as_blank_with_a_notice(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    outcome = send(page, cell(dover, cultural, "-", line_of(working, dover, cultural)))["cells"][0]
    assert (outcome["state"], outcome["shown"]) == ("saved", "")
    assert "dash was read as blank" in outcome["message"]


def test_two_people_at_one_cell_lose_neither_value(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine, contributor: Person
) -> None:
    read = line_of(working, dover, cultural)
    other = Client()
    other.force_login(contributor)
    send(other, cell(dover, cultural, "820000", read))
    conflict = send(page, cell(dover, cultural, "-820000", read))["cells"][0]
    assert conflict["state"] == "conflict"
    theirs = conflict["theirs"]
    assert (theirs["shown"], theirs["who"]) == ("820,000", "Contributor Example")
    assert theirs["when"]
    assert line_of(working, dover, cultural).amount == 820000
    kept = cell(dover, cultural, "-820000") | {"line": theirs["line"], "row_version": theirs["row_version"]}
    assert send(page, kept)["cells"][0]["shown"] == "−820,000"


def test_both_typing_the_same_amount_is_no_conflict(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    read = line_of(working, dover, cultural)
    send(page, cell(dover, cultural, "5", read))
    assert send(page, cell(dover, cultural, "5.00", read))["cells"][0]["state"] == "saved"


def test_a_cell_that_somebody_removed_meanwhile_is_a_conflict(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    read = line_of(working, dover, cultural)
    send(page, cell(dover, cultural, "", read))
    conflict = send(page, cell(dover, cultural, "7", read))["cells"][0]
    assert (conflict["state"], conflict["theirs"]["shown"], conflict["theirs"]["line"]) == ("conflict", "", None)
    assert "now blank" in conflict["message"]


def test_a_contributor_sees_and_changes_their_own_body_alone(
    client: Client, working: Version, contributor: Person, dover: Agency, cultural: ServiceLine
) -> None:
    client.force_login(contributor)
    html = client.get(ADDRESS).content.decode()
    assert "All one body" in html
    assert "Sevenoaks" not in html
    ashford = Agency.objects.get(name="Ashford")
    read = line_of(working, ashford, cultural)
    refused = send(client, cell(ashford, cultural, "1", read))["cells"][0]
    assert refused["state"] == "refused"
    assert refused["message"] == "You may not change spending of Ashford in Kent."
    assert line_of(working, ashford, cultural).amount == read.amount
    assert send(client, cell(dover, cultural, "1", line_of(working, dover, cultural)))["cells"][0]["state"] == "saved"


def test_who_may_not_change_a_cell_is_told_nothing_of_what_it_holds(
    client: Client, working: Version, contributor: Person, centre: Person, dover: Agency, cultural: ServiceLine
) -> None:
    ashford = Agency.objects.get(name="Ashford")
    held = line_of(working, ashford, cultural)
    for person in (contributor, centre):
        client.force_login(person)
        for typed in ("1", f"{held.amount}", ""):
            refused = send(client, cell(ashford, cultural, typed))["cells"][0]
            assert refused["message"] == "You may not change spending of Ashford in Kent."
            assert (refused["state"], refused["shown"], refused["line"]) == ("refused", typed, None)
            assert "theirs" not in refused


def test_the_leadership_centre_reads_and_types_nothing(client: Client, working: Version, centre: Person) -> None:
    client.force_login(centre)
    html = client.get(f"{ADDRESS}?view=grid").content.decode()
    assert "You can read this count. Its place lead" in html
    assert html.count('data-why="body"') == html.count('name="cell-')
    assert "Save what is shown" not in html


def test_a_submitted_count_is_locked_and_says_who_did_it(
    page: Client, working: Version, lead: Person, dover: Agency, cultural: ServiceLine
) -> None:
    read = line_of(working, dover, cultural)
    set_status(working, "submitted", lead)
    html = page.get(ADDRESS).content.decode()
    assert "The count is submitted" in html
    assert "Lead Example, " in html
    assert html.count('data-why="locked"') == html.count('name="cell-')
    refused = send(page, cell(dover, cultural, "1", read))["cells"][0]
    assert refused["state"] == "refused"
    assert "submitted" in refused["message"]


def test_somebody_without_a_role_here_and_somebody_signed_out(client: Client, working: Version) -> None:
    body = json.dumps({"changes": []})
    assert client.post(f"{ADDRESS}grid/cells/", body, content_type="application/json").status_code == 401
    client.force_login(Person.objects.create_user("test-stranger"))
    assert client.get(ADDRESS).templates[0].name == "spend/lines.html"
    assert client.get(f"{ADDRESS}?view=grid").status_code == 403
    one = json.dumps({"changes": [[{"agency": 1, "service_line": 1, "typed": "1"}]]})
    assert client.post(f"{ADDRESS}grid/cells/", one, content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"changes": [[{}]]}',
        '{"changes": [[3]]}',
        '{"changes": [[{"agency": "x"}]]}',
        '{"changes": [[{"agency": Infinity, "service_line": 1, "typed": "1"}]]}',
        '{"changes": [[{"agency": 1e30, "service_line": 1, "typed": "1"}]]}',
        '{"changes": [[{"agency": 1, "service_line": 1, "typed": "1"}]], "slice": "x"}',
        '{"changes": [[{"agency": 1, "service_line": 1, "typed": "1"}]], "shown": ["x"]}',
        '{"changes": [[{"agency": 1, "service_line": 1, "typed": "1"}]], "slice": {"funder": "\\u0000"}}',
        '{"changes": 3}',
    ],
)
def test_what_is_no_list_of_cells_is_a_bad_request(page: Client, working: Version, body: str) -> None:
    assert page.post(f"{ADDRESS}grid/cells/", body, content_type="application/json").status_code == 400


def test_a_request_without_its_token_is_refused(working: Version, lead: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    assert client.post(f"{ADDRESS}grid/cells/", "{}", content_type="application/json").status_code == 403


def test_those_who_may_change_a_count_see_a_grid_and_find_the_lines_beside_it(
    page: Client, working: Version, centre: Person
) -> None:
    assert page.get(ADDRESS).templates[0].name == "spend/grid.html"
    assert page.get(f"{ADDRESS}?view=lines").templates[0].name == "spend/lines.html"
    assert page.get(f"{ADDRESS}?version=published").templates[0].name == "spend/lines.html"
    page.force_login(centre)
    assert page.get(ADDRESS).templates[0].name == "spend/lines.html"


def test_a_cell_with_several_lines_shows_their_sum_and_asks_which(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    typed = cell(dover, cultural, "10.50")
    assert send(page, typed, slice={"spend_type": "employees"})["cells"][0]["state"] == "saved"
    html = page.get(ADDRESS).content.decode()
    assert f'value="{line.amount + 10:,.0f}.50"' in html
    assert 'data-why="several"' in html
    refused = send(page, cell(dover, cultural, "1", line))["cells"][0]
    assert "There are two lines in this cell" in refused["message"]
    alone = page.get(f"{ADDRESS}?spend_type=employees").content.decode()
    assert 'value="10.50"' in alone
    assert '<td class="grid-edge" data-total="all">10.50</td>' in alone
    assert "Totals: Revenue, Employees, whoever pays" in alone


def test_capital_and_money_passed_on_are_grids_of_their_own(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    saved = send(page, cell(dover, cultural, "99"), slice={"kind": "capital"})["cells"][0]
    line = SpendLine.objects.get(pk=saved["line"])
    assert (line.is_capital, line.is_transfer) == (True, False)
    assert '<td class="grid-edge" data-total="all">99</td>' in page.get(f"{ADDRESS}?kind=capital").content.decode()
    passed_on = page.get(f"{ADDRESS}?kind=passed-on").content.decode()
    assert "Totals: Money passed on to other bodies" in passed_on


def test_a_part_of_the_grid_that_is_no_text_is_read_as_text(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    changes = [[cell(dover, cultural, "1", line_of(working, dover, cultural))]]
    body = json.dumps({"slice": {"funder": None}, "shown": {"branch": [], "lines": 3}, "changes": changes})
    answer = page.post(f"{ADDRESS}grid/cells/", body, content_type="application/json")
    assert answer.json()["totals"]["all"]


@pytest.mark.parametrize("query", ["kind=gold", "spend_type=gold", "funder=gold"])
def test_an_address_that_asks_for_what_there_is_not_is_not_found(page: Client, working: Version, query: str) -> None:
    assert page.get(f"{ADDRESS}?{query}").status_code == 404


def test_changes_sent_together_are_saved_or_refused_each_by_itself(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    waste = ServiceLine.objects.get(code="waste-management")
    changes = [[cell(dover, waste, "3e6")], [cell(dover, cultural, "1", line_of(working, dover, cultural))]]
    body = json.dumps({"slice": {}, "shown": {}, "changes": changes})
    answer = page.post(f"{ADDRESS}grid/cells/", body, content_type="application/json").json()
    assert [[outcome["state"] for outcome in change] for change in answer["changes"]] == [["refused"], ["saved"]]
    assert answer["totals"]["all"]

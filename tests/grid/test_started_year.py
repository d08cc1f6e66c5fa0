"""A year that was started shows last year's lines, empty, to be filled in."""

import pytest
from django.test import Client

from pilots.grid.block import save_block
from pilots.grid.edits import Edit
from pilots.grid.slice import Kind, Slice
from pilots.models import Agency, Person, Place, ServiceLine, SpendLine, Version
from pilots.progress.start_year import start_year
from pilots.spend.versions import open_working_version
from pilots.spend.write import add_line, change_line
from tests.grid.conftest import line_of
from tests.grid.test_saving_cells import cell

NEXT = "/places/kent/spend/2011-12/"


@pytest.fixture
def started(kent: Place, lead: Person) -> Version:
    return start_year(kent, kent.programme.years.get(label="2011-12"), lead)


def shown(page: Client, query: str = "") -> str:
    answer = page.get(f"{NEXT}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_last_years_lines_stand_ready_and_empty(
    page: Client, started: Version, dover: Agency, cultural: ServiceLine
) -> None:
    html = shown(page)
    assert f'<td data-marks="expected"><input id="c-{dover.pk}-{cultural.pk}"' in html
    assert "had an amount last year" in html
    assert "Prisons and probation" not in html
    assert '<option value="expected" selected>As last year</option>' in html
    assert "Prisons and probation" in shown(page, "?lines=all")
    before = started.begun_from
    assert before is not None
    services = before.lines.filter(is_transfer=False, is_capital=False).values("service_line").distinct()
    assert html.count('<tr class="grid-row') == services.count()


def test_the_lines_of_an_ordinary_count_are_all_of_them(page: Client, working: Version) -> None:
    html = page.get("/places/kent/spend/2010-11/").content.decode()
    assert "As last year" not in html
    assert 'data-marks="expected"' not in html
    assert '<option value="all" selected>All lines</option>' in html


@pytest.fixture
def cultural_employees(kent: Place, working: Version, lead: Person, dover: Agency, cultural: ServiceLine) -> SpendLine:
    """Last year's line of Dover's culture, of employees and paid by the county."""
    line = line_of(working, dover, cultural)
    values = {"spend_type": "employees", "funder": "E2221"}
    return change_line(working, line.pk, values, line.row_version, lead, "page")


def last_year_was(working: Version, kent: Place, lead: Person) -> Version:
    """2011-12, started from the working version of 2010-11 as nothing of it was published."""
    working.count.published = None
    working.count.save()
    return start_year(kent, kent.programme.years.get(label="2011-12"), lead)


@pytest.mark.parametrize("together", [False, True])
def test_an_amount_typed_where_last_year_had_one_line_makes_a_line_like_it(
    page: Client,
    kent: Place,
    lead: Person,
    dover: Agency,
    cultural: ServiceLine,
    working: Version,
    cultural_employees: SpendLine,
    together: bool,
) -> None:
    started = last_year_was(working, kent, lead)
    if together:
        save_block(started, Slice(), [Edit(dover.pk, cultural.pk, "7")], lead)
    else:
        sent = {"slice": {}, "shown": {}, "changes": [[cell(dover, cultural, "7")]]}
        answer = page.post(f"{NEXT}grid/cells/", sent, content_type="application/json")
        assert answer.json()["changes"][0][0]["state"] == "saved"
    made = line_of(started, dover, cultural)
    assert (made.spend_type.code, made.funder.code, made.amount) == ("employees", "E2221", 7)


def test_money_passed_on_goes_to_the_same_receiver_again(
    kent: Place, lead: Person, working: Version, dover: Agency
) -> None:
    values = {"agency": "E2234", "service_line": "cultural", "receiver": "E2221", "is_transfer": True, "amount": "5"}
    add_line(working, values, lead, "page")
    started = last_year_was(working, kent, lead)
    service = ServiceLine.objects.get(programme=kent.programme, code="cultural")
    save_block(started, Slice(Kind.PASSED_ON), [Edit(dover.pk, service.pk, "6")], lead)
    assert started.lines.get().receiver.code == "E2221"


def test_where_last_year_had_several_lines_none_is_guessed(
    kent: Place, lead: Person, working: Version, dover: Agency, cultural: ServiceLine, cultural_employees: SpendLine
) -> None:
    values = {"agency": "E2234", "service_line": "cultural", "spend_type": "premises", "amount": "5"}
    add_line(working, values, lead, "page")
    started = last_year_was(working, kent, lead)
    save_block(started, Slice(), [Edit(dover.pk, cultural.pk, "6")], lead)
    assert line_of(started, dover, cultural).spend_type.code == "unspecified"
    save_block(started, Slice(spend_type="employees"), [Edit(dover.pk, cultural.pk, "8")], lead)
    assert started.lines.get(spend_type__code="employees").funder.code == "E2221"


def test_the_year_goes_on_from_what_is_typed(started: Version, page: Client) -> None:
    assert open_working_version(started.count) == started
    assert not started.lines.exists()

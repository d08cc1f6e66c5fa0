"""A pasted block is one action, and one action takes it back; what was changed since is asked about."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pilots.grid.pasting import Paste
from pilots.grid.slice import Slice
from pilots.grid.taking_back import look_back
from pilots.models import Agency, Person, Role, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of, set_status
from tests.grid.large import leaf_codes, make_large_place, make_working_version
from tests.grid.people import make_person
from tests.grid.test_pasting import block, hidden, send

FIELDS = ("agency_id", "service_line_id", "amount", "basis", "source", "note", "spend_type_id", "funder_id", "share")


@pytest.fixture
def ashford() -> Agency:
    return Agency.objects.get(name="Ashford")


@pytest.fixture
def waste() -> ServiceLine:
    return ServiceLine.objects.get(code="waste-management")


def recorded(version: Version) -> set[tuple]:
    return set(SpendLine.objects.filter(version=version).values_list(*FIELDS))


def save(page: Client, text: str, **fields: str) -> str:
    """Saves a block; the address that takes it back."""
    revision = hidden(send(page, text, **fields).content.decode(), "revision")
    answer = page.post(
        "/places/kent/spend/2010-11/grid/paste/", {"text": text, "step": "save", "revision": revision, **fields}
    )
    assert answer.status_code == 302
    shown = page.get(answer["Location"]).content.decode()
    found = re.search(r'href="([^"]+)">Take it back', shown)
    assert found
    return found[1]


def take_back(page: Client, address: str, **fields: str):
    shown = page.get(address).content.decode()
    return page.post(address, {"revision": hidden(shown, "revision"), **fields})


def test_a_block_that_added_changed_and_removed_is_taken_back_at_once(page: Client, working: Version) -> None:
    before = recorded(working)
    address = save(page, block("|Dover|Ashford", "cultural|10|", "waste-management|30.05|40"), clears="yes")
    assert recorded(working) != before
    assert "Four cells are as the block left them and go back" in page.get(address).content.decode()
    done = take_back(page, address)
    assert done.status_code == 302
    assert recorded(working) == before
    said = page.get(done["Location"]).content.decode()
    assert "Four cells are as before the block again." in said
    assert "There is nothing to take back" in page.get(address).content.decode()


def test_what_somebody_changed_since_stays_unless_it_is_to_go_back_too(
    page: Client, working: Version, dover: Agency, ashford: Agency, cultural: ServiceLine
) -> None:
    before = line_of(working, dover, cultural).amount, line_of(working, ashford, cultural).amount
    address = save(page, block("|Dover|Ashford", "cultural|10|20"))
    SpendLine.objects.filter(pk=line_of(working, ashford, cultural).pk).update(amount=77)
    shown = page.get(address).content.decode()
    assert "One cell is as the block left it and goes back" in shown
    assert "changed this meanwhile: it is now £77.00." in shown
    assert f'<td class="number">{before[1]:,.0f}</td>' in shown
    take_back(page, address)
    assert line_of(working, dover, cultural).amount == before[0]
    assert line_of(working, ashford, cultural).amount == 77
    take_back(page, address, others="back")
    assert line_of(working, ashford, cultural).amount == before[1]


def test_a_line_removed_since_comes_back_as_it_was_only_when_told(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    before = recorded(working)
    address = save(page, block("|Dover", "cultural|10"))
    line_of(working, dover, cultural).delete()
    take_back(page, address)
    assert not SpendLine.objects.filter(version=working, agency=dover, service_line=cultural).exists()
    take_back(page, address, others="back")
    assert recorded(working) == before


def test_a_count_changed_since_the_page_was_shown_is_shown_again(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    address = save(page, block("|Dover", "cultural|10"))
    revision = hidden(page.get(address).content.decode(), "revision")
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(amount=77)
    again = page.post(address, {"revision": revision, "others": "back"})
    assert again.status_code == 409
    assert "Somebody changed the count since this was shown." in again.content.decode()
    assert line_of(working, dover, cultural).amount == 77


def test_a_block_of_one_slice_is_taken_back_in_that_slice(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    before = recorded(working)
    address = save(page, block("|Dover", "cultural|10"), kind="capital")
    capital = SpendLine.objects.filter(version=working, agency=dover, service_line=cultural, is_capital=True)
    assert capital.get().amount == 10
    assert take_back(page, address)["Location"].endswith("?kind=capital")
    assert recorded(working) == before


def test_nobody_takes_back_what_was_no_block_or_is_not_theirs(
    page: Client, working: Version, contributor: Person, centre: Person, lead: Person, ashford: Agency, cultural
) -> None:
    before = line_of(working, ashford, cultural).amount
    address = save(page, block("|Dover|Ashford", "cultural|10|20"))
    held = line_of(working, ashford, cultural)
    assert page.get(f"{address}x").status_code == 404
    assert page.get(address.partition("?")[0]).status_code == 404
    assert page.get(address.replace("2010-11", "2008-09")).status_code == 404
    page.force_login(centre)
    assert page.get(address).status_code == 403
    page.force_login(contributor)
    SpendLine.objects.filter(pk=held.pk).update(amount=987_654)
    shown = page.get(address).content.decode()
    assert "You may not change spending of Ashford in Kent." in shown
    assert "987,654" not in shown
    assert f"{before:,.0f}" not in shown
    take_back(page, address, others="back")
    assert line_of(working, ashford, cultural).amount == 987_654
    page.force_login(lead)
    set_status(working, "submitted", lead)
    assert page.get(address).status_code == 403


@pytest.mark.django_db
def test_a_block_of_3600_cells_is_taken_back_in_a_few_statements() -> None:
    place = make_large_place()
    version = make_working_version(place)
    lead = make_person("large-lead", Role.Kind.PLACE_LEAD, place)
    rows = [
        ["Code", *(f"D{body:03}" for body in range(1, 13))],
        *([code, *["1.01"] * 12] for code in leaf_codes()[:300]),
    ]
    saved = Paste(version, Slice(), rows, lead).write().saved
    assert saved
    with CaptureQueriesContext(connection) as asked:
        seen = look_back(version, Slice(), saved, lead)
    assert (len(seen.edits), seen.changed_since) == (3_600, [])
    assert len(asked) < 15


def test_pence_come_back_exactly(page: Client, working: Version, dover: Agency, cultural: ServiceLine) -> None:
    most = Decimal("99999999999999.99")
    SpendLine.objects.filter(pk=line_of(working, dover, cultural).pk).update(
        amount=most, whole_amount=None, share=None, method=""
    )
    take_back(page, save(page, block("|Dover", "cultural|10")))
    assert line_of(working, dover, cultural).amount == most

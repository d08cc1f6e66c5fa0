"""Blocks of cells: all of them or none, in few statements, exactly."""

import random
from decimal import Decimal
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pilots.grid.block import save_block
from pilots.grid.cells import read_cells
from pilots.grid.edits import Edit, State
from pilots.grid.slice import Slice
from pilots.models import Agency, History, Person, Place, Role, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of
from tests.grid.large import make_large_place, make_working_version
from tests.grid.people import make_person
from tests.grid.test_saving_cells import cell, send


@pytest.fixture
def largeshire(db: None) -> Place:
    return make_large_place()


@pytest.fixture
def large_lead(largeshire: Place) -> Person:
    return make_person("large-lead", Role.Kind.PLACE_LEAD, largeshire)


def keys_of(place: Place) -> list[tuple[int, int]]:
    leaves = ServiceLine.objects.filter(programme=place.programme, children=None).order_by("position")
    bodies = place.agencies.order_by("code").values_list("id", flat=True)
    return [(body, leaf) for leaf in leaves.values_list("id", flat=True) for body in bodies]


def test_2000_cells_with_every_pence_value_come_back_exactly(largeshire: Place, large_lead: Person) -> None:
    version = make_working_version(largeshire)
    pence = [Decimal(number) / 100 for number in range(1, 10_001)]
    pounds = random.Random(2010).sample(range(10_000), 2_000)
    amounts = [Decimal(whole) + Decimal(number % 100) / 100 for number, whole in enumerate(pounds)]
    assert {amount % 1 for amount in amounts} == {penny for penny in pence if penny < 1} | {Decimal(0)}
    keys = keys_of(largeshire)[:2_000]
    edits = [Edit(*key, f"{amount:,.2f}") for key, amount in zip(keys, amounts, strict=True)]
    outcomes = save_block(version, Slice(), edits, large_lead)
    assert {outcome.state for outcome in outcomes} == {State.SAVED}
    cells = read_cells(version, Slice())
    assert [cells[key].amount for key in keys] == amounts
    shown = [Decimal(outcome.shown.replace(",", "")) for outcome in outcomes]
    assert shown == amounts


def test_3600_cells_are_written_by_a_few_statements_within_seconds(largeshire: Place, large_lead: Person) -> None:
    version = make_working_version(largeshire)
    keys = keys_of(largeshire)[:3_600]
    edits = [Edit(*key, f"{number}.{number % 100:02}") for number, key in enumerate(keys)]
    begun = perf_counter()
    with CaptureQueriesContext(connection) as added:
        save_block(version, Slice(), edits, large_lead)
    adding = perf_counter() - begun
    cells = read_cells(version, Slice())
    again = [Edit(*key, "1", line.id, line.row_version) for key in keys if (line := cells[key].line)]
    begun = perf_counter()
    with CaptureQueriesContext(connection) as changed:
        outcomes = save_block(version, Slice(), again, large_lead)
    changing = perf_counter() - begun
    print(f"3,600 cells added in {adding:.2f} s, changed in {changing:.2f} s")
    assert {outcome.row_version for outcome in outcomes} == {2}
    assert len(added) < 40
    assert len(changed) < 40
    assert History.objects.filter(version_id=version.pk).count() == 7_200
    # A second or two on a machine that does nothing else.
    assert adding < 10
    assert changing < 10


def test_one_bad_cell_keeps_a_whole_block_from_being_written(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ashford = Agency.objects.get(name="Ashford")
    lines = [line_of(working, body, cultural) for body in (dover, ashford)]
    answer = send(page, cell(dover, cultural, "1", lines[0]), cell(ashford, cultural, "£3.2m", lines[1]))
    assert [outcome["state"] for outcome in answer["cells"]] == ["held", "refused"]
    assert answer["cells"][1]["suggestion"] == "3,200,000"
    assert line_of(working, dover, cultural).amount == lines[0].amount
    assert not History.objects.filter(version_id=working.pk, row_id=lines[0].pk, operation="update").exists()


def test_a_conflict_in_a_block_is_asked_about_and_nothing_is_written(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ashford = Agency.objects.get(name="Ashford")
    lines = [line_of(working, body, cultural) for body in (dover, ashford)]
    send(page, cell(dover, cultural, "5", lines[0]))
    answer = send(page, cell(dover, cultural, "1", lines[0]), cell(ashford, cultural, "2", lines[1]))
    assert [outcome["state"] for outcome in answer["cells"]] == ["conflict", "held"]
    assert answer["cells"][0]["theirs"]["shown"] == "5"


def test_a_block_adds_changes_and_removes_in_one_go(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    ashford, waste = Agency.objects.get(name="Ashford"), ServiceLine.objects.get(code="waste-management")
    lines = [line_of(working, body, cultural) for body in (dover, ashford)]
    answer = send(
        page,
        cell(dover, cultural, "1", lines[0]),
        cell(ashford, cultural, "", lines[1]),
        cell(dover, waste, "(120)"),
    )
    assert [outcome["shown"] for outcome in answer["cells"]] == ["1", "", "−120"]
    assert line_of(working, dover, waste).amount == -120
    assert not SpendLine.objects.filter(version=working, agency=ashford, service_line=cultural).exists()


def test_a_removed_line_that_is_taken_back_has_its_source_note_and_basis_again(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    SpendLine.objects.filter(pk=line.pk).update(basis="estimate", note="As the board agreed")
    line = line_of(working, dover, cultural)
    send(page, cell(dover, cultural, "", line))
    restored = send(page, cell(dover, cultural, f"{line.amount:,}", restores=line.pk))["cells"][0]
    again = SpendLine.objects.get(pk=restored["line"])
    kept = ("amount", "basis", "note", "source", "whole_amount", "share", "method", "spend_type_id")
    assert [getattr(again, name) for name in kept] == [getattr(line, name) for name in kept]


def test_a_cell_twice_in_a_block_and_a_body_of_no_register_are_refused(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    stranger = {**cell(dover, cultural, "1"), "agency": 10**9}
    answer = send(page, cell(dover, cultural, "1", line), cell(dover, cultural, "2", line), stranger)
    assert [outcome["state"] for outcome in answer["cells"]] == ["held", "refused", "refused"]


def test_a_body_that_does_not_serve_the_place_is_refused_by_name(
    page: Client, working: Version, lead: Person, cultural: ServiceLine
) -> None:
    bristol = Agency.objects.get(name="Bristol")
    answer = send(page, cell(bristol, cultural, "1"), cell(bristol, cultural, "2"))
    assert "Bristol does not serve Kent" in answer["cells"][0]["message"]

"""Filled copies of one workbook, sent back by several bodies: merged with what was recorded since it was downloaded."""

import io
from decimal import Decimal

import openpyxl
import pytest

from pilots.models import Person, Role, SpendLine
from pilots.spend.files import FileRefused, Mode, apply_plan, plan_import, read_table
from pilots.spend.files.open_document import write_open_document
from pilots.spend.files.template import COLUMNS, write_workbook
from pilots.spend.write import add_line, change_line, remove_line, values_of

LINES = [("E1", "roads", "100"), ("E1", "older", "50"), ("E2", "roads", "200"), ("E3", "roads", "300")]


@pytest.fixture
def count(register):
    for agency, service, amount in LINES:
        add_line(register.version, {"agency": agency, "service_line": service, "amount": amount}, None, "test")
    return register.version


def downloaded(version):
    version.refresh_from_db()
    file = io.BytesIO()
    write_workbook(version, file)
    return file.getvalue()


def filled(workbook, *changes, without=(), added=()):
    """A copy in which cells were typed over: ("E1", "roads", "amount", 120)."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    sheet = book["Spend"]
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=2) if row[0].value}
    for agency, service, field, value in changes:
        rows[agency, service][COLUMNS.index(field)].value = value
    for key in without:
        for cell in rows[key]:
            cell.value = None
    for offset, (agency, service, amount) in enumerate(added):
        number = len(rows) + 2 + offset
        for field, value in [("agency", agency), ("service_line", service), ("amount", amount)]:
            sheet.cell(number, COLUMNS.index(field) + 1).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def planned(version, copy, person=None, mode=Mode.ADD_OR_CHANGE, **choices):
    version.refresh_from_db()
    return plan_import(version, read_table(copy, "copy.xlsx"), None, person, mode, choices=choices.get("choices"))


def write(version, copy, person=None, mode=Mode.ADD_OR_CHANGE, choices=None):
    plan = planned(version, copy, person, mode, choices=choices)
    assert plan.is_good, list(plan.problems)
    return apply_plan(plan, person, "test", choices=choices)


def line(version, agency, service):
    return SpendLine.objects.get(version=version, agency__code=agency, service_line__code=service)


def changed_here(version, agency, service, person=None, **values):
    found = line(version, agency, service)
    change_line(version, found.pk, values, found.row_version, person, "page")


def test_two_bodies_fill_two_copies_and_neither_loses_a_cell(count, recorded):
    workbook = downloaded(count)
    write(count, filled(workbook, ("E1", "roads", "amount", 120)))
    second = write(count, filled(workbook, ("E2", "roads", "amount", 240), ("E2", "roads", "note", "audited")))
    assert recorded()["E1", "roads"] == 120
    assert recorded()["E2", "roads"] == 240
    assert (second.merge.taken, second.merge.kept, second.merge.conflicts) == (2, 1, ())
    assert second.differences[0].lines.changed == 1


def test_the_note_of_one_and_the_amount_of_another_stand_in_one_line(count):
    workbook = downloaded(count)
    write(count, filled(workbook, ("E1", "roads", "amount", 120)))
    write(count, filled(workbook, ("E1", "roads", "note", "audited")))
    found = line(count, "E1", "roads")
    assert (found.amount, found.note) == (120, "audited")


def test_the_same_change_in_both_copies_is_no_conflict(count, recorded):
    copy = filled(downloaded(count), ("E1", "roads", "amount", 120))
    write(count, copy)
    again = write(count, copy)
    assert (again.merge.conflicts, again.differences[0].is_empty) == ((), True)


def test_a_cell_that_both_changed_is_named_with_both_values_and_who(count, lead):
    workbook = downloaded(count)
    changed_here(count, "E1", "roads", lead, amount="110")
    plan = planned(count, filled(workbook, ("E1", "roads", "amount", 120)))
    (conflict,) = plan.merge.conflicts
    assert (conflict.agency, conflict.service_line, conflict.field) == ("Dover", "Roads", "amount")
    assert [Decimal(value) for value in (conflict.base, conflict.file, conflict.ours)] == [100, 120, 110]
    assert (conflict.who, conflict.row, plan.merge.open) == ("lead", 3, 1)


def test_nothing_is_written_while_a_conflict_is_open(count, recorded):
    workbook = downloaded(count)
    changed_here(count, "E1", "roads", amount="110")
    copy = filled(workbook, ("E1", "roads", "amount", 120), ("E2", "roads", "amount", 1))
    with pytest.raises(FileRefused, match="Choose one"):
        apply_plan(planned(count, copy), None, "test")
    assert recorded()["E2", "roads"] == 200


@pytest.mark.parametrize(("choice", "amount"), [("file", 120), ("ours", 110)])
def test_the_value_that_is_chosen_is_recorded(count, recorded, choice, amount):
    workbook = downloaded(count)
    changed_here(count, "E1", "roads", amount="110")
    copy = filled(workbook, ("E1", "roads", "amount", 120), ("E2", "roads", "amount", 240))
    (conflict,) = planned(count, copy).merge.conflicts
    write(count, copy, choices={conflict.id: choice})
    assert (recorded()["E1", "roads"], recorded()["E2", "roads"]) == (amount, 240)


def test_one_choice_can_settle_all(count, recorded):
    workbook = downloaded(count)
    changed_here(count, "E1", "roads", amount="110")
    changed_here(count, "E2", "roads", amount="210")
    copy = filled(workbook, ("E1", "roads", "amount", 120), ("E2", "roads", "amount", 220))
    write(count, copy, choices={"all": "file"})
    assert (recorded()["E1", "roads"], recorded()["E2", "roads"]) == (120, 220)


def test_a_line_removed_here_stays_removed_where_the_copy_left_it_alone(count, recorded):
    workbook = downloaded(count)
    found = line(count, "E1", "older")
    remove_line(count, found.pk, found.row_version, None, "page")
    write(count, filled(workbook, ("E1", "roads", "amount", 120)))
    assert ("E1", "older") not in recorded()


def test_a_line_removed_here_and_changed_in_the_copy_is_asked_about(count, lead, recorded):
    workbook = downloaded(count)
    found = line(count, "E1", "older")
    remove_line(count, found.pk, found.row_version, lead, "page")
    copy = filled(workbook, ("E1", "older", "amount", 60))
    (conflict,) = planned(count, copy).merge.conflicts
    assert (conflict.field, conflict.file, conflict.ours, conflict.who) == ("", "60.00", "", "lead")
    write(count, copy, choices={conflict.id: "file"})
    assert recorded()["E1", "older"] == 60


def test_a_line_recorded_here_since_stays_though_lines_that_the_copy_lacks_go(count, recorded):
    workbook = downloaded(count)
    add_line(count, {"agency": "E3", "service_line": "older", "amount": "7"}, None, "page")
    write(count, filled(workbook, without=[("E1", "older")]), mode=Mode.REPLACE)
    assert ("E1", "older") not in recorded()
    assert recorded()["E3", "older"] == 7


@pytest.mark.parametrize("write_copy", [write_workbook, write_open_document])
def test_a_line_that_was_never_in_the_copy_is_not_taken_out_of_it(count, register, recorded, write_copy):
    count.refresh_from_db()
    file = io.BytesIO()
    write_copy(count, file, {register.bodies["E1"].pk})
    plan = write(count, file.getvalue(), mode=Mode.REPLACE)
    assert plan.differences[0].is_empty
    assert len(recorded()) == len(LINES)


def test_a_line_of_a_contributor_s_copy_that_is_taken_out_goes_where_that_was_asked(count, register, recorded):
    count.refresh_from_db()
    file = io.BytesIO()
    write_workbook(count, file, {register.bodies["E1"].pk})
    write(count, filled(file.getvalue(), without=[("E1", "older")]), mode=Mode.REPLACE)
    assert recorded() == {("E1", "roads"): 100, ("E2", "roads"): 200, ("E3", "roads"): 300}


def test_a_line_that_the_copy_lacks_and_somebody_changed_here_is_asked_about(count, recorded):
    workbook = downloaded(count)
    changed_here(count, "E1", "older", amount="51")
    copy = filled(workbook, without=[("E1", "older")])
    (conflict,) = planned(count, copy, mode=Mode.REPLACE).merge.conflicts
    assert (conflict.file, conflict.ours) == ("", "51.00")
    write(count, copy, mode=Mode.REPLACE, choices={conflict.id: "ours"})
    assert recorded()["E1", "older"] == 51


def test_a_line_added_on_both_sides_is_one_line(count, recorded):
    workbook = downloaded(count)
    add_line(count, {"agency": "E2", "service_line": "older", "amount": "7"}, None, "page")
    same = planned(count, filled(workbook, added=[("E2", "older", 7)]))
    other = planned(count, filled(workbook, added=[("E2", "older", 8)]))
    assert same.merge.conflicts == ()
    assert [one.field for one in other.merge.conflicts] == ["amount"]


def test_a_contributor_sends_the_whole_workbook_back_with_their_part_filled(count, contributor_of_dover, recorded):
    workbook = downloaded(count)
    changed_here(count, "E2", "roads", amount="210")
    done = write(count, filled(workbook, ("E1", "roads", "amount", 120)), contributor_of_dover)
    assert recorded()["E1", "roads"] == 120
    assert recorded()["E2", "roads"] == 210
    assert done.merge.bodies_aside == 2


def test_a_row_of_another_body_that_was_touched_is_refused(count, contributor_of_dover):
    plan = planned(count, filled(downloaded(count), ("E2", "roads", "amount", 1)), contributor_of_dover)
    (problem,) = plan.problems
    assert (problem.code, problem.row, problem.found) == ("not-allowed", 4, "E2")


def test_two_contributors_and_one_conflict(register, count, contributor_of_dover, recorded):
    ashford = Person.objects.create(username="ashford")
    Role.objects.create(person=ashford, kind=Role.Kind.CONTRIBUTOR, place=register.place, agency=register.bodies["E2"])
    workbook = downloaded(count)
    changed_here(count, "E2", "roads", amount="205")
    write(count, filled(workbook, ("E1", "roads", "amount", 120)), contributor_of_dover)
    copy = filled(workbook, ("E2", "roads", "amount", 240))
    plan = planned(count, copy, ashford)
    (conflict,) = plan.merge.conflicts
    write(count, copy, ashford, choices={conflict.id: "file"})
    assert (recorded()["E1", "roads"], recorded()["E2", "roads"]) == (120, 240)


def test_a_count_that_changed_after_the_choice_is_looked_at_again(count):
    from pilots.spend.files import PlanIsOld

    workbook = downloaded(count)
    plan = planned(count, filled(workbook, ("E1", "roads", "amount", 120)))
    changed_here(count, "E1", "roads", amount="110")
    with pytest.raises(PlanIsOld):
        apply_plan(plan, None, "test")


def test_a_workbook_of_another_count_is_read_like_any_other_file(count, register):
    workbook = downloaded(count)
    from pilots.models import FinancialYear
    from pilots.spend.versions import open_count, open_working_version

    year = FinancialYear.objects.create(programme=register.programme, label="2011-12")
    other = open_working_version(open_count(register.place, year))
    plan = planned(other, workbook)
    assert plan.merge is None
    assert "downloaded from another count" in " ".join(plan.notices)
    assert plan.differences[0].lines.added == 4


def test_values_survive_the_workbook_so_that_an_untouched_copy_changes_nothing(count):
    add_line(
        count,
        {
            **values_of(line(count, "E1", "roads")),
            "service_line": "children",
            "share": "0.123456789012",
            "whole_amount": "9999999999999.99",
            "amount": None,
            "note": " =a\nb ",
            "source": "-x",
        },
        None,
        "test",
    )
    plan = planned(count, downloaded(count))
    assert (plan.merge.taken, plan.merge.conflicts, plan.differences[0].is_empty) == (0, (), True)

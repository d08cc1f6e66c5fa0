"""What a file does to a count: every row checked, the difference shown, all written or nothing."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from pilots.models import History
from pilots.permissions import NotAllowed
from pilots.spend.files import (
    FileRefused,
    Mode,
    PlanIsOld,
    apply_plan,
    mapping_of,
    plan_import,
    read_table,
)
from pilots.spend.files.exporting import described_field, write_csv
from pilots.spend.files.units import Unit
from pilots.spend.write import VersionLocked, add_line

from .test_reading import workbook

HEADINGS = "agency,service_line,amount"
NUMBERS = Path(__file__).parent.parent / "data" / "number_parsing.csv"


def table_of(*rows, headings=HEADINGS):
    return read_table("\n".join([headings, *rows]).encode(), "count.csv")


def plan(register, *rows, headings=HEADINGS, person=None, mode=Mode.ADD_OR_CHANGE, mapping=None):
    return plan_import(register.version, table_of(*rows, headings=headings), mapping, person, mode)


def load(register, *rows, person=None, **options):
    return apply_plan(plan(register, *rows, person=person, **options), person, "page")


def problems(register, *rows, **options):
    return [(one.row, one.column, one.code) for one in plan(register, *rows, **options).problems]


def test_rows_become_lines(register, recorded):
    load(register, 'E1,roads,"1,234.50"', "Dover,Older people's care,£ (120)")
    assert recorded() == {("E1", "roads"): Decimal("1234.50"), ("E1", "older"): Decimal("-120.00")}


def test_a_plan_writes_nothing(register, recorded):
    made = plan(register, "E1,roads,5")
    assert made.is_good
    assert recorded() == {}


@pytest.mark.parametrize("case", list(csv.DictReader(NUMBERS.open(encoding="utf-8"))), ids=lambda case: case["input"])
def test_an_amount_in_a_file_reads_as_it_is_typed(register, recorded, case):
    typed = case["input"].replace('"', '""')
    made = plan(register, f'E1,roads,"{typed}"')
    if case["expected_pounds"] in ("REFUSE", ""):
        (problem,) = made.problems
        assert (problem.row, problem.column, problem.heading, problem.code) == (2, "C", "amount", "bad-amount")
    else:
        apply_plan(made, None, "page")
        assert recorded() == {("E1", "roads"): Decimal(case["expected_pounds"])}


@pytest.mark.parametrize("typed", ["Infinity", "-inf", "12345678901234567890", "=cmd|' /C calc'!A0", "31/12/2010"])
def test_what_is_no_amount_is_refused(register, typed):
    assert problems(register, f'E1,roads,"{typed}"') == [(2, "C", "bad-amount")]


def test_a_formula_in_a_text_is_text_and_an_export_defuses_it(register, tmp_path):
    attack = "=cmd|' /C calc'!A0"
    load(register, f'E1,roads,5,"{attack}"', headings=f"{HEADINGS},note")
    assert register.version.lines.get().note == attack
    path = tmp_path / "count.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(register.version, file)
    assert f"'{attack}" in path.read_text()
    again = plan_import(register.version, read_table(path))
    assert (again.is_good, again.differences[0].lines.unchanged) == (True, 1)


def test_a_problem_says_where_what_was_found_and_what_to_do(register):
    (problem,) = plan(register, "Middlesborough UA,roads,5").problems
    assert str(problem).startswith("row 2, column A (agency): ")
    assert problem.found == "Middlesborough UA"
    assert 'Did you mean "Middlesbrough"?' in problem.message


@pytest.mark.parametrize("name", ["Middlesbrough Council", "Middlesbrough Borough Council", "Middlesbrough MBC"])
def test_what_kind_of_council_a_body_is_makes_a_name_near_and_no_match(register, name):
    (problem,) = plan(register, f"{name},roads,5").problems
    assert 'Did you mean "Middlesbrough"' in problem.message


def test_of_a_branch_some_lines_below_it_are_named(register):
    (problem,) = plan(register, "E1,care,5").problems
    assert "has lines below it" in problem.message
    assert 'Below it: "Children\'s care" and "Older people\'s care".' in problem.message


def test_a_cofog_code_that_fits_several_leaves_is_refused_with_the_choices(register):
    (problem,) = plan(register, "E1,10.4,5").problems
    assert '"children" or "older"' in problem.message


def test_all_problems_of_a_file_are_found_at_once(register):
    assert problems(register, "E1,roads,x", "E7,roads,5", "E9,care,5", "E2,older,5") == [
        (2, "C", "bad-amount"),
        (3, "A", "bad-agency"),
        (4, "A", "bad-agency"),
        (4, "B", "bad-service_line"),
    ]


def test_one_bad_row_and_nothing_is_written(register, recorded):
    made = plan(register, "E1,roads,5", "E2,roads,nfp")
    with pytest.raises(FileRefused):
        apply_plan(plan_with_same_revision(register, made), None, "page")
    assert recorded() == {}


def plan_with_same_revision(register, made):
    """A bad plan carried out all the same, with the difference of a good one."""
    good = plan(register, "E1,roads,5")
    return type(made)(made.table, made.mapping, made.mode, differences=good.differences)


def test_a_date_in_an_amount_is_refused(register):
    from datetime import date

    table = read_table(workbook(HEADINGS.split(","), ["E1", "roads", date(2010, 3, 4)]))
    (problem,) = plan_import(register.version, table).problems
    assert (problem.code, problem.row, problem.column, problem.sheet) == ("date-in-amount", 2, "C", "Count")


def test_blank_rows_are_nothing(register, recorded):
    load(register, "E1,roads,5", ",,", "E2,roads,6", "")
    assert len(recorded()) == 2


def test_a_right_total_is_checked_and_not_stored(register, recorded):
    load(register, "E1,roads,5", "E2,roads,6.50", 'Total,,"11.50"')
    assert sum(recorded().values()) == Decimal("11.50")


def test_subtotals_and_a_grand_total(register, recorded):
    load(register, "E1,roads,5", "Subtotal,,5", "E2,roads,6", "Subtotal,,6", "Grand total,,11")
    assert len(recorded()) == 2


def test_a_wrong_total_is_refused_with_the_sum(register):
    (problem,) = plan(register, "E1,roads,5", "E2,roads,6", "Total,,12").problems
    assert (problem.row, problem.code) == (4, "total-differs")
    assert "£11.00" in problem.message


def test_two_rows_of_one_key_are_refused_by_naming_both(register):
    (problem,) = plan(register, "E1,roads,5", "E2,roads,6", "Dover,Roads,7").problems
    assert (problem.row, problem.code) == (4, "duplicate-key")
    assert problem.message.startswith("Rows 2 and 4 ")


def test_the_difference_is_shown_line_by_line_and_total_by_total(register):
    load(register, "E1,roads,5", "E2,roads,6", "E3,roads,7")
    (difference,) = plan(register, "E1,roads,5", "E2,roads,16", "E2,older,1", mode=Mode.REPLACE).differences
    lines = difference.lines
    assert (lines.added, lines.changed, lines.unchanged, lines.removed) == (1, 1, 1, 1)
    assert [(one.agency, one.before, one.after) for one in difference.bodies] == [("E2", 6, 17), ("E3", 7, 0)]
    assert (difference.before["revenue"], difference.after["revenue"]) == (18, 22)


def test_lines_that_the_file_lacks_stay_unless_it_replaces(register, recorded):
    load(register, "E1,roads,5", "E2,roads,6")
    load(register, "E1,roads,7")
    assert recorded() == {("E1", "roads"): 7, ("E2", "roads"): 6}
    load(register, "E1,roads,8", mode=Mode.REPLACE)
    assert recorded() == {("E1", "roads"): 8}


def test_what_has_no_column_is_left_alone_and_said(register):
    load(register, "E1,roads,5,budget,the ledger", headings=f"{HEADINGS},basis,source")
    made = load(register, "E1,roads,6")
    line = register.version.lines.get()
    assert (line.amount, line.basis, line.source) == (6, "budget", "the ledger")
    assert any("left alone" in notice for notice in made.notices)


def test_an_amount_follows_from_the_whole_and_the_share(register, recorded):
    load(register, "E1,roads,1000.10,0.25", headings="agency,service_line,whole_amount,share")
    assert recorded() == {("E1", "roads"): Decimal("250.02")}


def test_headings_in_the_words_people_use_are_recognised(register, recorded):
    load(register, "E1,roads,5", headings="Delivered by,Service,Amount (£)")
    assert recorded() == {("E1", "roads"): 5}


def test_a_heading_nobody_knows_is_mapped_by_hand(register, recorded):
    headings = "Who,What,Quids"
    mapping = mapping_of(table_of(headings=headings), {"Who": "agency", "B": "service_line", "Quids": "amount"})
    load(register, "E1,roads,5", headings=headings, mapping=mapping)
    assert recorded() == {("E1", "roads"): 5}


def test_a_missing_column_is_named_with_what_was_found(register):
    (problem,) = plan(register, "E1,5", headings="agency,amount").problems
    assert problem.code == "missing-column"
    assert "agency, amount" in problem.message


def test_two_columns_for_one_field_are_asked_about(register):
    (problem,) = plan(register, "E1,roads,5,6", headings="agency,service_line,spending,cost").problems
    assert problem.code == "two-columns"


IN_THOUSANDS = ["Amount (£000)", "Amount £k", "Spend £'000s", "Amount (GBP000)", "Amount (£ths)", "Amount (£1000s)"]
IN_THOUSANDS += ["Amount x1000", "Amount_thousands", "amount_000", "Amount_k", "GBPk", "AmountThousands"]
IN_MILLIONS = ["Amount in millions", "Amount (£m)", "Amount (£mil)", "£mln", "GBPm"]


@pytest.mark.parametrize("heading", [*IN_THOUSANDS, *IN_MILLIONS, "Amount £bn"])
def test_amounts_in_thousands_are_refused_not_guessed(register, heading):
    (problem,) = plan(register, "E1,roads,5", headings=f"agency,service_line,{heading}").problems
    assert problem.code == "unit-in-heading"


@pytest.mark.parametrize(
    "heading", ["Amount (£)", "Amount in pounds", "Spend (gross)", "Amount (£, net)", "Spend (£ 2010-11)"]
)
def test_pounds_in_other_words_are_pounds(register, heading):
    assert plan(register, "E1,roads,5", headings=f'agency,service_line,"{heading}"').is_good


@pytest.mark.parametrize("heading", ["Amount (€)", "Spend EUR", "Amount $", "Amount (pence)", "Spend %"])
def test_amounts_of_anything_but_pounds_are_refused(register, heading):
    mapping = {"agency": 0, "service_line": 1, "amount": 2}
    (problem,) = plan(register, "E1,roads,5", headings=f"agency,service_line,{heading}", mapping=mapping).problems
    assert problem.code == "unit-in-heading"


def test_a_unit_that_nobody_knows_is_asked_about_until_one_is_chosen(register):
    headings = "agency,service_line,Amount (£ hunds)"
    (problem,) = plan(register, "E1,roads,5", headings=headings).problems
    assert problem.code == "unit-in-heading"
    assert '"£ hunds"' in problem.message
    assert in_unit(register, Unit.THOUSANDS, "E1,roads,5", headings=headings).is_good


ABOVE = ["All figures in £ thousands", "£000", "Figures in £'000s", "Amounts in thousands of pounds", "(GBPk)"]


@pytest.mark.parametrize("above", ABOVE)
def test_a_unit_above_the_headings_is_asked_about(register, above):
    for table in (
        table_of("", HEADINGS, "E1,roads,5", headings=above),
        read_table(workbook([above], HEADINGS.split(","), ["E1", "roads", 5])),
    ):
        (problem,) = plan_import(register.version, table).problems
        assert problem.code == "unit-in-heading"
        assert f'"{above}"' in problem.message
        assert plan_import(register.version, replace(table, unit=Unit.THOUSANDS)).is_good


@pytest.mark.parametrize("above", ["Lines under £1,000 are left out", "A £1.2 million programme", "1.4 m people"])
def test_other_words_above_the_headings_are_no_unit(register, above):
    assert plan_import(register.version, table_of(HEADINGS, "E1,roads,5", headings=f'"{above}"')).is_good


def package_of(*rows, headings="dept,func,val", model=None, **of_amounts):
    """A package whose columns are described as our own are, and whose headings say nothing."""
    kinds = [described_field(name)["columnType"] for name in ("agency", "service_line", "amount")]
    fields = [{"name": name, "columnType": kind} for name, kind in zip(headings.split(","), kinds, strict=True)]
    fields[2] |= of_amounts
    resource = {"name": "data", "path": "data.csv", "schema": {"fields": fields}}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"resources": [resource], "model": model}))
        archive.writestr("data.csv", "\n".join([headings, *rows]))
    return file.getvalue()


def test_the_columns_of_a_package_are_what_its_description_says(register, recorded):
    apply_plan(plan_import(register.version, read_table(package_of("E1,roads,5"))), None, "page")
    assert recorded() == {("E1", "roads"): 5}


IN_MODEL = {"model": {"measures": {"amount": {"source": "val", "factor": 1000, "currency": "GBP"}}}}


@pytest.mark.parametrize("described", [IN_MODEL, {"factor": "1000"}, {"unit": "£000"}])
def test_a_factor_of_a_package_is_asked_about_and_never_multiplied_unasked(register, described):
    table = read_table(package_of("E1,roads,12.5", **described))
    (problem,) = plan_import(register.version, table).problems
    assert problem.code == "unit-in-heading"
    assert "The package's description speaks of thousands" in problem.message
    made = plan_import(register.version, replace(table, unit=Unit.THOUSANDS))
    assert made.differences[0].after["revenue"] == 12500


@pytest.mark.parametrize(
    "described",
    [
        {"currency": "EUR"},
        {"unit": "EUR"},
        {"factor": 100},
        {"factor": "many"},
        {"model": {"measures": {"amount": {"source": "val", "currency": "EUR"}}}},
    ],
)
def test_a_package_in_another_currency_or_by_another_factor_is_refused(described):
    with pytest.raises(FileRefused, match='"val"'):
        read_table(package_of("E1,roads,5", **described))


def test_decimals_and_groups_of_a_package_are_read_as_described(register):
    rows = ['E1,roads,"1.234,50"', 'E2,roads,"-12,5"', "E3,roads,7"]
    made = plan_import(register.version, read_table(package_of(*rows, decimalChar=",", groupChar=".")))
    assert [str(one.after) for one in made.differences[0].bodies] == ["1234.50", "-12.50", "7.00"]
    (problem,) = plan_import(
        register.version, read_table(package_of('E1,roads,"1,234"', decimalChar=",", groupChar="."))
    ).problems
    assert "decimals" in problem.message


@pytest.mark.parametrize("schema", [None, "elsewhere.json", {"fields": None}, {"fields": ["agency", {"name": 5}]}])
def test_a_package_that_describes_nothing_well_reads_like_its_table(register, schema):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        resource = {"path": "data.csv", "schema": schema}
        archive.writestr("datapackage.json", json.dumps({"resources": [resource], "model": {"measures": [1]}}))
        archive.writestr("data.csv", f"{HEADINGS}\nE1,roads,5")
    assert plan_import(register.version, read_table(file.getvalue())).is_good


def in_unit(register, unit, *rows, headings=HEADINGS):
    return plan_import(register.version, replace(table_of(*rows, headings=headings), unit=unit))


@pytest.mark.parametrize(
    ("unit", "headings"), [(Unit.THOUSANDS, [*IN_THOUSANDS, "Amount"]), (Unit.MILLIONS, [*IN_MILLIONS, "Amount"])]
)
def test_amounts_said_to_be_in_thousands_or_millions_are_multiplied_exactly(register, unit, headings):
    for heading in headings:
        rows = ["E1,roads,12.34567", 'E2,roads,"(1,234.5)"', 'Total,,"-1,222.15433"']
        made = in_unit(register, unit, *rows, headings=f"agency,service_line,{heading}")
        assert made.is_good, [str(one) for one in made.problems]
        assert {one.agency: one.after for one in made.differences[0].bodies} == {
            "E1": Decimal("12.34567").scaleb(unit.places),
            "E2": Decimal("-1234.5").scaleb(unit.places),
        }
        assert f"{10**unit.places:,}" in "".join(made.notices)


@pytest.mark.parametrize("heading", [*IN_MILLIONS, "Amount £bn"])
def test_a_heading_that_says_another_unit_is_asked_about(register, heading):
    (problem,) = in_unit(register, Unit.THOUSANDS, "E1,roads,5", headings=f"agency,service_line,{heading}").problems
    assert problem.code == "unit-in-heading"


def test_two_columns_of_amounts_in_two_units_are_refused(register):
    headings = "agency,service_line,Amount £000,whole amount"
    (problem,) = in_unit(register, Unit.THOUSANDS, "E1,roads,5,5000", headings=headings).problems
    assert (problem.column, problem.code) == ("D", "unit-in-heading")


@pytest.mark.parametrize("typed", ["0.000001", "12k", "99999999999999"])
def test_what_is_no_amount_in_thousands_is_refused(register, typed):
    (problem,) = in_unit(register, Unit.THOUSANDS, f"E1,roads,{typed}").problems
    assert (problem.row, problem.column, problem.code) == (2, "C", "bad-amount")
    assert "Did you mean" not in problem.message


@pytest.mark.parametrize(
    ("row", "headings", "cells"),
    [
        ("E1,roads,12,345,678.00", HEADINGS, 5),
        ("E1,roads,1,234,hello", f"{HEADINGS},note", 5),
        ("E1,roads,12,345", f"{HEADINGS},,", 4),
        ("Total,,12,345", HEADINGS, 4),
    ],
)
def test_a_row_with_more_cells_than_headings_is_refused_with_what_commas_do(register, row, headings, cells):
    (problem,) = plan(register, row, headings=headings).problems
    assert (problem.row, problem.code) == (2, "too-many-cells")
    assert f"{cells} cells" in problem.message
    assert "separates thousands, put the amount in quotation marks" in problem.message


@pytest.mark.parametrize("row", ["E1,roads,5,,", "E1,roads,5", '"E1",roads,"12,345"'])
def test_blank_cells_behind_a_row_and_quoted_commas_are_nothing(register, row):
    assert plan(register, row).is_good


def test_cells_of_a_workbook_without_a_heading_are_nothing(register):
    assert plan_import(register.version, read_table(workbook(HEADINGS.split(","), ["E1", "roads", 5, "seen"]))).is_good


def test_an_amount_that_a_comma_may_have_cut_into_the_note_is_asked_about(register):
    headings = f"{HEADINGS},note"
    for cut in ("1,234", "12,345.60", "-1,234", "(1,234)", "£999,000"):
        assert problems(register, f"E1,roads,{cut}", headings=headings) == [
            (2, "C", "cut-amount"),
            (2, "D", "cut-amount"),
        ]
    for whole in ("1234,234", "1,no. 234", "1,23", "1.50,234", '"1,234",', "1,2345"):
        assert plan(register, f"E1,roads,{whole}", headings=headings).is_good, whole
    assert plan(register, "E1;roads;1;234", headings=headings.replace(",", ";")).is_good


def test_numbers_of_a_workbook_were_cut_by_no_comma_and_texts_may_have_been(register):
    for row, is_good in ((["E1", "roads", 1, 234], True), (["E1", "roads", "1", "234"], False)):
        for headings in (HEADINGS.split(","), [*HEADINGS.split(","), "note"]):
            assert plan_import(register.version, read_table(workbook(headings, row))).is_good == is_good


@pytest.mark.parametrize("typed", ["abc", "5%", "€5", "1/4/2010", "inf", ""])
@pytest.mark.parametrize("unit", Unit)
def test_what_to_write_instead_is_said_in_the_unit_of_the_file(register, unit, typed):
    (problem,) = in_unit(register, unit, f"E1,roads,{typed}").problems
    assert f" {unit.words}" in problem.message
    assert "blank" not in problem.message


def test_a_row_of_another_place_or_year_is_refused(register):
    headings = f"place,year,{HEADINGS}"
    rows = ["coast,2010/11,E1,roads,5", "hills,2010-11,E9,roads,5", "coast,2009-10,E1,older,5"]
    assert problems(register, *rows, headings=headings) == [(3, "A", "unknown-place"), (4, "B", "unknown-year")]


def test_a_contributor_writes_rows_of_their_own_body_only(register, contributor_of_dover, recorded):
    (problem,) = plan(register, "E1,roads,5", "E2,roads,6", person=contributor_of_dover).problems
    assert (problem.row, problem.code) == (3, "not-allowed")
    load(register, "E1,roads,5", person=contributor_of_dover)
    assert recorded() == {("E1", "roads"): 5}


def test_a_contributor_replaces_no_other_body_s_lines(register, contributor_of_dover, recorded):
    load(register, "E1,roads,5", "E2,roads,6")
    load(register, "E1,older,7", person=contributor_of_dover, mode=Mode.REPLACE)
    assert recorded() == {("E1", "older"): 7, ("E2", "roads"): 6}


def test_who_may_change_nothing_of_the_count_is_told_so(register, django_user_model):
    stranger = django_user_model.objects.create(username="stranger")
    with pytest.raises(NotAllowed):
        plan(register, "E1,roads,5", person=stranger)


def test_a_count_under_review_takes_no_file(register, recorded):
    made = plan(register, "E1,roads,5")
    type(register.version).objects.filter(pk=register.version.pk).update(status="submitted")
    with pytest.raises(VersionLocked):
        apply_plan(made, None, "page")
    assert recorded() == {}


def test_a_count_that_changed_since_it_was_shown_is_not_written(register, recorded):
    made = plan(register, "E1,roads,5")
    add_line(register.version, {"agency": "E2", "service_line": "roads", "amount": "9"}, None, "page")
    with pytest.raises(PlanIsOld):
        apply_plan(made, None, "page")
    assert recorded() == {("E2", "roads"): 9}


def test_history_puts_every_line_down_to_the_person_and_the_way(register, lead):
    load(register, "E1,roads,5", "E2,roads,6", person=lead)
    lines = History.objects.filter(table_name="pilots_spendline")
    assert [(one.actor_id, one.via, one.operation) for one in lines] == [(lead.pk, "page", "insert")] * 2


def test_the_same_file_again_changes_nothing(register):
    load(register, "E1,roads,5", "E2,roads,6")
    before = History.objects.count()
    (difference,) = load(register, "E1,roads,5", "E2,roads,6").differences
    assert difference.is_empty
    assert History.objects.count() == before


def test_nothing_is_half_written_when_row_49_999_is_bad(register, recorded):
    bodies = ["E1", "E2", "E3"]
    rows = [f"{bodies[number % 3]},roads,{number}.25" for number in range(49_997)]
    made = plan(register, *rows, "E1,roads,nfp", "E1,older,5")
    assert (49_999, "C", "bad-amount") in [(one.row, one.column, one.code) for one in made.problems]
    with pytest.raises(FileRefused):
        apply_plan(plan_with_same_revision(register, made), None, "page")
    assert not register.version.lines.exists()

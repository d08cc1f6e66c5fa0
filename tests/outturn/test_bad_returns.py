"""A return that cannot be used says exactly where it is wrong, and what to do."""

import pytest

from pilots.outturn import ReturnRefused, column_letter, read_return, read_workbook
from tests.outturn.shipped import BODIES, LOOKUP
from tests.outturn.workbooks import (
    COUNCIL_TAX_BENEFIT,
    FLOOD_LEVY,
    HEADER_ROW,
    column_of,
    table_of,
    workbook,
    write_workbook,
)

YEAR = "2010-11"
SHEET = "RS LA Data 2010-11 (1)"
KENT, ASHFORD, ENGLAND = 7, 8, 10
TWO_BODIES = {
    "E2221": {"Education services": 800, "Parish precepts": 5, COUNCIL_TAX_BENEFIT: 20},
    "E2231": {"Housing services (GFRA only)": 40, FLOOD_LEVY: 3},
}


def refused(tmp_path, change):
    """What stops a small return of two bodies with one thing changed."""
    path = workbook(tmp_path, YEAR, TWO_BODIES, change)
    with pytest.raises(ReturnRefused) as refusal:
        read_return(read_workbook(path), LOOKUP, BODIES)
    return [problem for problem in refusal.value.problems if problem.refuses]


def test_the_small_return_is_good_before_anything_is_changed(tmp_path):
    returned = read_return(read_workbook(workbook(tmp_path, YEAR, TWO_BODIES)), LOOKUP, BODIES)
    assert set(returned.amounts) == {"E2221", "E2231"}


@pytest.mark.parametrize("heading", ["Police services", "Other levies", COUNCIL_TAX_BENEFIT])
def test_a_missing_column_is_named(tmp_path, heading):
    def without(table):
        index = column_of(YEAR, heading)
        for row in table[HEADER_ROW:]:
            del row[index : index + 1]

    missing = refused(tmp_path, without)[0]
    assert missing.found == f'The column "{heading}" is missing.'
    assert missing.where == f'sheet "{SHEET}", row 6'
    assert "outturn_columns.csv" in missing.advice


def test_a_missing_flood_levy_is_named_and_nothing_further_right_is_taken(tmp_path):
    def without(table):
        index = column_of(YEAR, FLOOD_LEVY)
        for row in table[HEADER_ROW:]:
            del row[index : index + 1]

    found = [problem.found for problem in refused(tmp_path, without)]
    assert f'The column "{FLOOD_LEVY}" is missing.' in found
    assert not any("Provision for bad debts" in text for text in found)


def test_a_renamed_column_is_named_twice_as_unknown_and_as_missing(tmp_path):
    index = column_of(YEAR, "Social care")

    def renamed(table):
        table[HEADER_ROW][index] = "Social care services"

    found = refused(tmp_path, renamed)
    assert [problem.found for problem in found] == [
        'The column "Social care" is missing.',
        'The heading "Social care services" is not known.',
    ]
    assert found[1].where == f'sheet "{SHEET}", row 6, column {column_letter(index)}'
    assert "nothing is guessed" in found[1].advice


def test_an_unknown_column_that_takes_part_in_the_totals_is_named(tmp_path):
    def added(table):
        for row, cell in ((HEADER_ROW, "Public health"), (KENT, 12), (ASHFORD, 0), (ENGLAND, 12)):
            table[row].insert(column_of(YEAR, "Police services"), cell)

    (problem,) = refused(tmp_path, added)
    assert problem.found == 'The heading "Public health" is not known.'
    assert problem.where == f'sheet "{SHEET}", row 6, column M'


def test_a_column_of_amounts_without_a_heading_is_pointed_out(tmp_path):
    def nameless(table):
        table[HEADER_ROW][column_of(YEAR, "Social care")] = ""

    assert ("A column of amounts has no heading.", "H") in [
        (problem.found, problem.column) for problem in refused(tmp_path, nameless)
    ]


def test_a_heading_that_stands_twice_left_of_the_flood_levy_is_pointed_out(tmp_path):
    def twice(table):
        table[HEADER_ROW][column_of(YEAR, "Fire and rescue services")] = "Police services"

    assert ('The heading "Police services" stands in column M already.', "N") in [
        (problem.found, problem.column) for problem in refused(tmp_path, twice)
    ]


def test_an_unknown_body_is_named(tmp_path):
    def strange(table):
        table[ASHFORD][0], table[ASHFORD][1] = "E9999", "Borsetshire"

    problem = refused(tmp_path, strange)[0]
    assert problem.found == 'The body E9999 "Borsetshire" is not in the register.'
    assert problem.where == f'sheet "{SHEET}", row 9, column A'


def test_a_body_that_reports_twice_is_named(tmp_path):
    def twice(table):
        table[ASHFORD][0] = "E2221"

    problem = refused(tmp_path, twice)[0]
    assert problem.found == 'The body E2221 "Ashford" stands in row 8 already.'
    assert problem.row == 9


def test_a_row_of_amounts_without_a_code_is_pointed_out(tmp_path):
    def nameless(table):
        table[ASHFORD][0] = ""

    problem = refused(tmp_path, nameless)[0]
    assert problem.found == 'A row of amounts, "Ashford", has no code.'
    assert problem.row == 9


@pytest.mark.parametrize("cell", ["n/a", "..", "1,200", "12 (estimated)"])
def test_a_cell_that_is_not_a_number_is_shown_with_its_place(tmp_path, cell):
    index = column_of(YEAR, "Highways and transport services")

    def changed(table):
        table[KENT][index] = cell

    (problem,) = refused(tmp_path, changed)
    assert problem.found == f'"{cell}" is not a number, under "Highways and transport services" for E2221.'
    assert problem.where == f'sheet "{SHEET}", row 8, column G'
    assert "thousands of pounds" in problem.advice


def test_a_column_that_does_not_add_to_the_england_row_is_shown_with_both_sums(tmp_path):
    index = column_of(YEAR, "Parish precepts ")

    def changed(table):
        table[ENGLAND][index] += 1

    (problem,) = refused(tmp_path, changed)
    assert problem.found == '"Parish precepts" is 6 thousand for ENGLAND, but its 2 bodies add to 5 thousand.'
    assert problem.where == f'sheet "{SHEET}", row {ENGLAND + 1}, column {column_letter(index)}'


def test_a_printed_total_further_off_than_rounding_is_shown_with_both_sums(tmp_path):
    index = column_of(YEAR, "NET CURRENT EXPENDITURE (TOTAL OF LINES 699 TO 748)")

    def changed(table):
        table[KENT][index] += 2
        table[ENGLAND][index] += 2

    (problem,) = refused(tmp_path, changed)
    assert problem.found == (
        '"NET CURRENT EXPENDITURE" is 807 thousand for E2221, but columns Q to AG add to 805 thousand.'
    )
    assert problem.where == f'sheet "{SHEET}", row 8, column AH'


def test_a_return_without_an_england_row_cannot_be_checked(tmp_path):
    def without(table):
        del table[ENGLAND]

    assert 'There is no row named "ENGLAND".' in [problem.found for problem in refused(tmp_path, without)]


def test_everything_wrong_is_said_at_once(tmp_path):
    def spoilt(table):
        table[KENT][column_of(YEAR, "Education services")] = "lots"
        table[ASHFORD][0] = "E9999"
        table[HEADER_ROW][column_of(YEAR, "Central services")] = "Centralised services"

    rows = {(problem.row, problem.column) for problem in refused(tmp_path, spoilt)}
    assert {(6, "O"), (6, ""), (8, "F"), (9, "A")} <= rows


def whole_file_refused(path):
    with pytest.raises(ReturnRefused) as refusal:
        read_return(read_workbook(path), LOOKUP, BODIES)
    (problem,) = refusal.value.problems
    return problem.found


def test_a_workbook_without_a_sheet_of_net_current_expenditure_lists_the_sheets_it_has(tmp_path):
    path = write_workbook(tmp_path / "other.xls", YEAR, table_of(YEAR, TWO_BODIES), sheet="Data")
    assert whole_file_refused(path) == (
        'other.xls has no sheets whose name ends in "(1)"; its sheets are: Front page, Data, RS LA Data 2010-11 (2).'
    )


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "letter.xls"
    path.write_text("Dear Sir or Madam")
    assert whole_file_refused(path).startswith("letter.xls could not be opened as a workbook")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert whole_file_refused(tmp_path / "gone.xls").startswith("gone.xls could not be opened")


def test_a_sheet_without_headings_is_refused(tmp_path):
    path = write_workbook(tmp_path / "bare.xls", YEAR, [["Revenue Outturn 2010-11"], [1, 2, 3]])
    assert whole_file_refused(path) == 'No row has the headings "E-code" and "Local authority".'


@pytest.mark.parametrize(
    ("title", "sheet", "found"),
    [
        ("Revenue Outturn Summary", "Data (1)", "state a financial year."),
        (
            "Revenue Outturn Summary: 2010-11",
            "Data 2011-12 (1)",
            "state 2010-11, 2011-12, not one financial year.",
        ),
        ("Revenue Outturn Summary: 2010-13", "Data (1)", "state 2010-13, not one financial year."),
    ],
)
def test_a_workbook_must_state_one_financial_year(tmp_path, title, sheet, found):
    table = table_of(YEAR, TWO_BODIES)
    table[0] = [title]
    path = write_workbook(tmp_path / "when.xls", YEAR, table, sheet)
    assert whole_file_refused(path).endswith(found)

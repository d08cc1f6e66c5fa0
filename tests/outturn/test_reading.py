"""Reading the three layouts in which the return was published."""

from decimal import Decimal

import pytest

from pilots.outturn import Use, column_letter, normalise, read_return, read_workbook
from tests.outturn.shipped import BODIES, LOOKUP
from tests.outturn.workbooks import (
    COUNCIL_TAX_BENEFIT,
    FLOOD_LEVY,
    HEADER_ROW,
    RELIEF,
    YEARS,
    column_of,
    table_of,
    workbook,
    write_workbook,
)


def read(path):
    return read_return(read_workbook(path), LOOKUP, BODIES)


def by_heading(returned, code):
    return {column.heading: amount for column, amount in returned.amounts[code].items()}


@pytest.mark.parametrize("year", YEARS)
def test_every_layout_is_read_in_pounds(tmp_path, year):
    amounts = {"Education services": 1_234, COUNCIL_TAX_BENEFIT: 56, FLOOD_LEVY: 7, "Parish precepts": 8}
    returned = read(workbook(tmp_path, year, {"E2221": amounts}))
    assert returned.year == year
    found = by_heading(returned, "E2221")
    assert found["Education services"] == Decimal(1_234_000)
    assert found[COUNCIL_TAX_BENEFIT] == Decimal(56_000)
    assert found[FLOOD_LEVY] == Decimal(7_000)
    assert found["Parish precepts"] == Decimal(8_000)
    assert found["TOTAL SERVICE EXPENDITURE"] == Decimal(1_234_000)
    assert found["NET CURRENT EXPENDITURE"] == Decimal(1_242_000)


def test_social_care_is_one_column_in_2010_11_and_two_after(tmp_path):
    undivided = read(workbook(tmp_path, "2010-11", {"E2221": {"Social care": 3}}))
    divided = read(workbook(tmp_path, "2011-12", {"E2221": {"Children Social Care": 1, "Adult Social Care": 2}}))
    leaves = {column.service_line: amount for column, amount in undivided.amounts["E2221"].items()}
    assert leaves["social-care-undivided"] == 3_000
    leaves = {column.service_line: amount for column, amount in divided.amounts["E2221"].items()}
    assert (leaves["children-social-care"], leaves["adult-social-care"]) == (1_000, 2_000)


def test_the_second_block_of_the_same_headings_is_not_counted(tmp_path):
    returned = read(workbook(tmp_path, "2010-11", {"E2221": {"Education services": 1}}))
    education = [column for column in returned.columns if column.service_line == "education-services"]
    assert len(education) == 1
    assert returned.amounts["E2221"][education[0]] == 1_000


def test_names_with_stray_spaces_and_other_spellings_are_matched_by_code(tmp_path):
    def untidy(table):
        table[7][0], table[7][1] = " e0702 ", "Middlesborough  UA "

    returned = read(workbook(tmp_path, "2010-11", {"E0702": {"Other services": 5}}, untidy))
    assert by_heading(returned, "E0702")["Other services"] == 5_000


def test_negative_cells_are_kept_and_empty_ones_are_nothing(tmp_path):
    def emptied(table):
        table[7][column_of("2010-11", "Central services")] = ""

    path = workbook(tmp_path, "2010-11", {"E2221": {"Planning and development services": -42}}, emptied)
    found = by_heading(read(path), "E2221")
    assert found["Planning and development services"] == -42_000
    assert "Central services" not in found


def test_a_body_that_reports_nothing_is_there_without_amounts(tmp_path):
    assert read(workbook(tmp_path, "2010-11", {"E2221": {}})).amounts["E2221"] == {}


def test_a_printed_total_off_by_one_thousand_is_reported_and_not_refused(tmp_path):
    year = "2010-11"
    total = column_of(year, "TOTAL SERVICE EXPENDITURE (TOTAL OF LINES 190 TO 698)")

    def rounded(table):
        table[7][total] += 1
        table[8][total] -= 1

    returned = read(workbook(tmp_path, year, {"E2221": {"Police services": 9}, "E2231": {}}, rounded))
    services = [problem for problem in returned.problems if "TOTAL SERVICE" in problem.found]
    assert [(problem.row, problem.refuses) for problem in services] == [(8, False), (9, False)]
    assert services[0].found == (
        '"TOTAL SERVICE EXPENDITURE" is 10 thousand for E2221, but columns F to P add to 9 thousand.'
    )
    assert by_heading(returned, "E2221")["Police services"] == 9_000


@pytest.mark.parametrize("year", YEARS)
def test_what_is_not_known_left_of_the_flood_levy_is_reported_by_name_and_left_out(tmp_path, year):
    returned = read(workbook(tmp_path, year, {"E2221": {RELIEF[year]: 12}, "E2231": {RELIEF[year]: 3}}))
    assert returned.not_understood == ((RELIEF[year], Decimal(15_000)),)
    (problem,) = returned.problems
    assert not problem.refuses
    assert problem.found == f'The heading "{RELIEF[year]}" is not known.'
    assert problem.row == HEADER_ROW + 1
    assert problem.column == column_letter(column_of(year, RELIEF[year]))
    assert all(amount != 12_000 for amount in returned.amounts["E2221"].values())


def test_the_year_is_the_workbook_s_own_whatever_the_file_is_called(tmp_path):
    path = write_workbook(tmp_path / "accounts-2019-20.xls", "2011-12", table_of("2011-12", {"E2221": {}}))
    assert read(path).year == "2011-12"


def test_totals_say_what_is_placed_passed_on_and_left_out(tmp_path):
    returned = read(
        workbook(
            tmp_path,
            "2010-11",
            {
                "E2221": {
                    "Education services": 10,
                    "Parish precepts": 2,
                    "Adjustments to net current expenditure": 4,
                },
                "E2231": {"Education services": 1},
            },
        )
    )
    placed = {column.heading: amount for column, amount in returned.totals(Use.SPEND)}
    assert placed["Education services"] == 11_000
    assert {c.heading: a for c, a in returned.totals(Use.TRANSFER)}["Parish precepts"] == 2_000
    left_out = {column.heading: amount for column, amount in returned.totals(Use.LEFT_OUT)}
    assert left_out["Adjustments to net current expenditure"] == 4_000


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("NET CURRENT EXPENDITURE(TOTAL OF LINES 699to748)", "netcurrentexpenditure"),
        ("NET CURRENT EXPENDITURE (total of lines 699 TO 748) ", "netcurrentexpenditure"),
        ("Parish precepts ", "parishprecepts"),
        ("External Trading Accounts net surplus(-)/deficit(+)", "externaltradingaccountsnetsurplusdeficit"),
        ("Housing services (GFRA only)", "housingservicesgfraonly"),
    ],
)
def test_headings_are_compared_by_their_letters_and_digits(written, normal):
    assert normalise(written) == normal


def test_columns_are_lettered_as_a_spreadsheet_does():
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]

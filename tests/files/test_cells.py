"""Cells of a workbook that are not what they seem: merged, errors, per cent, another currency, hidden rows."""

import io
import zipfile

import openpyxl
import pytest

from pilots.spend.files import plan_import, read_table

from .test_reading import HEADINGS, open_document, workbook
from .test_upload_pages import Browser, marked, words

ROWS = [HEADINGS, ["E1", "roads", 5], ["E2", "roads", 6]]


@pytest.fixture
def browser_of_lead(lead):
    return Browser(lead)


def changed(change, *rows):
    return workbook(*(rows or ROWS), before=lambda book: change(book.active))


def problems(register, content):
    made = plan_import(register.version, read_table(content))
    return [(one.row, one.column, one.code) for one in made.problems]


def test_a_merged_cell_is_settled_by_what_is_typed_into_it(browser_of_lead, recorded):
    page = browser_of_lead.send(changed(lambda sheet: sheet.merge_cells("A2:A3")), "count.xlsx")
    assert [(one.cell, one.value) for one in page.context["problems"]] == [("cell-3-A", "")]
    page = browser_of_lead.press("correct", **{"cell-3-A": "E2"})
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): 5, ("E2", "roads"): 6}


def test_the_marked_workbook_has_merged_cells_taken_apart_and_what_was_typed_into_them(browser_of_lead):
    content = changed(lambda sheet: sheet.merge_cells("A2:A4"), *ROWS, ["", "older", 7])
    browser_of_lead.send(content, "count.xlsx")
    page = browser_of_lead.press("correct", **{"cell-3-A": "E2"})
    sheet = openpyxl.load_workbook(io.BytesIO(marked(browser_of_lead, page))).active
    assert not sheet.merged_cells.ranges
    assert (sheet["A3"].value, sheet["A3"].comment) == ("E2", None)
    assert "A2:A4 are merged" in sheet["A4"].comment.text


def test_a_merged_cell_is_settled_by_leaving_its_row_out(browser_of_lead, recorded):
    browser_of_lead.send(changed(lambda sheet: sheet.merge_cells("A2:B3")), "count.xlsx")
    browser_of_lead.write(browser_of_lead.press("correct", **{"cell-2-B": "roads", "leave-3": "yes"}))
    assert recorded() == {("E1", "roads"): 5}


def test_merged_cells_without_a_value_or_in_columns_not_read_are_nothing(register):
    def merge(sheet):
        for column in "ABC":
            sheet[f"{column}4"] = None
        sheet.merge_cells("A4:C5")
        sheet["E2"] = "seen"
        sheet.merge_cells("E2:E3")

    assert problems(register, changed(merge)) == []


def test_what_is_wrong_in_a_column_that_is_not_read_is_nothing(register):
    rows = [[*HEADINGS, "seen"], ["E1", "roads", 5, "=1+1"], ["E2", "roads", 6, "#N/A"]]
    assert problems(register, workbook(*rows)) == []


def test_a_bad_cell_counts_once_and_problems_stand_in_the_order_of_rows(register):
    rows = [HEADINGS, ["E1", "polis", 5], ["E2", "roads", "#N/A"], ["E3", "polis", "=1+1"]]
    assert problems(register, workbook(*rows)) == [
        (2, "B", "bad-service_line"),
        (3, "C", "error-value"),
        (4, "B", "bad-service_line"),
        (4, "C", "formula-without-value"),
    ]


def formatted(form, column="C"):
    def dress(sheet):
        sheet[f"{column}2"].number_format = form

    return changed(dress)


@pytest.mark.parametrize("form", ["0%", "0.00%", "#,##0.0 %", "0%;[Red]-0%"])
def test_an_amount_shown_as_per_cent_is_refused(register, form):
    assert problems(register, formatted(form)) == [(2, "C", "percentage")]
    assert read_table(formatted(form)).problems[0].found == "500%"


@pytest.mark.parametrize("form", ["#,##0.00 [$€-407]", "[$EUR] #,##0", '"€"#,##0', "[$$-409]#,##0.00", "\\$#,##0"])
def test_an_amount_shown_in_another_currency_is_refused(register, form):
    assert problems(register, formatted(form)) == [(2, "C", "other-currency")]


@pytest.mark.parametrize(
    "form", ["[$£-809]#,##0.00", "£#,##0", "_-* #,##0.00\\ _€_-", "[$-409]0.00", "[$GBP] 0", "0.00E+00"]
)
def test_an_amount_shown_in_pounds_or_plainly_is_an_amount(register, form):
    assert problems(register, formatted(form)) == []


def test_a_share_may_be_shown_as_per_cent(register):
    headings = ["agency", "service_line", "share", "whole_amount"]

    def dress(sheet):
        sheet["C2"].number_format = "0%"

    assert problems(register, changed(dress, headings, ["E1", "roads", 0.25, 100])) == []


def test_hidden_rows_are_read_and_said(browser_of_lead, recorded):
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True

    page = browser_of_lead.send(changed(hide), "count.xlsx")
    assert "One hidden row was read, too: row 3." in words(page)
    assert page.context["change"].lines["added"] == 2


def cell(kind, more="", text=""):
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'


def document_with(**changes):
    """An open document whose first amount (`amount`), or the tag of whose first row (`row`), is another."""
    before = {
        "amount": '<table:table-cell office:value-type="float" office:value="5"/>',
        "row": '<table:table-row><table:table-cell office:value-type="string"><text:p>E1',
    }
    source, changed = io.BytesIO(open_document(*ROWS)), io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(changed, "w") as target:
        for name in archive.namelist():
            text = archive.read(name).decode()
            for part, after in changes.items():
                text = text.replace(before[part], after, 1)
            target.writestr(name, text)
    return changed.getvalue()


ERROR = 'xmlns:c="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" c:value-type="error"'


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (cell("percentage", 'office:value="0.5"', "50 %"), "percentage"),
        (cell("currency", 'office:currency="EUR" office:value="12.5"', "12,50 €"), "other-currency"),
        (cell("float", 'table:formula="of:=1/0" office:value="0"', "#DIV/0!"), "error-value"),
        (cell("string", f'{ERROR} table:formula="of:=1/0" office:string-value=""', "Fehler"), "error-value"),
        (cell("time", 'office:time-value="PT01H00M00S"', "01:00"), "date-in-amount"),
    ],
)
def test_an_open_document_s_amounts_are_looked_at_alike(register, amount, code):
    assert problems(register, document_with(amount=amount)) == [(2, "C", code)]


def test_a_percentage_is_one_in_the_marked_copy_of_an_open_document_too(browser_of_lead):
    content = document_with(amount=cell("percentage", 'office:value="0.5"', "50 %"))
    page = browser_of_lead.send(content, "count.ods")
    again = browser_of_lead.send(marked(browser_of_lead, page), "count.xlsx")
    assert [(one.problem["row"], one.problem["found"]) for one in again.context["problems"]] == [(2, "50 %")]


def test_pounds_of_an_open_document_are_an_amount(register):
    amount = cell("currency", 'office:currency="GBP" office:value="12.5"', "£12.50")
    assert problems(register, document_with(amount=amount)) == []


def test_hidden_rows_of_an_open_document_are_said():
    row = '<table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>E1'
    assert read_table(document_with(row=row)).notices == ("One hidden row was read, too: row 2.",)

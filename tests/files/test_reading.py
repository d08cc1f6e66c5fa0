"""Any file that people send becomes the same table, or is refused in words."""

import io
import json
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
import xlwt

from pilots.spend.files import UPLOADED, FileRefused, Limits, read_table

TEXT = 'agency,service_line,amount,note\nE1,roads,"1,234.50","café, Ø"\n'
ROW = ["E1", "roads", "1,234.50", "café, Ø"]


def rows(table):
    return [list(row) for _, row in table.read()]


def refusal(content, name="count.csv", limits=UPLOADED):
    with pytest.raises(FileRefused) as caught:
        list(read_table(content, name, limits).read())
    return caught.value.problems.kept[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_any_encoding_reads_the_same(encoding):
    table = read_table(TEXT.encode(encoding), "count.csv")
    assert table.headings == ("agency", "service_line", "amount", "note")
    assert rows(table) == [ROW]


def test_windows_1252_is_read_without_asking_and_said():
    assert "Windows-1252" in read_table(TEXT.encode("cp1252"), "count.csv").notices[0]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(ending):
    assert rows(read_table(TEXT.replace("\n", ending).encode(), "count.csv")) == [ROW]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_semicolons_tabs_and_bars_separate_as_well(separator):
    text = separator.join(["agency", "service_line", "amount", "note"]) + "\n" + separator.join(ROW)
    assert rows(read_table(text.encode(), "count.csv")) == [ROW]


def test_a_separator_line_of_excel_is_believed():
    assert rows(read_table(b"sep=;\nagency;service_line;amount\nE1;roads;5\n", "count.csv")) == [["E1", "roads", "5"]]


def test_titles_above_the_headings_are_passed_over_and_rows_keep_their_numbers():
    table = read_table(b"Spending of Dover\n\nagency,service_line,amount\nE1,roads,5\n", "count.csv")
    assert table.heading_row == 3
    assert [number for number, _ in table.read()] == [4]


def test_a_table_is_read_as_often_as_asked():
    table = read_table(TEXT.encode(), "count.csv")
    assert rows(table) == rows(table) == [ROW]


def workbook(*cells, before=None, name="Count"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in cells:
        sheet.append(row)
    if before:
        before(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


HEADINGS = ["agency", "service_line", "amount"]


def test_a_workbook_reads_like_text():
    table = read_table(workbook(HEADINGS, ["E1", "roads", 1234.5]), "count.xlsx")
    assert (table.sheet, table.headings, rows(table)) == ("Count", tuple(HEADINGS), [["E1", "roads", 1234.5]])


def test_an_old_workbook_reads_like_text():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Count")
    for column, heading in enumerate(HEADINGS):
        sheet.write(0, column, heading)
    for column, text in enumerate(["E1", "roads"]):
        sheet.write(1, column, text)
    sheet.write(1, 2, 1234.5)
    file = io.BytesIO()
    book.save(file)
    assert rows(read_table(file.getvalue(), "count.xls")) == [["E1", "roads", 1234.5]]


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="Count">%s</table:table></office:spreadsheet></office:body></office:document-content>"""


def open_document(*cells):
    def cell(value):
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in cells)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", ODS % body)
    return file.getvalue()


def test_an_open_document_reads_like_text():
    assert rows(read_table(open_document(HEADINGS, ["E1", "roads", 1234.5]), "count.ods")) == [["E1", "roads", 1234.5]]


def test_an_empty_first_column_shifts_nothing():
    table = read_table(workbook([None, *HEADINGS], [None, "E1", "roads", 5]), "count.xlsx")
    assert table.headings.index("agency") == 1
    assert rows(table) == [["", "E1", "roads", 5]]


def test_hidden_sheets_are_reported_and_not_read():
    def hide(book):
        hidden = book.create_sheet("Secret")
        hidden.append(HEADINGS)
        hidden.append(["E1", "roads", 9])
        hidden.sheet_state = "hidden"

    table = read_table(workbook(HEADINGS, ["E1", "roads", 5], before=hide), "count.xlsx")
    assert rows(table) == [["E1", "roads", 5]]
    assert "Secret" in table.notices[0]


def test_two_sheets_of_lines_are_not_chosen_between():
    def second(book):
        book.create_sheet("Also").append(HEADINGS)

    content = workbook(HEADINGS, ["E1", "roads", 5], before=second)
    problem = refusal(content)
    assert problem.code == "several-sheets"
    assert '"Count" and "Also"' in problem.message
    assert rows(read_table(content, sheet="Count")) == [["E1", "roads", 5]]


def test_merged_cells_among_the_lines_are_named():
    table = read_table(
        workbook(HEADINGS, ["E1", "roads", 5], [None, "older", 6], before=lambda b: b.active.merge_cells("A2:A3"))
    )
    assert [(one.code, one.row, one.column) for one in table.problems] == [("merged-cells", 3, "A")]
    assert "A2:A3 are merged, so only A2 holds a value: E1" in table.problems[0].message


def test_a_formula_counts_as_the_value_stored_with_it_and_is_refused_without_one():
    table = read_table(workbook(HEADINGS, ["E1", "roads", "=2+3"]))
    (problem,) = table.problems
    assert (problem.code, problem.row, problem.column, problem.found) == ("formula-without-value", 2, "C", "=2+3")


def test_an_error_value_is_named_by_its_cell():
    def spoil(book):
        book.active["C2"].value = "#N/A"
        book.active["C2"].data_type = "e"

    (problem,) = read_table(workbook(HEADINGS, ["E1", "roads", 5], before=spoil)).problems
    assert (problem.code, problem.row, problem.column) == ("error-value", 2, "C")


def package(resources, **files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("datapackage.json", json.dumps({"resources": resources}))
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return file.getvalue()


def test_a_package_reads_like_its_table():
    content = package([{"name": "spend", "path": "spend.csv"}], spend__csv=TEXT)
    assert rows(read_table(content, "count.zip")) == [ROW]


def test_a_package_in_a_folder(tmp_path):
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [{"path": "spend.csv"}]}))
    (tmp_path / "spend.csv").write_text(TEXT)
    assert rows(read_table(tmp_path)) == [ROW]


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/secret.csv", "https://example.org/spend.csv"])
def test_a_package_reaches_nothing_outside_itself(path):
    assert refusal(package([{"path": path}])).code == "bad-package"


def test_a_bomb_posing_as_a_workbook_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    problem = refusal(file.getvalue(), "count.xlsx")
    assert problem.code == "unpacks-too-large"


def test_a_bomb_that_lies_about_its_size_is_refused_all_the_same():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 300_000_000)
    true_size, told = struct.pack("<I", 300_000_000), struct.pack("<I", 100)
    assert refusal(file.getvalue().replace(true_size, told), "count.xlsx").code == "unpacks-too-large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 ...", "unknown-kind"),
        (b"PK\x03\x04 cut off", "broken"),
        (b"\xd0\xcf\x11\xe0 cut off", "broken"),
        (b"agency,service_line,amount\nE1,ro\x81ads,5\n", "not-text"),
        (b"\x00\x01\x02\x03 something", "not-text"),
        (b'agency,service_line,amount\nE1,"roads,5\nE2,roads,6\n', "not-csv"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, code):
    problem = refusal(content)
    assert problem.code == code
    assert problem.message.endswith(".")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><table><tr><td>agency</td></tr></table></html>", "a web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<p>", "a web page"),
        (b"<table><tr><th>agency</th></tr></table>", "a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'[{"agency": "E1", "amount": 5}]', "JSON"),
        (b'{"lines": []}', "JSON"),
    ],
)
def test_what_is_no_table_is_named_whatever_its_name_says(content, what):
    problem = refusal(content, "count.xls")
    assert problem.code == "unknown-kind"
    assert problem.message.startswith(f"count.xls is {what}, whatever its name says. ")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_zero_character_is_named_by_its_row(encoding):
    problem = refusal(TEXT.replace("café", "caf\0é").encode(encoding))
    assert (problem.code, problem.row) == ("zero-character", 2)


def test_a_zero_character_far_down_is_named_by_its_row():
    problem = refusal(TEXT.encode() + b"E1,roads,5,note\n" * 200_000 + b"E1,roads,5,n\0te\n")
    assert (problem.code, problem.row) == ("zero-character", 200_003)


def test_a_year_for_a_heading_is_written_as_people_do():
    assert read_table(workbook([*HEADINGS, 2010], ["E1", "roads", 5, 6])).headings[3] == "2010"


def test_a_file_above_the_limit_is_refused_with_the_limit():
    problem = refusal(b"x" * 2_000_001, limits=Limits(bytes=2_000_000))
    assert problem.code == "too-large"
    assert "2 MB" in problem.message


def test_more_rows_than_allowed_are_refused():
    content = b"agency,service_line,amount\n" + b"E1,roads,5\n" * 20
    assert refusal(content, limits=Limits(bytes=1_000_000, rows=10)).code == "too-many-rows"


def test_a_date_stays_a_date_for_the_check_of_amounts():
    assert rows(read_table(workbook(HEADINGS, ["E1", "roads", date(2010, 3, 4)])))[0][2] == date(2010, 3, 4)

"""The pages of an upload as a browser without script meets them: sent, looked at, corrected, written."""

import csv
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pilots.models import Person, Upload, UploadPiece
from pilots.spend.files.open_document import write_open_document
from pilots.spend.files.template import COLUMNS
from pilots.spend.files.uploads import process_upload
from pilots.spend.publish import publish_count
from pilots.spend.write import add_line, change_line, remove_line

from .test_copies import downloaded, filled, line

UPLOAD = "/places/coast/spend/2010-11/upload/"
GOOD = "agency,service_line,amount\nE1,roads,5\nE2,roads,6\n"


class Browser:
    """Somebody signed in, who sends files and presses buttons; the worker does its part at once."""

    def __init__(self, person: Person) -> None:
        self.client = Client()
        self.client.force_login(person)

    def send(self, content, name="count.csv", mode="add or change"):
        content = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, content)
        return self.follow(self.client.post(UPLOAD, {"file": file, "mode": mode}))

    def press(self, part, **values):
        upload = Upload.objects.latest("pk")
        unit = {"unit": "pounds"} if part == "read" else {}
        return self.follow(self.client.post(f"{UPLOAD}{upload.pk}/{part}/", unit | values))

    def write(self, page):
        return self.press("write", seen=page.context["seen"])

    def follow(self, response):
        if response.status_code != 302:
            return response
        process_upload(Upload.objects.latest("pk"))
        return self.client.get(response["Location"])

    def get(self, part=""):
        return self.client.get(f"{UPLOAD}{part}")


@pytest.fixture
def browser_of_lead(lead):
    return Browser(lead)


@pytest.fixture
def browser_of_dover(contributor_of_dover):
    return Browser(contributor_of_dover)


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_page_states_what_may_be_sent(browser_of_lead):
    page = words(browser_of_lead.get())
    assert "At most 40 MB and 1,000,000 rows" in page
    assert "CSV, XLSX, ODS, XLS, or a Fiscal Data Package" in page


def test_a_file_is_shown_before_it_is_written_and_written_with_one_button(browser_of_lead, recorded):
    page = browser_of_lead.send(GOOD)
    assert (page.context["change"].lines["added"], recorded()) == (2, {})
    assert [(one.name, one.change) for one in page.context["change"].bodies] == [("Dover", 5), ("Ashford", 6)]
    assert "the columns" not in words(page)
    assert "no column for" in words(page)
    done = browser_of_lead.write(page)
    assert "Written: two lines added" in words(done)
    assert len(recorded()) == 2


def test_two_changes_that_cancel_are_shown_line_by_line(browser_of_lead, register):
    for service, amount in [("roads", "100"), ("older", "50"), ("children", "7")]:
        add_line(register.version, {"agency": "E1", "service_line": service, "amount": amount}, None, "x")
    rows = "agency,service_line,amount,note\nE1,roads,90,checked\nE1,older,60,\nE2,roads,5,\n"
    page = browser_of_lead.send(rows, mode="replace")
    groups = [
        (what, [(one.name, one.before, one.after) for one in lines]) for what, lines in page.context["change"].groups
    ]
    assert groups == [
        ("added", [("Ashford, Roads", None, 5)]),
        ("changed", [("Dover, Roads", 100, 90), ("Dover, Older people's care", 50, 60)]),
        ("removed", [("Dover, Children's care", 7, None)]),
    ]
    assert "row 2, changes: note" in words(page)
    file = browser_of_lead.get(f"{page.context['upload'].pk}/changes.csv").getvalue().decode("utf-8-sig")
    lines = {(row["what"], row["agency"], row["service_line"]): row for row in csv.DictReader(io.StringIO(file))}
    assert lines["changed", "E1", "roads"]["change"] == "-10.00"
    assert lines["changed", "E1", "roads"]["fields"] == "note"
    assert len(lines) == 4
    browser_of_lead.write(page)
    assert "The lines that changed" in words(browser_of_lead.get(f"{page.context['upload'].pk}/"))


def test_while_the_worker_has_it_the_page_says_so_and_offers_to_look_again(browser_of_lead, lead):
    browser_of_lead.client.post(UPLOAD, {"file": SimpleUploadedFile("a.csv", GOOD.encode()), "mode": "replace"})
    upload = Upload.objects.get()
    assert (upload.person, upload.mode) == (lead, "replace")
    page = words(browser_of_lead.get(f"{upload.pk}/"))
    assert "Waiting to be checked" in page
    assert "Look again" in page


def test_the_same_file_twice_is_noticed(browser_of_lead):
    browser_of_lead.write(browser_of_lead.send(GOOD))
    again = words(browser_of_lead.send(GOOD, "again.csv"))
    assert "The same file was written today" in again
    assert "nothing to write" in again


def test_a_button_pressed_on_an_old_page_writes_nothing(browser_of_lead, recorded):
    page = browser_of_lead.send(GOOD)
    browser_of_lead.press("read", mode="replace", column_agency="A", column_service_line="B", column_amount="C")
    assert "not what you looked at" in words(browser_of_lead.write(page))
    assert recorded() == {}


def test_a_count_that_changed_meanwhile_is_shown_again(browser_of_lead, register, recorded):
    page = browser_of_lead.send(GOOD)
    add_line(register.version, {"agency": "E3", "service_line": "roads", "amount": "9"}, None, "page")
    again = browser_of_lead.write(page)
    assert "Somebody changed the count" in words(again)
    assert len(recorded()) == 1
    browser_of_lead.write(again)
    assert len(recorded()) == 3


def test_columns_are_guessed_and_can_be_corrected(browser_of_lead, recorded):
    page = browser_of_lead.send("who,service_line,quids\nE1,roads,5\n")
    assert page.context["upload"].state == "refused"
    assert "A: who (E1)" in words(page)
    page = browser_of_lead.press(
        "read", mode="add or change", column_agency="A", column_service_line="B", column_amount="C"
    )
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): 5}


def test_a_column_is_no_two_fields(browser_of_lead):
    browser_of_lead.send(GOOD)
    page = browser_of_lead.press("read", mode="replace", column_agency="A", column_service_line="A", column_amount="C")
    assert page.status_code == 422
    assert "Column A is “Body that spends it” already" in words(page)


def test_a_sheet_can_be_chosen_where_several_look_like_lines(browser_of_lead, recorded):
    book = openpyxl.Workbook()
    book.active.title = "Draft"
    for sheet, amount in ((book.active, 1), (book.create_sheet("Final"), 2)):
        sheet.append(["agency", "service_line", "amount"])
        sheet.append(["E1", "roads", amount])
    file = io.BytesIO()
    book.save(file)
    page = browser_of_lead.send(file.getvalue(), "two.xlsx")
    assert "Sheet to read" in words(page)
    browser_of_lead.write(browser_of_lead.press("read", mode="add or change", sheet="Final"))
    assert recorded() == {("E1", "roads"): 2}


def test_what_was_corrected_on_one_sheet_changes_nothing_on_another(browser_of_lead, recorded):
    book = openpyxl.Workbook()
    for name, amount in [("Draft", "nfp"), ("Final", 7000)]:
        sheet = book.create_sheet(name)
        for row in (["agency", "service_line", "amount"], ["E1", "roads", amount]):
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    browser_of_lead.send(file.getvalue(), "count.xlsx")
    browser_of_lead.press("read", mode="add or change", sheet="Draft")
    page = browser_of_lead.press("correct", **{"cell-2-C": "111"})
    columns = {"column_agency": "A", "column_service_line": "B", "column_amount": "C"}
    page = browser_of_lead.press("read", mode="add or change", sheet="Draft", **columns)
    assert page.context["change"].totals[0].after == 111
    page = browser_of_lead.press("read", mode="add or change", sheet="Final", **columns)
    assert "belongs to another sheet" in words(page)
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): 7000}


def test_lines_that_the_file_lacks_go_only_where_that_was_asked(browser_of_lead, register, recorded):
    add_line(register.version, {"agency": "E3", "service_line": "older", "amount": "9"}, None, "page")
    assert browser_of_lead.send(GOOD).context["change"].lines["removed"] == 0
    page = browser_of_lead.send(GOOD, mode="replace")
    assert page.context["change"].lines["removed"] == 1
    browser_of_lead.write(page)
    assert ("E3", "older") not in recorded()


def test_every_error_is_listed_and_comes_as_csv_and_marked(browser_of_lead):
    page = browser_of_lead.send("agency,service_line,amount\nE1,roads,nfp\nMiddlesborough,roads,5\n")
    assert "Middlesbrough" in words(page)
    upload = page.context["upload"]
    rows = list(
        csv.DictReader(io.StringIO(browser_of_lead.get(f"{upload.pk}/problems.csv").getvalue().decode("utf-8-sig")))
    )
    assert [(row["row"], row["column"], row["found"]) for row in rows] == [
        ("2", "C", "nfp"),
        ("3", "A", "Middlesborough"),
    ]
    marked = browser_of_lead.get(f"{upload.pk}/marked.xlsx")
    assert marked["Content-Disposition"] == 'attachment; filename="count (marked).xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(marked.getvalue()))
    assert sum(bool(cell.comment) for row in book["Spend"].iter_rows() for cell in row) == 2


FAULTY = "agency,service_line,amount,note\nE1,roads,nfp,\nMiddlesborough,roads,5,by hand\nE9,older,7,\nE2,roads,6,\n"


def test_refused_cells_are_put_right_on_the_page_and_rows_left_out(browser_of_lead, recorded):
    page = browser_of_lead.send(FAULTY)
    fields = [(one.cell, one.value, one.leave, one.about) for one in page.context["problems"]]
    assert fields == [
        ("cell-2-C", "nfp", "leave-2", "E1, roads, nfp"),
        ("cell-3-A", "Middlesborough", "leave-3", "Middlesborough, roads, 5"),
        ("cell-4-A", "E9", "leave-4", "E9, older, 7"),
    ]
    as_shown = {name: value for name, value, _, _ in fields}
    page = browser_of_lead.press("correct", **as_shown | {"cell-2-C": "£1,234.50", "cell-3-A": "Midlesbro"})
    assert [(one.cell, one.value) for one in page.context["problems"]] == [
        ("cell-3-A", "Midlesbro"),
        ("cell-4-A", "E9"),
    ]
    page = browser_of_lead.press("correct", **{"cell-3-A": "Middlesbrough", "cell-4-A": "E9", "leave-4": "yes"})
    assert page.context["change"].lines["added"] == 3
    read = words(page)
    assert "Two cells of the file were corrected on this page" in read
    assert "Left out on this page: row 4" in read
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): Decimal("1234.50"), ("E2", "roads"): 6, ("E3", "roads"): 5}


def test_of_a_row_left_out_of_a_file_that_holds_everything_what_is_recorded_stays(browser_of_lead, register, recorded):
    for agency, service in [("E1", "roads"), ("E2", "roads"), ("E3", "older"), ("E3", "roads")]:
        add_line(register.version, {"agency": agency, "service_line": service, "amount": "100"}, None, "test")
    rows = "agency,service_line,amount\nE1,roads,5\nE2,roads,nfp\nMiddlesborough,older,7\n"
    page = browser_of_lead.send(rows, mode="replace")
    assert "what is recorded stays if its body" in words(page)
    page = browser_of_lead.press("correct", **{"leave-3": "yes", "leave-4": "yes"})
    assert page.context["change"].lines == {"added": 0, "changed": 1, "unchanged": 1, "removed": 2}
    assert "What is recorded of the rows that were left out stays" in words(page)
    assert "Row 4 says of no line which it is" in words(page)
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): 5, ("E2", "roads"): 100}


def test_what_was_corrected_is_shown_and_can_be_undone_until_it_is_written(browser_of_lead, recorded):
    browser_of_lead.send(FAULTY)
    page = browser_of_lead.press("correct", **{"cell-2-C": "7", "cell-3-A": "E3", "leave-4": "yes"})
    told = [(one["rows"], one["column"], one["was"], one["now"]) for one in page.context["corrected"]]
    assert told == [
        ([2], "C", "nfp", "7"),
        ([3], "A", "Middlesborough", "E3"),
        ([4], "", "E9, older, 7", ""),
    ]
    assert "Undo all" in words(page)

    page = browser_of_lead.press("undo", undo="3-A")
    assert [one.cell for one in page.context["problems"]] == ["cell-3-A"]
    browser_of_lead.press("undo", undo="4-")
    assert Upload.objects.get().corrections == {"2": {"C": "7"}}
    page = browser_of_lead.press("undo", undo="all")
    assert page.context["corrected"] == []
    assert len(page.context["problems"]) == 3

    page = browser_of_lead.press("correct", **{"cell-2-C": "7", "cell-3-A": "E3", "leave-4": "yes"})
    page = browser_of_lead.write(page)
    assert len(page.context["corrected"]) == 3
    assert "Undo" not in words(page)
    assert recorded()["E1", "roads"] == 7


def test_a_name_that_is_wrong_in_many_rows_is_put_right_once(browser_of_lead, register, recorded):
    rows = "".join(f"Dover DC,{service},{n}\n" for n, service in enumerate(["roads", "older", "children"]))
    page = browser_of_lead.send(f"agency,service_line,amount\n{rows}E2,roads,nfp\nE3,roads,nfp\n")
    read = words(page)
    first, *amounts = page.context["problems"]
    assert (first.cell, first.rows, first.leave) == ("cell-2-A", [2, 3, 4], "leave-2-A")
    assert [(one.cell, one.rows) for one in amounts] == [("cell-5-C", [5]), ("cell-6-C", [6])]
    assert "In all 3 rows, column A" in read
    assert "Did you mean" in first.problem["message"]
    assert '"Dover"' in first.problem["message"]
    assert '<option value="E1">Dover</option>' in read
    assert page.context["codes"].keys() == {"agency"}
    page = browser_of_lead.press("correct", **{"cell-2-A": "Dover", "leave-5": "yes", "leave-6": "yes"})
    assert page.context["change"].lines["added"] == 3
    assert "Three cells of the file were corrected" in words(page)


def test_rows_with_the_same_wrong_name_are_left_out_together(browser_of_lead):
    page = browser_of_lead.send("agency,service_line,amount\nXX,roads,1\nXX,older,nfp\nE1,roads,3\n")
    leave = [one.leave for one in page.context["problems"]]
    assert leave == ["leave-2-A", "leave-3"]
    page = browser_of_lead.press("correct", **{"leave-2-A": "yes"})
    assert "Left out on this page: rows 2 and 3" in words(page)


def test_of_two_rows_of_one_key_one_can_be_left_out(browser_of_lead, recorded):
    page = browser_of_lead.send("agency,service_line,amount\nE1,roads,5\nE1,roads,6\n")
    assert [(one.cell, one.leave) for one in page.context["problems"]] == [("", "leave-3")]
    browser_of_lead.write(browser_of_lead.press("correct", **{"leave-3": "yes"}))
    assert recorded() == {("E1", "roads"): 5}


def test_rows_of_one_key_are_added_together_exactly(browser_of_lead, recorded):
    rows = "agency,service_line,amount £000\nE1,roads,100.10\nE1,roads,250\nE2,roads,1\nE1,roads,0.005\n"
    browser_of_lead.send(rows)
    columns = {"column_agency": "A", "column_service_line": "B", "column_amount": "C"}
    page = browser_of_lead.press("read", mode="add or change", unit="thousands", **columns)
    assert "£100,100.00 and £250,000.00, £350,100.00 together" in words(page)
    assert [(one.add, one.first, one.about) for one in page.context["problems"]] == [
        ("add-3", 2, "E1, roads, 250"),
        ("add-5", 2, "E1, roads, 0.005"),
    ]
    browser_of_lead.write(browser_of_lead.press("correct", **{"add-3": "yes", "add-5": "yes"}))
    assert recorded() == {("E1", "roads"): 350_105, ("E2", "roads"): 1_000}


def test_rows_whose_amounts_follow_from_wholes_are_not_added(browser_of_lead):
    rows = "agency,service_line,amount,whole_amount,share\nE1,roads,5,10,0.5\nE1,roads,5,10,0.5\n"
    page = browser_of_lead.send(rows)
    assert [(one.leave, one.add) for one in page.context["problems"]] == [("leave-3", "")]


def test_a_note_that_is_too_long_can_be_cleared_on_the_page(browser_of_lead, register):
    page = browser_of_lead.send(f"agency,service_line,amount,note\nE1,roads,5,{'x' * 10_001}\n")
    (problem,) = page.context["problems"]
    assert (problem.cell, problem.value) == ("cell-2-D", f"{'x' * 60}…")
    assert "Nothing was corrected" in words(browser_of_lead.press("correct", **{problem.cell: problem.value}))
    browser_of_lead.write(browser_of_lead.press("correct", **{problem.cell: ""}))
    assert line(register.version, "E1", "roads").note == ""


def test_what_is_wrong_is_summed_up_with_links_to_where_it_is_put_right(browser_of_lead):
    page = browser_of_lead.send("agency,service_line,amount £000\nXX,roads,nfp\nE1,older,1\nE1,older,2\n")
    columns = {"column_agency": "A", "column_service_line": "B", "column_amount": "C"}
    page = browser_of_lead.press("read", mode="add or change", unit="thousands", **columns)
    read = words(page)
    places = [one.place for one in page.context["problems"]]
    assert places == ["cell-2-A", "cell-2-C", "leave-4"]
    assert all(f'href="#{place}"' in read and f'id="{place}"' in read for place in places)
    assert read.count('aria-invalid="true"') == 2
    assert read.count(">thousands of pounds</span>") == 1


def test_what_was_not_wrong_is_not_changed_by_a_correction(browser_of_lead):
    page = browser_of_lead.send(FAULTY)
    page = browser_of_lead.press("correct", **{"cell-2-C": "nfp", "cell-5-C": "600", "leave-5": "yes"})
    assert "Nothing was corrected" in words(page)
    assert Upload.objects.get().corrections == {}


def test_the_marked_workbook_holds_what_was_put_right(browser_of_lead):
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(FAULTY)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    page = browser_of_lead.send(file.getvalue(), "count.xlsx")
    page = browser_of_lead.press("correct", **{"cell-2-C": "=1+1", "leave-4": "yes"})
    upload = page.context["upload"]
    assert [one.cell for one in page.context["problems"]] == ["cell-2-C", "cell-3-A"]
    marked = openpyxl.load_workbook(io.BytesIO(browser_of_lead.get(f"{upload.pk}/marked.xlsx").getvalue()))
    assert (marked.active["C2"].value, marked.active["C2"].data_type) == ("'=1+1", "s")
    assert [cell.value for cell in marked.active[4]] == [None] * 4


SPOILT = {"agency": "E77", "service_line": "polis", "spend_type": "pay", "funder": "?", "is_capital": "perhaps"}
SPOILT |= {"is_transfer": "perhaps", "receiver": "E2", "amount": "12k", "whole_amount": "x", "share": "2"}
SPOILT |= {"basis": "guess", "method": "dice"}


def marked(browser, page):
    return browser.get(f"{page.context['upload'].pk}/marked.xlsx").getvalue()


@pytest.mark.parametrize("column", SPOILT)
def test_our_workbook_marked_and_mended_comes_back_as_the_copy_it_is(browser_of_lead, register, column):
    add_line(register.version, {"agency": "E1", "service_line": "roads", "amount": "100"}, None, "test")
    bad = filled(downloaded(register.version), ("E1", "roads", column, SPOILT[column]))
    # Not all was mended, so it is marked once more.
    again = browser_of_lead.send(marked(browser_of_lead, browser_of_lead.send(bad, "spend.xlsx")), "spend.xlsx")
    assert again.context["upload"].state == "refused"
    book = openpyxl.load_workbook(io.BytesIO(marked(browser_of_lead, again)))
    mended = book["Spend"].cell(2, COLUMNS.index(column) + 1)
    assert "What is wrong1" not in book
    mended.value = {"agency": "E1", "service_line": "roads", "amount": 101}.get(column)
    assert [cell.coordinate for row in book["Spend"] for cell in row if cell.comment] == [mended.coordinate]
    page = browser_of_lead.send(_saved(book), "spend.xlsx")
    assert page.context["merge"]["taken"] == (column == "amount")
    assert "What is wrong" not in words(page)


def _saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bad_open_document(version):
    """The template as ODS, with a service line that there is not."""
    source, changed = io.BytesIO(), io.BytesIO()
    write_open_document(version, source)
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(changed, "w") as target:
        for name in archive.namelist():
            target.writestr(name, archive.read(name).replace(b">roads<", b">polis<", 1))
    return changed.getvalue()


def test_an_open_document_of_ours_marked_and_mended_undoes_nothing_of_others(browser_of_lead, register, recorded):
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "100"}, None, "test")
    register.version.refresh_from_db()
    page = browser_of_lead.send(bad_open_document(register.version), "spend.ods")
    book = openpyxl.load_workbook(io.BytesIO(marked(browser_of_lead, page)))
    assert book["Version"].sheet_state == "veryHidden"
    found = line(register.version, "E2", "roads")
    change_line(register.version, found.pk, {"amount": "222"}, found.row_version, None, "page")
    for cell in next(book["Spend"].iter_rows(min_row=2, max_row=2)):
        cell.value = "roads" if cell.value == "polis" else cell.value
    browser_of_lead.write(browser_of_lead.send(_saved(book), "spend.xlsx"))
    assert recorded() == {("E1", "roads"): 100, ("E2", "roads"): 222}


def test_a_marked_workbook_that_holds_a_part_says_so_and_is_no_copy(browser_of_lead, register, monkeypatch):
    monkeypatch.setattr("pilots.spend.files.marking.MOST_ROWS", 1)
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "100"}, None, "test")
    page = browser_of_lead.send(bad_open_document(register.version), "spend.ods")
    assert page.context["upload"].report["marked_in_part"]
    book = openpyxl.load_workbook(io.BytesIO(marked(browser_of_lead, page)))
    assert "Version" not in book
    assert book["What is wrong"]["A1"].value.startswith("This workbook holds only the rows with something wrong, 1 of")
    assert [row[0].value for row in book["Spend"]] == ["Row", 2]


@pytest.mark.parametrize(
    "content",
    [
        "agency,service_line,amount\nE1,roads,12,345.00\n",
        "agency,service_line,amount,note\nE1,roads,12,345\n",
        "All figures in £ thousands\nagency,service_line,amount\nE1,roads,5\n",
    ],
)
def test_what_is_asked_about_is_asked_again_of_the_marked_copy(browser_of_lead, content):
    again = browser_of_lead.send(marked(browser_of_lead, browser_of_lead.send(content)), "marked.xlsx")
    assert {one.problem["code"] for one in again.context["problems"]} <= {"cut-amount", "unit-in-heading"}
    assert again.context["upload"].state == "refused"


def test_a_marked_copy_says_the_unit_that_was_chosen(browser_of_lead):
    browser_of_lead.send("agency,service_line,amount\nE1,polis,5\n")
    columns = {"column_agency": "A", "column_service_line": "B", "column_amount": "C"}
    page = browser_of_lead.press("read", mode="add or change", unit="thousands", **columns)
    book = openpyxl.load_workbook(io.BytesIO(marked(browser_of_lead, page)))
    assert book["Spend"]["A1"].value == "Amounts in thousands of pounds"


def test_amounts_in_thousands_are_offered_to_be_multiplied_and_never_without_being_asked(browser_of_lead, recorded):
    page = browser_of_lead.send("agency,service_line,Spend £000\nE1,roads,12.5\n")
    assert "thousands of pounds" in words(page)
    assert page.context["form"]["unit"].initial == "thousands"
    columns = {"column_agency": "A", "column_service_line": "B", "column_amount": "C"}
    page = browser_of_lead.press("read", mode="add or change", unit="thousands", **columns)
    assert "each amount was multiplied by 1,000" in words(page)
    browser_of_lead.write(page)
    assert recorded() == {("E1", "roads"): 12500}


def test_a_file_a_thousandth_of_what_is_recorded_is_asked_about_and_never_kept_back(
    browser_of_lead, register, recorded
):
    for agency, amount in [("E1", "12500"), ("E2", "40000"), ("E3", "7000")]:
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": amount}, None, "test")
    page = browser_of_lead.send("agency,service_line,amount\nE1,roads,12.6\nE2,roads,39\nE3,roads,7.1\n")
    assert (
        "Three figures are about a thousandth of what is recorded or was last published (such as Ashford, Roads: "
        "£39.00 in place of £40,000.00). Is the file in thousands of pounds?"
    ) in words(page)
    assert "Write it" in words(page)
    page = browser_of_lead.press("unit", unit="thousands")
    assert page.context["upload"].unit == "thousands"
    assert page.context["other_unit"] is None
    assert page.context["change"].totals[0].after == 58_700
    browser_of_lead.press("unit", unit="pounds")
    assert browser_of_lead.client.post(f"{UPLOAD}{page.context['upload'].pk}/unit/", {"unit": "x"}).status_code == 404


def test_a_file_for_a_year_without_lines_is_held_against_what_was_last_published(browser_of_lead, register):
    add_line(register.version, {"agency": "E1", "service_line": "roads", "amount": "7000"}, None, "test")
    publish_count(register.count, None)
    found = line(register.version, "E1", "roads")
    remove_line(register.version, found.pk, found.row_version, None, "page")
    page = browser_of_lead.send("agency,service_line,amount\nE1,roads,7000000\n")
    assert "One figure is about a thousand times what is recorded or was last published" in words(page)
    assert "Do its amounts have too many noughts?" in words(page)


def test_two_copies_with_one_conflict_are_settled_without_script(browser_of_lead, register, lead, recorded):
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "100"}, None, "test")
    workbook = downloaded(register.version)
    browser_of_lead.write(browser_of_lead.send(filled(workbook, ("E1", "roads", "amount", 110)), "dover.xlsx"))
    second = filled(workbook, ("E1", "roads", "amount", 120), ("E2", "roads", "amount", 130))
    page = browser_of_lead.send(second, "ashford.xlsx")
    (conflict,) = page.context["conflicts"]
    assert (conflict.where, conflict.field) == ("Dover, Roads", "Amount in the place")
    assert (conflict.base, conflict.file, conflict.ours, conflict.who) == ("£100.00", "£120.00", "£110.00", "lead")
    assert "Write it" not in words(page)

    assert browser_of_lead.press("choose").status_code == 422
    assert "not what you looked at" in words(browser_of_lead.write(page))
    assert recorded()["E2", "roads"] == 100

    chosen = browser_of_lead.press("choose", **{conflict.name: "file"})
    assert chosen.context["change"].lines["changed"] == 2
    browser_of_lead.write(chosen)
    assert (recorded()["E1", "roads"], recorded()["E2", "roads"]) == (120, 130)


def test_a_line_taken_out_of_a_copy_is_counted_where_the_copy_is_described(browser_of_lead, register):
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "100"}, None, "test")
    copy = filled(downloaded(register.version), without=[("E1", "roads")])
    page = browser_of_lead.send(copy, "copy.xlsx", mode="replace")
    assert "no cells changed in it, one line taken out of it, and no cells here since" in words(page)


def test_who_changed_a_cell_between_choice_and_writing_is_not_written_over(browser_of_lead, register, recorded):
    add_line(register.version, {"agency": "E1", "service_line": "roads", "amount": "100"}, None, "test")
    page = browser_of_lead.send(filled(downloaded(register.version), ("E1", "roads", "amount", 120)), "copy.xlsx")
    found = line(register.version, "E1", "roads")
    change_line(register.version, found.pk, {"amount": "111"}, found.row_version, None, "page")
    again = browser_of_lead.write(page)
    assert [one.ours for one in again.context["conflicts"]] == ["£111.00"]
    assert recorded()["E1", "roads"] == 111


@pytest.mark.parametrize("kind", ["csv", "zip"])
def test_a_file_downloaded_here_that_would_write_over_newer_values_says_so_first(browser_of_lead, register, kind):
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "100"}, None, "test")
    content = b"".join(browser_of_lead.get(f"spend.{kind}").streaming_content)
    assert browser_of_lead.send(content, f"count.{kind}").context["upload"].report["warnings"] == []
    found = line(register.version, "E2", "roads")
    change_line(register.version, found.pk, {"amount": "250"}, found.row_version, None, "page")
    page = browser_of_lead.send(content, f"count.{kind}")
    assert (
        "One row holds something else than what was recorded here after the file was downloaded (row 3: Ashford, "
        "Roads). Writing the file puts its values in the place of the newer ones."
    ) in words(page)


def test_a_contributor_sees_and_sends_their_own_bodies_alone(browser_of_dover, register, recorded):
    add_line(register.version, {"agency": "E2", "service_line": "roads", "amount": "7654321"}, None, "test")
    page = browser_of_dover.send("agency,service_line,amount\nE1,roads,5\n", mode="replace")
    assert "7,654,321" not in words(page)
    assert "7654321" not in words(page)
    assert [one.name for one in page.context["change"].bodies] == ["Dover"]
    browser_of_dover.write(page)
    assert recorded() == {("E1", "roads"): 5, ("E2", "roads"): 7654321}
    refused = browser_of_dover.send(GOOD)
    assert "of this body" in words(refused)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "zip"])
def test_what_is_downloaded_comes_back_without_a_change(browser_of_lead, register, kind):
    add_line(register.version, {"agency": "E1", "service_line": "roads", "amount": "-12.5", "note": "=a\nb"}, None, "x")
    response = browser_of_lead.get(f"spend.{kind}")
    assert response["Content-Disposition"] == f'attachment; filename="coast-2010-11.{kind}"'
    page = browser_of_lead.send(b"".join(response.streaming_content), f"count.{kind}")
    change = page.context["change"]
    assert (change.is_empty, change.lines["unchanged"]) == (True, 1)
    assert bool(page.context["merge"]) == (kind in ("xlsx", "ods"))


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv", "zip"])
def test_what_a_contributor_downloads_holds_no_other_body(browser_of_dover, register, kind):
    for agency in ("E1", "E2"):
        add_line(register.version, {"agency": agency, "service_line": "roads", "amount": "77123"}, None, "x")
    content = b"".join(browser_of_dover.get(f"spend.{kind}").streaming_content)
    if kind != "csv":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    assert content.count(b"77123") == (2 if kind == "ods" else 1)


def test_what_somebody_else_sent_is_not_there(browser_of_lead, browser_of_dover):
    page = browser_of_dover.send("agency,service_line,amount\nE1,roads,5\n")
    number = page.context["upload"].pk
    for part in ("", "problems.csv", "marked.xlsx"):
        assert browser_of_lead.get(f"{number}/{part}").status_code == 404
    assert browser_of_lead.press("write", seen=page.context["seen"]).status_code == 404


def test_who_may_change_nothing_is_shown_no_page(register, django_user_model):
    stranger = Browser(django_user_model.objects.create(username="stranger"))
    assert stranger.get().status_code == 403
    assert stranger.get("spend.csv").status_code == 403
    assert Client().get(UPLOAD).status_code == 302


def test_a_count_under_review_takes_no_file(browser_of_lead, register, recorded):
    page = browser_of_lead.send(GOOD)
    register.version.status = "submitted"
    register.version.save()
    assert "submitted" in words(browser_of_lead.write(page))
    assert browser_of_lead.send(GOOD).status_code == 422
    assert recorded() == {}


def test_a_form_without_its_token_is_refused(lead, register):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    sent = {"file": SimpleUploadedFile("a.csv", GOOD.encode()), "mode": "replace"}
    assert client.post(UPLOAD, sent).status_code == 403
    assert not Upload.objects.exists()


def test_no_file_is_asked_for(browser_of_lead):
    answer = browser_of_lead.client.post(UPLOAD, {"mode": "replace"})
    assert (answer.status_code, "Choose a file" in words(answer)) == (422, True)


def test_a_file_of_fifty_megabytes_is_refused_with_the_limit_and_nothing_is_kept(browser_of_lead):
    page = browser_of_lead.send(b"a,b\n" * 12_500_000)
    assert page.status_code == 422
    assert "more than 40 MB" in words(page)
    assert not UploadPiece.objects.exists()

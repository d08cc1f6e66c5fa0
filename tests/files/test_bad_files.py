"""What people send by mistake or on purpose, through the page: a clear message, nothing lost, nothing half-written."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from pilots.models import SpendLine, Upload
from pilots.spend.write import add_line

from .test_reading import HEADINGS, workbook
from .test_upload_pages import Browser, words

HEAD = ",".join(HEADINGS)


@pytest.fixture
def sender(lead, register):
    """A lead whose count holds a line already."""
    add_line(register.version, {"agency": "E3", "service_line": "older", "amount": "9"}, None, "test")
    return Browser(lead)


def with_amount(value):
    return workbook(HEADINGS, ["E2", "roads", 6], ["E1", "roads", value])


def stretched(before):
    return workbook(HEADINGS, ["E2", "roads", 6], ["E1", "roads", 5], before=before)


def merge_cells(book):
    book.active.merge_cells("A2:A3")


def only_hidden():
    def hide(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")

    return workbook(HEADINGS, ["E1", "roads", 5], before=hide)


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a>" + b"0" * 300_000_000)
    return file.getvalue()


def raw_number(text):
    """A workbook whose number cell holds a text that no spreadsheet writes."""
    file, changed = io.BytesIO(with_amount(123456)), io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<v>123456</v>", f"<v>{text}</v>".encode()))
    return changed.getvalue()


def csv_of(*rows):
    return "\n".join([HEAD, "E2,roads,6", *rows]).encode()


BAD = {
    "nan": (csv_of("E1,roads,NaN"), "is not a number"),
    "infinity": (csv_of("E1,roads,-Infinity"), "is not a"),
    "nan in a workbook": (raw_number("NaN"), None),
    "infinity in a workbook": (raw_number("1E999"), None),
    "20 digits": (csv_of("E1,roads,12345678901234567890"), "more than can be recorded"),
    "20 digits in a workbook": (with_amount(12345678901234567890), "more than can be recorded"),
    "a formula in a CSV": (csv_of("E1,roads,=1+1"), "is a formula"),
    "a command in a CSV": (csv_of("E1,roads,=cmd|'/C calc'!A0"), "is a formula"),
    "a formula without a value": (with_amount("=1+1"), "formula without a stored value"),
    "an error value": (with_amount("#REF!"), "error value"),
    "UTF-16 cut in the middle": (csv_of("E1,roads,5").decode().encode("utf-16")[:-1], "neither text nor a workbook"),
    "bytes of no encoding": (b"\x00\x01\x02\x81" * 500, "neither text nor a workbook"),
    "a zip bomb posing as a workbook": (bomb(), "would unpack to more than"),
    "a damaged workbook": (with_amount(5)[:-300], "damaged"),
    "merged cells": (stretched(merge_cells), "are merged"),
    "only hidden sheets": (only_hidden(), "Hidden sheets are not read"),
    "a date": (with_amount(date(2010, 4, 1)), "holds a date or time"),
    "a moment": (with_amount(datetime(2010, 4, 1, 12)), "holds a date or time"),
    "a date as text": (csv_of("E1,roads,01/04/2010"), "could be a date"),
    "a key twice": (csv_of("E1,roads,5", "E1,roads,7"), "Rows 3 and 4 are of the same"),
    "a heading twice": (b"agency,service_line,amount,amount\nE1,roads,5,6\n", "could both be"),
    "three decimals": (csv_of("E1,roads,5.125"), "decimals"),
    "a decimal comma": (csv_of('E1,roads,"1.234,50"'), "1.234,50"),
    "thousands in the heading": (csv_of("E1,roads,5").replace(b"amount", b"amount (GBP 000s)"), "thousands"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "is a picture"),
    "a PDF": (b"%PDF-1.7 ...", "is a PDF"),
    "nothing": (b"", "is empty"),
    "headings alone": (HEAD.encode(), "no row of spend"),
    "an open quotation mark": (csv_of('E1,roads,"5'), "quotation mark"),
    "a blank amount": (csv_of("E1,roads,"), "Say how much"),
    "a negative where none is allowed": (
        b"agency,service_line,amount,whole_amount,share\nE1,roads,,100,-0.5\n",
        "is not a share",
    ),
    "a code 0": (csv_of("E1,roads,5\0"), None),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_nothing_is_lost_or_half_written(sender, recorded, name):
    content, said = BAD[name]
    page = sender.send(content, f"{name}.xlsx" if content[:2] == b"PK" else f"{name}.csv")
    assert page.context["upload"].state == Upload.State.REFUSED, page.context["upload"].report
    problems = " ".join(one.problem["message"] for one in page.context["problems"])
    assert problems
    if said:
        assert said in problems
    assert "Nothing was written" in words(page)
    assert recorded() == {("E3", "older"): 9}


def test_a_hidden_sheet_beside_a_good_one_is_named_and_not_read(sender, recorded):
    def hide(book):
        hidden = book.create_sheet("Secret")
        hidden.append(HEADINGS)
        hidden.append(["E1", "older", 1])
        hidden.sheet_state = "hidden"

    page = sender.send(workbook(HEADINGS, ["E1", "roads", 5], before=hide), "count.xlsx")
    assert "Hidden sheets were not read" in words(page)
    sender.write(page)
    assert recorded() == {("E1", "roads"): 5, ("E3", "older"): 9}


def test_a_command_in_a_note_is_text_and_every_download_defuses_it(sender, register):
    attack = "=cmd|'/C calc'!A0"
    sender.write(sender.send(f'agency,service_line,amount,note\nE1,roads,5,"{attack}"\n'))
    assert SpendLine.objects.get(note=attack).amount == 5
    exported = b"".join(sender.get("spend.csv").streaming_content).decode("utf-8-sig")
    assert f"'{attack}" in exported
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sender.get("spend.xlsx").streaming_content)))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_windows_1252_is_read_and_said(sender, register):
    page = sender.send("agency,service_line,amount,note\nE1,roads,5,Café\n".encode("cp1252"))
    assert "read as Windows-1252" in words(page)
    sender.write(page)
    assert SpendLine.objects.get(amount=5).note == "Café"


def test_markup_in_a_cell_is_shown_as_text(sender):
    page = sender.send(csv_of('"<script>alert(1)</script>",roads,5'), "<b>.csv")
    assert b"<script>alert" not in page.content
    assert b"<b>" not in page.content

"""What is recorded comes back to the penny through every kind of file."""

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from pilots.models import Place, Version
from pilots.spend.amounts import parse_amount
from pilots.spend.files import Mode, apply_plan, plan_import, read_table
from pilots.spend.files.exporting import write_csv, write_package
from pilots.spend.files.template import write_workbook
from pilots.spend.publish import digest_of
from pilots.spend.versions import open_working_version
from pilots.spend.write import add_line


def as_csv(version, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(version, file)


def as_workbook(version, path):
    with path.open("wb") as file:
        write_workbook(version, file)


def as_package(version, path):
    with path.open("wb") as file:
        write_package(version, file)


KINDS = pytest.mark.parametrize(("write", "name"), [(as_csv, "c.csv"), (as_workbook, "c.xlsx"), (as_package, "c.zip")])


@pytest.fixture
def kent(db):
    """The working version of Kent, begun from the shipped official return."""
    count = Place.objects.get(slug="kent").counts.get(year__label="2010-11")
    return open_working_version(count)


@KINDS
def test_all_of_kent_comes_back_the_same(kent, tmp_path, write, name):
    before = digest_of(kent)
    write(kent, tmp_path / name)
    again = plan_import(kent, read_table(tmp_path / name), mode=Mode.REPLACE)
    assert again.is_good, str(again.problems.kept[:5])
    (difference,) = again.differences
    assert (difference.is_empty, difference.lines.unchanged) == (True, kent.lines.count())

    kent.lines.all().delete()
    # As a file of somebody's own: a copy that left lines alone would leave them removed.
    apply_plan(plan_import(kent, replace(read_table(tmp_path / name), stamp=None)), None, "test")
    assert digest_of(Version.objects.get(pk=kent.pk)) == before


@pytest.fixture
def attacked(register):
    values = {"agency": "E1", "service_line": "roads", "amount": "-12.50", "note": '=HYPERLINK("x")', "source": "@me"}
    add_line(register.version, values, None, "test")
    add_line(register.version, {**values, "service_line": "older", "amount": "99999999999999.99"}, None, "test")
    return register.version


@KINDS
def test_texts_like_formulas_and_the_largest_amounts_survive(attacked, tmp_path, write, name):
    write(attacked, tmp_path / name)
    (difference,) = plan_import(attacked, read_table(tmp_path / name)).differences
    assert (difference.lines.changed, difference.lines.unchanged) == (0, 2)


def test_no_cell_of_a_workbook_is_a_formula(attacked, tmp_path):
    as_workbook(attacked, tmp_path / "c.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx")["Spend"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_negative_amount_of_a_csv_stays_a_number(attacked):
    file = io.StringIO()
    write_csv(attacked, file)
    assert ",-12.50," in file.getvalue()


def test_the_workbook_offers_the_codes_locks_the_headings_and_knows_where_it_came_from(kent, tmp_path):
    as_workbook(kent, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    sheet, stamp = book["Spend"], book["Version"]
    assert sheet.protection.sheet
    assert (sheet["A1"].protection.locked, sheet["A2"].protection.locked) == (True, False)
    assert {str(rule.sqref).split("2")[0] for rule in sheet.data_validations.dataValidation} >= {"A", "B", "C"}
    assert stamp.sheet_state == "veryHidden"
    assert [cell.value for cell in stamp[1]] == ["version", kent.pk, "revision", kent.revision]
    assert stamp.max_row == kent.lines.count() + 1


def test_a_package_describes_every_column_and_vouches_for_its_content(kent, tmp_path):
    as_package(kent, tmp_path / "c.zip")
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        (resource,) = json.loads(archive.read("datapackage.json"))["resources"]
        content = archive.read(resource["path"])
    header = content.decode().splitlines()[0].split(",")
    assert [field["name"] for field in resource["schema"]["fields"]] == header
    assert resource["bytes"] == len(content)


def test_the_public_tool_for_packages_finds_nothing_wrong(kent, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    as_package(kent, tmp_path / "c.zip")
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        archive.extractall(tmp_path / "package")
    # Its own profile would be fetched from the web; the rest of the description is checked against the data.
    description = tmp_path / "package" / "datapackage.json"
    description.write_text(description.read_text().replace('"fiscal-data-package"', '"data-package"'))
    report = frictionless.validate(str(description))
    assert report.valid, report.flatten(["type", "note"])


def test_every_amount_up_to_ten_thousand_pounds_reads_exactly_as_a_spreadsheet_holds_it():
    for pence in range(1, 1_000_001):
        pounds = Decimal(pence).scaleb(-2)
        assert parse_amount(float(pounds)).pounds == pounds

"""The workbook: numbers as numbers, words that stay words, and formulas that come to the stored figures."""

import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mapping.models import LeverResult, MapResult, SavingsCell
from mapping.reports.blocks import CannotBeMade
from mapping.reports.workbook import write_place_workbook, write_programme_workbook
from pilots.acting import acting
from pilots.models import Agency, Programme, Version
from tests.pages.mapping.places_of_england import with_partial_year

from .conftest import ADDRESS

SHEETS = [
    *("Summary", "Spend", "Levers", "Rules", "Amounts", "Pools", "Working", "Cells"),
    *("Years", "Pairs", "Reconciliation", "Sources"),
]
PENNY = Decimal("0.01")


def opened(content: bytes, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """A sheet's rows by heading."""
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def pounds(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(PENNY)


@pytest.fixture
def content(kent: Version) -> bytes:
    return write_place_workbook(kent, "central", ADDRESS)


class TestTheSheets:
    def test_stand_in_the_order_of_the_method(self, content: bytes) -> None:
        assert opened(content).sheetnames == SHEETS

    def test_every_stored_cell_is_there_to_the_penny_beside_its_formula(self, content: bytes, kent: Version) -> None:
        stored = {
            (cell.lever.code, cell.agency.code, cell.service_line.code): cell
            for cell in SavingsCell.objects.filter(map__version=kent, scenario="central").select_related(
                "lever", "agency", "service_line"
            )
        }
        rows = rows_of(opened(content)["Cells"])
        assert {(row["Lever"], row["Body"], row["Service line"]) for row in rows} >= stored.keys()
        for row in rows:
            # What is not above zero is not stored; its formulas are there for whoever changes an amount.
            cell = stored.get((row["Lever"], row["Body"], row["Service line"]))
            assert pounds(row["Saving, £"]) == (cell.saving if cell else 0)
            assert pounds(row["Addressable, £"]) == (cell.addressable if cell else 0)
        formulas = rows_of(opened(content, values=False)["Cells"])
        assert all(str(row["Saving, £"]).startswith("=") for row in formulas)

    def test_amounts_are_numbers_and_headings_stay_in_sight(self, content: bytes) -> None:
        workbook = opened(content)
        for name in ("Spend", "Cells", "Years", "Pools"):
            assert workbook[name].freeze_panes == "A2"
        amounts = [row["Amount, £"] for row in rows_of(workbook["Spend"])]
        assert all(isinstance(amount, int | float) for amount in amounts)
        assert workbook["Spend"]["J2"].number_format.startswith("#,##0.00")

    def test_opens_at_any_case_and_offers_the_three(self, kent: Version) -> None:
        workbook = opened(write_place_workbook(kent, "high", ADDRESS))
        assert workbook["Summary"]["B7"].value == "high"
        assert workbook["Summary"]["B14"].value == pytest.approx(
            float(MapResult.objects.get(map__version=kent, scenario="high").saving)
        )
        rule = workbook["Summary"].data_validations.dataValidation[0]
        assert rule.formula1 == '"low,central,high"'

    def test_says_where_it_comes_from(self, content: bytes) -> None:
        said = {
            row["What"]: row["Said"] for row in rows_of(opened(content)["Sources"]) if row["What"] != "Source of spend"
        }
        assert said["For good at"] == ADDRESS
        assert "assumption set 1" in said["Made from"]
        assert len(said["Digest of what the map was made from"]) == 64


class TestWhatPeopleTyped:
    def test_cannot_become_a_formula(self, kent: Version) -> None:
        with acting(None, "test"):
            body = Agency.objects.get(programme__is_default=True, code=_largest(kent))
            body.name = '=HYPERLINK("http://evil.example")'
            body.save()
        workbook = opened(write_place_workbook(kent, "central", ADDRESS), values=False)
        names = {row["Name of body"] for row in rows_of(workbook["Cells"])}
        assert '\'=HYPERLINK("http://evil.example")' in names
        assert not any(str(name).startswith("=") for name in names)


def _largest(version: Version) -> str:
    cells = SavingsCell.objects.filter(map__version=version, scenario="central").order_by("-saving")
    return cells.values_list("agency__code", flat=True)[0]


class TestWhatCannotBeShown:
    def test_a_count_without_an_assumption_set_says_so(self, kent: Version) -> None:
        from mapping.models import CurrentAssumptionSet

        CurrentAssumptionSet.objects.all().delete()
        version = with_partial_year("kent")
        with pytest.raises(CannotBeMade, match="There is no savings map yet"):
            write_place_workbook(version, "central", ADDRESS)

    def test_a_partial_year_is_named_on_the_first_sheet(self, kent: Version) -> None:
        workbook = opened(write_place_workbook(with_partial_year("kent"), "central", ADDRESS))
        assert workbook["Summary"]["A5"].value.startswith("Partial year: lacks health")


class TestTheProgramme:
    def test_places_by_lever_are_the_stored_results(self, programme: Programme) -> None:
        year = programme.years.get(label="2010-11")
        workbook = opened(write_programme_workbook(programme, year, "central", "pilot", ADDRESS))
        total = sum(row["Saving in a full year, £"] for row in rows_of(workbook["Places by lever"]))
        of_pilots = {"map__version__count__place__kind": "pilot", "scenario": "central"}
        expected = sum(LeverResult.objects.filter(**of_pilots).values_list("saving", flat=True))
        assert pounds(total) == expected
        assert pounds(workbook["Places"].cell(15, 7).value) == Decimal("68305517655.90")


@pytest.mark.libreoffice
class TestRecalculated:
    """LibreOffice is given the formulas without their values, so that what it says is its own."""

    @pytest.mark.parametrize("case", ["central", pytest.param("high", marks=pytest.mark.full)])
    def test_a_place_comes_to_the_stored_figures_to_the_penny(self, kent: Version, tmp_path: Path, case: str) -> None:
        content = write_place_workbook(kent, case, ADDRESS)
        assert differences(content, recalculated(content, tmp_path)) == []

    def test_another_case_chosen_in_it_comes_to_that_cases_figures(self, kent: Version, tmp_path: Path) -> None:
        found = opened(recalculated(write_place_workbook(kent, "central", ADDRESS), tmp_path, case="low"))["Summary"]
        stored = MapResult.objects.get(map__version=kent, scenario="low")
        assert [pounds(found[f"B{row}"].value) for row in (14, 15, 16)] == [
            stored.saving,
            stored.joined,
            stored.net_present_value,
        ]
        assert found["B18"].value == 0

    def test_the_programme_comes_to_the_stored_figures(self, programme: Programme, tmp_path: Path) -> None:
        year = programme.years.get(label="2010-11")
        content = write_programme_workbook(programme, year, "central", "all", ADDRESS)
        assert differences(content, recalculated(content, tmp_path)) == []


def recalculated(content: bytes, folder: Path, case: str = "") -> bytes:
    """What LibreOffice makes of a workbook whose formulas have no values, with another case chosen if given."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("NO LIBREOFFICE: the formulas of the workbooks were not recalculated. Install libreoffice-calc.")
    source = folder / "workbook.xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            if name.startswith("xl/worksheets/"):
                text = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", text)
            if name == "xl/worksheets/sheet1.xml" and case:
                text = re.sub(
                    rb'<c r="B7"( s="\d+")? t="s"><v>\d+</v></c>',
                    rb'<c r="B7"\1 t="inlineStr"><is><t>' + case.encode() + rb"</t></is></c>",
                    text,
                )
            after.writestr(name, text)
    command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(folder / "made"), str(source)], check=True, capture_output=True, timeout=170
    )
    return (folder / "made" / "workbook.xlsx").read_bytes()


def differences(ours: bytes, theirs: bytes) -> list[str]:
    """The formulas whose values differ; pounds by a penny or more, everything else by a part in 10^9."""
    formulas, mine, found = opened(ours, values=False), opened(ours), opened(theirs)
    different, count = [], 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    count += 1
                    here, there = mine[sheet.title][cell.coordinate].value, found[sheet.title][cell.coordinate].value
                    if not _same(here, there):
                        different.append(f"{sheet.title}!{cell.coordinate} {cell.value}: {here} and {there}")
    assert count > 500
    return different


def _same(here: Any, there: Any) -> bool:
    if isinstance(here, int | float) and isinstance(there, int | float):
        return abs(here - there) <= 1e-9 * max(1.0, abs(here)) and abs(here - there) < 0.005
    return (here or "") == (there or "")

"""The PDF: A4 sheets, words that can be selected, fonts inside, tables whole, marked up for screen readers."""

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from mapping.models import MapResult
from mapping.reports import place_report, programme_report
from mapping.reports.blocks import Figures, Heat, Report
from mapping.reports.pdf import write_pdf
from pilots.models import Programme, Version
from totalplace import money

from .conftest import ADDRESS

A4 = 595.28, 841.89


def read(report: Report) -> PdfReader:
    return PdfReader(io.BytesIO(write_pdf(report)))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


@pytest.fixture
def report(kent: Version) -> Report:
    return place_report(kent, "central", ADDRESS)


def test_kent_fills_four_sheets_of_a4(report: Report) -> None:
    pages = read(report).pages
    assert len(pages) == 4
    for page in pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4, abs=0.1)


def test_the_headline_figures_can_be_selected_and_searched(report: Report, kent: Version) -> None:
    said, stored = words(read(report)), MapResult.objects.get(map__version=kent, scenario="central")
    assert "Kent’s 17 public bodies spend £8.26bn a year. By joining up they could save £88m of it." in said
    for amount in (stored.saving, stored.joined, stored.net_present_value):
        assert money.exact_number(amount) in said


def test_each_sheet_carries_place_year_case_snapshot_set_time_and_address(report: Report) -> None:
    pages = read(report).pages
    for number, page in enumerate(pages, 1):
        said = re.sub(r"\s+", " ", page.extract_text())
        assert "Kent · 2010-11 · central case" in said
        assert "Official returns, snapshot 1 · assumption set 1 · computed" in said
        assert ADDRESS in said
        assert f"Sheet {number} of {len(pages)}" in said


def test_every_font_is_inside(report: Report) -> None:
    resources: list[Any] = [page["/Resources"] for page in read(report).pages]
    fonts = [font.get_object() for found in resources for font in found["/Font"].values()]
    names = {font["/BaseFont"] for font in fonts}
    assert any("SourceSans3" in name for name in names)
    assert any("SourceSerif4" in name for name in names)
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()


def test_no_table_is_cut_off_at_the_side_or_at_the_foot(report: Report) -> None:
    """Every cell of every table is found, and nothing stands outside the margins."""
    reader, outside = read(report), []

    def visit(text: str, page: list, line: list, font: dict, size: float) -> None:
        across = page[0] * line[4] + page[2] * line[5] + page[4]
        if text.strip() and not 36 <= across <= A4[0] - 36:
            outside.append((across, text))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    assert outside == []
    said = words(reader).replace(" ", "")
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Figures):
                for cell in (cell for row in (*block.table.rows, block.table.total) for cell in row):
                    assert cell.text.replace(" ", "") in said
            if isinstance(block, Heat):
                for row in (*block.rows, block.total):
                    assert row.total in said


def test_it_is_marked_up_for_screen_readers_in_its_language(report: Report) -> None:
    catalogue: Any = read(report).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en-GB"
    assert "/StructTreeRoot" in catalogue
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert write_pdf(report) == write_pdf(report)


def test_words_are_words_whatever_they_look_like(report: Report) -> None:
    typed = '#panic("x") $x$ *bold* <label> "quoted" \\'
    said = words(read(replace(report, lead=typed)))
    assert typed in said


def test_letters_that_no_font_has_do_not_stop_a_report(report: Report) -> None:
    reader = read(replace(report, lead="Llanfair 𓂀 place"))
    assert "Llanfair" in words(reader)
    assert len(reader.pages) == 4


def test_the_programme_lists_all_its_places(programme: Programme) -> None:
    year = programme.years.get(label="2010-11")
    said = words(read(programme_report(programme, year, "central", "all", ADDRESS)))
    for place in programme.places.filter(retired_on=None):
        assert re.sub(r"\s+", "", place.name) in said.replace(" ", "")

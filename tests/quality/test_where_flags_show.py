"""A saving whose quality went the wrong way is flagged on every page, file and answer where it shows."""

import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from django.test import Client

from mapping.models import SavingsCell
from mapping.reports import place_report, programme_report
from mapping.reports.pdf import write_pdf
from mapping.reports.workbook import write_place_workbook, write_programme_workbook
from mapping.summary import place_figures, programme_figures
from pilots.models import Person, Place, Programme, QualityMeasure, ServiceLineAncestor, Version
from pilots.quality.measures import MeasureGiven, add_measure, add_reading
from tests.people_of_kent import lead_of
from tests.summary.counts import published, year

pytestmark = pytest.mark.django_db

INDICATOR = "Calls answered within a minute"
SAID = f"{INDICATOR}: 90 % (1 Apr 2010), now 80 % (1 Apr 2011)"
OTHER_INDICATOR = "People helped to live at home"
ADDRESS = "https://total.example/places/kent/report/"
SAVINGS_PAGES = (
    "/",
    "/levers/",
    "/report/",
    "/places/kent/",
    "/places/kent/?show=saving",
    "/places/kent/savings/",
    "/places/kent/report/",
)


@pytest.fixture
def lead(db: None) -> Person:
    return lead_of("kent")


@pytest.fixture
def measure(lead: Person) -> QualityMeasure:
    """Kent measures how calls are answered, which tells of what its back offices save; nothing is read yet."""
    kent = Place.objects.get(slug="kent")
    given = MeasureGiven(INDICATOR, "%", "higher", Decimal(90), date(2010, 4, 1), lever_codes=["shared-back-office"])
    return add_measure(kent, given, lead)


@pytest.fixture
def fell(measure: QualityMeasure, lead: Person) -> QualityMeasure:
    add_reading(measure, date(2011, 4, 1), Decimal(80), lead)
    return measure


@pytest.fixture
def care_fell(lead: Person) -> QualityMeasure:
    """A measure of a whole branch of services, of whatever way to save."""
    given = MeasureGiven(
        OTHER_INDICATOR, "%", "higher", Decimal(90), date(2010, 4, 1), service_lines=["social-protection"]
    )
    measure = add_measure(Place.objects.get(slug="kent"), given, lead)
    add_reading(measure, date(2011, 4, 1), Decimal(80), lead)
    return measure


def words(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def flagged_below_figures(client: Client, address: str) -> list[str]:
    listed = r"<li>([^<]*)<details class=\"quality-flag\">"
    return [name.strip() for name in re.findall(listed, client.get(address).content.decode())]


class TestPages:
    @pytest.mark.parametrize("address", SAVINGS_PAGES)
    def test_every_page_that_shows_the_saving_says_what_fell(
        self, client: Client, address: str, fell: QualityMeasure
    ) -> None:
        shown = words(client, address)
        assert "Quality fell" in shown
        assert SAID in shown

    @pytest.mark.parametrize("address", SAVINGS_PAGES)
    def test_no_page_flags_what_held(self, client: Client, address: str, measure: QualityMeasure, lead: Person) -> None:
        add_reading(measure, date(2011, 4, 1), Decimal(95), lead)
        assert "quality fell" not in words(client, address).lower()

    def test_the_flag_stands_beside_the_very_saving_and_beside_no_other(
        self, client: Client, fell: QualityMeasure
    ) -> None:
        page = client.get("/places/kent/savings/").content.decode()
        rows = re.findall(r"<tr><th scope=\"row\"><a href=\"/levers/#([\w-]+)\">(.*?)</tr>", page, flags=re.DOTALL)
        assert {name for name, row in rows if "Quality fell" in row} == {"shared-back-office"}
        assert len(rows) > 3

    def test_on_the_programme_page_the_place_is_flagged_and_the_others_are_not(
        self, client: Client, fell: QualityMeasure
    ) -> None:
        page = client.get("/").content.decode()
        rows = re.findall(r"<a href=\"/places/([\w-]+)/\">(.*?)</tr>", page, flags=re.DOTALL)
        assert {slug for slug, row in rows if "Quality fell" in row} == {"kent"}

    def test_where_savings_are_shown_by_service_the_service_is_flagged(
        self, client: Client, care_fell: QualityMeasure
    ) -> None:
        assert flagged_below_figures(client, "/places/kent/savings/") == ["Social protection"]
        assert "Social protection" not in flagged_below_figures(client, "/places/kent/")
        assert "Social protection" in flagged_below_figures(client, "/places/kent/?show=saving")
        assert len(flagged_below_figures(client, "/places/kent/savings/?open=social-protection")) > 1

    @pytest.mark.parametrize("address", SAVINGS_PAGES)
    def test_a_page_that_somebody_holds_is_a_new_page_once_quality_fell(
        self, client: Client, address: str, measure: QualityMeasure, lead: Person
    ) -> None:
        held = client.get(address).headers.get("ETag")
        add_reading(measure, date(2011, 4, 1), Decimal(80), lead)
        asked = {"If-None-Match": held} if held else {}
        response = client.get(address, headers=asked)
        assert response.status_code == 200
        assert SAID in words(client, address)

    @pytest.mark.parametrize("measures", [1, 3])
    def test_flags_take_one_query_however_many_measures_fell(
        self, measures: int, lead: Person, django_assert_num_queries
    ) -> None:
        kent, programme, counted = published("kent"), Programme.objects.get(is_default=True), year()
        with django_assert_num_queries(15):
            place_figures(kent, "central")
        with django_assert_num_queries(13):
            programme_figures(programme, counted, "central", "pilot")
        for number in range(measures):
            given = MeasureGiven(
                f"Measure {number}", "%", "higher", Decimal(9), date(2010, 4, 1), service_lines=["social-protection"]
            )
            measure = add_measure(Place.objects.get(slug="kent"), given, lead)
            add_reading(measure, date(2011, 4, 1), Decimal(1), lead)
        with django_assert_num_queries(15):
            place_figures(kent, "central")
        with django_assert_num_queries(13):
            programme_figures(programme, counted, "central", "pilot")


class TestFiles:
    @pytest.fixture
    def kent(self) -> Version:
        return published("kent")

    def test_a_report_marks_the_way_to_save_and_says_what_fell(self, kent: Version, fell: QualityMeasure) -> None:
        sheets = pypdf.PdfReader(io.BytesIO(write_pdf(place_report(kent, "central", ADDRESS)))).pages
        text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
        assert "Shared back office (quality fell)" in text
        assert f"Quality fell. {SAID}." in text

    def test_the_programme_s_report_marks_the_place(self, fell: QualityMeasure) -> None:
        report = programme_report(Programme.objects.get(is_default=True), year(), "central", "pilot", ADDRESS)
        [ways] = [section for section in report.sections if section.id == "ways"]
        [ranked] = [section for section in report.sections if section.id == "places"]
        assert f"Quality fell. Kent: {SAID}." in ways.notes
        assert "Kent (quality fell)" in {row[0].text for row in ranked.blocks[1].table.rows}

    def test_a_place_s_workbook_flags_the_cells_that_the_measure_tells_of(
        self, kent: Version, fell: QualityMeasure
    ) -> None:
        book = openpyxl.load_workbook(io.BytesIO(write_place_workbook(kent, "central", ADDRESS)), data_only=True)
        headings, *rows = book["Cells"].iter_rows(values_only=True)
        lever, quality = headings.index("Lever"), headings.index("Quality")
        assert {row[lever] for row in rows if row[quality] == "quality fell"} == {"shared-back-office"}
        assert {row[lever] for row in rows if not row[quality]} >= {"shared-ict", "shared-estate"} & {
            row[lever] for row in rows
        }
        said = {(row[0], row[1]) for row in book["Sources"].iter_rows(values_only=True)}
        assert ("Quality fell", SAID) in said
        assert any(f"Quality fell. {SAID}." in str(cell.value) for row in book["Summary"]["A1:A8"] for cell in row)

    def test_the_programme_s_workbook_flags_the_place(self, fell: QualityMeasure) -> None:
        programme = Programme.objects.get(is_default=True)
        content = write_programme_workbook(programme, year(), "central", "pilot", ADDRESS)
        headings, *rows = openpyxl.load_workbook(io.BytesIO(content))["Places"].iter_rows(values_only=True)
        quality = headings.index("Quality")
        assert {row[0] for row in rows if row[quality]} == {"kent"}


class TestAnswersOfTheApi:
    def test_a_cell_is_flagged_where_a_measure_tells_of_its_service_and_way(self, client: Client, lead: Person) -> None:
        given = MeasureGiven(
            INDICATOR,
            "%",
            "higher",
            Decimal(90),
            date(2010, 4, 1),
            service_lines=["education"],
            lever_codes=["shared-back-office"],
        )
        add_reading(add_measure(Place.objects.get(slug="kent"), given, lead), date(2011, 4, 1), Decimal(80), lead)
        rows = client.get("/api/v1/places/kent/savings/?year=2010-11&page_size=1000").json()["results"]
        flagged = {(row["service_line"], row["lever"]) for row in rows if row["is_quality_worse"]}
        below = ServiceLineAncestor.objects.filter(ancestor__code="education", ancestor__programme__is_default=True)
        cells = SavingsCell.objects.filter(
            map__version=published("kent"),
            scenario="central",
            lever__code="shared-back-office",
            service_line__in=below.values("service_line"),
        )
        assert flagged == set(cells.values_list("service_line__code", "lever__code"))
        assert flagged

    def test_a_summary_names_what_fell_and_flags_its_rows(self, client: Client, fell: QualityMeasure) -> None:
        for address in ("/api/v1/places/kent/summary/", "/api/v1/summary/"):
            answer = client.get(address).json()
            assert [measure["indicator"] for measure in answer["worse_quality"]] == [INDICATOR]
            assert answer["worse_quality"][0]["baseline"] == "90"
            levers = answer["savings"]["by_lever"]
            assert [lever["code"] for lever in levers if lever["is_quality_worse"]] == ["shared-back-office"]
        assert [row["slug"] for row in answer["by_place"] if row["is_quality_worse"]] == ["kent"]

    def test_the_csv_of_all_savings_has_the_flag(self, client: Client, care_fell: QualityMeasure) -> None:
        lines = client.get("/api/v1/savings/?format=csv").getvalue().decode().splitlines()
        assert lines[0].endswith(",is_capped,is_quality_worse")
        assert {line.split(",")[0] for line in lines if line.endswith(",true")} == {"kent"}

    def test_an_answer_that_somebody_holds_is_new_once_quality_fell(
        self, client: Client, measure: QualityMeasure, lead: Person
    ) -> None:
        address = "/api/v1/places/kent/savings/?year=2010-11"
        held = {"If-None-Match": client.get(address).headers["ETag"]}
        assert client.get(address, headers=held).status_code == 304
        add_reading(measure, date(2011, 4, 1), Decimal(80), lead)
        assert client.get(address, headers=held).status_code == 200

    def test_beside_the_savings_of_an_earlier_map_quality_is_what_it_is_now(
        self, client: Client, measure: QualityMeasure, lead: Person
    ) -> None:
        map_id = client.get("/api/v1/places/kent/summary/").json()["map"]["id"]
        pinned = f"/api/v1/places/kent/summary/?as_of={map_id}"
        assert client.get(pinned).json()["worse_quality"] == []
        add_reading(measure, date(2011, 4, 1), Decimal(80), lead)
        assert len(client.get(pinned).json()["worse_quality"]) == 1

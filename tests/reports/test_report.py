"""What stands in a report: the answer, its sections, and the same amounts as everywhere else."""

import re

import pytest
from django.test import Client

from mapping.models import MapResult
from mapping.pages.report_views import quoted, running_words
from mapping.reports import place_report, programme_report
from mapping.reports.blocks import Bars, Figures, Identity, Report, bar_of
from pilots.models import Programme, Version
from tests.pages.mapping.places_of_england import lead_of, with_partial_year, without_map
from totalplace import money

from .conftest import ADDRESS

SECTIONS = ["spend", "who-does-what", "ways", "pairs", "years", "rests-on", "reconciliation", "assumptions", "method"]


def section(report: Report, name: str):
    return next(one for one in report.sections if one.id == name)


class TestAPlace:
    def test_the_report_says_the_answer_first_and_then_each_finding_in_order(self, kent: Version) -> None:
        report = place_report(kent, "central", ADDRESS)
        assert report.headline.startswith(
            "Kent’s 17 public bodies spend £8.26bn a year. By joining up they could save £88m"
        )
        assert [one.id for one in report.sections] == SECTIONS

    @pytest.mark.parametrize("case", ["low", "central", "high"])
    def test_its_ways_to_save_add_to_the_stored_map_to_the_penny(self, kent: Version, case: str) -> None:
        stored = MapResult.objects.get(map__version=kent, scenario=case)
        table = section(place_report(kent, case, ADDRESS), "ways").blocks[1].table
        _, joined, _, whole, worth, _ = (cell.text for cell in table.total)
        expected = stored.joined, stored.saving, stored.net_present_value
        assert (joined, whole, worth) == tuple(map(money.exact_number, expected))

    def test_no_bar_runs_off_the_sheet_and_none_overlaps_another(self, kent: Version) -> None:
        bars = [
            bar
            for one in place_report(kent, "high", ADDRESS).sections
            for block in one.blocks
            if isinstance(block, Bars)
            for bar in block.rows
        ]
        assert len(bars) > 20
        for bar in bars:
            ends = [0.0, *(part.start + part.width for part in bar.segments)]
            assert ends[-1] <= 100.001
            assert all(part.start >= end - 0.002 for part, end in zip(bar.segments, ends, strict=False))
            assert bar.range is None or bar.range[0] + bar.range[1] <= 100.001

    def test_before_a_map_is_computed_it_shows_the_spend_and_says_what_is_missing(self, kent: Version) -> None:
        without_map("kent")
        report = place_report(kent, "central", ADDRESS)
        assert "being computed" in report.lead
        assert [one.id for one in report.sections] == ["spend", "who-does-what", "reconciliation", "method"]

    def test_a_partial_year_is_named_on_every_sheet_and_says_what_it_lacks(self, kent: Version) -> None:
        report = place_report(with_partial_year("kent"), "central", ADDRESS)
        assert "partial year" in report.identity.title
        assert ("Partial year", "Lacks health and benefits paid by the state") in section(
            report, "reconciliation"
        ).blocks[0].items


class TestTheProgramme:
    def test_it_says_what_the_pilots_spend_and_lists_every_place(self, programme: Programme) -> None:
        year = programme.years.get(label="2010-11")
        report = programme_report(programme, year, "central", "pilot", ADDRESS)
        assert report.headline == "The 13 pilots spend £68.3bn a year. By joining up they could save £937m of it."
        table = next(block for block in section(report, "places").blocks if isinstance(block, Figures)).table
        assert len(table.rows) == 13
        assert table.total[2].text == "68,305,517,655.90"

    def test_all_places_are_ninety_three(self, programme: Programme) -> None:
        report = programme_report(programme, programme.years.get(label="2010-11"), "low", "all", ADDRESS)
        bars, figures = section(report, "places").blocks
        assert len(bars.rows) == 20
        assert len(figures.table.rows) == 93


class TestBars:
    def test_words_stand_on_a_segment_only_where_they_fit(self) -> None:
        from decimal import Decimal

        wide, narrow = bar_of([("own", Decimal(70), "Education £7m"), ("own", Decimal(5), "Housing £1m")], Decimal(100))
        assert (wide.words, narrow.words) == ("Education £7m", "")
        assert (narrow.start, narrow.width) == (70.0, 5.0)

    def test_nothing_is_drawn_of_nothing_and_of_what_is_below_zero(self) -> None:
        from decimal import Decimal

        assert bar_of([("own", Decimal(-5), "x"), ("own", Decimal(0), "y")], Decimal(10)) == ()


class TestThePage:
    def test_it_carries_what_every_sheet_says_and_its_address_for_good(self, client: Client, kent: Version) -> None:
        response = client.get("/places/kent/report/")
        text = response.content.decode()
        stored = MapResult.objects.get(map__version=kent, scenario="central").map
        assert "Kent · 2010-11 · central case" in text
        assert "Official returns, snapshot 1 · assumption set 1 · computed" in text
        address = f"http://testserver/places/kent/report/?year=2010-11&amp;scenario=central&amp;map={stored.pk}"
        assert address in text

    def test_a_reader_who_follows_an_older_address_is_told_that_the_figures_are_newer(
        self, client: Client, kent: Version
    ) -> None:
        text = client.get("/places/kent/report/?map=999999").content.decode()
        assert "no longer the current one" in text
        assert "/api/v1/places/kent/maps/999999/" in text
        now = MapResult.objects.get(map__version=kent, scenario="central").map.pk
        assert "no longer the current one" not in client.get(f"/places/kent/report/?map={now}").content.decode()

    def test_an_unchanged_report_is_not_sent_twice(self, client: Client, kent: Version) -> None:
        etag = client.get("/places/kent/report/").headers["ETag"]
        assert client.get("/places/kent/report/", headers={"If-None-Match": etag}).status_code == 304

    @pytest.mark.parametrize(
        "address",
        [
            "/places/kent/report/",
            "/places/kent/report.pdf",
            "/places/kent/report.xlsx",
            "/places/kent/report/sheet.css",
        ],
    )
    def test_the_working_version_is_for_its_own_people(self, client: Client, kent: Version, address: str) -> None:
        assert client.get(f"{address}?version=working").status_code in (302, 403)
        client.force_login(lead_of("birmingham"))
        assert client.get(f"{address}?version=working").status_code == 403

    def test_a_place_that_is_unknown_is_not_found(self, client: Client, kent: Version) -> None:
        assert client.get("/places/kentt/report/").status_code == 404
        assert client.get("/places/kent/report.docx").status_code == 404


class TestTheRunningWords:
    def test_stand_in_the_margins_of_every_sheet(self, client: Client, kent: Version) -> None:
        response = client.get("/places/kent/report/sheet.css?year=2010-11&scenario=central")
        assert response.headers["Content-Type"] == "text/css; charset=utf-8"
        words = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), response.content.decode())
        assert "@top-left" in words
        assert "Kent · 2010-11 · central case" in words
        assert "assumption set 1" in words
        assert "places/kent/report/?year=2010-11" in words

    def test_a_name_cannot_end_the_string_it_stands_in(self) -> None:
        assert (
            quoted('x"; } body { display: none } \\') == '"x\\22 \\3b  \\7d  body \\7b  display\\3a  none \\7d  \\5c "'
        )
        identity = Identity('Kent"; }\n* { color: red', "2010-11", "low", "v", 1, None, "http://x/")
        assert "* { color" not in running_words(identity)

"""The figures of 2010-11 as shipped, and the published workbooks in the folder TOTALPLACE_OUTTURN names."""

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pilots.outturn import lines_of_place, national_lines, read_csv, read_return, read_workbook
from pilots.outturn.keeping import kept_part
from pilots.outturn.sheet import write_csv
from pilots.register.facts import SHIPPED_OUTTURN
from tests.outturn.shipped import BODIES, LOOKUP, national_figures, pilots, places, receivers
from tests.outturn.workbooks import RELIEF

FOLDER = os.environ.get("TOTALPLACE_OUTTURN", "")
needs_workbooks = pytest.mark.skipif(not FOLDER, reason="TOTALPLACE_OUTTURN names no folder of workbooks")


def workbook_of(year):
    return Path(FOLDER) / f"revenue-outturn-summary-{year}.xls"


@pytest.fixture(scope="module")
def shipped():
    return read_return(read_csv(SHIPPED_OUTTURN), LOOKUP, BODIES)


@pytest.fixture(scope="module")
def lines(shipped):
    return {
        place.slug: [*lines_of_place(shipped, place, receivers()), *national_lines(national_figures(), place)]
        for place in places()
    }


def total(lines):
    return sum(line.amount for line in lines if not line.is_transfer)


@pytest.mark.parametrize(
    ("slug", "pounds"),
    [
        ("kent", "8259406210.78"),
        ("birmingham", "6843679540.13"),
        ("lewisham", "1973204011.50"),
        ("manchester-city-region-warrington", "17267849064.69"),
    ],
)
def test_a_place_s_revenue_without_transfers(lines, slug, pounds):
    assert total(lines[slug]) == Decimal(pounds)


def test_the_thirteen_pilots_together(lines):
    assert len(lines) == 93
    assert sum(total(lines[slug]) for slug in pilots()) == Decimal("68305517655.90")


def test_single_lines_of_kent(lines):
    amounts = {(line.agency, line.service_line): line.amount for line in lines["kent"]}
    assert amounts["DWP", "state-pension"] == Decimal("1729644723.66")
    assert amounts["E6022", "police"] == Decimal("269102487.26")
    assert amounts["NHS", "nhs-commissioned"] == Decimal("2359548880.00")


def test_no_place_has_two_lines_of_one_key(lines):
    for found in lines.values():
        keys = Counter(
            (line.agency, line.service_line, line.spend_type, line.is_transfer, line.receiver) for line in found
        )
        assert max(keys.values()) == 1


def test_every_levy_paid_to_waste_and_transport_authorities_has_its_receiver(shipped):
    by_heading = {column.heading: column for column in shipped.columns}
    known = receivers()
    for heading in ("Waste Disposal Authority levy", "Integrated Transport Authority levy"):
        column = by_heading[heading]
        paid = {code for code, cells in shipped.amounts.items() if cells.get(column, 0) > 0}
        assert paid
        assert all(known.of(code, column.receiver_type, shipped.amounts) for code in paid)


def test_the_shipped_return_says_what_it_does_not_understand(shipped):
    assert shipped.not_understood == ((RELIEF["2010-11"], Decimal(28_702_000)),)
    assert not any(problem.refuses for problem in shipped.problems)


@needs_workbooks
@pytest.mark.parametrize(("year", "rounded_totals"), [("2010-11", 16), ("2011-12", 13), ("2012-13", 29)])
def test_a_published_workbook_is_read_whole_and_agrees_with_its_totals(year, rounded_totals):
    returned = read_return(read_workbook(workbook_of(year)), LOOKUP, BODIES)
    assert returned.year == year
    assert len(returned.amounts) == 444
    assert [heading for heading, _ in returned.not_understood] == [RELIEF[year]]
    assert len(returned.problems) == 1 + rounded_totals


@needs_workbooks
def test_the_shipped_figures_give_the_very_lines_of_the_published_workbook(lines):
    returned = read_return(read_workbook(workbook_of("2010-11")), LOOKUP, BODIES)
    for place in places():
        from_workbook = [
            *lines_of_place(returned, place, receivers()),
            *national_lines(national_figures(), place),
        ]
        assert from_workbook == lines[place.slug]


@needs_workbooks
def test_the_shipped_file_is_what_the_export_of_the_workbook_writes(tmp_path):
    kept = kept_part(read_workbook(workbook_of("2010-11")), LOOKUP, BODIES)
    write_csv(kept, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == SHIPPED_OUTTURN.read_bytes()


@needs_workbooks
@pytest.mark.parametrize(
    ("year", "kent", "pilots_together"),
    [
        ("2011-12", "2892021938.19", "25969906058.38"),
        ("2012-13", "2807872880.64", "25396880094.01"),
    ],
)
def test_later_returns_hold_councils_only(year, kent, pilots_together):
    returned = read_return(read_workbook(workbook_of(year)), LOOKUP, BODIES)
    totals = {place.slug: total(lines_of_place(returned, place, receivers())) for place in places()}
    assert totals["kent"] == Decimal(kent)
    assert sum(totals[slug] for slug in pilots()) == Decimal(pilots_together)


@needs_workbooks
def test_police_and_transport_pass_to_their_successors_in_2012_13():
    returned = read_return(read_workbook(workbook_of("2012-13")), LOOKUP, BODIES)
    kent = next(place for place in places() if place.slug == "kent")
    police = [line for line in lines_of_place(returned, kent, receivers()) if line.service_line == "police"]
    assert [(line.agency, line.share, line.amount) for line in police] == [
        ("E7022", Decimal("0.847236"), Decimal("250226069.18"))
    ]

"""The data of a figure as a file, a part of a place in the address, and the tour, on the shipped data."""

import csv
import re
from decimal import Decimal
from html import unescape
from io import StringIO

import pytest
from django.test import Client

from mapping.models import SavingsCell, SharingPair
from mapping.summary import alike, flows_of, levers_of_part, place_figures
from pilots.models import FinancialYear, Place
from totalplace import money

from .places_of_england import published
from .test_pages import text_of

pytestmark = pytest.mark.django_db

KENT_COUNTY = "E2221"
FIGURES = {
    "/": ["ways", "years", "footing", "ranking", "map"],
    "/places/kent/": ["spend", "ways", "years", "flows", "alike", "pairs", "footing", "who-does-what"],
    "/places/kent/savings/": [
        *("ways", "years", "cases", "bridge", "matrix", "network", "who-does-what"),
        *("levers", "bodies", "pools", "footing"),
    ],
}


@pytest.mark.parametrize(("address", "figures"), FIGURES.items())
class TestExports:
    def test_every_figure_has_the_rows_of_its_table_and_its_call_of_the_api_below_it(
        self, client: Client, address: str, figures: list[str]
    ) -> None:
        page = client.get(address).content.decode()
        for figure in figures:
            part = page[page.index(f'id="{figure}"') :]
            links = re.findall(r'href="([^"]+)"', part[part.index('class="exports"') :])[:2]
            assert links[0] == f"?file={figure}"
            response = client.get(address + links[0])
            rows = list(csv.reader(StringIO(response.content.decode())))
            assert response.headers["Content-Type"].startswith("text/csv")
            assert len(rows) > 3
            assert all(re.fullmatch(r"-?\d+\.\d\d", row[-1]) for row in rows[1:]), figure
            assert client.get(unescape(links[1])).status_code == 200

    def test_no_figure_of_the_page_is_without_them_but_those_of_words(
        self, client: Client, address: str, figures: list[str]
    ) -> None:
        page = client.get(address).content.decode()
        parts = re.findall(r'<section class="figure" id="([^"]+)".*?</section>', page, flags=re.DOTALL)
        assert set(parts) - {"gaps", "scale", "coverage"} == set(figures)


def test_a_figure_that_is_not_on_the_page_is_refused_with_those_that_are(client: Client) -> None:
    assert "This page has no figure “nothing”, only spend" in text_of(client, "/places/kent/?file=nothing", 404)


class TestOneWayToSave:
    def test_pairs_and_pools_are_of_it_alone(self, client: Client) -> None:
        words = text_of(client, "/places/kent/savings/?lever=collaborative-procurement")
        assert "Who could join up in collaborative procurement." in words
        rows = list(csv.reader(StringIO(file_of(client, "pools"))))[1:]
        assert {row[0] for row in rows} == {"Collaborative procurement"}

    def test_its_pairs_are_those_that_are_stored_of_it(self, client: Client) -> None:
        stored = SharingPair.objects.filter(
            map__version=published("kent"),
            scenario="central",
            lever__code="collaborative-procurement",
            saving__gt=0,
        )
        rows = list(csv.reader(StringIO(file_of(client, "matrix"))))[1:]
        assert sorted(Decimal(row[2]) for row in rows) == sorted(stored.values_list("saving", flat=True))
        assert file_of(client, "network") == file_of(client, "matrix")

    def test_a_way_that_is_not_on_the_menu_is_taken_as_all(self, client: Client) -> None:
        assert "Who could join up in" not in text_of(client, "/places/kent/savings/?lever=magic")


def file_of(client: Client, figure: str) -> str:
    address = f"/places/kent/savings/?lever=collaborative-procurement&file={figure}"
    return client.get(address).content.decode()


MANY_BODIES = "manchester-city-region-warrington"


class TestAPart:
    def test_a_body_narrows_spend_and_saving_to_its_own(self, client: Client) -> None:
        figures = place_figures(published("kent"), "central")
        spend = sum(cell.amount for cell in figures.spend if cell.body == KENT_COUNTY)
        rows = csv.reader(StringIO(client.get(f"/places/kent/?body={KENT_COUNTY}&file=spend").content.decode()))
        assert sum(Decimal(row[2]) for row in list(rows)[1:]) == spend
        words = text_of(client, f"/places/kent/?body={KENT_COUNTY}")
        assert f"Kent County Council spends {money.headline(spend)} here, and could save" in words
        assert "Show all of Kent" in words

    def test_its_ways_to_save_are_the_sums_of_the_stored_cells(self) -> None:
        version = published("kent")
        figures = place_figures(version, "central")
        levers = levers_of_part(version, "central", figures.savings.levers, KENT_COUNTY, None)
        cells = SavingsCell.objects.filter(map__version=version, scenario="central", agency__code=KENT_COUNTY)
        assert sum(lever.saving.central for lever in levers) == sum(cells.values_list("saving", flat=True))
        assert sum(lever.joined.central for lever in levers) == sum(cells.values_list("joined", flat=True))

    def test_all_of_a_place_are_its_own_ways_to_save(self) -> None:
        version = published("kent")
        savings = place_figures(version, "central").savings
        assert levers_of_part(version, "central", savings.levers, None, None) == savings.levers

    def test_a_service_narrows_to_the_bodies_that_spend_on_it(self, client: Client) -> None:
        words = text_of(client, "/places/kent/?service=public-order")
        assert "bodies spend" in words
        assert "on public order here" in words

    @pytest.mark.parametrize(
        "slug", ["lewisham", *(pytest.param(slug, marks=pytest.mark.full) for slug in ("kent", MANY_BODIES))]
    )
    def test_every_body_and_every_service_of_a_place_has_its_page(self, client: Client, slug: str) -> None:
        figures = place_figures(published(slug), "central")
        for body in figures.bodies:
            assert client.get(f"/places/{slug}/?body={body.code}").status_code == 200
        for service in figures.services:
            if service.parent is None:
                assert client.get(f"/places/{slug}/?service={service.code}").status_code == 200


class TestWhatTheNewFiguresRead:
    def test_flows_hold_all_spend_of_the_place(self) -> None:
        version = published("kent")
        spend = sum(cell.amount for cell in place_figures(version, "central").spend)
        assert sum(cell.amount for cell in flows_of(version).cells) == spend

    def test_a_pilot_alone_in_its_region_is_held_against_all_places_of_the_region(self) -> None:
        kent = Place.objects.get(slug="kent")
        places = alike(kent.programme, FinancialYear.objects.get(label="2010-11"), kent)
        assert {place.region for place in places} == {"South East"}
        assert len(places) == 11

    def test_a_parallel_place_is_held_against_those_of_its_kind(self) -> None:
        place = Place.objects.filter(kind="parallel", region="London").first()
        places = alike(place.programme, FinancialYear.objects.get(label="2010-11"), place)
        assert {other.kind for other in places} == {"parallel"}
        assert len(places) == 23

    def test_where_the_nhs_is_one_body_the_page_says_what_a_finer_split_would_do(self, client: Client) -> None:
        assert "a finer split would raise the savings from sharing" in text_of(client, "/places/kent/")


class TestHelp:
    def test_the_tour_shows_a_real_place_by_its_own_sentences(self, client: Client) -> None:
        words = text_of(client, "/tour/")
        assert "Kent in seven questions" in words
        assert "Kent’s 17 public bodies spend £8.26bn a year." in words

    def test_every_link_of_the_tour_leads_somewhere(self, client: Client) -> None:
        page = client.get("/tour/").content.decode()
        for address, part in re.findall(r'href="(/places/kent/[a-z/]*)#([a-z-]+)"', page):
            assert f'id="{part}"' in client.get(address).content.decode(), (address, part)

    def test_every_term_opens_its_meaning_on_the_page_itself(self, client: Client) -> None:
        for address in ("/", "/places/kent/", "/places/kent/savings/", "/levers/"):
            page = client.get(address).content.decode()
            opened = re.findall(r'popovertarget="(term-[^"]+)"', page)
            assert len(opened) >= 4
            assert sorted(opened) == sorted(re.findall(r'popover class="term-meaning" id="([^"]+)"', page))
            assert len(set(opened)) == len(opened)

    def test_the_method_lists_every_term(self, client: Client) -> None:
        assert "What the words mean" in text_of(client, "/method/")

    def test_the_lead_says_the_range_of_joining_up(self, client: Client) -> None:
        assert re.search(
            r"By joining up: £[\d,]+m in the low case to £[\d,]+m in the high case\.", text_of(client, "/")
        )

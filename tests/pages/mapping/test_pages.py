"""The pages on the shipped data: what they answer to each question, their states, and their totals to the penny."""

import csv
import re
from decimal import Decimal
from html import escape, unescape
from io import StringIO

import pytest
from django.db.models import Sum
from django.test import Client

from mapping.models import SavingsCell
from mapping.pages import place_page
from mapping.summary import place_figures, place_summary, programme_figures, programme_summary
from pilots.acting import acting
from pilots.models import FinancialYear, Place, PlaceOutline, Programme
from pilots.register import boundaries
from totalplace import money

from .places_of_england import (
    COUNCILS_ONLY,
    lead_of,
    published,
    with_changed_register,
    with_partial_year,
    without_map,
)

pytestmark = pytest.mark.django_db

PLACE_PAGES = ["/places/kent/", "/places/kent/savings/", "/places/kent/reconciliation/"]
PAGES = ["/", "/levers/", "/method/", *PLACE_PAGES]


def text_of(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, without its marks."""
    response = client.get(address)
    assert response.status_code == status, address
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", words)


class TestTheFirstSentence:
    def test_of_the_programme_says_what_thirteen_pilots_spend_and_could_save(self, client: Client) -> None:
        assert "The 13 pilots spend £68.3bn a year. By joining up they could save £937m of it." in text_of(client, "/")

    def test_of_a_place_says_the_same_of_its_bodies(self, client: Client) -> None:
        words = text_of(client, "/places/kent/")
        assert "Kent’s 17 public bodies spend £8.26bn a year. By joining up they could save £88m of it." in words

    def test_of_the_method_is_followed_by_the_headline_sum_of_the_time_and_of_what_was_counted(
        self, client: Client
    ) -> None:
        words = text_of(client, "/method/")
        assert "1% £60bn £600m £1.8bn" in words
        assert "20% £60bn £12bn £36bn" in words
        assert "On what the 13 pilots have counted, 2010-11 1% £68.3bn £683m" in words


class TestHeadlines:
    @pytest.mark.parametrize("address", ["/", "/?kind=all", "/places/kent/", "/places/lewisham/"])
    def test_of_spend_have_three_figures_and_those_of_savings_stand_with_their_range(
        self, client: Client, address: str
    ) -> None:
        page = client.get(address).content.decode()
        first = re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", page, flags=re.DOTALL)[0])
        spend, joined = re.findall(r"£([\d.,]+)(?:bn|m)", first)
        assert len(spend.replace(".", "").replace(",", "")) == 3
        assert joined
        lead = re.search(r'<p class="lead">(.*?)</p>', page)[1]
        assert re.search(r"By joining up: £[\d.,]+(m|bn) in the low case to £[\d.,]+(m|bn) in the high case", lead)
        assert re.search(r"\(low case £[\d.,]+(m|bn), high case £[\d.,]+(m|bn)\)", lead)

    def test_of_the_savings_of_a_place_stand_with_their_range_too(self, client: Client) -> None:
        words = text_of(client, "/places/kent/savings/")
        assert re.search(r"could save £112m a year, £88m of it by joining up.*low case £52m, high case £178m", words)

    def test_places_whose_ranges_overlap_are_said_not_to_be_ranked(self, client: Client) -> None:
        assert "In order of the central case, which is no ranking:" in text_of(client, "/")
        assert "By name, not ranked: their ranges overlap." in text_of(client, "/places/kent/")


class TestWhatMayBeAsked:
    @pytest.mark.parametrize("address", PAGES)
    def test_every_page_answers(self, client: Client, address: str) -> None:
        assert client.get(address).status_code == 200

    @pytest.mark.parametrize(
        ("address", "hint"),
        [
            ("/places/kentt/", "There is no place “kentt”. Did you mean Kent"),
            ("/places/q/", "There is no place “q”. The list of places names all of them."),
            ("/places/kent/?year=2044-45", "There is no count for the year “2044-45”. Counted so far: 2010-11."),
            ("/?year=1999", "There is no count for the year “1999”. Counted so far: 2010-11."),
            ("/?scenario=best", "There is no scenario “best”, only low, central and high."),
            ("/?kind=city", "There is no kind “city”, only pilot, parallel and all."),
            ("/?programme=moon", "There is no programme “moon”, only total-place."),
            ("/places/kent/savings/?version=first", "There is no version “first”, only working and published."),
        ],
    )
    def test_what_is_unknown_is_not_found_and_says_what_is_known(self, client: Client, address: str, hint: str) -> None:
        assert hint in text_of(client, address, 404)

    def test_a_place_that_is_misspelt_leads_to_the_one_that_is_near(self, client: Client) -> None:
        content = client.get("/places/kentt/spend/2010-11/").content.decode()
        assert '“kentt”. Did you mean <a href="/places/kent/">Kent</a>' in content

    def test_a_case_is_chosen_in_the_address(self, client: Client) -> None:
        assert "By joining up they could save £88m" in text_of(client, "/places/kent/?scenario=central")
        low = place_summary(published("kent"), "low").savings
        assert low is not None
        assert f"By joining up they could save {money.headline(low.joined)}" in text_of(
            client, "/places/kent/?scenario=low"
        )

    def test_the_kind_of_places_is_chosen_in_the_address(self, client: Client) -> None:
        assert "The 80 parallel places spend" in text_of(client, "/?kind=parallel")
        assert "The 93 places spend" in text_of(client, "/?kind=all")

    def test_the_downloads_are_those_of_the_year_the_case_and_the_places_shown(self, client: Client) -> None:
        page = client.get("/?kind=pilot&scenario=high").content.decode()
        assert 'href="/api/v1/savings/?year=2010-11&amp;scenario=high&amp;format=csv&amp;kind=pilot"' in page
        page = client.get("/places/kent/savings/").content.decode()
        assert 'href="/api/v1/places/kent/savings/?year=2010-11&amp;scenario=central&amp;format=csv"' in page
        assert 'href="/api/v1/places/kent/spend/?year=2010-11&amp;format=csv"' in page

    @pytest.mark.parametrize(
        "address",
        ["/", "/?kind=all&scenario=low", "/places/kent/", "/places/kent/savings/", "/places/kent/reconciliation/"],
    )
    def test_every_download_is_there(self, client: Client, address: str) -> None:
        files = [unescape(file) for file in re.findall(r'href="(/api/[^"]+)"', client.get(address).content.decode())]
        assert len(files) >= 2
        assert {file: client.get(file).status_code for file in files} == dict.fromkeys(files, 200)

    @pytest.mark.parametrize(("address", "kind"), [("/", "pilot"), ("/?kind=all", None)])
    def test_the_savings_that_are_downloaded_add_to_those_shown(
        self, client: Client, address: str, kind: str | None
    ) -> None:
        page = client.get(address).content.decode()
        file = unescape(re.findall(r'href="(/api/v1/savings/[^"]+)"', page)[0])
        rows = list(csv.DictReader(StringIO(client.get(file).getvalue().decode())))
        year = FinancialYear.objects.get(label="2010-11")
        shown = programme_summary(Programme.objects.get(), year, "central", kind).savings
        assert shown is not None
        assert sum(Decimal(row["joined"]) for row in rows) == shown.joined
        assert money.exact_number(shown.joined) in page

    def test_every_page_names_the_licences_of_what_it_shows(self, client: Client) -> None:
        for address in PAGES:
            words = text_of(client, address)
            assert boundaries.attribution() in words
            assert "Open Government Licence" in words


class TestWhoMaySee:
    def test_nobody_but_those_who_may_read_it_sees_a_working_version(self, client: Client) -> None:
        assert client.get("/places/kent/?version=working").status_code == 403
        client.force_login(lead_of("dover" if Place.objects.filter(slug="dover").exists() else "croydon"))
        assert client.get("/places/kent/?version=working").status_code == 403

    def test_the_lead_of_a_place_sees_its_working_version_marked_as_such(self, client: Client) -> None:
        client.force_login(lead_of("kent"))
        words = text_of(client, "/places/kent/?version=working")
        assert "Working version" in words
        assert "Kent’s 17 public bodies spend £8.26bn a year." in words

    def test_without_public_reading_every_page_asks_to_sign_in(self, client: Client, settings) -> None:
        settings.PUBLIC_READING = False
        for address in PAGES:
            assert "Sign in" in text_of(client, address, 403)


class TestTotalsToThePenny:
    def test_a_place_page_shows_the_sums_of_its_summary(self) -> None:
        for slug in ("kent", "lewisham", "manchester-city-region-warrington"):
            version = published(slug)
            figures, summary = place_figures(version, "central"), place_summary(version, "central")
            assert figures.savings is not None
            assert summary.savings is not None
            page = place_page.place_page(figures)
            assert page["spend_total"] == summary.spend_total
            assert page["spend"].table.total[-1].text == money.exact_number(summary.spend_total)
            assert page["ways"].table.total[1].text == money.exact_number(summary.savings.joined)
            assert page["ways"].table.total[3].text == money.exact_number(summary.savings.full_year)
            assert [year.saving for year in figures.savings.years] == [row.saving for row in summary.savings.by_year]

    def test_the_rows_of_a_table_add_to_its_total(self) -> None:
        page = place_page.place_page(place_figures(published("kent"), "central"))
        for table in (page["spend"].table, page["ways"].table, page["years"].table):
            for column, head in enumerate(table.columns):
                if head.is_number:
                    rows = [amount(row[column].text) for row in table.rows]
                    assert sum(rows) == amount(table.total[column].text), (table.caption, head.heading)

    def test_the_programme_is_the_sum_of_its_places_and_of_the_stored_cells(self) -> None:
        programme = Programme.objects.get()
        year = FinancialYear.objects.get(label="2010-11")
        figures = programme_figures(programme, year, "central", "all")
        summary = programme_summary(programme, year, "central")
        assert figures.savings is not None
        assert summary.savings is not None
        assert sum(place.spend or 0 for place in figures.places) == summary.spend_total
        assert sum(place.joined.central for place in figures.places if place.joined) == summary.savings.joined
        cells = SavingsCell.objects.filter(map__version__published_for__isnull=False, scenario="central")
        assert cells.aggregate(Sum("saving"))["saving__sum"] == figures.savings.saving.central

    def test_the_programme_page_prints_them(self, client: Client) -> None:
        year = FinancialYear.objects.get(label="2010-11")
        summary = programme_summary(Programme.objects.get(), year, "central", "pilot")
        assert summary.savings is not None
        words = text_of(client, "/")
        assert money.exact_number(summary.savings.joined) in words
        assert money.exact_number(summary.savings.full_year) in words


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


class TestTheMap:
    def test_every_place_of_the_programme_has_an_area_that_leads_to_its_page(self, client: Client) -> None:
        page = client.get("/").content.decode()
        drawn = page[page.index('<svg class="map"') :]
        drawn = drawn[: drawn.index('class="map-labels"')]
        linked = re.findall(r'<a href="/places/([a-z0-9-]+)/" aria-label="([^"]+)"', drawn)
        assert sorted(slug for slug, _ in linked) == sorted(Place.objects.values_list("slug", flat=True))
        assert dict(linked)["kent"] == "Kent: £60 a head by joining up"

    def test_the_ranking_says_the_numbers_of_the_map(self, client: Client) -> None:
        page = client.get("/?kind=all").content.decode()
        said = dict(re.findall(r'aria-label="([^"]+?): (£\d+) a head by joining up', page))
        table = page[page.index('class="table table-roomy ranked"') :]
        rows = re.findall(r'<a href="/places/[^"]+">([^<]+)</a>.*?</tr>', table, flags=re.DOTALL)
        assert len(rows) == len(said) == 93
        for row in re.findall(r"<tr>.*?</tr>", table, flags=re.DOTALL)[1:-1]:
            cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
            name = cells[0].removesuffix(" candidate")
            assert f"£{cells[5]}" == said[name], name

    def test_where_no_place_has_an_outline_there_is_no_map_and_the_ranking_remains(self, client: Client) -> None:
        PlaceOutline.objects.all().delete()
        page = client.get("/").content.decode()
        assert '<svg class="map"' not in page
        assert 'id="ranking"' in page


class TestStates:
    def test_a_place_whose_map_is_not_there_yet_shows_its_spend_and_says_so(self, client: Client) -> None:
        without_map("kent")
        words = text_of(client, "/places/kent/")
        assert "Kent’s 17 public bodies spend £8.26bn a year. What they could save is being computed." in words
        assert "Look again" in words
        assert "What Kent could save is being computed" in text_of(client, "/places/kent/savings/")
        assert "Kent: being computed" in client.get("/").content.decode()

    def test_the_programme_counts_a_place_without_a_map_and_says_that_its_saving_is_missing(
        self, client: Client
    ) -> None:
        whole = text_of(client, "/")
        assert "up to date" in whole
        for slug in ("croydon", "durham"):
            without_map(slug)
        words = text_of(client, "/")
        assert "The 13 pilots spend £68.3bn a year. By joining up they could save at least £889m" in words
        assert "two places are being computed." in words
        assert "some places are being computed · Look again" in words
        assert "The whole saving is 1.7% of the spend" in words

    def test_an_old_map_stays_and_says_since_when_it_is_being_remade(self, client: Client) -> None:
        with_changed_register("kent")
        words = text_of(client, "/places/kent/")
        assert "By joining up they could save £88m of it." in words
        assert re.search(r"being recomputed since \d\d:\d\d; these are the figures of \d+ \w+ \d{4}", words)
        assert "up to date" not in words

    def test_a_partial_year_is_labelled_and_never_the_default(self, client: Client) -> None:
        with_partial_year("kent")
        partial = text_of(client, "/places/kent/?year=2011-12")
        assert "Partial year 2011-12 lacks health and benefits paid by the state." in partial
        assert "spends at least £1.0m a year" in partial
        assert "2010-11 2011-12 partial" in partial
        assert "One pilot spends at least £1.0m a year." in text_of(client, "/?year=2011-12")
        usual = text_of(client, "/places/kent/")
        assert "£8.26bn" in usual
        assert f"Partial year: lacks {COUNCILS_ONLY[0]} and {COUNCILS_ONLY[1]}. Never drawn beside 2010-11." in usual

    def test_a_place_without_a_published_count_says_so_and_what_happens_next(self, client: Client) -> None:
        programme = Programme.objects.get()
        Place.objects.create(
            programme=programme, slug="atlantis", name="Atlantis", short_name="Atlantis", kind="parallel",
            participation="candidate",
        )  # fmt: skip
        words = text_of(client, "/places/atlantis/")
        assert "Nothing has been published yet for Atlantis in 2010-11" in words
        assert "Atlantis" in text_of(client, "/?kind=all")

    def test_a_programme_of_invented_figures_is_marked_on_every_page(self, client: Client) -> None:
        Programme.objects.update(is_illustrative=True)
        for address in [*PAGES, "/places/nowhere/"]:
            words = text_of(client, address, 404 if "nowhere" in address else 200)
            assert "are invented to show how the product works" in words
            assert "official revenue outturn returns" not in words

    def test_without_any_place_the_first_page_says_how_to_begin(self, client: Client) -> None:
        with acting(None, "test"):
            Programme.objects.update(is_default=False)
            Programme.objects.create(slug="new", name="New", is_default=True)
        assert "New has no places yet" in text_of(client, "/")


class TestAnotherProgramme:
    def test_is_named_in_every_address_of_its_frame(self, client: Client) -> None:
        with acting(None, "test"):
            Programme.objects.update(is_default=False)
            Programme.objects.create(slug="new", name="New", is_default=True)
        page = client.get("/places/kent/").content.decode()
        assert 'href="/levers/?programme=total-place"' in page
        assert 'href="/places/?programme=total-place"' in page


class TestReadingAgain:
    @pytest.mark.parametrize("address", ["/", *PLACE_PAGES])
    def test_a_reader_who_holds_the_page_is_told_that_it_is_the_same(self, client: Client, address: str) -> None:
        etag = client.get(address).headers["ETag"]
        held = client.get(address, headers={"If-None-Match": etag})
        assert held.status_code == 304
        assert held.content == b""

    @pytest.mark.parametrize("address", ["/", *PLACE_PAGES])
    def test_whatever_the_figures_are_made_from_changes_the_page(self, client: Client, address: str) -> None:
        etags = [client.get(address).headers["ETag"]]
        for change in (lambda: without_map("kent"), lambda: with_changed_register("kent"), another_year):
            change()
            etags.append(client.get(address).headers["ETag"])
        assert len(set(etags)) == len(etags)

    def test_the_page_of_another_reader_or_question_is_another_page(self, client: Client) -> None:
        etags = {client.get(address).headers["ETag"] for address in ("/", "/?scenario=low", "/?kind=all")}
        client.force_login(lead_of("kent"))
        etags.add(client.get("/").headers["ETag"])
        assert len(etags) == 4

    def test_a_page_that_waits_can_ask_for_its_headers_alone(
        self, client: Client, django_assert_max_num_queries
    ) -> None:
        etag = client.get("/").headers["ETag"]
        with django_assert_max_num_queries(8):
            head = client.head("/")
        assert head.headers["ETag"] == etag
        assert head.content == b""

    def test_only_a_page_that_waits_says_what_it_waits_for(self, client: Client) -> None:
        assert 'data-awaits=""' in client.get("/places/kent/").content.decode()
        without_map("kent")
        page = client.get("/places/kent/")
        assert f'data-awaits="{escape(page.headers["ETag"])}"' in page.content.decode()


def another_year() -> None:
    with_partial_year("kent")

"""The programme's workbook: places by lever as stored, everything above them a formula."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from mapping.charts.inputs import PlaceRow
from mapping.charts.quality import FELL
from mapping.models import LeverResult
from mapping.pages.programme_page import chosen_places
from mapping.reports.blocks import Report
from mapping.reports.programme import WHOM_TO_ASK, programme_report, published_in
from mapping.reports.queries import assumption_set_of
from mapping.summary import programme_figures
from pilots.models import FinancialYear, Programme
from pilots.quality.worsened import together

from .book import Book, Column, Formula, Sheet
from .layout import CASE_NAME, CASE_NUMBER, CASES
from .sources import quality_rows, write_sources

REVIEW = (1, 2, 3)
AMOUNTS = ("saving", "joined", "npv", *(f"saving_{year}" for year in REVIEW), *(f"cost_{year}" for year in REVIEW))
HEADINGS = {
    "saving": "Saving in a full year, £",
    "joined": "By joining up, £",
    "npv": "Net present value, £",
    **{f"saving_{year}": f"Saving, year {year}, £" for year in REVIEW},
    **{f"cost_{year}": f"Cost, year {year}, £" for year in REVIEW},
}
CHOICE_ROW = 6


def write_programme_workbook(
    programme: Programme, year: FinancialYear, scenario: str, kind: str, address: str
) -> bytes:
    """The workbook over the published counts of places of `kind` in a year, opened at a case."""
    report = programme_report(programme, year, scenario, kind, address)
    places = chosen_places(programme_figures(programme, year, scenario, kind))
    versions = published_in(programme, year, kind)
    assumed = assumption_set_of(versions)
    computed = report.identity.computed_at
    book = Book(report.identity.title, report.headline, timezone.localtime(computed) if computed else None)
    summary = book.sheet("Summary", ())
    rows = _write_results(book, versions, scenario)
    spend = _write_places(book, places, rows)
    _write_summary(summary, report, rows, spend)
    write_sources(
        book,
        report,
        assumed[0] if assumed else None,
        versions,
        "one for each map: /api/v1/places/SLUG/maps/",
        [("Whom to ask", WHOM_TO_ASK), *quality_rows(together(place.flags for place in places), names_place=True)],
    )
    return book.save()


class Results:
    """The sheet of places by lever, and what it holds in the case that the workbook opens at."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.sums: dict[tuple[str, str, str], Decimal] = {}
        """(column of the sum, its value, amount) to its pounds; the column is "slug", "lever" or "" for all."""
        self.levers: dict[str, str] = {}

    def add(self, slug: str, lever: str, name: str, amounts: dict[str, Decimal]) -> None:
        self.levers.setdefault(lever, name)
        for column, value in (("slug", slug), ("lever", lever), ("", "")):
            for amount, pounds in amounts.items():
                key = column, value, amount
                self.sums[key] = self.sums.get(key, Decimal(0)) + pounds

    @property
    def last(self) -> int:
        return max(self.sheet.next_row - 1, 2)

    def sum_where(self, amount: str, column: str, cell: str, value: str) -> Formula:
        """The sum of an amount over the rows whose `column` is what `cell` says."""
        ranges = self.sheet.range(amount, 2, self.last), self.sheet.range(column, 2, self.last)
        return Formula(f"SUMIFS({','.join(ranges)},{cell})", self.sums.get((column, value, amount), Decimal(0)))

    def sum_of(self, amount: str) -> Formula:
        return Formula(f"SUM({self.sheet.range(amount, 2, self.last)})", self.sums.get(("", "", amount), Decimal(0)))


def _write_results(book: Book, versions: Sequence[int], scenario: str) -> Results:
    """One row a place and lever: the chosen case as formulas of what is stored in the three."""
    sheet = book.sheet(
        "Places by lever",
        (
            Column("slug", "Place", "words", 30),
            Column("place", "Name of place", "words", 40),
            Column("lever", "Lever", "words", 26),
            *(Column(name, HEADINGS[name], "pounds", 17) for name in AMOUNTS),
            *(Column(f"{name}_{case}", f"{HEADINGS[name]} {case}", "stored", 15) for name in AMOUNTS for case in CASES),
        ),
    )
    results, now = Results(sheet), scenario
    for (slug, place, lever, name), cases in _stored(versions).items():
        row = sheet.next_row
        values = {
            amount: Formula(
                f"CHOOSE({CASE_NUMBER},{','.join(sheet.cell(f'{amount}_{case}', row) for case in CASES)})",
                cases[now][amount],
            )
            for amount in AMOUNTS
        }
        stored = {f"{amount}_{case}": cases[case][amount] for amount in AMOUNTS for case in CASES}
        sheet.add({"slug": slug, "place": place, "lever": lever, **values, **stored})
        results.add(slug, lever, name, cases[now])
    sheet.filter_from(1)
    return results


def _stored(versions: Sequence[int]) -> dict[tuple[str, str, str, str], dict[str, dict[str, Decimal]]]:
    """(slug, place, lever, its name) to the amounts of each case."""
    place = "map__version__count__place__"
    results = LeverResult.objects.filter(map__version__in=versions, map__version__current_map__map=F("map"))
    rows = results.order_by(f"{place}name", "lever__position", "lever__code").values_list(
        *(f"{place}slug", f"{place}name", "lever__code", "lever__name", "scenario", "saving", "joined"),
        *("net_present_value", "saving_by_year", "cost_by_year"),
    )
    found: dict[tuple[str, str, str, str], dict[str, dict[str, Decimal]]] = {}
    for slug, name, lever, lever_name, case, saving, joined, npv, savings, costs in rows:
        amounts = dict(zip(AMOUNTS, (saving, joined, npv, *savings, *costs), strict=True))
        found.setdefault((slug, name, lever, lever_name), {})[case] = amounts
    return found


def _write_places(book: Book, places: Sequence[PlaceRow], results: Results) -> Formula:
    """One row a place, the sums of its levers. Returns the spend of all."""
    sheet = book.sheet(
        "Places",
        (
            Column("slug", "Place", "words", 30),
            Column("name", "Name", "words", 44),
            Column("kind", "Kind", "words", 10),
            Column("region", "Region", "words", 22),
            Column("population", "People", "whole", 12),
            Column("bodies", "Bodies", "whole", 8),
            Column("spend", "Spend, £", "given", 20),
            Column("own", "From own returns, £", "given", 20),
            *(Column(name, HEADINGS[name], "pounds", 18) for name in AMOUNTS),
            Column("a_head", "By joining up, £ a head", "pounds", 14),
            Column("share", "Saving of spend", "rate", 12),
            Column("quality", "Quality", "words", 14),
        ),
    )
    first = sheet.next_row
    for place in sorted(places, key=lambda place: place.name):
        if place.spend is None:
            sheet.add({"slug": place.slug, "name": place.name, "kind": place.kind, "region": place.region})
            continue
        row = sheet.next_row
        people, joined, saving, spend = (sheet.cell(name, row) for name in ("population", "joined", "saving", "spend"))
        sums = {name: results.sum_where(name, "slug", sheet.cell("slug", row), place.slug) for name in AMOUNTS}
        a_head = float(sums["joined"].value or 0) / place.population if place.population else ""
        share = float(sums["saving"].value or 0) / float(place.spend) if place.spend else 0
        sheet.add(
            {
                "slug": place.slug,
                "name": place.name,
                "kind": place.kind,
                "region": place.region,
                "population": place.population,
                "bodies": place.bodies,
                "spend": place.spend,
                "own": place.own,
                **sums,
                "a_head": Formula(f'IF(N({people})=0,"",{joined}/{people})', a_head),
                "share": Formula(f"IF({spend}=0,0,{saving}/{spend})", share),
                "quality": FELL if place.flags else "",
            }
        )
    last = max(sheet.next_row - 1, first)
    spends = {
        "spend": sum((place.spend or Decimal(0) for place in places), Decimal(0)),
        "own": sum((place.own for place in places), Decimal(0)),
    }
    totals = {name: Formula(f"SUM({sheet.range(name, first, last)})", value) for name, value in spends.items()}
    totals |= {
        name: Formula(f"SUM({sheet.range(name, first, last)})", results.sum_of(name).value or 0) for name in AMOUNTS
    }
    sheet.filter_from(1)
    sheet.add({"name": "All places", **totals}, "total")
    return Formula(sheet.cell("spend", last + 1), spends["spend"])


def _write_summary(sheet: Sheet, report: Report, results: Results, spend: Formula) -> None:
    """The choice of the case, the headlines, and each way to save over all places."""
    identity, scenario = report.identity, report.identity.scenario
    for index, width in enumerate((44, 22, 22, 22, *([18] * 6))):
        sheet.worksheet.set_column(index, index, width)
    sheet.put(1, 0, f"{identity.subject}, {identity.year}", "title")
    sheet.put(2, 0, report.headline, "lead")
    sheet.put(3, 0, identity.made_from, "quiet")
    sheet.put(4, 0, identity.address, "quiet")
    if identity.is_illustrative:
        sheet.put(5, 0, "Illustrative: the figures are invented and describe no real place.", "strong")
    sheet.put(CHOICE_ROW, 0, "Case: choose low, central or high, and every sheet follows", "strong")
    sheet.put(CHOICE_ROW, 1, scenario, "choice")
    sheet.worksheet.data_validation(CHOICE_ROW - 1, 1, CHOICE_ROW - 1, 1, {"validate": "list", "source": list(CASES)})
    sheet.put(CHOICE_ROW + 1, 0, "Number of the case", "quiet")
    text = f'MATCH({CASE_NAME},{{"low","central","high"}},0)'
    sheet.put(CHOICE_ROW + 1, 1, Formula(text, CASES.index(scenario) + 1), "whole")
    sheet.book.name(CASE_NAME, f"Summary!$B${CHOICE_ROW}")
    sheet.book.name(CASE_NUMBER, f"Summary!$B${CHOICE_ROW + 1}")
    row = CHOICE_ROW + 3
    for index, heading in enumerate(("Way to save", "Lever", *HEADINGS.values())):
        sheet.put(row, index, heading, "heading")
    for lever, name in results.levers.items():
        row += 1
        sheet.put(row, 0, name, "words")
        sheet.put(row, 1, lever, "quiet")
        for index, amount in enumerate(AMOUNTS):
            sheet.put(row, 2 + index, results.sum_where(amount, "lever", f"$B${row}", lever), "pounds")
    row += 1
    sheet.put(row, 0, "All ways", "total")
    for index, amount in enumerate(AMOUNTS):
        sheet.put(row, 2 + index, results.sum_of(amount), "total")
    sheet.put(row + 2, 0, "Spend counted, £", "strong")
    sheet.put(row + 2, 2, spend, "pounds")

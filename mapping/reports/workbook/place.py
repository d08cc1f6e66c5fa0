"""A place's workbook: from its spend lines to its savings, every step a formula that ends at the stored figure."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from mapping.charts.names import body_name
from mapping.explain import Opened, open_map
from mapping.models import Lever, MapResult, SavingsMap, SharingPair
from mapping.recompute import recompute_version
from mapping.reports.blocks import CannotBeMade
from mapping.reports.place import place_report, whom_to_ask
from mapping.summary import reconciliation_figures
from pilots.models import Agency, ServiceLine, Version
from pilots.quality.flags import quality_flags
from pilots.spend.files.exporting import export_lines

from . import given, working
from .book import Book, Column, Formula, Sheet
from .layout import CASES, Layout, lay_out, parts_of
from .sources import quality_rows, write_sources
from .summary import Written, write_summary
from .years import write_years

MOST_ROWS = 60_000


def write_place_workbook(version: Version, scenario: str, address: str) -> bytes:
    """The workbook of a version of a place's count, opened at a case. Its map is made fresh first.

    Raises CannotBeMade where there is no map, or more working than a spreadsheet carries.
    """
    opened = _opened(version, scenario)
    report = place_report(version, scenario, address)
    flags = quality_flags(version.count.place)
    layout = Layout(opened, _names(opened), parts_of(opened), flags)
    if len(layout.parts) > MOST_ROWS:
        raise CannotBeMade(
            f"The working of this map has {len(layout.parts):,} rows; a workbook carries {MOST_ROWS:,} well. "
            "Its cells and what each was made of are read from the API."
        )
    lay_out(layout)
    book = Book(report.identity.title, report.headline, timezone.localtime(opened.map.computed_at))
    summary = book.sheet("Summary", ())
    spend, rows = given.write_spend(book, list(export_lines(version)))
    levers = given.write_levers(book, layout, {lever.code: lever for lever in _levers(opened)})
    rules = given.write_rules(book, layout)
    amounts = working.write_amounts(book, layout, spend, rows)
    pools = working.write_pools(book, layout, levers)
    parts = working.write_working(book, layout, rules, amounts, pools)
    cells = working.write_cells(book, layout, parts)
    years = write_years(book, layout, levers, cells, opened.map.assumption_set)
    write_pairs(book, layout)
    write_reconciliation(book, version, spend)
    beside = [("Whom to ask", whom_to_ask(version.count.place, address)), *quality_rows(flags)]
    write_sources(book, report, opened.map.assumption_set, [version.pk], opened.map.inputs_digest, beside)
    write_summary(summary, Written(layout, report, amounts, cells, years), list(_results(opened.map)))
    return book.save()


def _opened(version: Version, scenario: str) -> Opened:
    fresh = recompute_version(version.pk)
    if fresh is None:
        raise CannotBeMade("There is no savings map yet: nothing has been recorded, or no assumption set is current.")
    stored = SavingsMap.objects.select_related("assumption_set", "version").get(pk=fresh.pk)
    opened = open_map(stored, scenario)
    if not opened.is_whole:
        raise CannotBeMade("What this map was made from is changing just now. Ask again in a few seconds.")
    return opened


def _names(opened: Opened) -> Mapping[str, str]:
    """Bodies and services by code."""
    agencies = Agency.objects.filter(pk__in=opened.counted.agency_ids.tolist())
    lines = ServiceLine.objects.filter(pk__in=opened.counted.service_line_ids.tolist())
    return dict(agencies.values_list("code", "name")) | dict(lines.values_list("code", "name"))


def _levers(opened: Opened) -> list[Lever]:
    return list(Lever.objects.filter(assumption_set=opened.map.assumption_set_id))


def _results(stored: SavingsMap) -> list[MapResult]:
    return sorted(MapResult.objects.filter(map=stored), key=lambda result: CASES.index(result.scenario))


def write_pairs(book: Book, layout: Layout) -> Sheet:
    """What two bodies would save if only they joined up, as stored. Pairs overlap: never add them."""
    sheet = book.sheet(
        "Pairs",
        (
            Column("agency_a", "Body", "words", 32),
            Column("agency_b", "With body", "words", 32),
            Column("lever", "About", "words", 32),
            Column("saving", "If only these two join up, £", "pounds", 18),
            *(Column(f"saving_{case}", f"Stored, {case}", "stored", 16) for case in CASES),
        ),
    )
    names = ("agency_a__name", "agency_b__name", "lever__name", "scenario", "saving")
    found: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for body_a, body_b, lever, case, saving in SharingPair.objects.filter(map=layout.opened.map).values_list(*names):
        found.setdefault((body_a, body_b, lever), {})[case] = saving
    now = layout.opened.scenario
    for bodies, cases in sorted(found.items(), key=lambda item: (-item[1][now], item[0])):
        row = sheet.next_row
        sheet.add(
            {
                **dict(zip(("agency_a", "agency_b", "lever"), bodies, strict=True)),
                "saving": given.chosen(sheet, "saving", row, cases[now]),
                **{f"saving_{case}": cases[case] for case in CASES},
            }
        )
    sheet.filter_from(1)
    return sheet


def write_reconciliation(book: Book, version: Version, spend: Sheet) -> Sheet:
    """What is counted of each body, what is not, and what was published."""
    sheet = book.sheet(
        "Reconciliation",
        (
            Column("part", "Part", "words", 20),
            Column("what", "What", "words", 44),
            Column("code", "Code", "words", 16),
            Column("amount", "£", "pounds", 20),
            Column("note", "Note", "words", 70),
        ),
    )
    figures, last = reconciliation_figures(version), spend.next_row - 1
    first = sheet.next_row
    for row in figures.counted:
        conditions = ",".join(
            (
                f"{spend.range('agency', 2, last)},{sheet.cell('code', sheet.next_row)}",
                f'{spend.range("is_capital", 2, last)},"no",{spend.range("is_transfer", 2, last)},"no"',
            )
        )
        amount = Formula(f"SUMIFS({spend.range('amount', 2, last)},{conditions})", row.counted)
        sheet.add(
            {"part": "Counted", "what": body_name(row.body), "code": row.body.code, "amount": amount, "note": row.basis}
        )
    if figures.counted:
        counted = sum((row.counted for row in figures.counted), Decimal(0))
        whole = Formula(f"SUM({sheet.range('amount', first, sheet.next_row - 1)})", counted)
        sheet.add({"part": "Counted", "what": "All bodies", "amount": whole}, "total")
    for transfer in figures.transfers:
        note = "" if transfer.is_counted_there else "reports nothing here: counted nowhere"
        to = f"{transfer.body} to {transfer.receiver or 'a body that is not stated'}"
        sheet.add({"part": "Passed on", "what": to, "amount": transfer.amount, "note": note})
    for item in figures.left_out:
        sheet.add({"part": "Left out", "what": item.what, "amount": item.amount, "note": item.why})
    sheet.add({"part": "Capital", "what": "beside the totals", "amount": figures.capital})
    for published in figures.gaps.published:
        note = " ".join(filter(None, [published.year, published.note, published.source]))
        what = f"{published.subject}, {published.measure}"
        sheet.add({"part": "Published", "what": what, "amount": published.amount, "note": note})
    return sheet

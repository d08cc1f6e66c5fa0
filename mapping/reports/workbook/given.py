"""The sheets of what is given: the spend lines as recorded, the rates of the levers, and their rules."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from mapping.models import Lever, LeverRule
from pilots.spend.files.exporting import ExportLine

from .book import Book, Column, Formula, Sheet
from .layout import CASE_NUMBER, CASES, Key, Layout


def chosen(sheet: Sheet, name: str, row: int, value: float | Decimal) -> Formula:
    """The value of the chosen case, out of the three columns of a name."""
    return Formula(f"CHOOSE({CASE_NUMBER},{','.join(sheet.cell(f'{name}_{case}', row) for case in CASES)})", value)


def write_spend(book: Book, lines: Sequence[ExportLine]) -> tuple[Sheet, dict[Key, tuple[int, int]]]:
    """The lines as recorded; and for each (body, service line, spend type) the rows that are counted."""
    texts = (
        ("agency", "Body", 16),
        ("agency_name", "Name of body", 32),
        ("service_line", "Service line", 28),
        ("service_line_name", "Name of service", 34),
        ("spend_type", "Spend type", 16),
        ("funder", "Funder", 12),
        ("is_capital", "Capital", 8),
        ("is_transfer", "Passed on", 9),
        ("receiver", "Receiver", 12),
    )
    sheet = book.sheet(
        "Spend",
        (
            *(Column(name, heading, "words", width) for name, heading, width in texts),
            Column("amount", "Amount, £", "given", 18),
            Column("whole_amount", "Whole body, £", "given", 18),
            Column("share", "Share here", "given rate", 12),
            Column("basis", "Basis"),
            Column("method", "Method", "words", 18),
            Column("source", "Source", "words", 60),
            Column("note", "Note", "words", 40),
            Column("shared_by", "Shared out by", "words", 40),
        ),
    )
    rows: dict[Key, tuple[int, int]] = {}
    for line in sorted(
        lines, key=lambda line: (line.agency, line.service_line, line.spend_type, _aside(line), line.id)
    ):
        row = sheet.add({name: getattr(line, name) for name in sheet.columns})
        if not _aside(line):
            key = line.agency, line.service_line, line.spend_type
            rows[key] = rows.get(key, (row, row))[0], row
    sheet.filter_from(1)
    return sheet, rows


def _aside(line: ExportLine) -> bool:
    """Capital and what is passed on stand in no total."""
    return line.is_capital or line.is_transfer


def write_levers(book: Book, layout: Layout, levers: Mapping[str, Lever]) -> Sheet:
    """The rates of each lever in the three cases, and those of the chosen case."""
    cases = [(name, case) for name in ("beta", "own") for case in CASES]
    sheet = book.sheet(
        "Levers",
        (
            Column("lever", "Lever", "words", 24),
            Column("name", "Name", "words", 34),
            Column("pool", "Joins up over", "words", 16),
            *(Column(f"{name}_{case}", f"{name}, {case}", "given rate", 10) for name, case in cases),
            Column("beta", "beta, chosen case", "exact"),
            Column("p", "p = 1 / beta", "exact"),
            Column("own", "own, chosen case", "exact"),
            Column("cap", "Cap", "given rate", 9),
            *(Column(f"ramp_{year}", f"Saved in year {year}", "given rate", 9) for year in (1, 2, 3)),
            Column("multiple", "Cost, × full year", "given rate", 9),
            *(Column(f"profile_{year}", f"Cost in year {year}", "given rate", 9) for year in (1, 2, 3)),
            Column("quality", "Quality"),
            Column("evidence", "Evidence", "words", 80),
        ),
    )
    for working in layout.levers:
        stored, row = levers[working.lever.code], sheet.next_row
        rates = {f"{name}_{case}": getattr(stored, f"{name}_{case}") for name, case in cases}
        years = {f"ramp_{year}": stored.ramp[year - 1] for year in (1, 2, 3)}
        years |= {f"profile_{year}": stored.cost_profile[year - 1] for year in (1, 2, 3)}
        sheet.add(
            {
                "lever": stored.code,
                "name": stored.name,
                "pool": stored.get_pool_display(),
                **rates,
                "beta": chosen(sheet, "beta", row, working.beta),
                "p": Formula(f"1/{sheet.cell('beta', row)}", 1 / working.beta),
                "own": chosen(sheet, "own", row, working.own),
                "cap": stored.cap,
                **years,
                "multiple": stored.cost_multiple,
                "quality": stored.get_quality_display(),
                "evidence": stored.evidence,
            }
        )
        layout.lever_rows.append(row)
    return sheet


def write_rules(book: Book, layout: Layout) -> Sheet:
    """The share of a cell that each lever can address; blank means any."""
    sheet = book.sheet(
        "Rules",
        (
            Column("lever", "Lever", "words", 24),
            Column("service_line", "Service line", "words", 28),
            Column("spend_type", "Spend type", "words", 18),
            Column("agency_type", "Kind of body", "words", 20),
            Column("share", "Share", "given rate", 10),
            Column("why", "Why", "words", 90),
        ),
    )
    names = ("lever__code", "service_line__code", "spend_type__code", "agency_type__code", "share", "why")
    rules = LeverRule.objects.filter(lever__assumption_set=layout.opened.map.assumption_set_id)
    ordered = rules.order_by("lever__position", "lever__code", "service_line__position", "pk").values_list(*names)
    for lever, line, kind, body, share, why in ordered:
        row = sheet.add(dict(zip(sheet.columns, (lever, line, kind, body, share, why), strict=True)))
        layout.rule_rows[lever, (line, kind, body)] = row
    sheet.filter_from(1)
    return sheet

"""The first sheet: the answer, the choice of the case, and every headline beside the figure that is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mapping.charts.quality import FELL, quality_notes
from mapping.models import MapResult
from mapping.reports.blocks import Report

from .book import Formula, Sheet
from .layout import CASE_NAME, CASE_NUMBER, CASES, Layout
from .years import DISCOUNT_RATE, payback

CHOICE_ROW, FIRST_ROW = 7, 12
WIDTHS = (44, 22, 22, 16, 20, 20, 20)
PAYBACK = {"beyond_horizon": "not within {horizon} years", "nothing_saved": "nothing is saved"}


@dataclass(frozen=True)
class Written:
    """What the summary speaks of."""

    layout: Layout
    report: Report
    amounts: Sheet
    cells: Sheet
    years: Sheet


def write_summary(sheet: Sheet, written: Written, results: Sequence[MapResult]) -> None:
    """The headlines by formula and as stored, each lever, each body. `results` are in the order of the cases."""
    for index, width in enumerate(WIDTHS):
        sheet.worksheet.set_column(index, index, width)
    _write_answer(sheet, written)
    row = _write_headlines(sheet, written, results)
    row = _write_levers(sheet, written, row + 2)
    _write_bodies(sheet, written, row + 2)
    sheet.worksheet.freeze_panes(CHOICE_ROW, 0)


def _write_answer(sheet: Sheet, written: Written) -> None:
    identity, assumed = written.report.identity, written.layout.opened.map.assumption_set
    sheet.put(1, 0, f"{identity.subject}, {identity.year}", "title")
    sheet.put(2, 0, written.report.headline, "lead")
    sheet.put(3, 0, identity.made_from, "quiet")
    sheet.put(4, 0, identity.address, "quiet")
    if identity.is_illustrative:
        sheet.put(5, 0, "Illustrative: the figures are invented and describe no real place.", "strong")
    elif identity.missing:
        sheet.put(5, 0, f"Partial year: lacks {', '.join(identity.missing)}.", "strong")
    if flags := written.layout.flags:
        sheet.put(6, 0, " ".join(quality_notes(flags)), "strong")
    sheet.put(CHOICE_ROW, 0, "Case: choose low, central or high, and every sheet follows", "strong")
    sheet.put(CHOICE_ROW, 1, identity.scenario, "choice")
    sheet.worksheet.data_validation(CHOICE_ROW - 1, 1, CHOICE_ROW - 1, 1, {"validate": "list", "source": list(CASES)})
    sheet.put(CHOICE_ROW + 1, 0, "Number of the case", "quiet")
    number = CASES.index(identity.scenario) + 1
    text = f"MATCH({CASE_NAME},{{{','.join(_quoted(case) for case in CASES)}}},0)"
    sheet.put(CHOICE_ROW + 1, 1, Formula(text, number), "whole")
    sheet.put(CHOICE_ROW + 2, 0, "Discount rate a year", "quiet")
    sheet.put(CHOICE_ROW + 2, 1, assumed.discount_rate, "given rate")
    for name, row in ((CASE_NAME, CHOICE_ROW), (CASE_NUMBER, CHOICE_ROW + 1), (DISCOUNT_RATE, CHOICE_ROW + 2)):
        sheet.book.name(name, f"Summary!$B${row}")


def _quoted(word: str) -> str:
    return f'"{word}"'


def _write_headlines(sheet: Sheet, written: Written, results: Sequence[MapResult]) -> int:
    """Returns the last row."""
    layout, cells, years = written.layout, written.cells, written.years
    total = len(layout.levers) + 2
    block = layout.first_cell, layout.last_cell
    now = results[CASES.index(layout.opened.scenario)]
    horizon = layout.opened.map.assumption_set.horizon_years
    headings = ("Headline", "By formula", "As stored", "Difference", *(f"Stored, {case}" for case in CASES))
    for index, heading in enumerate(headings):
        sheet.put(FIRST_ROW, index, heading, "heading")
    spend = layout.opened.map.spend_total
    amounts = f"SUM({written.amounts.range('x', 2, max(written.amounts.next_row - 1, 2))})"
    rows: list[tuple[str, str, Decimal, list[Decimal]]] = [
        ("Spend, revenue without what is passed on", amounts, spend, [spend] * 3),
        (
            "Saving in a full year",
            f"SUM({cells.range('saving', *block)})",
            now.saving,
            [result.saving for result in results],
        ),
        (
            "of it from joining up",
            f"SUM({cells.range('joined', *block)})",
            now.joined,
            [result.joined for result in results],
        ),
        (
            f"Net present value over {horizon} years",
            years.cell("npv", total),
            now.net_present_value,
            [result.net_present_value for result in results],
        ),
    ]
    row = FIRST_ROW
    for words, text, value, stored in rows:
        row += 1
        sheet.put(row, 0, words, "words")
        sheet.put(row, 1, Formula(text, value), "pounds")
        sheet.put(row, 2, Formula(f"CHOOSE({CASE_NUMBER},E{row},F{row},G{row})", value), "stored")
        sheet.put(row, 3, Formula(f"ROUND(B{row}-C{row},2)", 0), "pounds")
        for index, amount in enumerate(stored):
            sheet.put(row, 4 + index, amount, "stored")
    row += 1
    sheet.put(row, 0, "Has paid for itself by the end of year", "words")
    said = PAYBACK.get(now.payback_status, "").format(horizon=horizon) or now.payback
    sheet.put(row, 1, Formula(payback(years, len(layout.levers), horizon), said), "whole")
    row += 1
    sheet.put(row, 0, "Cells that differ from what is stored", "words")
    sheet.put(row, 1, Formula(f'COUNTIF({cells.range("difference", *block)},">0")', 0), "whole")
    return row


def _write_levers(sheet: Sheet, written: Written, row: int) -> int:
    """Each way to save, with a chart. Returns the last row."""
    years, first = written.years, row + 1
    for index, heading in enumerate(("Way to save", "By joining up", "Alone", "", "In all", "Worth", "Quality")):
        sheet.put(row, index, heading, "heading")
    by_code = {result.lever_id: result for result in _lever_results(written)}
    for index, lever_id in enumerate(written.layout.opened.menu.lever_ids):
        row, of_lever, result = row + 1, index + 2, by_code[lever_id]
        joined, full, worth = (years.cell(name, of_lever) for name in ("joined", "full", "npv"))
        sheet.put(row, 0, Formula(years.cell("name", of_lever), written.layout.levers[index].lever.name), "words")
        sheet.put(row, 1, Formula(joined, result.joined), "pounds")
        sheet.put(row, 2, Formula(f"{full}-{joined}", result.saving - result.joined), "pounds")
        sheet.put(row, 4, Formula(full, result.saving), "pounds")
        sheet.put(row, 5, Formula(worth, result.net_present_value), "pounds")
        worsened = written.layout.flags.of(lever=written.layout.levers[index].lever.code)
        sheet.put(row, 6, FELL if worsened else "", "strong")
    _draw_levers(sheet, first, row)
    return row


def _lever_results(written: Written):
    opened = written.layout.opened
    return opened.map.lever_results.filter(scenario=opened.scenario)


def _draw_levers(sheet: Sheet, first: int, last: int) -> None:
    """The ways to save as bars: by joining up, and alone beside it."""
    chart = sheet.book.chart({"type": "bar", "subtype": "stacked"})
    for column, colour in (("B", "#9B2B8D"), ("C", "#EFCFE9")):
        chart.add_series(
            {
                "name": f"=Summary!${column}${first - 1}",
                "categories": f"=Summary!$A${first}:$A${last}",
                "values": f"=Summary!${column}${first}:${column}${last}",
                "fill": {"color": colour},
                "border": {"color": "#9B2B8D"},
                "gap": 60,
            }
        )
    chart.set_title({"name": "Saving in a full year, £", "overlay": False, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"num_format": '#,##0,,"m"', "major_gridlines": {"visible": True, "line": {"color": "#E3E9EB"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 620, "height": 320})
    sheet.worksheet.insert_chart(
        0, 8, chart, {"description": "Ways to save, by joining up and alone; the table says the same"}
    )


def _write_bodies(sheet: Sheet, written: Written, row: int) -> None:
    """What each body spends and could save."""
    layout, amounts, cells = written.layout, written.amounts, written.cells
    spend, opened = layout.opened.counted.spend, layout.opened
    for index, heading in enumerate(("Body", "Spend", "Saving in all", "", "By joining up", "Code")):
        sheet.put(row, index, heading, "heading")
    saved = _by_body(written)
    last = max(amounts.next_row - 1, 2)
    block = layout.first_cell, layout.last_cell
    spent = {index: Decimal(0) for index in range(len(spend.agencies))}
    for agency, amount in zip(spend.agency.tolist(), spend.amount.tolist(), strict=True):
        spent[agency] += Decimal(repr(amount))
    ranked = sorted(spent, key=lambda index: -spent[index])
    assert opened.is_whole
    for index in ranked:
        row, code = row + 1, spend.agencies[index]
        where, which = f"$F${row}", cells.range("agency", *block)
        saving, joined = saved.get(code, (Decimal(0), Decimal(0)))
        of_body = f"SUMIFS({amounts.range('x', 2, last)},{amounts.range('agency', 2, last)},{where})"
        sheet.put(row, 0, layout.names.get(code, code), "words")
        sheet.put(row, 1, Formula(of_body, spent[index]), "pounds")
        sheet.put(row, 2, Formula(f"SUMIFS({cells.range('saving', *block)},{which},{where})", saving), "pounds")
        sheet.put(row, 4, Formula(f"SUMIFS({cells.range('joined', *block)},{which},{where})", joined), "pounds")
        sheet.put(row, 5, code, "quiet")


def _by_body(written: Written) -> dict[str, tuple[Decimal, Decimal]]:
    opened = written.layout.opened
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for code, saving, joined in opened.map.cells.filter(scenario=opened.scenario).values_list(
        "agency__code", "saving", "joined"
    ):
        before = found.get(code, (Decimal(0), Decimal(0)))
        found[code] = before[0] + saving, before[1] + joined
    return found

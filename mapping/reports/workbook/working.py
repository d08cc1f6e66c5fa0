"""The sheets from amounts to stored cells: what the method says, each step a formula of the one before.

Rows of a pool, of a body in it and of a cell stand together, so that sums are over ranges a reader can see.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby

import numpy as np

from mapping.charts.quality import FELL
from mapping.engine.explain import winning_rule
from mapping.models import SavingsCell

from .book import Book, Column, Formula, Sheet, to_the_penny
from .given import chosen
from .layout import CASES, Key, Layout, Part

AMOUNTS = (
    Column("agency", "Body", "words", 16),
    Column("agency_name", "Name of body", "words", 32),
    Column("service_line", "Service line", "words", 28),
    Column("spend_type", "Spend type", "words", 16),
    Column("x", "x: net amount, £", "pounds", 18),
    Column("positive", "Above zero, £", "pounds", 18),
    Column("log", "Sum of ln(1 - q)", "exact", 18),
    Column("saved", "x (1 - product of (1 - q)), £", "pounds", 18),
)
POOLS = (
    Column("lever", "Lever", "words", 24),
    Column("pool", "Pool", "words", 28),
    Column("agency", "Body", "words", 16),
    Column("agency_name", "Name of body", "words", 32),
    Column("brought", "B: brought, £", "pounds", 18),
    Column("together", "M: cost joined up, £", "pounds", 18),
    Column("joining", "r: rate from joining up", "rate"),
    Column("whole", "With own effort", "rate"),
    Column("rate", "Rate, at most the cap", "rate"),
    Column("capped", "Cap binds", "words", 8),
    Column("fraction", "Part from joining up", "rate"),
)
WORKING = (
    Column("lever", "Lever", "words", 24),
    Column("agency", "Body", "words", 16),
    Column("service_line", "Service line", "words", 28),
    Column("spend_type", "Spend type", "words", 16),
    Column("positive", "x above zero, £", "pounds", 18),
    Column("share", "Share addressed", "rate"),
    Column("addressable", "Addressable, £", "pounds", 18),
    Column("rate", "Rate", "rate"),
    Column("q", "q = share × rate", "exact", 17),
    Column("log", "ln(1 - q)", "exact", 17),
    Column("saving", "Credited saving, £", "pounds", 18),
    Column("joined", "From joining up, £", "pounds", 18),
)


def write_amounts(book: Book, layout: Layout, spend: Sheet, rows: Mapping[Key, tuple[int, int]]) -> Sheet:
    """x of the method, and what all levers together save of it."""
    sheet, working = book.sheet("Amounts", AMOUNTS), layout.opened.working
    amounts, levers_on = layout.opened.counted.spend.amount, _levers_on(layout)
    for at, row in enumerate(layout.amount_rows):
        agency, line, kind = layout.codes(at)
        positive = max(float(amounts[at]), 0.0)
        logs = [f"Working!${_letter(WORKING, 'log')}${layout.part_rows[lever, at]}" for lever in levers_on.get(at, ())]
        log = float(np.log1p(-working.q[:, at]).sum())
        sheet.add(
            {
                "agency": agency,
                "agency_name": layout.names.get(agency, ""),
                "service_line": line,
                "spend_type": kind,
                "x": Formula(f"SUM({spend.range('amount', *rows[agency, line, kind])})", float(amounts[at])),
                "positive": Formula(f"MAX({sheet.cell('x', row)},0)", positive),
                "log": Formula(f"SUM({','.join(logs)})", log) if logs else 0,
                "saved": Formula(
                    f"{sheet.cell('positive', row)}*(1-EXP({sheet.cell('log', row)}))", -positive * np.expm1(log)
                ),
            }
        )
    sheet.filter_from(1)
    return sheet


def _levers_on(layout: Layout) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for part in layout.parts:
        found.setdefault(part.at, []).append(part.lever)
    return found


def _letter(columns: Sequence[Column], name: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[column.name for column in columns].index(name)]


def write_pools(book: Book, layout: Layout, levers: Sheet) -> Sheet:
    """What each body brings to each pool, what the pool would cost joined up, and the rates that follow."""
    sheet = book.sheet("Pools", POOLS)
    for (index, pool), group in groupby(layout.parts, key=lambda part: (part.lever, part.pool)):
        bodies = {agency: list(parts) for agency, parts in groupby(group, key=lambda part: part.agency)}
        block = sheet.next_row, sheet.next_row + len(bodies) - 1
        for agency, parts in bodies.items():
            _add_pool(sheet, layout, levers, (index, pool, agency), parts, block)
    sheet.filter_from(1)
    return sheet


def _add_pool(
    sheet: Sheet, layout: Layout, levers: Sheet, key: tuple[int, int, int], parts: list[Part], block: tuple[int, int]
) -> None:
    index, pool, agency = key
    working, row, of_lever = layout.levers[index], sheet.next_row, layout.lever_rows[index]
    code = layout.opened.counted.spend.agencies[agency]
    brought, all_brought = sheet.cell("brought", row), sheet.range("brought", *block)
    beta, p, own = (levers.cell(name, of_lever) for name in ("beta", "p", "own"))
    joining, whole, together = (sheet.cell(name, row) for name in ("joining", "whole", "together"))
    first, last = (layout.part_rows[index, part.at] for part in (parts[0], parts[-1]))
    column = _letter(WORKING, "addressable")
    rate, cap = float(working.joining[pool, agency]), levers.cell("cap", of_lever)
    is_capped = bool(working.is_capped[pool, agency])
    sheet.add(
        {
            "lever": working.lever.code,
            "pool": working.pooled.pools[pool] or "the whole place",
            "agency": code,
            "agency_name": layout.names.get(code, ""),
            "brought": Formula(f"SUM(Working!${column}${first}:${column}${last})", working.pooled.spend[pool, agency]),
            "together": Formula(
                f"IF(MAX({all_brought})=0,0,MAX({all_brought})*SUMPRODUCT(({all_brought}/MAX({all_brought}))^{p})^{beta})",
                working.cost[pool],
            ),
            "joining": Formula(
                f'IF(AND(COUNTIF({all_brought},">0")>1,{brought}>0),1-({brought}/{together})^({p}-1),0)', rate
            ),
            "whole": Formula(f"1-(1-{joining})*(1-{own})", working.whole[pool, agency]),
            "rate": Formula(f"MIN({cap},{whole})", working.rate[pool, agency]),
            "capped": Formula(f'IF({whole}>{cap},"yes","no")', "yes" if is_capped else "no"),
            "fraction": Formula(
                f"IF({joining}=0,0,LN(1-{joining})/(LN(1-{joining})+LN(1-{own})))",
                float(working.joined_fraction[parts[0].at]),
            ),
        }
    )


def write_working(book: Book, layout: Layout, rules: Sheet, amounts: Sheet, pools: Sheet) -> Sheet:
    """Each lever on each cell of the spend: addressable, rate, q, and the saving credited to it."""
    sheet, assumptions = book.sheet("Working", WORKING), layout.opened.menu.assumptions
    spend, found = layout.opened.counted.spend, layout.opened.working
    for part in layout.parts:
        row, lever = sheet.next_row, layout.levers[part.lever]
        agency, line, kind = layout.codes(part.at)
        rule = winning_rule(lever.lever, assumptions, line, kind, spend.agency_types[part.agency])
        assert rule is not None
        share = rules.cell(
            "share", layout.rule_rows[lever.lever.code, (rule.service_line, rule.spend_type, rule.agency_type)]
        )
        of_pool, of_amount = layout.pool_rows[part.lever, part.pool, part.agency], layout.amount_rows[part.at]
        log, all_logs = sheet.cell("log", row), amounts.cell("log", of_amount)
        q = float(found.q[part.lever, part.at])
        addressable = lever.share[part.at] * max(float(spend.amount[part.at]), 0.0)
        sheet.add(
            {
                "lever": lever.lever.code,
                "agency": agency,
                "service_line": line,
                "spend_type": kind,
                "positive": Formula(amounts.cell("positive", of_amount), max(float(spend.amount[part.at]), 0.0)),
                "share": Formula(share, lever.share[part.at]),
                "addressable": Formula(f"{sheet.cell('share', row)}*{sheet.cell('positive', row)}", addressable),
                "rate": Formula(pools.cell("rate", of_pool), lever.rate[part.pool, part.agency]),
                "q": Formula(f"{sheet.cell('share', row)}*{sheet.cell('rate', row)}", q),
                "log": Formula(f"LN(1-{sheet.cell('q', row)})", float(np.log1p(-q))),
                "saving": Formula(
                    f"IF({all_logs}=0,0,{log}/{all_logs}*{amounts.cell('saved', of_amount)})",
                    found.saving[part.lever, part.at],
                ),
                "joined": Formula(
                    f"{sheet.cell('saving', row)}*{pools.cell('fraction', of_pool)}", found.joined[part.lever, part.at]
                ),
            }
        )
    sheet.filter_from(1)
    return sheet


STORED = ("saving", "joined")


def write_cells(book: Book, layout: Layout, working: Sheet) -> Sheet:
    """The stored cells: each sum rounded to the penny, beside what is stored and the difference."""
    kept = [(name, case) for name in STORED for case in CASES]
    sheet = book.sheet(
        "Cells",
        (
            Column("lever", "Lever", "words", 24),
            Column("agency", "Body", "words", 16),
            Column("agency_name", "Name of body", "words", 32),
            Column("service_line", "Service line", "words", 28),
            Column("service_line_name", "Name of service", "words", 34),
            Column("addressable", "Addressable, £", "pounds", 17),
            Column("saving", "Saving, £", "pounds", 17),
            Column("joined", "From joining up, £", "pounds", 17),
            Column("stored_saving", "Saving as stored, £", "stored", 17),
            Column("stored_joined", "Joined as stored, £", "stored", 17),
            Column("difference", "Difference, £", "pounds", 12),
            *(Column(f"{name}_{case}", f"Stored {name}, {case}", "stored", 15) for name, case in kept),
            Column("quality", "Quality", "words", 14),
        ),
    )
    stored = _stored(layout)
    layout.first_cell = sheet.next_row
    for (lever, agency, line), group in groupby(layout.parts, key=lambda part: (part.lever, part.agency, part.line)):
        _add_cell(sheet, layout, working, list(group), stored, (lever, agency, line))
    layout.last_cell = max(sheet.next_row - 1, layout.first_cell)
    sheet.filter_from(1)
    return sheet


def _add_cell(sheet: Sheet, layout: Layout, working: Sheet, parts: list[Part], stored: Mapping, at: tuple) -> None:
    spend, row, index = layout.opened.counted.spend, sheet.next_row, at[0]
    key = spend.agencies[at[1]], spend.service_lines[at[2]], layout.levers[index].lever.code
    nothing = {(name, case): Decimal(0) for name in ("addressable", *STORED) for case in CASES}
    found, now = stored.get(key, nothing), layout.opened.scenario
    block = layout.part_rows[index, parts[0].at], layout.part_rows[index, parts[-1].at]
    gaps = [f"ABS({sheet.cell(name, row)}-{sheet.cell(f'stored_{name}', row)})" for name in STORED]
    sheet.add(
        {
            "lever": key[2],
            "agency": key[0],
            "agency_name": layout.names.get(key[0], ""),
            "service_line": key[1],
            "service_line_name": layout.names.get(key[1], ""),
            **{
                name: Formula(to_the_penny(f"SUM({working.range(name, *block)})"), found[name, now])
                for name in ("addressable", *STORED)
            },
            **{f"stored_{name}": chosen(sheet, name, row, found[name, now]) for name in STORED},
            "difference": Formula(f"ROUND({'+'.join(gaps)},2)", 0),
            **{f"{name}_{case}": found[name, case] for name in STORED for case in CASES},
            "quality": FELL if layout.flags.of(key[1], key[2]) else "",
        }
    )


def _stored(layout: Layout) -> dict[Key, dict[tuple[str, str], Decimal]]:
    """The stored cells in the three cases, by body, service line and lever."""
    cells = SavingsCell.objects.filter(map=layout.opened.map)
    names = ("agency__code", "service_line__code", "lever__code", "scenario", "addressable", *STORED)
    found: dict[Key, dict[tuple[str, str], Decimal]] = {}
    for agency, line, lever, case, *amounts in cells.values_list(*names):
        values = zip(("addressable", *STORED), amounts, strict=True)
        found.setdefault((agency, line, lever), {}).update({(name, case): value for name, value in values})
    return found

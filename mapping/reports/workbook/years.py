"""The sheet of years: what each lever saves and costs in the review, and what it is worth over the horizon."""

from collections.abc import Mapping
from decimal import Decimal

from mapping.models import AssumptionSet, LeverResult

from .book import Book, Column, Formula, Sheet, to_the_penny
from .layout import Layout

DISCOUNT_RATE = "discount_rate"
REVIEW = (1, 2, 3)


def write_years(book: Book, layout: Layout, levers: Sheet, cells: Sheet, assumed: AssumptionSet) -> Sheet:
    """Each lever's years from its full-year saving, each rounded to the penny; then net by year, discounted."""
    horizon = range(1, assumed.horizon_years + 1)
    sheet = book.sheet(
        "Years",
        (
            Column("lever", "Lever", "words", 24),
            Column("name", "Name", "words", 34),
            Column("full", "Full year, £", "pounds", 17),
            Column("joined", "From joining up, £", "pounds", 17),
            *(Column(f"saving_{year}", f"Saving, year {year}, £", "pounds", 17) for year in REVIEW),
            *(Column(f"cost_{year}", f"Cost, year {year}, £", "pounds", 17) for year in REVIEW),
            Column("npv", "Net present value, £", "pounds", 17),
            *(Column(f"net_{year}", f"Net, year {year}, £", "pounds", 17) for year in horizon),
        ),
    )
    results = {result.lever_id: result for result in _results(layout)}
    first = sheet.next_row
    last, total, factors = first + len(layout.levers) - 1, first + len(layout.levers), first + len(layout.levers) + 2
    for index, lever_id in enumerate(layout.opened.menu.lever_ids):
        _add_lever(sheet, layout, levers, cells, (index, factors, list(horizon)), results[lever_id])
    _add_totals(sheet, (first, last), list(horizon), list(results.values()))
    assert sheet.next_row == total + 1
    sheet.next_row = factors
    rate = float(assumed.discount_rate)
    sheet.add(
        {
            "lever": "Discount factor",
            "name": "by which a year’s net is worth less today",
            **{
                f"net_{year}": Formula(f"(1+{DISCOUNT_RATE})^-({year}-1)", (1 + rate) ** -(year - 1))
                for year in horizon
            },
        },
        "exact",
    )
    sheet.next_row = factors + 1
    _add_cumulative(sheet, total, list(horizon), list(results.values()))
    return sheet


def _results(layout: Layout) -> list[LeverResult]:
    return list(LeverResult.objects.filter(map=layout.opened.map, scenario=layout.opened.scenario))


def _add_lever(
    sheet: Sheet, layout: Layout, levers: Sheet, cells: Sheet, at: tuple[int, int, list[int]], result: LeverResult
) -> None:
    index, factors, horizon = at
    row, of_lever, code = sheet.next_row, layout.lever_rows[index], layout.levers[index].lever.code
    block = layout.first_cell, layout.last_cell
    which, full = f"{cells.range('lever', *block)},{sheet.cell('lever', row)}", sheet.cell("full", row)
    multiple = levers.cell("multiple", of_lever)
    net = _net(result.saving_by_year, result.cost_by_year, horizon)
    sheet.add(
        {
            "lever": code,
            "name": layout.levers[index].lever.name,
            "full": Formula(f"SUMIFS({cells.range('saving', *block)},{which})", result.saving),
            "joined": Formula(f"SUMIFS({cells.range('joined', *block)},{which})", result.joined),
            **{
                f"saving_{year}": Formula(
                    to_the_penny(f"{levers.cell(f'ramp_{year}', of_lever)}*{full}"), result.saving_by_year[year - 1]
                )
                for year in REVIEW
            },
            **{
                f"cost_{year}": Formula(
                    to_the_penny(f"{multiple}*{levers.cell(f'profile_{year}', of_lever)}*{full}"),
                    result.cost_by_year[year - 1],
                )
                for year in REVIEW
            },
            "npv": Formula(
                f"ROUND(SUMPRODUCT({_across(sheet, row, horizon)},{_across(sheet, factors, horizon)}),2)",
                result.net_present_value,
            ),
            **{f"net_{year}": Formula(_net_formula(sheet, row, year), net[year - 1]) for year in horizon},
        }
    )


def _across(sheet: Sheet, row: int, horizon: list[int]) -> str:
    return f"{sheet.cell(f'net_{horizon[0]}', row)}:${sheet.letter(f'net_{horizon[-1]}')}${row}"


def _net_formula(sheet: Sheet, row: int, year: int) -> str:
    """A year's saving less its cost; year 3's saving holds ever after."""
    if year in REVIEW:
        return f"{sheet.cell(f'saving_{year}', row)}-{sheet.cell(f'cost_{year}', row)}"
    return sheet.cell("saving_3", row)


def _net(saving: list[Decimal], cost: list[Decimal], horizon: list[int]) -> list[Decimal]:
    return [saving[min(year, 3) - 1] - (cost[year - 1] if year in REVIEW else 0) for year in horizon]


def _add_totals(sheet: Sheet, block: tuple[int, int], horizon: list[int], results: list[LeverResult]) -> None:
    sums: Mapping[str, Decimal] = {
        "full": sum((result.saving for result in results), Decimal(0)),
        "joined": sum((result.joined for result in results), Decimal(0)),
        "npv": sum((result.net_present_value for result in results), Decimal(0)),
        **{f"saving_{year}": sum((r.saving_by_year[year - 1] for r in results), Decimal(0)) for year in REVIEW},
        **{f"cost_{year}": sum((r.cost_by_year[year - 1] for r in results), Decimal(0)) for year in REVIEW},
        **{
            f"net_{year}": sum((_net(r.saving_by_year, r.cost_by_year, horizon)[year - 1] for r in results), Decimal(0))
            for year in horizon
        },
    }
    sheet.add(
        {"name": "All levers", **{name: Formula(f"SUM({sheet.range(name, *block)})", sums[name]) for name in sums}},
        "total",
    )


def _add_cumulative(sheet: Sheet, total: int, horizon: list[int], results: list[LeverResult]) -> None:
    """The running sum of all levers: it has paid for itself from the year in which this stays above zero."""
    so_far, values = Decimal(0), {}
    for year in horizon:
        so_far += sum((_net(r.saving_by_year, r.cost_by_year, horizon)[year - 1] for r in results), Decimal(0))
        start = sheet.cell("net_1", total)
        text = f"SUM({start}:{sheet.cell(f'net_{year}', total).partition('!')[2]})"
        values[f"net_{year}"] = Formula(text, so_far)
    sheet.add({"lever": "Running sum", "name": "of all levers, undiscounted", **values})


def payback(sheet: Sheet, levers: int, horizon: int) -> str:
    """The formula of the year of payback, in words where there is none."""
    total, running = levers + 2, levers + 5
    across = _across(sheet, running, list(range(1, horizon + 1)))
    years = f"(COLUMN({across})-COLUMN({sheet.cell('net_1', running)})+1)"
    last = sheet.cell(f"net_{horizon}", running)
    return (
        f'IF({sheet.cell("full", total)}=0,"nothing is saved",IF({last}<0,"not within {horizon} years",'
        f"SUMPRODUCT(MAX(({across}<0)*{years}))+1))"
    )

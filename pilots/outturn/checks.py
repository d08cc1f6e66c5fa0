"""The return's own totals, which it must agree with."""

from collections.abc import Sequence
from decimal import Decimal

from .headings import NET_CURRENT_EXPENDITURE, TOTAL_SERVICE_EXPENDITURE
from .layout import Layout, totals_stand
from .problems import Problem
from .rows import Row
from .sheet import Sheet, column_letter

# Bodies round each cell, so a printed total may differ from its parts by this many thousands.
ROUNDING = 1


def check_columns(sheet: Sheet, layout: Layout, bodies: Sequence[Row], england: Row | None) -> list[Problem]:
    """In every column the bodies add to the ENGLAND row exactly."""
    if england is None:
        return [
            Problem(
                'There is no row named "ENGLAND".',
                "It is what the return is checked against: use the sheet as it was published.",
                sheet.name,
            )
        ]
    problems = []
    for index, column in layout.columns.items():
        if any(index not in row.amounts for row in (*bodies, england)):
            continue  # a cell that is not a number has been reported
        total = sum((row.amounts[index] for row in bodies), Decimal(0))
        if total != england.amounts[index]:
            problems.append(
                Problem(
                    f'"{column.heading}" is {england.amounts[index]:,} thousand for ENGLAND, '
                    f"but its {len(bodies)} bodies add to {total:,} thousand.",
                    "Find the cell that was changed or the body that is missing.",
                    sheet.name,
                    england.number,
                    column_letter(index),
                )
            )
    return problems


def check_rows(sheet: Sheet, layout: Layout, bodies: Sequence[Row]) -> list[Problem]:
    """Each body's two printed totals are the sums of their parts, to the rounding of one thousand."""
    if not totals_stand(layout):
        return []  # what is missing or unknown has been reported
    service = layout.position(TOTAL_SERVICE_EXPENDITURE) or 0
    net = layout.position(NET_CURRENT_EXPENDITURE) or 0
    parts_of = {
        service: [index for index in layout.columns if index < service],
        net: [index for index in layout.columns if service <= index < net],
    }
    return [
        problem
        for row in bodies
        if row.amounts.keys() == layout.columns.keys()
        for total, parts in parts_of.items()
        if (problem := _check_total(sheet, layout, row, total, parts))
    ]


def _check_total(sheet: Sheet, layout: Layout, row: Row, total: int, parts: list[int]) -> Problem | None:
    added = sum((row.amounts[index] for index in parts), Decimal(0))
    printed = row.amounts[total]
    if added == printed:
        return None
    refuses = abs(added - printed) > ROUNDING
    return Problem(
        f'"{layout.columns[total].heading}" is {printed:,} thousand for {row.label}, '
        f"but columns {column_letter(parts[0])} to {column_letter(parts[-1])} add to {added:,} thousand.",
        "Find the cell that was changed." if refuses else "It is taken as rounding; the parts are counted.",
        sheet.name,
        row.number,
        column_letter(total),
        refuses,
    )

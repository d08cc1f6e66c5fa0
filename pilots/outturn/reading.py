"""Reading a return: bodies in rows, headings in columns, thousands of pounds in cells."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .checks import check_columns, check_rows
from .headings import Column, Use
from .layout import find_layout
from .problems import Problem, ReturnRefused
from .rows import Row, cell_at, in_thousands, read_rows, text_of
from .sheet import Sheet

THOUSAND = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Return:
    """A year's return of all bodies, in pounds.

    `amounts` holds for each body, by code, its amount in each known column that is not zero.
    """

    year: str
    title: str
    columns: tuple[Column, ...]
    amounts: Mapping[str, Mapping[Column, Decimal]]
    # Headings that nothing is known of, with what stands under them over all bodies.
    not_understood: tuple[tuple[str, Decimal], ...]
    # What was noticed and does not stop the return from being used.
    problems: tuple[Problem, ...]

    @property
    def source(self) -> str:
        """How a spend line names the return it came from."""
        return f"Revenue outturn summary {self.year}, net current expenditure"

    def totals(self, use: Use) -> list[tuple[Column, Decimal]]:
        """What all bodies together report in each column of one use, from left to right."""
        return [
            (column, sum((body.get(column, Decimal(0)) for body in self.amounts.values()), Decimal(0)))
            for column in self.columns
            if column.use is use
        ]


def read_return(sheet: Sheet, lookup: Mapping[str, Column], known: Collection[str]) -> Return:
    """Reads and checks a sheet of net current expenditure.

    `lookup` is what is known of headings (read_columns), `known` the codes of the bodies that may report.
    Raises ReturnRefused with everything that is wrong and where, if anything makes the figures unusable.
    """
    layout, problems = find_layout(sheet, lookup)
    bodies, england, in_rows = read_rows(sheet, layout, known)
    problems += in_rows
    problems += check_columns(sheet, layout, bodies, england)
    problems += check_rows(sheet, layout, bodies)
    if any(problem.refuses for problem in problems):
        raise ReturnRefused(sorted(problems, key=lambda problem: (not problem.refuses, problem.row or 0)))
    return Return(
        year=layout.year,
        title=_title(sheet),
        columns=tuple(layout.columns.values()),
        amounts={
            row.label: {
                column: row.amounts[index] * THOUSAND for index, column in layout.columns.items() if row.amounts[index]
            }
            for row in bodies
        },
        not_understood=tuple((heading, _sum_under(sheet, bodies, index)) for index, heading in layout.unknown.items()),
        problems=tuple(problems),
    )


def _sum_under(sheet: Sheet, bodies: Iterable[Row], index: int) -> Decimal:
    """What stands under a heading that is not known, over all bodies, in pounds; words count for nothing."""
    cells = (in_thousands(cell_at(sheet, row.number - 1, index)) for row in bodies)
    return THOUSAND * sum((amount for amount in cells if amount), Decimal(0))


def _title(sheet: Sheet) -> str:
    return next((text_of(cell) for row in sheet.rows for cell in row if text_of(cell)), "")

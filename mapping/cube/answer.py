"""The cells that answer a question: a page of them with the sum of all, or every one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from mapping.summary.sums import NOTHING

from .chosen import Chosen
from .dimensions import BESIDE, Fact, Measure
from .question import Question
from .statement import all_cells_statement, cells_statement

ROWS_FETCHED = 2000

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some cells, how many there are in all, and the sum of each measure over all of them."""

    cells: list[Cell]
    count: int
    summary: Cell | None


class Cells:
    """The cells of a question over the versions that it is about. Asking costs one statement."""

    def __init__(self, question: Question, chosen: Chosen) -> None:
        self.question, self.chosen = question, chosen
        self._names = [name for drill in question.drilldown for name in _pair(drill.dimension.name)]
        self._measures = [measure.name for measure in question.measures]

    def page(self, start: int, size: int) -> Page:
        """Those from `start` on, `size` of them at most."""
        statement = cells_statement(self.question, self.chosen, start, size)
        with connection.cursor() as cursor:
            cursor.execute(statement.text.as_string(None), statement.values)
            rows = cursor.fetchall()
        width = len(self._names) + len(self._measures)
        count, *sums = rows[0][: len(rows[0]) - width]
        cells = [self._cell(row[-width:]) for row in rows if row[-1] is not None]
        return Page(cells, count, self._summary(sums))

    def all(self) -> Iterator[Cell]:
        """Every one, read a few at a time."""
        statement = all_cells_statement(self.question, self.chosen)
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(statement.text.as_string(None), statement.values)
            while rows := cursor.fetchmany(ROWS_FETCHED):
                yield from map(self._cell, rows)

    def _cell(self, row: tuple[Any, ...]) -> Cell:
        cell = dict(zip(self._names, row, strict=False))
        for drill in self.question.drilldown:
            name, words = drill.dimension.name, drill.dimension.words
            if words is not None:
                cell[f"{name}.label"] = words[cell[name]]
        return {**cell, **self._said(row[len(self._names) :])}

    def _said(self, amounts: tuple[Any, ...] | list[Any]) -> Cell:
        return {
            measure.name: (amount if measure.is_money else int(amount))
            for measure, amount in zip(self.question.measures, amounts, strict=True)
        }

    def _summary(self, sums: list[Any]) -> Cell | None:
        """The sum over the whole cut; null for what is never added up."""
        if not self.question.has_summary:
            return None
        amounts = self._said([NOTHING if amount is None else amount for amount in sums])
        return {
            measure.name: None if never_added(measure, self.question) else amounts[measure.name]
            for measure in self.question.measures
        }


def _pair(name: str) -> tuple[str, str]:
    return name, f"{name}.label"


def never_added(measure: Measure, question: Question) -> bool:
    """Whether the cells of a question have no total in a measure."""
    if question.drills("theme"):
        return True
    if measure.column == "addressable":
        return question.drills("lever") or question.drills("case")
    if measure.fact is Fact.SAVING:
        return question.drills("case")
    return any(question.drills(name) for name in BESIDE)

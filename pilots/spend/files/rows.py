"""Checking the rows of a table: each becomes a line to stage, or problems that say where and what to do."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pilots.models import Place, ServiceLine
from pilots.outturn.sheet import column_letter
from pilots.permissions import Action, NotAllowed, refusal
from pilots.spend.amounts import AmountRefused, parse_amount
from pilots.spend.checking import FIELDS, Check, Recordable
from pilots.spend.columns import LineColumns
from totalplace.formulas import as_typed
from totalplace.money import exact, listed

from .destinations import Destination, Destinations, NotFound, near
from .headings import PLACE, YEAR, Mapped
from .problems import FileProblem, Problems, shown
from .table import Cell, Table

AMOUNTS = ("amount", "whole_amount", "share")
DATED = (date, time, timedelta)
# As an open document holds a time.
DURATION = re.compile(r"P(?:[0-9]+D)?T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9.,]+S)?")
NAMED = {"agency": "agencies", "funder": "agencies", "receiver": "agencies", "service_line": "service_lines"}
NAMED |= {"spend_type": "spend_types"}
TOTAL = re.compile(
    r"(grand |over ?all |sub[- ]?)?totals?:?|sum:?|total (amount|spend|spending|expenditure):?", re.IGNORECASE
)
# Looked at first, since every row is asked.
TOTAL_STARTS = frozenset("gGoOsStT ")
# Is told how many rows are checked, now and then.
Progress = Callable[[int], None]
TOLD_EVERY = 2_000
MOST_COLUMNS = 1_000_000
SEPARATOR_IN_CELL = "a cell holds what separates cells, put it"
# What a comma may have cut an amount into: its first figures, and its next three and perhaps pence.
BEFORE_COMMA, AFTER_COMMA = re.compile(r"[-(]?£?[0-9]{1,3}"), re.compile(r"[0-9]{3}(\.[0-9]{1,2})?\)?")
# Lines below a branch that are named.
SOME = 5
COFOG = re.compile(r"[0-9]{1,2}(\.[0-9])*")


class StagedLine(NamedTuple):
    """A checked line, the row it stands in and the version it belongs to."""

    row_number: int
    version_id: int
    line: LineColumns


class Rows:
    """Checks a table row by row. Problems and what was passed over are gathered on the way."""

    def __init__(
        self,
        table: Table,
        mapping: Mapped,
        destinations: Destinations,
        problems: Problems,
        progress: Progress | None = None,
    ) -> None:
        self.table = table
        self.fields = [(field, index) for field, index in mapping.items() if field in FIELDS]
        self.mapping = mapping
        self.destinations = destinations
        self.problems = problems
        # Cells that are told of already.
        self.faulty = {(one.row, one.column) for one in problems if one.row and one.column}
        self.progress = progress
        self.width = self._width()
        self.behind_amount = self._behind_amount()
        self.totals = _Totals()
        self.number = self.aside = 0
        # Whether rows of bodies that may not be changed pass: a copy of a workbook may hold them untouched.
        self.takes_all_bodies = False

    def __iter__(self) -> Iterator[StagedLine]:
        for number, row in self.table.read():
            values = self._values(row)
            if not any(_holds(value) for value in values.values()):
                self.aside += any(_holds(cell) for cell in row)
            elif len(row) > self.width and any(_holds(cell) for cell in row[self.width :]):
                self._refuse_width(number, row)
            elif self._is_total(row, values):
                self._check_total(number, values)
            else:
                self.number += 1
                if self.progress and self.number % TOLD_EVERY == 0:
                    self.progress(self.number)
                if line := self._line(number, row, values):
                    yield line

    def _width(self) -> int:
        """The cells that a row of a text may hold; a workbook's may hold more, where no heading stands above them."""
        if not self.table.separator:
            return MOST_COLUMNS
        headed = [index for index, heading in enumerate(self.table.headings) if heading]
        return max([*headed, *self.mapping.values()], default=0) + 1

    def _behind_amount(self) -> tuple[int, str]:
        """The column right behind the amount, where a comma between thousands would put what follows it.

        It is the note, the source, or one that nothing is read from and has no heading (""); else there is none (0).
        """
        column = self.mapping.get("amount", -1) + 1
        field = next((field for field, index in self.mapping.items() if index == column), "")
        has_heading = column < len(self.table.headings) and self.table.headings[column]
        fits = field in ("source", "note") if field else not has_heading
        return (column, field) if fits and self.table.separator in (",", "") else (0, "")

    def _values(self, row: Sequence[Cell]) -> dict[str, Cell]:
        """The cells of the fields, without the apostrophe that an export put before what looked like a formula."""
        width, values = len(row), {}
        for field, index in self.fields:
            value = row[index] if index < width else ""
            values[field] = as_typed(value) if isinstance(value, str) and value[:1] == "'" else value
        return values

    def _line(self, number: int, row: Sequence[Cell], values: dict[str, Cell]) -> StagedLine | None:
        try:
            destination = self.destinations.find(self._text(row, PLACE), self._text(row, YEAR))
        except NotFound as error:
            self._add(number, error.field, f"unknown-{error.field}", str(error), self._text(row, error.field))
            return None
        except NotAllowed as error:
            self._add(number, PLACE, "not-allowed", str(error))
            return None
        if self._refuse_dates(number, values) or self._refuse_halves(number, row, values):
            return None
        check = Check(destination.recordable, values, self.table.unit.places)
        checked = check()
        if checked is None:
            self._add_errors(number, check, values)
        elif self._may_change(number, destination, checked, values):
            self.totals.add(checked)
            return StagedLine(number, destination.version.pk, checked)
        return None

    def _text(self, row: Sequence[Cell], field: str) -> str:
        index = self.mapping.get(field)
        return str(row[index]).strip() if index is not None and index < len(row) and row[index] is not None else ""

    def _add(self, number: int | None, field: str, code: str, message: str, found: object = "") -> None:
        index = self.mapping.get(field)
        column, heading = "", ""
        if index is not None:
            column, heading = column_letter(index), shown(self.table.headings[index])
        if (number, column) in self.faulty:
            return
        self.problems.add(FileProblem(code, message, self.table.sheet, number, column, heading, shown(found)))

    def _add_errors(self, number: int, check: Check, values: dict[str, Cell]) -> None:
        for field, messages in check.errors.items():
            hint = suggestion(check.recordable, field, values.get(field))
            self._add(number, field, f"bad-{field}", " ".join(messages) + hint, values.get(field))

    def _refuse_dates(self, number: int, values: dict[str, Cell]) -> bool:
        dated = [name for name in AMOUNTS if _is_dated(values.get(name))]
        for name in dated:
            message = (
                "The cell holds a date or time, so the amount that was typed is lost. Format it as a number and "
                "type the amount again."
            )
            self._add(number, name, "date-in-amount", message, values[name])
        return bool(dated)

    def _refuse_width(self, number: int, row: Sequence[Cell]) -> None:
        cells = max(index for index, cell in enumerate(row, 1) if _holds(cell))
        what = "a comma separates thousands, put the amount" if self.table.separator == "," else SEPARATOR_IN_CELL
        message = f"This row has {cells} cells and the headings have {self.width}. If {what} in quotation marks."
        self.problems.add(FileProblem("too-many-cells", message, self.table.sheet, number))

    def _refuse_halves(self, number: int, row: Sequence[Cell], values: dict[str, Cell]) -> bool:
        """Asks about an amount that a comma may have cut in two, as only a text is: 1,234 read as £1, the note 234."""
        column, field = self.behind_amount
        first, rest = values.get("amount"), row[column] if 0 < column < len(row) else None
        if not (isinstance(first, str) and isinstance(rest, str)):
            return False
        first, rest, beside = first.strip(), rest.strip(), f"the {field}" if field else "the cell beside it"
        if not (BEFORE_COMMA.fullmatch(first) and AFTER_COMMA.fullmatch(rest)):
            return False
        message = (
            f"The amount is {first} and {beside} is {rest}: could they be the one amount {first},{rest}? If so, write "
            f"it without a comma and empty {beside}. If not, say more in {beside} than a number."
        )
        for one in filter(None, ("amount", field)):
            self._add(number, one, "cut-amount", message, values[one])
        return True

    def _may_change(self, number: int, destination: Destination, checked: LineColumns, values: dict[str, Cell]) -> bool:
        if self.takes_all_bodies or destination.editable is None or checked.agency_id in destination.editable:
            return True
        self.refuse_body(number, destination.place, values.get("agency"))
        return False

    def refuse_body(self, number: int, place: Place, found: object) -> None:
        """Notes that a row is of a body whose spending the sender may not change."""
        words = refusal(Action.EDIT_SPEND, place).rstrip(".")
        self._add(number, "agency", "not-allowed", f"{words} of this body. Leave the row out.", found)

    def _is_total(self, row: Sequence[Cell], values: dict[str, Cell]) -> bool:
        first = next((cell for cell in row if _holds(cell)), "")
        for name in (first, values.get("agency"), values.get("service_line")):
            if isinstance(name, str) and name[:1] in TOTAL_STARTS and TOTAL.fullmatch(name.strip()):
                return True
        return False

    def _check_total(self, number: int, values: dict[str, Cell]) -> None:
        """A row of totals is compared with the rows above it, and never stored."""
        try:
            stated = parse_amount(values.get("amount"), places=self.table.unit.places).pounds
        except AmountRefused as error:
            self._add(number, "amount", "bad-amount", str(error), values.get("amount"))
            return
        sums = self.totals.take()
        if stated is not None and stated not in sums and not len(self.problems):
            message = (
                f"This row says {exact(stated)} in all, and the rows above it add to {exact(sums[0])}. Correct the "
                "rows or the total, or leave the row out: it is not stored."
            )
            self._add(number, "amount", "total-differs", message, values.get("amount"))


class _Totals:
    """What a row of totals may mean: all rows above it, those since the last one, with transfers and capital or not."""

    def __init__(self) -> None:
        self.all = self.counted = self.since = self.counted_since = Decimal(0)

    def add(self, checked: LineColumns) -> None:
        self.all += checked.amount
        self.since += checked.amount
        if not (checked.is_transfer or checked.is_capital):
            self.counted += checked.amount
            self.counted_since += checked.amount

    def take(self) -> tuple[Decimal, ...]:
        sums = (self.all, self.counted, self.since, self.counted_since)
        self.since = self.counted_since = Decimal(0)
        return sums


def _is_dated(cell: Cell) -> bool:
    return isinstance(cell, DATED) or (isinstance(cell, str) and cell[:1] == "P" and bool(DURATION.fullmatch(cell)))


def _holds(cell: Cell) -> bool:
    return cell is not None and cell != "" and (not isinstance(cell, str) or bool(cell.strip()))


def suggestion(recordable: Recordable, field: str, found: object) -> str:
    """Near names of the register for a name that is not in it; leaves of a COFOG code, lines below a branch."""
    text = " ".join(str(found or "").split()).casefold()
    if field not in NAMED or not text:
        return ""
    if known := getattr(recordable, NAMED[field]).get(text):
        return _lines_below(recordable, known.id) if field == "service_line" else ""
    if field == "service_line" and COFOG.fullmatch(text):
        return _leaves_of_cofog(recordable, text)
    return _near(recordable, NAMED[field], text)


@lru_cache(maxsize=2_000)
def _near(recordable: Recordable, kind: str, text: str) -> str:
    known = getattr(recordable, kind)

    def as_in_the_register(name: str) -> str:
        return known[name].code if name == known[name].code.casefold() else known[name].name

    return near(text, known, as_in_the_register)


@lru_cache(maxsize=500)
def _lines_below(recordable: Recordable, branch: int) -> str:
    """Some of the service lines just below one, as a file may name them."""
    names = []
    for pk, code, name in ServiceLine.objects.filter(parent=branch).values_list("id", "code", "name"):
        same = recordable.service_lines.get(name.casefold())
        names.append(f'"{name if same and same.id == pk else code}"')
    more = f", among {len(names)}" if len(names) > SOME else ""
    return f" Below it: {listed(names[:SOME])}{more}." if names else ""


def _leaves_of_cofog(recordable: Recordable, text: str) -> str:
    """A COFOG code stands for several leaves of the tree: which one is for people to say."""
    parts = text.split(".")
    codes = {text, ".".join([parts[0].zfill(2), *parts[1:]])}
    lines = ServiceLine.objects.filter(programme=recordable.place.programme_id, cofog__in=codes)
    leaves = lines.exclude(pk__in=recordable.branches).values_list("code", flat=True)
    return f" COFOG {text} could be {listed([f'"{one}"' for one in leaves], 'or')}." if leaves else ""

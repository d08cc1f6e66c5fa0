"""Matching a pasted block to a count: its first row and column name bodies and service lines, by code or name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from pilots.spend.checking import Named, Recordable

Rows = Sequence[Sequence[str]]

TOTAL = re.compile(r"(grand |sub-?)?totals?\b.*|all\b.*|sum", re.IGNORECASE)
# How far down a heading is looked for, and how far to the right names of lines.
HEADING_WITHIN, NAMES_WITHIN = 10, 4
BODY, LINE = "body", "service line"
# How many near names are offered.
NEAR = 3


@dataclass(frozen=True)
class Fault:
    """What cannot be matched, at a row and column of the block as pasted, counted from 1; 0 is the whole of it.

    Where it is a name of a `kind`, "body" or "service line", those `near` to it can stand there instead, or what it
    names `leaves` the block: its "row" or "column".
    """

    row: int
    column: int
    found: str
    message: str
    kind: str = ""
    near: tuple[Named, ...] = ()
    leaves: str = ""


@dataclass(frozen=True)
class PastedCell:
    """An amount as pasted, for a body and a service line."""

    row: int
    column: int
    agency: Named
    service_line: Named
    typed: str


@dataclass(frozen=True)
class PastedTotal:
    """An amount of a row or column that is a total: it is checked and not stored.

    `over` are the service lines and `of` the bodies that it adds up; blank is all of the block.
    """

    row: int
    column: int
    typed: str
    agency: Named | None
    service_line: Named | None
    over: frozenset[int] | None = None


@dataclass(frozen=True)
class AmountColumn:
    """One of several columns of amounts of a block without bodies, counted from 1, and what stands above it."""

    number: int
    heading: str


@dataclass
class Matched:
    """A block that was matched.

    `columns` are there where several hold amounts of one body, and `taken` is the one of them that is recorded.
    """

    cells: list[PastedCell] = field(default_factory=list)
    totals: list[PastedTotal] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    bodies: int = 0
    service_lines: int = 0
    columns: list[AmountColumn] = field(default_factory=list)
    taken: AmountColumn | None = None


def match_block(
    rows: Rows,
    recordable: Recordable,
    leaves_under: Mapping[int, frozenset[int]],
    body: Named | None = None,
    column: int = 0,
) -> Matched:
    """Finds the cells of a block. Service lines may go down and bodies across, or the other way round.

    `leaves_under` has the leaves of every branch: a row of a branch is the sum of those below it. A block of names
    and a single column of amounts is of the given `body`; of several columns it is the given one, counted from 1.
    """
    lying = _Matcher(rows, recordable, leaves_under, turned=False, body=body, column=column)
    turned = _Matcher([list(row) for row in zip(*rows, strict=True)], recordable, leaves_under, turned=True)
    return max((lying, turned), key=lambda matcher: matcher.strength).matched()


class _Matcher:
    """Matches a block whose columns are bodies; a block the other way round is turned first."""

    def __init__(
        self,
        rows: Rows,
        recordable: Recordable,
        leaves_under: Mapping[int, frozenset[int]],
        *,
        turned: bool,
        body: Named | None = None,
        column: int = 0,
    ) -> None:
        self.rows, self.recordable, self.leaves_under, self.turned = rows, recordable, leaves_under, turned
        # The number of the first row: 0 where a heading was put above the block as pasted.
        self.first = 1
        self.heading = max(range(min(HEADING_WITHIN, len(rows))), key=self._bodies_in, default=0)
        self.bodies = {
            column: found
            for column, text in enumerate(rows[self.heading] if rows else ())
            if (found := _find(recordable.agencies, text))
        }
        self.below = range(self.heading + 1, len(rows))
        width = len(rows[0]) if rows else 0
        self.names = max(
            (column for column in range(min(NAMES_WITHIN, width)) if column not in self.bodies),
            key=self._lines_in,
            default=0,
        )
        self.columns: list[AmountColumn] = []
        self.taken: AmountColumn | None = None
        if body and not self.bodies:
            self._take_for(body, column)

    def _take_for(self, body: Named, chosen: int) -> None:
        """A block without bodies: its one column of amounts, or the chosen one of several, is of the given body."""
        if self.rows and _find(self.recordable.service_lines, self.rows[0][self.names]):
            self.rows = [[""] * len(self.rows[0]), *self.rows]
            self.first = 0
        self.heading, self.below = 0, range(1, len(self.rows))
        columns = range(self.names + 1, len(self.rows[0]) if self.rows else 0)
        totals = self._total_columns()
        amounts = [
            column
            for column in columns
            if column not in totals and any(_is_number(self.rows[row][column]) for row in self.below)
        ]
        if len(amounts) == 1:
            self.bodies = {amounts[0]: body}
        elif self._lines_in(self.names):
            self.columns = [AmountColumn(column + 1, self._heading_of(column)) for column in amounts]
            self.taken = next((column for column in self.columns if column.number == chosen), None)
            self.bodies = {self.taken.number - 1: body} if self.taken else {}

    def _heading_of(self, column: int) -> str:
        """The nearest text above the first line of the block."""
        texts = [self.rows[row][self.names] for row in self.below]
        first = next(row for row, text in enumerate(texts, 1) if _find(self.recordable.service_lines, text))
        above = (self.rows[row][column].strip() for row in reversed(range(first)))
        return next(filter(None, above), "")

    def _bodies_in(self, row: int) -> int:
        return sum(_find(self.recordable.agencies, text) is not None for text in self.rows[row])

    def _lines_in(self, column: int) -> int:
        return sum(_find(self.recordable.service_lines, self.rows[row][column]) is not None for row in self.below)

    @property
    def strength(self) -> int:
        return len(self.bodies) * self._lines_in(self.names) if self.bodies else 0

    def matched(self) -> Matched:
        found = Matched(columns=self.columns, taken=self.taken)
        if not self.strength:
            found.faults.append(Fault(0, 0, "", WHICH_COLUMN if self.columns else NOTHING_MATCHES))
            return found
        found.faults += [*self._strangers(), *self._faults_of_headings(), *self._bodies_twice()]
        seen: dict[int, int] = {}
        for row in self.below:
            self._row(row, found, seen)
        found.bodies, found.service_lines = len(self.bodies), len(seen)
        return found

    def _row(self, row: int, found: Matched, seen: dict[int, int]) -> None:
        text = self.rows[row][self.names]
        line = _find(self.recordable.service_lines, text) or self._by_other_name(row)
        if not any(self.rows[row][column].strip() for column in (*self.bodies, *self._total_columns())):
            return
        if line is None and TOTAL.fullmatch(text.strip()):
            self._totals(row, found, None, None)
        elif line is None:
            found.faults.append(self._unknown(row, self.names, text, LINE))
        elif line.id in self.leaves_under:
            self._totals(row, found, line, self.leaves_under[line.id])
        elif line.id in seen:
            words = f"{line.name} is in row {seen[line.id] + self.first} already. Add the two together."
            found.faults.append(self._fault(row, self.names, text, words, LINE))
        else:
            seen[line.id] = row
            self._cells(row, line, found)

    def _by_other_name(self, row: int) -> Named | None:
        """A row's line by another of its columns: some blocks have codes and names."""
        others = (column for column in range(NAMES_WITHIN) if column < len(self.rows[row]))
        texts = (self.rows[row][column] for column in others if column not in self.bodies)
        return next(filter(None, (_find(self.recordable.service_lines, text) for text in texts)), None)

    def _cells(self, row: int, line: Named, found: Matched) -> None:
        for column, body in self.bodies.items():
            if body.id in self.recordable.members:
                found.cells.append(PastedCell(*self._place(row, column), body, line, self.rows[row][column]))
        for column in self._total_columns():
            if self.rows[row][column].strip():
                found.totals.append(PastedTotal(*self._place(row, column), self.rows[row][column], None, line))

    def _totals(self, row: int, found: Matched, line: Named | None, over: frozenset[int] | None) -> None:
        for column in (*self.bodies, *self._total_columns()):
            if text := self.rows[row][column].strip():
                body = self.bodies.get(column)
                found.totals.append(PastedTotal(*self._place(row, column), text, body, None, over))

    def _total_columns(self) -> list[int]:
        """Those that add up the bodies of the block; beside one of several columns there are none."""
        if self.taken:
            return []
        heading = self.rows[self.heading]
        return [
            column
            for column, text in enumerate(heading)
            if column not in self.bodies and column > self.names and TOTAL.fullmatch(text.strip())
        ]

    def _faults_of_headings(self) -> Iterator[Fault]:
        """Columns with amounts whose heading is no body."""
        if self.taken:
            return
        first = min(self.bodies)
        for column in range(min(first, self.names + 1), len(self.rows[self.heading])):
            text = self.rows[self.heading][column].strip()
            is_known = column in self.bodies or column in self._total_columns() or column == self.names
            holds = any(_is_number(self.rows[row][column]) for row in self.below)
            if not is_known and holds:
                yield self._unknown(self.heading, column, text, BODY)

    def _strangers(self) -> Iterator[Fault]:
        """Columns of bodies that do not serve the place."""
        for column, body in self.bodies.items():
            if body.id not in self.recordable.members:
                words = f"{body.name} does not serve {self.recordable.place.name}. Leave it out."
                yield self._fault(self.heading, column, self.rows[self.heading][column], words, BODY)

    def _bodies_twice(self) -> Iterator[Fault]:
        seen: dict[int, int] = {}
        for column, body in self.bodies.items():
            if body.id in seen:
                words = f"{body.name} is in column {seen[body.id] + 1} already. Add the two together."
                yield self._fault(self.heading, column, self.rows[self.heading][column], words, BODY)
            seen.setdefault(body.id, column)

    def _unknown(self, row: int, column: int, text: str, kind: str) -> Fault:
        if not text.strip():
            words = f"There is no {kind} named here. Name it by its code or full name."
            return self._fault(row, column, text, words, kind)
        near = self._near(text, kind)
        meant = f" Did you mean {near[0].name}?" if near else ""
        return self._fault(row, column, text, f'There is no {kind} "{text.strip()}".{meant}', kind, near)

    def _near(self, text: str, kind: str) -> tuple[Named, ...]:
        known = self.recordable.service_lines
        if kind == BODY:
            members = self.recordable.members
            known = {name: body for name, body in self.recordable.agencies.items() if body.id in members}
        found = (known[name] for name in get_close_matches(_normal(text), known, NEAR, 0.6))
        # By code and by name it may be the same one.
        return tuple(dict.fromkeys(found))

    def _fault(self, row: int, column: int, found: str, message: str, kind: str, near: tuple[Named, ...] = ()) -> Fault:
        leaves = "row" if (kind == LINE) is not self.turned else "column"
        return Fault(*self._place(row, column), found, message, kind, near, leaves)

    def _place(self, row: int, column: int) -> tuple[int, int]:
        """Row and column of the block as pasted, counted from 1."""
        return (column + 1, row + 1) if self.turned else (row + self.first, column + 1)


NOTHING_MATCHES = (
    "No row and column of this block name service lines and bodies of the count. Put codes or full names of bodies "
    "in the first row and of service lines in the first column, or the other way round, and copy those too. A single "
    "column of amounts needs the body that it is of."
)

WHICH_COLUMN = "Several columns of this block hold amounts, and a cell takes one. Choose the column to record."


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def _find(known: Mapping[str, Named], text: str) -> Named | None:
    return known.get(_normal(text)) if text.strip() else None


def _is_number(text: str) -> bool:
    return any(character.isdigit() for character in text)

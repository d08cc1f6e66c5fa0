"""A pasted block before it is written: what would change, what is wrong, whether its totals agree."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pilots.models import Person, Version
from pilots.spend.amounts import AmountRefused, parse_amount
from pilots.spend.checking import Named, Recordable
from totalplace import money

from .block import Judgement
from .cells import NOTHING, Key, read_cells
from .edits import Edit, Outcome
from .matching import BODY, LINE, AmountColumn, Fault, Matched, PastedCell, PastedTotal, match_block
from .slice import Slice
from .taking_back import SavedBlock, save_and_keep
from .totals import sums_of
from .tree import Service, Tree

BASES = re.compile(r"\b(actual|budget|estimate)(?:s|d)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class BadCell:
    """A pasted cell that cannot be written: where it stands in the block, what is there, what to do."""

    row: int
    column: int
    where: str
    typed: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Mismatch:
    """A total of the block that is not what its cells add up to."""

    row: int
    column: int
    what: str
    said: Decimal
    adds_up_to: Decimal

    @property
    def difference(self) -> Decimal:
        return self.said - self.adds_up_to


@dataclass(frozen=True)
class BodyChange:
    """What the block does to the total of one body's slice."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass
class Preview:
    """What writing a block would do. `is_good` says whether it can be written as it is."""

    revision: int
    rows: int = 0
    columns: int = 0
    bodies: int = 0
    service_lines: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    blank: int = 0
    # Of those that are blank, or that remove what is recorded.
    dashes: int = 0
    totals_checked: int = 0
    bad: list[BadCell] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    changes: list[BodyChange] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    # Those to choose from, where one body has several columns of amounts.
    amount_columns: list[AmountColumn] = field(default_factory=list)
    # What new amounts rest on, where the chosen column says so above it.
    basis: str = ""
    # Once it was written, and what takes it back.
    saved: SavedBlock | None = None

    @property
    def is_good(self) -> bool:
        return not self.bad and not self.faults and bool(self.edits)

    @property
    def before(self) -> Decimal:
        return sum((change.before for change in self.changes), Decimal(0))

    @property
    def after(self) -> Decimal:
        return sum((change.after for change in self.changes), Decimal(0))

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


class Paste:
    """A block pasted for a slice of a version. Blank cells leave what is recorded, unless `clears`.

    Amounts without a body are of `body`, by code; where several columns hold such, of `column`, counted from 1.
    """

    def __init__(
        self,
        version: Version,
        chosen: Slice,
        rows: Sequence[Sequence[str]],
        person: Person,
        *,
        clears: bool = False,
        described: Mapping[str, object] | None = None,
        body: str = "",
        column: int = 0,
    ) -> None:
        self.version, self.chosen, self.rows, self.person = version, chosen, rows, person
        self.clears, self.described = clears, described or {}
        self.recordable = Recordable(version.count.place)
        self.column = column
        self.body = self.recordable.agencies.get(body.casefold()) if body else None
        self.tree = Tree(version.count.place.programme_id)

    def preview(self) -> Preview:
        """Everything that can be said of the block; nothing is written."""
        matched = match_block(self.rows, self.recordable, self._leaves_under(), self.body, self.column)
        seen = Preview(self.version.revision, len(self.rows), len(self.rows[0]) if self.rows else 0)
        seen.bodies, seen.service_lines, seen.faults = matched.bodies, matched.service_lines, matched.faults
        seen.amount_columns, seen.basis = matched.columns, basis_named(matched.taken.heading if matched.taken else "")
        if seen.basis:
            self.described = {**self.described, "basis": seen.basis}
        self._judge(matched, seen)
        if not seen.faults:
            self._check_totals(matched, seen)
        return seen

    def nameable(self) -> dict[str, list[Named]]:
        """What may stand in a row or column of the block, by kind: bodies of the place, lines that take amounts."""
        return {
            BODY: _by_name(self.recordable.agencies, self.recordable.members),
            LINE: _by_name(
                self.recordable.service_lines,
                {line.id for line in self.recordable.service_lines.values()} - self.recordable.branches,
            ),
        }

    def write(self, via: str = "page") -> Preview:
        """Writes the block if all of it is good, else nothing."""
        seen = self.preview()
        if seen.is_good:
            outcomes, seen.saved = save_and_keep(
                self.version, self.chosen, seen.edits, self.person, via, self.described
            )
            seen.bad = [_bad_edit(outcome) for outcome in outcomes if not outcome.is_good]
        return seen

    def _leaves_under(self) -> dict[int, frozenset[int]]:
        found: dict[int, frozenset[int]] = {}
        for branch in self._branches():
            found[branch.id] = frozenset(leaf.id for leaf in self.tree.leaves(branch))
        for root in self.recordable.branches - found.keys():
            found[root] = frozenset(leaf for leaves in found.values() for leaf in leaves)
        return found

    def _branches(self) -> Iterator[Service]:
        for branch in self.tree.branches:
            if not branch.is_leaf:
                yield branch
                yield from (below for below in self.tree.under(branch) if not below.is_leaf)

    def _judge(self, matched: Matched, seen: Preview) -> None:
        cells = read_cells(self.version, self.chosen)
        judgement = Judgement(self.version, self.chosen, self.person, self.described)
        pasted: list[PastedCell] = []
        for cell in matched.cells:
            if _is_blank(cell.typed):
                seen.dashes += bool(cell.typed.strip())
                if not self.clears:
                    seen.blank += 1
                    continue
            line = cells.get((cell.agency.id, cell.service_line.id), NOTHING).line
            seen.edits.append(
                Edit(
                    cell.agency.id,
                    cell.service_line.id,
                    cell.typed,
                    line.id if line else None,
                    line.row_version if line else None,
                )
            )
            pasted.append(cell)
        for cell, outcome in zip(pasted, judgement.all(seen.edits), strict=True):
            if outcome is not None and not outcome.is_good:
                seen.bad.append(_bad_cell(cell, outcome))
        changes = judgement.changes
        seen.added, seen.changed, seen.removed = len(changes.added), len(changes.changed), len(changes.removed)
        seen.same = len(seen.edits) - len(seen.bad) - seen.added - seen.changed - seen.removed
        editable = [cell for cell in pasted if judgement.may_edit(cell.agency.id)]
        seen.changes = list(self._body_changes(cells, editable))

    def _body_changes(self, cells: Mapping, pasted: Sequence[PastedCell]) -> Iterator[BodyChange]:
        """The totals of the bodies in a block, before and after: of those that the person may change."""
        names = {cell.agency.id: cell.agency.name for cell in pasted}
        sums = sums_of(self.version, self.chosen, list(names), {})
        moved = dict.fromkeys(names, Decimal(0))
        for cell in pasted:
            before = cells.get((cell.agency.id, cell.service_line.id), NOTHING).amount or Decimal(0)
            moved[cell.agency.id] += _pounds(cell.typed, before) - before
        for body, name in names.items():
            before = sums.get(f"a{body}", Decimal(0))
            yield BodyChange(name, before, before + moved[body])

    def _check_totals(self, matched: Matched, seen: Preview) -> None:
        amounts: dict[Key, Decimal] = {
            (cell.agency.id, cell.service_line.id): _pounds(cell.typed, Decimal(0)) for cell in matched.cells
        }
        for total in matched.totals:
            seen.totals_checked += 1
            try:
                said = parse_amount(total.typed).pounds
            except AmountRefused:
                continue
            adds_up_to = sum((amount for key, amount in amounts.items() if _is_part(key, total)), Decimal(0))
            if said is not None and said != adds_up_to:
                seen.mismatches.append(Mismatch(total.row, total.column, _total_words(total), said, adds_up_to))


def basis_named(heading: str) -> str:
    """The basis that a column's heading names: Budget 2010-11, Actuals £; empty where it names none, or two."""
    found = BASES.findall(heading)
    return found[0].lower() if len(found) == 1 else ""


def _by_name(known: Mapping[str, Named], ids: Collection[int]) -> list[Named]:
    return sorted({named for named in known.values() if named.id in ids}, key=lambda named: named.name)


def _is_part(key: Key, total: PastedTotal) -> bool:
    agency, service = key
    return (
        (total.agency is None or total.agency.id == agency)
        and (total.service_line is None or total.service_line.id == service)
        and (total.over is None or service in total.over)
    )


def _total_words(total: PastedTotal) -> str:
    if total.service_line:
        return f"Total of {total.service_line.name}"
    return f"Total of {total.agency.name}" if total.agency else "Total"


def _is_blank(typed: str) -> bool:
    try:
        return parse_amount(typed).pounds is None
    except AmountRefused:
        return False


def _pounds(typed: str, bad: Decimal) -> Decimal:
    """The pounds of a text, nothing for a blank; `bad` for what is no amount."""
    try:
        return parse_amount(typed).pounds or Decimal(0)
    except AmountRefused:
        return bad


def _bad_cell(cell: PastedCell, outcome: Outcome) -> BadCell:
    where = f"{cell.agency.name}, {cell.service_line.name}"
    return BadCell(cell.row, cell.column, where, cell.typed, outcome.message, outcome.suggestion)


def _bad_edit(outcome: Outcome) -> BadCell:
    return BadCell(0, 0, "A cell", outcome.shown, outcome.message, outcome.suggestion)


def counts_in_words(seen: Preview) -> str:
    """12 cells are added, 3 changed: the sentence above a preview."""
    parts = [
        f"{number:,} {words}"
        for number, words in (
            (seen.added, "added"),
            (seen.changed, "changed"),
            (seen.removed, "removed"),
            (seen.same, "the same as recorded"),
            (seen.blank, "blank, so left as recorded"),
        )
        if number
    ]
    return money.listed(parts) if parts else "nothing"

"""Writing a block of cells, all or nothing: everything is checked first, then written by sets.

A few statements write any number of cells; row versions and history are the database's doing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models.fields.json import KT

from pilots.models import Agency, History, Person, ServiceLine, SpendLine, SpendType, Version
from pilots.permissions import Action, reach, refusal
from pilots.spend.checking import Check, Recordable
from pilots.spend.columns import LineColumns
from pilots.spend.copying import copy_lines
from pilots.spend.write import VersionLocked, mark_changed, writing

from .cells import NOTHING, Cell, Key, read_cells
from .edits import Edit, Outcome, State, amount_of, meanwhile, refused, saved
from .expected import Expected
from .slice import Slice


@dataclass
class Changes:
    """What a block comes to: lines to add, amounts by line id, ids of lines to remove."""

    added: list[LineColumns] = field(default_factory=list)
    changed: dict[int, Decimal] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def save_block(
    version: Version,
    chosen: Slice,
    edits: Sequence[Edit],
    person: Person,
    via: str = "page",
    described: Mapping[str, object] | None = None,
) -> list[Outcome]:
    """Records what was typed, pasted, filled or taken back in many cells: all of it, or nothing where one is bad.

    `described` has fields of new lines, such as their basis and source. The outcomes stand in the order of the
    edits; with a bad one among them the good ones are held.
    """
    try:
        with writing(version, person, via) as locked:
            judgement = Judgement(locked, chosen, person, described or {})
            outcomes = judgement.all(edits)
            if not all(outcome is None or outcome.is_good for outcome in outcomes):
                return [outcome or _held(edit) for edit, outcome in zip(edits, outcomes, strict=True)]
            write(locked, judgement.changes)
            return _as_they_stand(locked, chosen, edits, outcomes, judgement.notices)
    except VersionLocked as problem:
        return [refused(edit, str(problem)) for edit in edits]


class Judgement:
    """Checks the edits of a block one after another and gathers what writing them takes."""

    def __init__(self, version: Version, chosen: Slice, person: Person, described: Mapping[str, object]) -> None:
        self.version, self.chosen, self.person, self.described = version, chosen, person, described
        self.place = version.count.place
        self.recordable = Recordable(self.place)
        self.editable = reach(person, Action.EDIT_SPEND)
        self.expected = Expected(version, chosen)
        self.changes = Changes()
        self.notices: dict[Key, str] = {}
        programme = self.place.programme_id
        self.bodies = Agency.objects.filter(programme=programme).only("code", "name").in_bulk()
        self.codes = dict(ServiceLine.objects.filter(programme=programme).values_list("id", "code"))

    def all(self, edits: Sequence[Edit]) -> list[Outcome | None]:
        """What stands in the way of each edit, or None; and those that are saved as they are."""
        services = {edit.service_line for edit in edits}
        self.cells = read_cells(self.version, self.chosen, services, {edit.agency for edit in edits})
        self.restored = self._removed_before([edit.restores for edit in edits if edit.restores])
        seen: set[Key] = set()
        return [self._judge(edit, seen) for edit in edits]

    def may_edit(self, agency: int) -> bool:
        """Whether the person may change the amounts of a body, by id."""
        body = self.bodies.get(agency)
        return body is not None and self.editable.covers(self.place, body)

    def _judge(self, edit: Edit, seen: set[Key]) -> Outcome | None:
        body = self.bodies.get(edit.agency)
        if body is None or edit.service_line not in self.codes:
            return refused(edit, "This body or service line is not in the register any more. Load the page again.")
        if not self.may_edit(edit.agency):
            return refused(edit, refusal(Action.EDIT_SPEND, self.place, body))
        if edit.key in seen:
            return refused(edit, "This cell is there twice.")
        seen.add(edit.key)
        read = amount_of(edit)
        if isinstance(read, Outcome):
            return read
        amount, notice = read
        if notice:
            self.notices[edit.key] = notice
        cell = self.cells.get(edit.key, NOTHING)
        if changed := meanwhile(self.version, edit, cell, amount):
            return changed
        return self._gather(edit, cell, amount, body.code)

    def _gather(self, edit: Edit, cell: Cell, amount: Decimal | None, code: str) -> Outcome | None:
        line = cell.line
        if amount is None:
            if line:
                self.changes.removed.append(line.id)
        elif line:
            if line.amount != amount:
                self.changes.changed[line.id] = amount
        else:
            return self._add(edit, amount, code)
        return None

    def _add(self, edit: Edit, amount: Decimal, code: str) -> Outcome | None:
        before = self.restored.get((edit.restores or 0, *edit.key))
        values = {**self.chosen.values(), **self.expected.values(edit.key), **self.described, **(before or {})}
        check = Check(
            self.recordable,
            {**values, "agency": code, "service_line": self.codes[edit.service_line], "amount": amount},
        )
        checked = check()
        if checked is None:
            return refused(edit, " ".join(message for messages in check.errors.values() for message in messages))
        self.changes.added.append(checked)
        return None

    def _removed_before(self, lines: Sequence[int]) -> dict[tuple[int, int, int], dict[str, object]]:
        """What removed lines said of themselves, by line, body and service line."""
        if not lines:
            return {}
        rows = History.objects.filter(
            table_name="pilots_spendline", row_id__in=lines, version_id=self.version.pk, operation="delete"
        )
        types = dict(SpendType.objects.values_list("id", "code"))
        found: dict[tuple[int, int, int], dict[str, object]] = {}
        # Numbers of a line as text: as JSON they would be floats.
        numbers = {name: KT(f"before__{name}") for name in ("whole_amount", "share")}
        for row in rows.order_by("id").annotate(**numbers):
            before: dict[str, Any] = {**(row.before or {}), **{name: getattr(row, name) for name in numbers}}
            found[row.row_id or 0, before["agency_id"], before["service_line_id"]] = self._values(before, types)
        return found

    def _values(self, before: Mapping[str, Any], types: Mapping[int, str]) -> dict[str, object]:
        kept = ("is_capital", "is_transfer", "whole_amount", "share", "basis", "method", "source", "note")
        values = {name: before[name] for name in kept}
        for name in ("funder", "receiver"):
            body = self.bodies.get(before[f"{name}_id"])
            values[name] = body.code if body else None
        values["spend_type"] = types.get(before["spend_type_id"])
        return values


def write(version: Version, changes: Changes) -> None:
    """Writes what a block comes to: at most three statements. Call it inside `writing`."""
    if not changes:
        return
    if changes.removed:
        SpendLine.objects.filter(version=version, pk__in=changes.removed).delete()
    if changes.changed:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE pilots_spendline l SET amount = new.amount"
                " FROM unnest(%s::bigint[], %s::numeric[]) AS new(id, amount)"
                " WHERE l.id = new.id AND l.version_id = %s",
                [list(changes.changed), list(changes.changed.values()), version.pk],
            )
    if changes.added:
        copy_lines((version.pk, line) for line in changes.added)
    mark_changed(version)


def _held(edit: Edit) -> Outcome:
    return Outcome(edit.key, State.HELD, edit.typed)


def _as_they_stand(
    version: Version,
    chosen: Slice,
    edits: Sequence[Edit],
    outcomes: Sequence[Outcome | None],
    notices: Mapping[Key, str],
) -> list[Outcome]:
    services = {edit.service_line for edit in edits}
    cells = read_cells(version, chosen, services, {edit.agency for edit in edits})
    return [
        outcome or saved(edit.key, cells.get(edit.key, NOTHING), notices.get(edit.key, ""))
        for edit, outcome in zip(edits, outcomes, strict=True)
    ]

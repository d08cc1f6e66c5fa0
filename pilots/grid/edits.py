"""What somebody typed into a cell, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pilots.models import History, Person, Version
from pilots.spend.amounts import AmountRefused, parse_amount
from totalplace import money

from .cells import Cell, Key, shown


class State(StrEnum):
    """How a typed cell stands."""

    SAVED = "saved"
    REFUSED = "refused"
    CONFLICT = "conflict"
    # Nothing wrong with it; not written, because others of its block are refused.
    HELD = "held"


@dataclass(frozen=True)
class Edit:
    """A text typed into a cell that was read with `line` at `row_version`, both none where it was blank.

    `restores` is a line that was removed and comes back, with its basis, source and note.
    """

    agency: int
    service_line: int
    typed: str
    line: int | None = None
    row_version: int | None = None
    restores: int | None = None

    @property
    def key(self) -> Key:
        return self.agency, self.service_line


@dataclass(frozen=True)
class Theirs:
    """What somebody else made of a cell meanwhile."""

    shown: str
    line: int | None
    row_version: int | None
    who: str
    when: datetime | None


@dataclass(frozen=True)
class Outcome:
    """What became of an edit: how the cell stands, or why it was not written and what may have been meant."""

    key: Key
    state: State
    shown: str = ""
    line: int | None = None
    row_version: int | None = None
    message: str = ""
    # An amount in full, to be asked about.
    suggestion: str = ""
    theirs: Theirs | None = None

    @property
    def is_good(self) -> bool:
        return self.state in (State.SAVED, State.HELD)


def refused(edit: Edit, message: str, suggestion: Decimal | None = None) -> Outcome:
    """An edit that cannot be written, with what to do."""
    return Outcome(
        edit.key, State.REFUSED, edit.typed, message=message, suggestion="" if suggestion is None else shown(suggestion)
    )


def saved(key: Key, cell: Cell, message: str = "") -> Outcome:
    """How a cell stands after it was written."""
    line = cell.line
    return Outcome(
        key,
        State.SAVED,
        shown(cell.amount),
        line.id if line else None,
        line.row_version if line else None,
        message,
    )


def amount_of(edit: Edit) -> tuple[Decimal | None, str] | Outcome:
    """The pounds that were typed, none for a blank, and a notice; or the refusal."""
    try:
        amount = parse_amount(edit.typed)
    except AmountRefused as problem:
        return refused(edit, str(problem), problem.suggestion)
    return amount.pounds, amount.notice


def meanwhile(version: Version, edit: Edit, cell: Cell, amount: Decimal | None) -> Outcome | None:
    """A cell that is no longer as it was read: a conflict to ask about, unless both came to the same amount."""
    line = cell.line
    if cell.is_several:
        words = (
            f"There are {money.counted(len(cell.lines), 'line')} in this cell. Choose a spend type or a funder first."
        )
        return refused(edit, words)
    there, row_version = (line.id, line.row_version) if line else (None, None)
    if (there, row_version) == (edit.line, edit.row_version):
        return None
    if cell.amount == amount:
        return saved(edit.key, cell)
    who, when = last_change(version, line.id if line else edit.line)
    theirs = Theirs(shown(cell.amount), there, row_version, who, when)
    is_now = f"now {money.exact(cell.amount)}" if cell.amount is not None else "now blank"
    message = f"{who} changed this meanwhile: it is {is_now}."
    return Outcome(edit.key, State.CONFLICT, edit.typed, message=message, theirs=theirs)


def last_change(version: Version, line: int | None) -> tuple[str, datetime | None]:
    """Who changed a line last, and when."""
    rows = History.objects.filter(table_name="pilots_spendline", row_id=line, version_id=version.pk)
    row = rows.order_by("-id").first()
    if row is None:
        return "Somebody", None
    return who_did(row), row.at


def who_did(row: History) -> str:
    """Who made one change, in words."""
    person = Person.objects.filter(pk=row.actor_id).first() if row.actor_id else None
    return name_of(person, row.via)


def name_of(person: Person | None, via: str = "") -> str:
    """How a person is named beside what they did."""
    if person is None:
        return "The system" if via else "Somebody"
    return person.name

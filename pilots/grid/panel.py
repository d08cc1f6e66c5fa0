"""What is known of one cell: the lines under it, what they rest on, what was said of it, who changed it when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from pilots.acting import acting
from pilots.models import (
    Agency,
    CellComment,
    History,
    Person,
    ServiceLine,
    SpendLine,
    SpendType,
    Version,
)
from pilots.permissions import Action, Anyone, allows, require
from pilots.review.conversation import Said, said_of
from pilots.spend.amounts import parse_amount, share_of
from pilots.spend.checking import LONGEST_TEXT
from pilots.spend.ratios import ratio_in_words
from totalplace import money

from .edits import name_of
from .slice import Slice

# The newest changes of a cell that are shown.
NEWEST = 50
SAID = {"basis": "what it rests on", "source": "source", "note": "note", "spend_type_id": "spend type"}


class CommentRefused(ValueError):
    """A comment cannot be kept; the message says why."""


@dataclass(frozen=True)
class Event:
    """One change of a cell: what it came to, who did it, when."""

    what: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Panel:
    """One cell in full."""

    agency: Agency
    service_line: ServiceLine
    lines: Sequence[SpendLine]
    comments: Sequence[Said]
    history: Sequence[Event]
    may_edit: bool

    @property
    def line(self) -> SpendLine | None:
        """The one line that can be described here."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def origin(self) -> str:
        """What an amount was shared out of, and whether somebody typed over that; empty for one that was not."""
        line = self.line
        if line is None or line.whole_amount is None or line.share is None:
            return ""
        shared = share_of(line.whole_amount, line.share)
        if shared != line.amount:
            return f"Typed over {money.exact(shared)}."
        if line.share == 1:
            return ""
        how = f" {line.get_method_display()}." if line.method else ""
        return f"{money.percent(line.share, 1, 2)} of {money.exact(line.whole_amount)}.{how}"

    @property
    def ratio(self) -> str:
        """The numbers by which an amount was shared out; empty where there are none."""
        words = ratio_in_words(self.line.ratio) if self.line else ""
        return words and f"{words}."


def read_panel(version: Version, chosen: Slice, agency: Agency, service_line: ServiceLine, person: Anyone) -> Panel:
    """Everything about a cell. Raises NotAllowed where its body is not the person's to read."""
    place = version.count.place
    require(person, Action.READ_WORKING, place, agency)
    lines = SpendLine.objects.filter(version=version, agency=agency, service_line=service_line)
    return Panel(
        agency,
        service_line,
        list(chosen.lines(lines).select_related("spend_type", "funder", "receiver").order_by("id")),
        said_of(version.count, agency, service_line),
        list(_events(version, agency, service_line)),
        allows(person, Action.EDIT_SPEND, place, agency) and not version.is_locked,
    )


def add_comment(version: Version, agency: Agency, service_line: ServiceLine, text: str, person: Person) -> CellComment:
    """Keeps what somebody says of a cell: whoever may read it may say something. Raises NotAllowed, CommentRefused."""
    require(person, Action.READ_WORKING, version.count.place, agency)
    text = text.strip()
    if not text:
        raise CommentRefused("Write something first.")
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise CommentRefused(f"A comment has at most {LONGEST_TEXT:,} characters, and none of code 0.")
    with acting(person, "page"):
        return CellComment.objects.create(
            count=version.count, agency=agency, service_line=service_line, text=text, written_by=person
        )


def _events(version: Version, agency: Agency, service_line: ServiceLine) -> Iterator[Event]:
    """The newest changes first. A line that was removed and recorded again has them all."""
    ids = {"agency_id": agency.pk, "service_line_id": service_line.pk}
    rows = list(
        History.objects.filter(version_id=version.pk, table_name="pilots_spendline")
        .filter(Q(after__contains=ids) | Q(before__contains=ids))
        .order_by("-id")[:NEWEST]
    )
    people = Person.objects.in_bulk([row.actor_id for row in rows if row.actor_id])
    types = dict(SpendType.objects.values_list("id", "name"))
    beginning = _beginning(version)
    for row in rows:
        began = row.before is None and row.transaction == beginning
        who = "as the working version began" if began else name_of(people.get(row.actor_id), row.via)
        yield Event(_what(row, types), who, row.at)


def _beginning(version: Version) -> int | None:
    """The transaction in which a working version was begun, with the lines of a snapshot."""
    rows = History.objects.filter(table_name="pilots_version", row_id=version.pk, operation="insert")
    return rows.values_list("transaction", flat=True).first()


def _what(row: History, types: Mapping[int, str]) -> str:
    if row.before is None:
        return _pounds(row.after)
    if row.after is None:
        return f"Removed, was {_pounds(row.before)}"
    parts = []
    if row.before["amount"] != row.after["amount"]:
        parts.append(f"{_pounds(row.after)}, was {_pounds(row.before)}")
    for name, words in SAID.items():
        if row.before[name] != row.after[name]:
            parts.append(f"{words}: {_value(name, row.after[name], types)}")
    return "; ".join(parts) or "Changed otherwise"


def _value(name: str, value: Any, types: Mapping[int, str]) -> str:
    if name == "basis":
        return SpendLine.Basis(value).label
    if name == "spend_type_id":
        return types.get(value, "")
    return value or "none"


def _pounds(line: Any) -> str:
    amount = parse_amount(line["amount"]).pounds
    return "" if amount is None else money.exact(amount)

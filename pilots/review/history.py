"""The whole story of a count, read from the database's own history: its lines, its stages and what was said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet

from pilots.models import (
    Agency,
    CellComment,
    Decision,
    History,
    Person,
    ReviewComment,
    ServiceLine,
    SpendLine,
    SpendType,
    Submission,
    Version,
    WarningAnswer,
)
from pilots.spend.amounts import parse_amount
from totalplace import money

NOTHING = "nothing"


class Kind(StrEnum):
    """What a change is of; the value stands in addresses."""

    LINES = "lines"
    STAGES = "stages"
    ANSWERS = "answers"
    COMMENTS = "comments"


KIND_WORDS = {
    Kind.LINES: "Spend lines",
    Kind.STAGES: "Submitted, returned, approved, published",
    Kind.ANSWERS: "Answers to warnings",
    Kind.COMMENTS: "Comments on cells",
}
LINE, VERSION = SpendLine._meta.db_table, Version._meta.db_table
SUBMISSION, DECISION = Submission._meta.db_table, Decision._meta.db_table
ANSWER, IN_GRID, IN_REVIEW = (model._meta.db_table for model in (WarningAnswer, CellComment, ReviewComment))
KIND_OF = {
    **dict.fromkeys((VERSION, SUBMISSION, DECISION), Kind.STAGES),
    LINE: Kind.LINES,
    ANSWER: Kind.ANSWERS,
    IN_GRID: Kind.COMMENTS,
    IN_REVIEW: Kind.COMMENTS,
}
# Fields of a line that a reader knows, besides its amount, by the words for them.
LINE_FIELDS = {
    "agency_id": "body",
    "service_line_id": "service line",
    "spend_type_id": "spend type",
    "funder_id": "money from",
    "receiver_id": "passed on to",
    "is_capital": "capital",
    "is_transfer": "passed on",
    "whole_amount": "whole amount",
    "basis": "rests on",
    "method": "method",
    "source": "source",
    "note": "note",
}


@dataclass(frozen=True)
class Told:
    """One change: when, by whom and through what, of which kind and body, and what stood there before and after."""

    at: datetime
    who: str
    via: str
    kind: Kind
    agency: str
    what: str
    before: str
    after: str


def history_of(working: Version, kind: Kind | None = None, bodies: Iterable[int] | None = None) -> QuerySet[History]:
    """The changes of a count, the newest first: of all kinds or one, of all bodies or some, by their ids.

    Lines that a working version began with are not changes. Stages and answers are of no single body.
    """
    rows = History.objects.filter(_of_kind(working, kind) if kind else _of_any_kind(working))
    if bodies is not None:
        ids = list(bodies)
        rows = rows.filter(Q(after__agency_id__in=ids) | Q(before__agency_id__in=ids))
    return rows.order_by("-id")


def told(working: Version, rows: Iterable[History]) -> Iterator[Told]:
    """Changes in words; the names behind ids are read once, however many there are."""
    words = _Words(working)
    for row in rows:
        yield words.told(row)


def _of_any_kind(working: Version) -> Q:
    anything = Q()
    for kind in Kind:
        anything |= _of_kind(working, kind)
    return anything


def _of_kind(working: Version, kind: Kind) -> Q:
    count = working.count_id
    match kind:
        case Kind.LINES:
            lines = Q(version_id=working.pk, table_name=LINE)
            return lines & ~Q(transaction__in=_beginning(working), operation="insert")
        case Kind.STAGES:
            moved = Q(table_name=VERSION, row_id=working.pk, operation="update") & ~Q(before__status=F("after__status"))
            sent = Submission.objects.filter(snapshot__count=count).exclude(message="")
            decided = Decision.objects.filter(submission__snapshot__count=count).exclude(comment="")
            return moved | _added(SUBMISSION, sent) | _added(DECISION, decided)
        case Kind.ANSWERS:
            return _of_rows(ANSWER, WarningAnswer.objects.filter(version=working))
        case Kind.COMMENTS:
            reviewed = ReviewComment.objects.filter(version__count=count)
            return _added(IN_GRID, CellComment.objects.filter(count=count)) | _added(IN_REVIEW, reviewed)


def _added(table: str, rows: QuerySet[Any]) -> Q:
    return _of_rows(table, rows) & Q(operation="insert")


def _of_rows(table: str, rows: QuerySet[Any]) -> Q:
    # A list, not a query of its own: the index of the history is used for each table.
    return Q(table_name=table, row_id__in=list(rows.values_list("pk", flat=True)))


def _beginning(working: Version) -> QuerySet[History, Any]:
    """The transaction in which a working version was begun with the lines of a snapshot."""
    began = History.objects.filter(table_name=VERSION, row_id=working.pk, operation="insert")
    return (began if working.begun_from_id else began.none()).values("transaction")


class _Words:
    """Says history rows in words."""

    def __init__(self, working: Version) -> None:
        programme = working.count.place.programme_id
        bodies = dict(Agency.objects.filter(programme=programme).values_list("pk", "name"))
        self.names: Mapping[str, Mapping[Any, str]] = {
            **dict.fromkeys(("agency_id", "funder_id", "receiver_id"), bodies),
            "service_line_id": dict(ServiceLine.objects.filter(programme=programme).values_list("pk", "name")),
            "spend_type_id": dict(SpendType.objects.values_list("pk", "name")),
            "basis": dict(SpendLine.Basis.choices),
            "method": dict(SpendLine.Method.choices),
            "status": dict(Version.Status.choices),
            "stage": dict(Version.Status.choices),
        }
        self.people = {person.pk: person.name for person in Person.objects.all()}

    def told(self, row: History) -> Told:
        either = row.after or row.before or {}
        what, before, after = self._said(row, row.before or {}, row.after or {})
        who = self.people.get(row.actor_id, "somebody") if row.actor_id else "the system"
        agency = self._name("agency_id", either) if "agency_id" in either else ""
        return Told(row.at, who, row.via, KIND_OF[row.table_name], agency, what, before, after)

    def _said(self, row: History, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str, str]:
        match row.table_name:
            case "pilots_version":
                return "Stage", self._name("status", before), self._name("status", after)
            case "pilots_submission":
                return "Message with the submission", "", after["message"]
            case "pilots_decision":
                return f"Comment: {self._name('stage', after).lower()}", "", after["comment"]
            case "pilots_warninganswer":
                said = (after or before).get("said") or (after or before)["subject"]
                return f"Answer to: {said}", before.get("note", NOTHING), after.get("note", NOTHING)
            case "pilots_spendline":
                return self._service(after or before), self._line(before, after), self._line(after, before)
        return f"Comment on {self._service(after)}", "", after["text"]

    def _service(self, values: Mapping[str, Any]) -> str:
        return self._name("service_line_id", values)

    def _line(self, values: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """A line's amount, and what else of it differs from the other state."""
        if not values:
            return NOTHING
        differs = [name for name in LINE_FIELDS if other and values.get(name) != other.get(name)]
        also = [f"{LINE_FIELDS[name]}: {self._name(name, values)}" for name in differs]
        return "; ".join([_pounds(values["amount"]), *also])

    def _name(self, field: str, values: Mapping[str, Any]) -> str:
        value = values.get(field)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value in (None, ""):
            return "none"
        if field == "whole_amount":
            return _pounds(value)
        return str(self.names.get(field, {}).get(value, value))


def _pounds(stored: object) -> str:
    pounds = parse_amount(stored).pounds
    return "" if pounds is None else money.exact(pounds)

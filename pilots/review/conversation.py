"""What people say of single cells of a count, those who record and reviewers, as one conversation a cell."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from pilots.grid.edits import name_of
from pilots.models import Agency, CellComment, Count, ReviewComment, ServiceLine


@dataclass(frozen=True)
class Said:
    """A comment on a cell, of those who record or of a reviewer."""

    text: str
    who: str
    at: datetime
    is_review: bool = False


@dataclass(frozen=True)
class Conversation:
    """What was said of one cell, in order."""

    agency: Agency
    service_line: ServiceLine
    said: list[Said] = field(default_factory=list)


def said_of(count: Count, agency: Agency, service_line: ServiceLine) -> list[Said]:
    """All that was ever said of a cell."""
    found = _conversations(*_comments(count, agency=agency, service_line=service_line))
    return found[0].said if found else []


def open_conversations(count: Count) -> list[Conversation]:
    """The cells of which something was said since the count was published last, the newest word first."""
    found = _conversations(*_open(count))
    return sorted(found, key=lambda conversation: conversation.said[-1].at, reverse=True)


def commented_cells(count: Count) -> set[tuple[int, int]]:
    """The cells with an open conversation, by the ids of body and service line."""
    recorded, reviewed = _open(count)
    return {*recorded.values_list("agency", "service_line"), *reviewed.values_list("agency", "service_line")}


Comments = tuple[QuerySet[CellComment], QuerySet[ReviewComment]]


def _comments(count: Count, **of: Any) -> Comments:
    return CellComment.objects.filter(count=count, **of), ReviewComment.objects.filter(version__count=count, **of)


def _open(count: Count) -> Comments:
    recorded, reviewed = _comments(count)
    published_at = count.published.published_at if count.published else None
    if published_at is None:
        return recorded, reviewed
    return recorded.filter(written_at__gt=published_at), reviewed.filter(at__gt=published_at)


def _conversations(recorded: QuerySet[CellComment], reviewed: QuerySet[ReviewComment]) -> list[Conversation]:
    found: dict[tuple[int, int], Conversation] = {}
    said: list[tuple[CellComment | ReviewComment, Said]] = [
        *((row, Said(row.text, name_of(row.written_by), row.written_at)) for row in _full(recorded, "written_by")),
        *((row, Said(row.text, name_of(row.person), row.at, is_review=True)) for row in _full(reviewed, "person")),
    ]
    for row, words in sorted(said, key=lambda pair: pair[1].at):
        key = (row.agency_id, row.service_line_id)
        found.setdefault(key, Conversation(row.agency, row.service_line)).said.append(words)
    return list(found.values())


def _full[Row: (CellComment, ReviewComment)](rows: QuerySet[Row], person: str) -> QuerySet[Row]:
    return rows.select_related("agency", "service_line", person)

"""What the pages of the review have in common: what differs, line by line, and what was said of cells."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from pilots.models import Count, Place
from pilots.review.conversation import Conversation, open_conversations
from pilots.review.difference import Difference, LineChange
from totalplace import money

from .choosing import frame, year_meant
from .review_forms import CELL

# Lines that a page shows; all are in the file.
SHOWN = 200


@dataclass(frozen=True)
class ShownLine:
    """A line that differs; `comment_name` is the field of a comment on its cell, on the first line of each cell.

    `said` is what was typed into it and not kept yet.
    """

    change: LineChange
    comment_name: str
    said: str


@dataclass(frozen=True)
class ShownConversation:
    """What was said of a cell; `comment_name` is the field to say more, where the lines have none for the cell."""

    about: Conversation
    comment_name: str
    said: str


def differs_shown(found: Difference, posted: Any = None) -> dict[str, Any]:
    """What a page shows of a difference; what was typed into comments stays."""
    cells: set[str] = set()
    lines = []
    for line in found.lines[:SHOWN]:
        name = f"{CELL}{line.agency_code}:{line.service_code}"
        lines.append(ShownLine(line, "" if name in cells else name, (posted or {}).get(name, "")))
        cells.add(name)
    return {
        "difference": found,
        "lines": lines,
        "not_shown": max(0, len(found.lines) - SHOWN),
        "lines_title": _lines_title(found),
        "moved": [row for row in found.totals if row.change],
        "unmoved": [row for row in found.totals if not row.change],
    }


def conversations_shown(count: Count, lines: list[ShownLine], posted: Any) -> list[ShownConversation]:
    """What was said of cells since the count was published last, in the grid and in reviews."""
    among = {line.comment_name for line in lines}
    shown = []
    for about in open_conversations(count):
        name = f"{CELL}{about.agency.code}:{about.service_line.code}"
        shown.append(ShownConversation(about, "" if name in among else name, posted.get(name, "")))
    return shown


def _lines_title(found: Difference) -> str:
    """Three lines added and one line changed."""
    numbers = [(found.number(kind), kind) for kind in ("added", "changed", "removed")]
    said = [f"{money.counted(number, 'line')} {kind}" for number, kind in numbers if number]
    return money.starting(money.listed(said)) if said else "No line differs"


def count_meant(place: Place, label: str) -> Count:
    """A place's count of a year."""
    year = year_meant(place, label)
    count = Count.objects.select_related("place__programme", "year", "published").filter(place=place, year=year).first()
    if count is None:
        raise Http404(f"{place.name} has no count of {year.label} yet.")
    return count


def count_frame(request: HttpRequest, place: Place, year: str) -> dict[str, Any]:
    """What every page about a place's count of a year needs."""
    return {**frame(request, place.programme), "place": place, "year": year}

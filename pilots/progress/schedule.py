"""Milestones on a line of months: what is due, what was reached and what is late, of one place or of many.

Plain data for a drawing that the server makes: along it in per cent of its width, down it in pixels. Many of one kind
in one month and one state are one mark with their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pilots.days import within_years
from pilots.models import Milestone, Place
from pilots.progress.standing import Due
from totalplace.money import counted, listed, number_word, starting

ROW, MANY_ROW, NAME, AXIS = 46, 78, 22, 26
"""Height of a kind's row for one place and for many, of its name in it, and of the months below, in pixels."""
APART = 14
"""So far above the line of many stands what was reached, and below it what was not."""
MOST_MONTHS, LAST_NAMED = 4, 0.86
"""So many months are named below the line, the last one no farther along."""
REACHED, DUE, LATE = "reached", "due", "late"

Dated = tuple[Place, Due]


@dataclass(frozen=True)
class Mark:
    """One milestone, or several of a kind in a month: how they stand, and what that says."""

    state: str
    x: str
    y: int
    number: int
    words: str

    @property
    def radius(self) -> float:
        """A mark grows with how many it stands for."""
        return round(min(5 + self.number**0.5 * 1.5, 14), 1)

    @property
    def size(self) -> float:
        """From side to side."""
        return round(2 * self.radius, 1)


@dataclass(frozen=True)
class Row:
    """A kind of milestone: its name, how many have a date, and how many of these are reached and late."""

    name: str
    y: int
    line_y: int
    dated: int
    reached: int
    late: int


@dataclass(frozen=True)
class Schedule:
    title: str
    sentence: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    months: tuple[tuple[str, str], ...]
    """(place along, words) of the months that are named."""
    today: str
    """Where today is; empty outside the months."""
    height: int


def schedule_of(dated: Sequence[Dated], today: date) -> Schedule | None:
    """The milestones that have a date; None where none has."""
    known = [(place, due) for place, due in dated if due.due_on or due.reached_on]
    if not known:
        return None
    days = [within_years(day) for _, due in known for day in (due.due_on, due.reached_on) if day]
    first, last = min(days).replace(day=1), _next_month(max(days))
    span = (last - first).days
    kinds = [kind for kind in Milestone.Kind.values if any(due.kind == kind for _, due in known)]
    is_one = len({place.pk for place, _ in known}) == 1

    def along(day: date) -> str:
        return f"{100 * (within_years(day) - first).days / span:.2f}%"

    row = ROW if is_one else MANY_ROW

    def down(kind: str, state: str = "") -> int:
        apart = 0 if is_one or not state else -APART if state == REACHED else APART
        return kinds.index(kind) * row + NAME + (10 if is_one else 28) + apart

    gathered: dict[tuple[str, date, str], list[Dated]] = defaultdict(list)
    for place, due in known:
        day = due.reached_on or due.due_on
        assert day is not None
        gathered[due.kind, day if is_one else day.replace(day=15), _state(due, today)].append((place, due))
    marks = [
        Mark(state, along(day), down(kind, state), len(those), _said(kind, state, those))
        for (kind, day, state), those in sorted(gathered.items())
    ]
    rows = tuple(_row(kind, kinds.index(kind) * row, down(kind), known, today) for kind in kinds)
    return Schedule(
        title=_title(rows, is_one),
        sentence="; ".join(f"{row.name}: {_in_words(row)}" for row in rows) + ".",
        rows=rows,
        marks=tuple(marks),
        months=tuple((along(month), f"{month:%b %Y}") for month in _named(first, last, span)),
        today=along(today) if first <= today <= last else "",
        height=len(kinds) * row + AXIS,
    )


def _state(due: Due, today: date) -> str:
    if due.reached_on:
        return REACHED
    return LATE if due.due_on and due.due_on < today else DUE


def _said(kind: str, state: str, those: Sequence[Dated]) -> str:
    """Kent: interim report reached on 4 February 2010; of several how many, and the first of their names."""
    name = str(Milestone.Kind(kind).label)
    place, due = those[0]
    day = due.reached_on or due.due_on
    if len(those) == 1:
        return f"{place.name}: {name.lower()} {state} {'on' if due.reached_on else 'by'} {day:%-d %B %Y}"
    names = sorted(place.short_name or place.name for place, _ in those)
    others = [f"{len(names) - 3} more"] if len(names) > 4 else []
    who = listed(names[: 3 if others else 4] + others)
    return f"{name} {state} in {day:%B %Y}: {counted(len(those), 'place')}, {who}"


def _row(kind: str, y: int, line_y: int, known: Iterable[Dated], today: date) -> Row:
    states = [_state(due, today) for _, due in known if due.kind == kind]
    name = str(Milestone.Kind(kind).label)
    return Row(name, y + 15, line_y, len(states), states.count(REACHED), states.count(LATE))


def _in_words(row: Row) -> str:
    late = f", {row.late} late" if row.late else ""
    return f"{row.reached} of {row.dated} reached{late}"


def _title(rows: Sequence[Row], is_one: bool) -> str:
    """Three of five milestones are reached, and one is late."""
    dated, reached, late = (sum(getattr(row, part) for row in rows) for part in ("dated", "reached", "late"))
    if dated == 1:
        whole = f"The one milestone is {'' if reached else 'not '}reached"
    else:
        some = starting(number_word(reached)) if reached else "None"
        whole = f"{some} of {number_word(dated)} milestones {'is' if reached < 2 else 'are'} reached"
    where = "" if is_one else " over all places"
    return f"{whole}{where}, {number_word(late)} {'is' if late == 1 else 'are'} late" if late else f"{whole}{where}"


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _named(first: date, last: date, span: int) -> list[date]:
    """The first of some months, evenly spaced, as far as their names fit."""
    months = []
    month = first
    while month < last:
        months.append(month)
        month = _next_month(month)
    step = -(-len(months) // MOST_MONTHS)
    return [month for month in months[::step] if (month - first).days <= LAST_NAMED * span]

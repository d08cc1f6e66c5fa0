"""How a place stands and why: on course, needs a check, or stuck; from dates and stage, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pilots.models import Judgement, Milestone, Place, Version
from totalplace import money

Standing = Judgement.Standing
Status = Version.Status
NOT_STARTED = "not_started"

# Days after which being late, returned or waiting is more than a passing thing.
LONG_OVERDUE, LONG_RETURNED, LONG_WAITING = 28, 21, 14
# Days before the count is due from which its stage matters.
NEAR = 14
# A count within this part of the published total is taken to agree with it.
AGREES = Decimal("0.05")


@dataclass(frozen=True)
class Due:
    """A milestone with a date, and when it was reached."""

    kind: str
    due_on: date | None
    reached_on: date | None

    @property
    def name(self) -> str:
        return str(Milestone.Kind(self.kind).label)


@dataclass(frozen=True)
class Facts:
    """What a place's standing follows from; amounts in pounds."""

    today: date
    stage: str
    stage_since: date | None
    milestones: Sequence[Due]
    participation: str
    counted: Decimal | None = None
    year: str = ""
    # Totals that others published, each with its financial year ("" where it says none).
    published_elsewhere: Sequence[tuple[Decimal, str]] = ()


@dataclass(frozen=True)
class Stands:
    """How a place stands, in one reason."""

    standing: str
    reason: str
    is_judged: bool = False

    @property
    def word(self) -> str:
        return str(Standing(self.standing).label)


def stands(facts: Facts, judged: Judgement | None = None) -> Stands:
    """How a place stands: as the Leadership Centre judged, else the first of the worst reasons there are."""
    if judged is not None:
        return Stands(judged.standing, judged.reason, is_judged=True)
    for reason in _stuck(facts):
        return Stands(Standing.STUCK, reason)
    for reason in _to_check(facts):
        return Stands(Standing.CHECK, reason)
    return Stands(Standing.ON_COURSE, _on_course(facts))


def next_due(facts: Facts) -> Due | None:
    """The milestone with the nearest date that is not reached; late ones come first."""
    return min(_open(facts), key=lambda due: due.due_on or date.max, default=None)


def due_in_words(due_on: date, today: date) -> str:
    """Due in 5 days; due today; 12 days overdue."""
    days = (due_on - today).days
    if days == 0:
        return "due today"
    if days < 0:
        return f"{_days(-days)} overdue"
    return "due tomorrow" if days == 1 else f"due in {_days(days)}"


def _open(facts: Facts) -> Iterator[Due]:
    """Milestones with a date that are not reached; a published count is, whatever was noted."""
    for due in facts.milestones:
        is_counted = due.kind == Milestone.Kind.COUNT and facts.stage == Status.PUBLISHED
        if due.due_on is not None and due.reached_on is None and not is_counted:
            yield due


def _stuck(facts: Facts) -> Iterator[str]:
    for due in _late(facts):
        if facts.today - (due.due_on or facts.today) > timedelta(LONG_OVERDUE):
            yield _overdue(due, facts.today)
    if facts.stage == Status.RETURNED and _in_stage(facts) > LONG_RETURNED:
        yield f"Returned {_days(_in_stage(facts))} ago and not submitted since"


def _to_check(facts: Facts) -> Iterator[str]:
    for due in _late(facts):
        yield _overdue(due, facts.today)
    yield from _count_is_near(facts)
    if facts.stage in (Status.SUBMITTED, Status.APPROVED) and _in_stage(facts) > LONG_WAITING:
        waits = "for a decision" if facts.stage == Status.SUBMITTED else "to be published"
        yield f"Waits {waits} since {_day(facts.stage_since)}"
    yield from _gap(facts)
    if facts.participation == Place.Participation.CANDIDATE:
        yield "No source confirms that it takes part"


def _on_course(facts: Facts) -> str:
    due = next_due(facts)
    if due is not None and due.due_on is not None:
        return f"{due.name} {due_in_words(due.due_on, facts.today)}"
    return "Nothing is overdue"


def _late(facts: Facts) -> list[Due]:
    late = [due for due in _open(facts) if due.due_on and due.due_on < facts.today]
    return sorted(late, key=lambda due: due.due_on or facts.today)


def _count_is_near(facts: Facts) -> Iterator[str]:
    words = {NOT_STARTED: "has not begun", Status.DRAFT: "is still a draft", Status.RETURNED: "was returned"}
    for due in _open(facts):
        near = due.due_on and due.due_on - facts.today <= timedelta(NEAR)
        if due.kind == Milestone.Kind.COUNT and due.due_on and near and facts.stage in words:
            yield f"The count is {due_in_words(due.due_on, facts.today)} and {words[facts.stage]}"


def _gap(facts: Facts) -> Iterator[str]:
    """How far the count is from the nearest published total, those of its own year first."""
    counted = facts.counted
    if not counted or not facts.published_elsewhere:
        return
    own_year = [total for total in facts.published_elsewhere if total[1] == facts.year]
    published, year = min(own_year or facts.published_elsewhere, key=lambda total: abs(total[0] - counted))
    if not published or abs(counted - published) <= AGREES * published:
        return
    less = "less" if counted < published else "more"
    said = money.percent(abs(counted - published), published)
    of_year = f" for {year}" if year and year != facts.year else ""
    yield f"Counted {money.headline(counted)}, published {money.headline(published)}{of_year}: {said} {less}"


def _overdue(due: Due, today: date) -> str:
    days = (today - (due.due_on or today)).days
    return f"{due.name} was due on {_day(due.due_on)}, {_days(days)} ago"


def _in_stage(facts: Facts) -> int:
    return (facts.today - facts.stage_since).days if facts.stage_since else 0


def _days(number: int) -> str:
    return money.counted(number, "day")


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else "a day that was not kept"

"""Deadlines: what is due soon or late, by mail where mail leaves, and on the place's page everywhere."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from pilots.acting import acting
from pilots.models import Milestone, Person, Place, Role
from pilots.people.keeping import name_of
from pilots.people.links import sends_mail, try_to_send, whole_address

from .counted import counted_on, counts_of
from .standing import due_in_words

# Days before a date on which its leads are reminded; after it, every so many days.
BEFORE = (14, 7, 1, 0)
LATE_EVERY = 7


@dataclass(frozen=True)
class Deadline:
    """A milestone that is due soon or late: "Deep dive due in 5 days"."""

    milestone: Milestone
    words: str
    is_late: bool


def deadlines_of(place: Place, today: date | None = None, within: int = BEFORE[0]) -> list[Deadline]:
    """What is due in a place within so many days, or late, the most pressing first."""
    day = today or timezone.localdate()
    milestones = Milestone.objects.filter(place=place, reached_on=None, due_on__isnull=False).order_by("due_on")
    near = [row for row in milestones if row.due_on and (row.due_on - day).days <= within]
    return [_deadline(row, day) for row in _without_counted(near)]


def send_reminders(today: date | None = None) -> int:
    """Mails the leads of every place what is due, once a day at most, and returns how many mails went out.

    Without mail nothing is sent and nothing is noted: the pages say what is due. What could not be sent to anybody of
    a place is tried again.
    """
    if not sends_mail():
        return 0
    day = today or timezone.localdate()
    sent = 0
    for place, rows in _pressing(day).items():
        subject = f"{place.name}: {_subject(rows)}"
        went = sum(try_to_send(lead.email, subject, _text(place, lead, rows)) for lead in _leads(place))
        if not went:
            continue
        sent += went
        with acting(None, "command send_reminders"):
            Milestone.objects.filter(pk__in=[row.milestone.pk for row in rows]).update(reminded_on=day)
    return sent


def _pressing(day: date) -> dict[Place, list[Deadline]]:
    rows = Milestone.objects.filter(
        reached_on=None, due_on__isnull=False, place__retired_on=None, place__roles__kind=Role.Kind.PLACE_LEAD
    )
    known = rows.select_related("place").order_by("due_on").distinct()
    pressing: dict[Place, list[Deadline]] = defaultdict(list)
    for row in _without_counted([row for row in known if row.reminded_on != day and _is_day_to_remind(row, day)]):
        pressing[row.place].append(_deadline(row, day))
    return pressing


def _is_day_to_remind(milestone: Milestone, day: date) -> bool:
    """On set days before, then weekly; a day on which no mail could go is made up for."""
    assert milestone.due_on is not None
    days = (milestone.due_on - day).days
    if days < 0:
        last = milestone.reminded_on
        return last is None or (day - last).days >= LATE_EVERY or last <= milestone.due_on
    passed = [before for before in BEFORE if days <= before]
    if not passed:
        return False
    since = milestone.reminded_on
    return since is None or (milestone.due_on - since).days > min(passed)


def _without_counted(milestones: list[Milestone]) -> list[Milestone]:
    """Those that somebody needs to hear of: a count that is published is reached, whatever was noted."""
    counts = counts_of({row.place_id for row in milestones if row.kind == Milestone.Kind.COUNT})
    return [
        row
        for row in milestones
        if row.kind != Milestone.Kind.COUNT or counted_on(row.due_on, counts.get(row.place_id, ())) is None
    ]


def _deadline(milestone: Milestone, day: date) -> Deadline:
    assert milestone.due_on is not None
    words = f"{milestone.get_kind_display()} {due_in_words(milestone.due_on, day)}"
    return Deadline(milestone, words, milestone.due_on < day)


def _leads(place: Place) -> list[Person]:
    leads = Person.objects.filter(roles__place=place, roles__kind=Role.Kind.PLACE_LEAD, is_active=True)
    return list(leads.exclude(email="").distinct())


def _subject(rows: list[Deadline]) -> str:
    return rows[0].words if len(rows) == 1 else f"{len(rows)} milestones are due"


def _text(place: Place, lead: Person, rows: list[Deadline]) -> str:
    listed = "\n".join(f"- {row.words} ({row.milestone.due_on:%-d %B %Y})" for row in rows)
    return (
        f"Dear {name_of(lead)},\n\n{place.name}:\n{listed}\n\n"
        f"Set what was reached, or another date, on the page of your place:\n"
        f"{whole_address(f'/places/{place.slug}/progress/')}\n"
    )

"""What a place's lead and the Leadership Centre say of its progress: updates, milestones, a judgement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pilots.acting import acting
from pilots.days import refuse_day_to_come, refuse_odd_day
from pilots.models import Judgement, Milestone, Person, Place, ProgressUpdate
from pilots.permissions import Action, require


def add_update(place: Place, text: str, person: Person, via: str = "page") -> ProgressUpdate:
    """Keeps a short text of how a place is coming on. Raises NotAllowed, and ValueError where it says nothing."""
    require(person, Action.UPDATE_PROGRESS, place)
    if not text.strip():
        raise ValueError("Write how it is going first.")
    with acting(person, via):
        return ProgressUpdate.objects.create(place=place, text=text.strip(), person=person)


def set_milestone(
    place: Place,
    kind: str,
    due_on: date | None,
    reached_on: date | None,
    person: Person,
    note: str = "",
    via: str = "page",
) -> Milestone:
    """Sets when a milestone is due and when it was reached. Raises NotAllowed, and ValidationError for an odd day."""
    require(person, Action.UPDATE_PROGRESS, place)
    if due_on:
        refuse_odd_day(due_on)
    if reached_on:
        refuse_day_to_come(reached_on)
    with acting(person, via):
        milestone, _ = Milestone.objects.update_or_create(
            place=place, kind=kind, defaults={"due_on": due_on, "reached_on": reached_on, "note": note.strip()}
        )
    return milestone


@dataclass(frozen=True)
class DateChange:
    """A date of a milestone that somebody changes: `field` is due_on or reached_on, `before` what they had seen."""

    kind: str
    field: str
    before: date | None
    after: date | None


class DatesChanged(Exception):
    """Somebody else set these dates meanwhile: `now` says what each of the changes met."""

    def __init__(self, now: list[tuple[DateChange, date | None]]) -> None:
        super().__init__("Somebody else set these dates meanwhile.")
        self.now = now


def change_dates(place: Place, changes: Iterable[DateChange], person: Person, via: str = "page") -> None:
    """Changes dates of milestones, all of them or none; dates that are not named stay as they are.

    Raises NotAllowed, ValidationError for an odd day, and DatesChanged where somebody else set one of them meanwhile.
    """
    require(person, Action.UPDATE_PROGRESS, place)
    wanted = list(changes)
    with acting(person, via):
        Place.objects.select_for_update().get(pk=place.pk)
        rows = {row.kind: row for row in Milestone.objects.filter(place=place)}
        met = [(change, getattr(rows.get(change.kind), change.field, None)) for change in wanted]
        if others := [(change, now) for change, now in met if now not in (change.before, change.after)]:
            raise DatesChanged(others)
        for kind in dict.fromkeys(change.kind for change in wanted):
            row = rows.get(kind) or Milestone(place=place, kind=kind)
            dates = {"due_on": row.due_on, "reached_on": row.reached_on}
            dates |= {change.field: change.after for change in wanted if change.kind == kind}
            set_milestone(place, kind, person=person, note=row.note, via=via, **dates)


def judge(place: Place, standing: str, reason: str, person: Person, via: str = "page") -> Judgement | None:
    """Says how a place stands instead of its dates; without a standing its dates speak again.

    Raises NotAllowed, and ValueError where no reason is given.
    """
    require(person, Action.JUDGE_PROGRESS, place)
    if standing and not reason.strip():
        raise ValueError("Give the reason: everybody reads it on the board.")
    with acting(person, via):
        if not standing:
            Judgement.objects.filter(place=place).delete()
            return None
        judged, _ = Judgement.objects.update_or_create(
            place=place, defaults={"standing": standing, "reason": reason.strip()[:300], "person": person}
        )
    return judged

"""What happened in a place, newest first: its count's way, what was reached, what was said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from pilots.models import Decision, Milestone, Place, ProgressUpdate, Submission, Version
from pilots.people.keeping import name_of
from pilots.permissions import Action, Anyone, reach
from totalplace.money import counted


@dataclass(frozen=True)
class Event:
    """Something that happened: what, by whom, and what was said."""

    at: datetime
    what: str
    who: str = ""
    said: str = ""
    # Milestones have a day alone.
    is_day: bool = False
    is_update: bool = False


def timeline(place: Place, person: Anyone) -> list[Event]:
    """A place's events, newest first.

    What its people and the Leadership Centre wrote to each other about a count, and how many of its lines changed, is
    for those who read any of its working version.
    """
    is_inside = reach(person, Action.READ_WORKING).touches(place)
    about_counts = [*_submitted(place, is_inside), *_decided(place, is_inside), *_published(place, is_inside)]
    events = [*about_counts, *_reached(place), *_updates(place)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _submitted(place: Place, is_inside: bool) -> Iterator[Event]:
    submissions = Submission.objects.filter(snapshot__count__place=place)
    people = submissions.select_related("submitted_by", "snapshot__count__year")
    for row in people:
        year = row.snapshot.count.year.label
        lines = ", ".join(
            f"{counted(number, 'line')} {word}"
            for number, word in ((row.added, "added"), (row.changed, "changed"), (row.removed, "removed"))
            if number
        )
        changed = f": {lines or 'no line changed'}" if is_inside else ""
        what = f"Count of {year} submitted{changed}"
        yield Event(row.submitted_at, what, name_of(row.submitted_by), row.message if is_inside else "")


def _decided(place: Place, is_inside: bool) -> Iterator[Event]:
    """Returns and approvals; what was published is told with its snapshot."""
    decisions = Decision.objects.filter(submission__snapshot__count__place=place)
    told = decisions.exclude(stage=Version.Status.PUBLISHED)
    for row in told.select_related("person", "submission__snapshot__count__year"):
        what = f"Count of {row.submission.snapshot.count.year.label} {row.stage}"
        yield Event(row.at, what, name_of(row.person), row.comment if is_inside else "")


def _published(place: Place, is_inside: bool) -> Iterator[Event]:
    decisions = Decision.objects.filter(submission__snapshot__count__place=place, stage=Version.Status.PUBLISHED)
    said = dict(decisions.values_list("submission__snapshot", "comment"))
    snapshots = Version.objects.filter(count__place=place, published_at__isnull=False)
    for row in snapshots.select_related("count__year", "published_by"):
        label = f" ({row.label})" if row.label else ""
        assert row.published_at is not None
        what = f"Count of {row.count.year.label} published as snapshot {row.number}{label}"
        yield Event(row.published_at, what, name_of(row.published_by), said.get(row.pk, "") if is_inside else "")


def _reached(place: Place) -> Iterator[Event]:
    for row in Milestone.objects.filter(place=place, reached_on__isnull=False):
        assert row.reached_on is not None
        yield Event(_noon(row.reached_on), f"{row.get_kind_display()} reached", said=row.note, is_day=True)


def _updates(place: Place) -> Iterator[Event]:
    for row in ProgressUpdate.objects.filter(place=place).select_related("person"):
        yield Event(row.at, "Update", name_of(row.person), row.text, is_update=True)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))

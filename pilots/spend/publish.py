"""Publishing a count: its approved snapshot becomes what everybody sees."""

from django.utils import timezone

from pilots.acting import acting
from pilots.models import Count, Milestone, Person, Version
from pilots.permissions import Action, require
from pilots.signals import count_changed

from .snapshots import digest_of, take_snapshot
from .versions import open_working_version

__all__ = ["CannotPublish", "digest_of", "publish_count"]


class CannotPublish(Exception):
    """The working version cannot be published as it stands; the message says why."""


def publish_count(
    count: Count, person: Person | None, label: str = "", via: str = "page", seen_revision: int | None = None
) -> Version:
    """Publishes a count, and returns the snapshot that is published now.

    From now on it is what the public, the programme, the API and exports show. A person publishes what was
    approved: the snapshot that was submitted. A person of None is a command, which publishes the working version
    as it stands. `seen_revision` is the revision that whoever publishes has looked at. Raises NotAllowed, and
    CannotPublish where there is nothing to publish or somebody changed it since.
    """
    if person is not None:
        require(person, Action.PUBLISH, count.place)
    working = open_working_version(count, person, via)
    with acting(person, via):
        # Writers of the working version queue at its row, so nothing changes while it is copied.
        locked = Count.objects.select_for_update(of=("self",)).get(pk=count.pk)
        working = Version.objects.select_for_update().get(pk=working.pk)
        is_first = locked.published_id is None
        _refuse_nothing(working)
        if seen_revision is not None and seen_revision != working.revision:
            raise CannotPublish("Somebody changed this count since you opened it. Look at it again, then publish.")
        snapshot = _approved(working) if person else take_snapshot(working, Version.Status.APPROVED)
        snapshot.status = Version.Status.PUBLISHED
        snapshot.label = label or snapshot.label
        snapshot.published_at, snapshot.published_by = timezone.now(), person
        snapshot.save(update_fields=["status", "label", "published_at", "published_by"])
        locked.published = count.published = snapshot
        locked.save(update_fields=["published"])
        working.status = Version.Status.PUBLISHED
        working.save(update_fields=["status"])
        if is_first:
            _reach_milestone(locked)
        count_changed.send(sender=Version, version_ids=[snapshot.pk])
    return snapshot


def _reach_milestone(count: Count) -> None:
    """Notes that the place has reached its count, unless that was noted, or a later year's is published already."""
    place = count.place_id
    if not Count.objects.filter(place=place, year__label__gt=count.year.label, published__isnull=False).exists():
        awaited = Milestone.objects.filter(place=place, kind=Milestone.Kind.COUNT, reached_on=None)
        awaited.update(reached_on=timezone.localdate())


def _refuse_nothing(working: Version) -> None:
    if working.status == Version.Status.PUBLISHED:
        raise CannotPublish("Nothing has changed since this count was published.")
    if not working.lines.exists():
        raise CannotPublish("This count has no spend lines yet. Record some before you publish it.")


def _approved(working: Version) -> Version:
    """The approved snapshot of a count, whose lines are those of the locked working version."""
    status = Version.Status
    if working.status == status.SUBMITTED:
        raise CannotPublish("This count was submitted and waits for approval. Approve it first.")
    if working.status != status.APPROVED:
        raise CannotPublish("This count has not been approved. Its lead submits it, and then you approve it.")
    snapshots = Version.objects.filter(count_id=working.count_id, kind=Version.Kind.SNAPSHOT)
    return snapshots.filter(status=status.APPROVED).latest("number")

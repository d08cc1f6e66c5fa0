"""Publishing a count: its working version becomes a new immutable snapshot."""

from django.db import connection
from django.utils import timezone

from pilots.acting import acting
from pilots.models import Count, Person, Version
from pilots.permissions import Action, require
from pilots.signals import count_changed

from .versions import copy_lines_between, open_working_version


class CannotPublish(Exception):
    """The working version cannot be published as it stands; the message says why."""


def publish_count(
    count: Count, person: Person | None, label: str = "", via: str = "page", seen_revision: int | None = None
) -> Version:
    """Publishes a count's working version as its next snapshot, and returns the snapshot.

    From now on it is what the public, the programme, the API and exports show. `seen_revision` is the revision
    that whoever publishes has looked at. A person of None is a command. Raises NotAllowed, and CannotPublish where
    there is nothing to publish or somebody changed it since.
    """
    if person is not None:
        require(person, Action.PUBLISH, count.place)
    working = open_working_version(count, person, via)
    with acting(person, via):
        # Writers of the working version queue at its row, so nothing changes while it is copied.
        locked = Count.objects.select_for_update(of=("self",)).get(pk=count.pk)
        working = Version.objects.select_for_update().get(pk=working.pk)
        _refuse_nothing(working)
        if seen_revision is not None and seen_revision != working.revision:
            raise CannotPublish("Somebody changed this count since you opened it. Look at it again, then publish.")
        snapshot = _snapshot(working, person, label)
        locked.published = count.published = snapshot
        locked.save(update_fields=["published"])
        working.status = Version.Status.PUBLISHED
        working.save(update_fields=["status"])
        count_changed.send(sender=Version, version_ids=[snapshot.pk])
    return snapshot


def _refuse_nothing(working: Version) -> None:
    if working.status == Version.Status.PUBLISHED:
        raise CannotPublish("Nothing has changed since this count was published.")
    if not working.lines.exists():
        raise CannotPublish("This count has no spend lines yet. Record some before you publish it.")


def _snapshot(working: Version, person: Person | None, label: str) -> Version:
    now = timezone.now()
    newest = Version.objects.filter(count_id=working.count_id).order_by("-number").values_list("number")[0][0]
    snapshot = Version.objects.create(
        count_id=working.count_id,
        kind=Version.Kind.SNAPSHOT,
        number=newest + 1,
        status=Version.Status.PUBLISHED,
        label=label,
        missing=working.missing,
        left_out=working.left_out,
        begun_from=working,
        published_at=now,
        published_by=person,
    )
    copy_lines_between(working, snapshot)
    snapshot.digest = digest_of(snapshot)
    snapshot.sealed_at = now
    snapshot.save(update_fields=["digest", "sealed_at"])
    return snapshot


# One line a row, by codes and values alone, so that a copy elsewhere has the same digest.
CANONICAL_LINES = """
    SELECT encode(sha256(convert_to(
        coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM (
        SELECT jsonb_build_array(a.code, f.code, s.code, t.code, l.is_capital, l.is_transfer, r.code,
            l.amount::text, l.whole_amount::text, trim_scale(l.share)::text, l.basis, l.method,
            l.source, l.note)::text AS line
        FROM pilots_spendline l
            JOIN pilots_agency a ON a.id = l.agency_id
            JOIN pilots_serviceline s ON s.id = l.service_line_id
            JOIN pilots_spendtype t ON t.id = l.spend_type_id
            LEFT JOIN pilots_agency f ON f.id = l.funder_id
            LEFT JOIN pilots_agency r ON r.id = l.receiver_id
        WHERE l.version_id = %s
    ) lines
"""


def digest_of(version: Version) -> str:
    """The SHA-256 of a version's lines in canonical form and order; ids and row versions play no part."""
    with connection.cursor() as cursor:
        cursor.execute(CANONICAL_LINES, [version.pk])
        return cursor.fetchone()[0]

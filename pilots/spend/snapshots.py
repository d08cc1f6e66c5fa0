"""Taking a snapshot: an immutable copy of a working version's lines, with a digest of them."""

from django.db import connection
from django.utils import timezone

from pilots.models import Version

from .lacking import kinds_without_lines
from .versions import copy_lines_between


def take_snapshot(working: Version, status: Version.Status, label: str = "") -> Version:
    """The next snapshot of a count, filled from its working version and sealed.

    Call it inside `acting`, holding the rows of the count and of the working version.
    """
    newest = Version.objects.filter(count_id=working.count_id).order_by("-number").values_list("number", flat=True)[0]
    snapshot = Version.objects.create(
        count_id=working.count_id,
        kind=Version.Kind.SNAPSHOT,
        number=newest + 1,
        status=status,
        label=label,
        missing=kinds_without_lines(working),
        left_out=working.left_out,
        begun_from=working,
    )
    copy_lines_between({snapshot.pk: working.pk})
    snapshot.digest = digest_of(snapshot)
    snapshot.sealed_at = timezone.now()
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

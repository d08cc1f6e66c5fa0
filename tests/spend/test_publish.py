"""Publishing a count: an immutable sealed snapshot with a digest, which the public then sees."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from pilots.models import History, SpendLine, SpendType, Version
from pilots.permissions import NotAllowed
from pilots.signals import count_changed
from pilots.spend.columns import COLUMNS
from pilots.spend.publish import CannotPublish, digest_of, publish_count
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import remove_line
from tests.people_of_kent import administrator, contributor_for, lead_of, leadership_centre
from tests.review.approved import approved

from .kent import DOVER, added, count_of_kent, working_version_of_kent

pytestmark = pytest.mark.django_db


def published_with_a_line() -> Version:
    """Kent's second snapshot, with a line of its own."""
    added(working_version_of_kent())
    return publish_count(approved(count_of_kent()), leadership_centre())


def test_publishing_copies_the_working_version_into_the_next_snapshot() -> None:
    working = working_version_of_kent()
    added(working)
    snapshot = publish_count(approved(count_of_kent()), leadership_centre())
    assert (snapshot.number, snapshot.kind, snapshot.status) == (2, "snapshot", "published")
    assert count_of_kent().published == snapshot
    assert snapshot.sealed_at is not None
    assert snapshot.begun_from == working
    key = ("agency", "funder", "service_line", "spend_type", "is_capital", "is_transfer", "receiver", "amount", "note")
    assert set(snapshot.lines.values_list(*key)) == set(working.lines.values_list(*key))


def test_the_first_snapshot_stays_what_it_was() -> None:
    first = count_of_kent().published
    assert first is not None
    before = (first.lines.count(), digest_of(first))
    published_with_a_line()
    assert (first.lines.count(), digest_of(first)) == before


def test_the_digest_is_of_what_the_lines_say_and_not_of_their_numbers() -> None:
    snapshot = published_with_a_line()
    assert snapshot.digest == digest_of(snapshot) == digest_of(working_version_of_kent())
    assert len(snapshot.digest) == 64
    working = working_version_of_kent()
    read = SpendLine.objects.get(version=working, spend_type__code="employees", agency__code=DOVER)
    remove_line(working, read.pk, read.row_version, None, "page")
    added(working)
    assert digest_of(working) == snapshot.digest
    added(working, spend_type="premises", amount="0.01")
    assert digest_of(working) != snapshot.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pilots_spendline SET amount = amount + 1 WHERE version_id = %s",
        "DELETE FROM pilots_spendline WHERE version_id = %s",
        "UPDATE pilots_version SET digest = '' WHERE id = %s",
        "UPDATE pilots_version SET sealed_at = NULL WHERE id = %s",
        "UPDATE pilots_version SET left_out = '[1]' WHERE id = %s",
        "DELETE FROM pilots_version WHERE id = %s",
    ],
)
def test_the_database_refuses_any_change_to_what_a_snapshot_holds(statement: str) -> None:
    snapshot = published_with_a_line()
    refused = pytest.raises(IntegrityError, match="Snapshot 2 is sealed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [snapshot.pk])
    assert digest_of(snapshot) == snapshot.digest


def test_the_database_refuses_a_line_added_to_a_snapshot_or_moved_out_of_it() -> None:
    snapshot, working = published_with_a_line(), working_version_of_kent()
    moved = snapshot.lines.filter(agency__code=DOVER, spend_type__code="employees").get()
    copy = SpendLine.objects.get(pk=moved.pk)
    copy.pk, copy.spend_type = None, SpendType.objects.get(code="premises")
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        copy.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpendLine.objects.filter(pk=moved.pk).update(version=working)


@pytest.mark.parametrize("table", ["pilots_spendline", "pilots_history"])
def test_the_database_refuses_to_empty_a_table_that_keeps_a_history(table: str) -> None:
    with (
        pytest.raises(IntegrityError, match="cannot be truncated"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("statement", ["UPDATE pilots_history SET via = ''", "DELETE FROM pilots_history"])
def test_the_history_can_be_neither_changed_nor_removed(statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_count_that_did_not_change_is_not_published_again() -> None:
    working_version_of_kent()
    with pytest.raises(CannotPublish, match="Nothing has changed"):
        publish_count(count_of_kent(), leadership_centre())


def test_a_count_without_lines_is_not_published() -> None:
    count = count_of_kent()
    empty = open_count(count.place, count.place.programme.years.get(label="2008-09"))
    with pytest.raises(CannotPublish, match="no spend lines yet"):
        publish_count(empty, leadership_centre())


def test_a_count_that_somebody_changed_since_it_was_looked_at_is_not_published() -> None:
    working, who = working_version_of_kent(), leadership_centre()
    added(working)
    seen = Version.objects.get(pk=working.pk).revision
    added(working, spend_type="premises")
    approved(count_of_kent())
    with pytest.raises(CannotPublish, match="Somebody changed this count"):
        publish_count(count_of_kent(), who, seen_revision=seen)
    now = Version.objects.get(pk=working.pk).revision
    assert publish_count(count_of_kent(), who, seen_revision=now).number == 2


def test_only_the_leadership_centre_publishes() -> None:
    added(working_version_of_kent())
    for who in (lead_of("kent"), contributor_for(DOVER, "kent"), administrator()):
        with pytest.raises(NotAllowed, match="publish"):
            publish_count(count_of_kent(), who)


def test_who_published_and_what_it_replaced_is_told_in_the_history() -> None:
    first = count_of_kent().published
    snapshot = published_with_a_line()
    told = History.objects.filter(table_name="pilots_count", row_id=snapshot.count_id).order_by("id").last()
    assert told is not None
    assert first is not None
    assert told.before is not None
    assert told.after is not None
    assert (told.before["published_id"], told.after["published_id"]) == (first.pk, snapshot.pk)
    assert told.actor_id == snapshot.published_by_id


def test_those_who_wait_are_told_which_snapshot_to_map() -> None:
    told: list[int] = []

    def note(version_ids, **_):
        told.extend(version_ids)

    count_changed.connect(note)
    try:
        snapshot = published_with_a_line()
    finally:
        count_changed.disconnect(note)
    assert snapshot.pk in told


def test_a_change_after_publishing_makes_a_draft_again() -> None:
    published_with_a_line()
    working = working_version_of_kent()
    assert working.status == Version.Status.PUBLISHED
    assert added(working, spend_type="premises").amount == Decimal("1234.50")
    assert open_working_version(count_of_kent()).status == Version.Status.DRAFT


def test_one_shape_of_a_line_names_every_column_that_is_written_in_bulk() -> None:
    stored = {str(field.column) for field in SpendLine._meta.concrete_fields}
    assert stored - set(COLUMNS) == {"id", "version_id", "ratio", "row_version"}

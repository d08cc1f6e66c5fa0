"""What leaves a trace in the history: tokens, passwords, years and kinds, and every row that is removed."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from pilots.models import AgencyType, ApiToken, FinancialYear, History, Milestone, SpendType
from pilots.people.keeping import make_reset, use_reset
from pilots.people.tokens import make_token, revoke_token
from tests.review.approved import approved
from tests.review.world import World

pytestmark = pytest.mark.django_db


def traces(table: str) -> list[tuple[str, int | None]]:
    """What was done to a table and by whom, oldest first."""
    return list(History.objects.filter(table_name=table).order_by("id").values_list("operation", "actor_id"))


def restoring() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL totalplace.restoring = 'on'")


def test_a_row_that_is_removed_leaves_a_trace_whatever_a_session_has_set(world: World) -> None:
    Milestone.objects.create(place=world.place, kind="count")
    restoring()
    Milestone.objects.all().update(note="changed")
    Milestone.objects.all().delete()
    assert [operation for operation, _ in traces("pilots_milestone")] == ["insert", "update", "delete"]


def test_what_was_submitted_is_kept_whatever_a_session_has_set(world: World) -> None:
    world.record("E1", "schools", "1000")
    snapshot = approved(world.count).versions.get(kind="snapshot")
    restoring()
    for statement in (
        "DELETE FROM pilots_submission",
        "UPDATE pilots_submission SET message = 'other'",
        f"DELETE FROM pilots_spendline WHERE version_id = {snapshot.pk}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_token_leaves_a_trace_without_its_secret(world: World) -> None:
    lead = world.people["lead"]
    token, _ = make_token(lead, "export", 30)
    ApiToken.objects.update(last_used_at=token.created)
    revoke_token(lead, token.digest)
    assert traces("pilots_apitoken") == [("insert", lead.pk), ("delete", lead.pk)]
    kept = History.objects.filter(table_name="pilots_apitoken").latest("id").before
    assert kept["name"] == "export"
    assert {"digest", "token_key"}.isdisjoint(kept)


def test_years_and_kinds_leave_a_trace(world: World) -> None:
    FinancialYear.objects.create(programme=world.programme, label="2013-14")
    AgencyType.objects.create(code="odd")
    SpendType.objects.create(code="odd", name="Odd")
    for table in ("pilots_financialyear", "pilots_agencytype", "pilots_spendtype"):
        assert traces(table)[-1][0] == "insert"


def test_a_password_that_one_changes_oneself_leaves_a_trace_and_no_password(world: World) -> None:
    person = world.people["contributor"]
    use_reset(make_reset(person, world.people["lead"]), "seven quiet herons")
    client = Client()
    assert client.login(username="contributor", password="seven quiet herons")
    sent = {"old_password": "seven quiet herons", "new_password1": "eight quiet herons"}
    assert client.post("/accounts/password/", {**sent, "new_password2": "eight quiet herons"}).status_code == 302
    rows = History.objects.filter(table_name="pilots_person", row_id=person.pk, operation="update").order_by("id")
    assert [row.actor_id for row in rows] == [person.pk, person.pk]
    assert all(row.before["password_set_at"] != row.after["password_set_at"] for row in rows)
    assert all("password" not in row.after for row in rows)

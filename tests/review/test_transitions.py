"""The way of a count through its review: every act at every stage, by every role."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

import pilots
from pilots.models import Count, Decision, History, Person, ReviewComment, Role, Submission, Version
from pilots.permissions import NotAllowed
from pilots.review.checklist import ChecklistUnanswered
from pilots.review.queue import comments_on, decided, waiting
from pilots.review.transitions import (
    CannotReview,
    CellRemark,
    approve_and_publish,
    approve_count,
    publish_approved,
    return_count,
    submit_count,
)
from pilots.spend.publish import CannotPublish, publish_count
from pilots.spend.snapshots import digest_of
from pilots.spend.write import VersionLocked

from .approved import ANSWERS
from .world import World

pytestmark = pytest.mark.django_db

ACTS: dict[str, Callable[[Count, Person], Any]] = {
    "submit": lambda count, person: submit_count(count, ANSWERS, person),
    "return": lambda count, person: return_count(count, "Look again at schools.", person),
    "approve": lambda count, person: approve_count(count, person),
    "publish": lambda count, person: publish_count(count, person),
    "approve and publish": lambda count, person: approve_and_publish(count, person),
}
BY = dict.fromkeys(ACTS, "centre") | {"submit": "lead"}

# From each stage, the stage that each act leads to; an act that is not named is refused.
STAGES = {
    "draft": {"submit": "submitted"},
    "submitted": {"return": "returned", "approve": "approved", "approve and publish": "published"},
    "returned": {"submit": "submitted"},
    "approved": {"return": "returned", "publish": "published"},
    "published": {},
}
WAY_TO = {
    "draft": [],
    "submitted": ["submit"],
    "returned": ["submit", "return"],
    "approved": ["submit", "approve"],
    "published": ["submit", "approve", "publish"],
}


def brought_to(world: World, stage: str) -> None:
    for act in WAY_TO[stage]:
        ACTS[act](world.count, world.people[BY[act]])


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("stage", STAGES)
def test_an_act_leads_to_the_next_stage_or_says_why_not(world: World, stage: str, act: str) -> None:
    brought_to(world, stage)
    assert world.working.status == stage
    expected = STAGES[stage].get(act)
    if expected is None:
        with pytest.raises((CannotReview, CannotPublish), match=r"\w+ .*\."):
            ACTS[act](world.count, world.people[BY[act]])
        assert world.working.status == stage
    else:
        ACTS[act](world.count, world.people[BY[act]])
        assert world.working.status == expected
        newest = world.count.versions.order_by("number").last()
        assert newest is not None
        assert newest.status == expected


ALLOWED = {"submit": {"lead"}} | {act: {"centre"} for act in ("return", "approve", "publish", "approve and publish")}


@pytest.mark.parametrize("role", ["nobody", "contributor", "lead", "other_lead", "centre", "administrator"])
@pytest.mark.parametrize("act", ACTS)
def test_only_who_may_decides(world: World, act: str, role: str) -> None:
    stage = next(stage for stage, acts in STAGES.items() if act in acts)
    brought_to(world, stage)
    if role in ALLOWED[act]:
        ACTS[act](world.count, world.people[role])
        assert world.working.status == STAGES[stage][act]
    else:
        with pytest.raises(NotAllowed, match="You may not"):
            ACTS[act](world.count, world.people[role])
        assert world.working.status == stage


def test_nothing_is_submitted_without_an_answered_checklist(world: World) -> None:
    given = {**ANSWERS, "units": ("no", " ")}
    del given["bodies"]
    with pytest.raises(ChecklistUnanswered) as refused:
        submit_count(world.count, given, world.people["lead"])
    assert set(refused.value.errors) == {"units", "bodies"}
    assert world.working.status == "draft"
    assert not Submission.objects.exists()


def test_an_answer_is_kept_with_its_question_as_it_was_asked(world: World) -> None:
    answers = {**ANSWERS, "transfers": ("no", "The flood levy is not split.")}
    submission = submit_count(world.count, answers, world.people["lead"])
    kept = {answer["code"]: answer for answer in submission.answers}
    assert kept["transfers"]["answer"] == "no"
    assert kept["transfers"]["note"] == "The flood levy is not split."
    assert kept["transfers"]["question"].endswith("?")


def test_a_count_without_lines_cannot_be_submitted(world: World) -> None:
    world.working.lines.all().delete()
    with pytest.raises(CannotReview, match="no spend lines"):
        submit_count(world.count, ANSWERS, world.people["lead"])


@pytest.mark.parametrize("stage", ["submitted", "approved"])
def test_a_count_under_review_is_locked_on_every_way(world: World, stage: str) -> None:
    line = world.working.lines.first()
    assert line is not None
    brought_to(world, stage)
    with pytest.raises(VersionLocked, match=stage):
        world.change(line, amount="1")
    for statement in (
        "UPDATE pilots_spendline SET amount = 1 WHERE id = %s",
        "DELETE FROM pilots_spendline WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="locked"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [line.pk])


def test_a_returned_count_is_unlocked_and_told_which_cells_are_meant(world: World) -> None:
    brought_to(world, "submitted")
    cells = [CellRemark("E1", "schools", "Is this in thousands?")]
    return_count(world.count, "Two things.", world.people["centre"], cells)
    (said,) = comments_on(world.count)
    assert (said.agency.code, said.service_line.code, said.text) == ("E1", "schools", "Is this in thousands?")
    line = world.working.lines.get(service_line__code="schools")
    assert world.change(line, amount="2000").amount == 2000
    assert world.working.status == "returned"
    submit_count(world.count, ANSWERS, world.people["lead"])
    assert not comments_on(world.count).exists()


def test_a_return_says_something_and_of_cells_that_exist(world: World) -> None:
    brought_to(world, "submitted")
    with pytest.raises(CannotReview, match="Say what"):
        return_count(world.count, "  ", world.people["centre"])
    with pytest.raises(CannotReview, match="no cell"):
        return_count(world.count, "See.", world.people["centre"], [CellRemark("E1", "moon", "What is it?")])
    assert world.working.status == "submitted"
    assert not ReviewComment.objects.exists()


def test_what_is_published_is_the_very_snapshot_that_was_submitted(world: World) -> None:
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    approve_count(world.count, world.people["centre"])
    assert world.count.published is None
    snapshot = publish_count(world.count, world.people["centre"])
    assert snapshot == submission.snapshot == Count.objects.get(pk=world.count.pk).published
    assert snapshot.digest == digest_of(world.working)
    assert snapshot.published_by == world.people["centre"]
    assert Version.objects.filter(count=world.count, kind="snapshot").count() == 1


def test_a_person_publishes_only_what_was_approved_and_a_command_what_it_brings(world: World) -> None:
    with pytest.raises(CannotPublish, match="not been approved"):
        publish_count(world.count, world.people["centre"])
    snapshot = publish_count(world.count, None, via="command load_counts")
    assert snapshot.status == "published"
    assert world.working.status == "published"


def test_a_submitted_snapshot_never_changes_whoever_writes(world: World) -> None:
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    snapshot = submission.snapshot_id
    for statement in (
        "UPDATE pilots_spendline SET amount = amount + 1 WHERE version_id = %s",
        "DELETE FROM pilots_spendline WHERE version_id = %s",
        "UPDATE pilots_version SET digest = 'x' WHERE id = %s",
        "DELETE FROM pilots_submission WHERE snapshot_id = %s",
        "UPDATE pilots_submission SET warnings = NULL WHERE snapshot_id = %s",
        "UPDATE pilots_submission SET answers = '[]' WHERE snapshot_id = %s",
        "UPDATE pilots_version SET status = 'draft' WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [snapshot])


def test_no_stage_is_skipped_by_sql(world: World) -> None:
    with pytest.raises(DatabaseError, match="draft cannot become approved"), transaction.atomic():
        Version.objects.filter(pk=world.working.pk).update(status="approved")


def test_the_digest_is_equal_for_equal_lines_and_differs_with_any_penny(world: World) -> None:
    first = submit_count(world.count, ANSWERS, world.people["lead"]).snapshot
    return_count(world.count, "Check.", world.people["centre"])
    again = submit_count(world.count, ANSWERS, world.people["lead"]).snapshot
    return_count(world.count, "Check.", world.people["centre"])
    world.change(world.working.lines.get(service_line__code="schools"), amount="1000.11")
    third = submit_count(world.count, ANSWERS, world.people["lead"]).snapshot
    assert first.digest == again.digest != third.digest


def test_the_history_tells_the_whole_story(world: World) -> None:
    centre, lead = world.people["centre"], world.people["lead"]
    submit_count(world.count, ANSWERS, lead)
    return_count(world.count, "Check.", centre)
    submit_count(world.count, ANSWERS, lead)
    approve_and_publish(world.count, centre)
    moves = History.objects.filter(table_name="pilots_version", row_id=world.working.pk, operation="update")
    told = [
        (row.before["status"], row.after["status"], row.actor_id)
        for row in moves.order_by("id")
        if row.before["status"] != row.after["status"]
    ]
    assert told == [
        ("draft", "submitted", lead.pk),
        ("submitted", "returned", centre.pk),
        ("returned", "submitted", lead.pk),
        ("submitted", "approved", centre.pk),
        ("approved", "published", centre.pk),
    ]


def test_a_count_is_approved_and_published_by_somebody_else_than_who_submitted_it(world: World) -> None:
    centre, lead = world.people["centre"], world.people["lead"]
    for person, kind in ((centre, Role.Kind.PLACE_LEAD), (lead, Role.Kind.LEADERSHIP_CENTRE)):
        place = world.place if kind == Role.Kind.PLACE_LEAD else None
        Role.objects.create(person=person, kind=kind, place=place)
    both = Person.objects.get(pk=centre.pk)
    submit_count(world.count, ANSWERS, both)
    for act in ("approve", "approve and publish"):
        with pytest.raises(CannotReview, match=r"You submitted this count yourself.*: lead may"):
            ACTS[act](world.count, both)
    approve_count(world.count, Person.objects.get(pk=lead.pk))
    with pytest.raises(CannotReview, match="somebody else"):
        publish_approved(world.count, both)
    return_count(world.count, "A second thought.", both)
    assert world.working.status == "returned"


def test_every_decision_is_kept_with_its_words(world: World) -> None:
    centre = world.people["centre"]
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    approve_count(world.count, centre, "Good, but for one cell.", [CellRemark("E1", "schools", "In thousands?")])
    return_count(world.count, "After all: look again.", centre)
    again = submit_count(world.count, ANSWERS, world.people["lead"])
    approve_count(world.count, centre)
    publish_approved(world.count, centre, "Thank you.", [CellRemark("E2", "police", "As audited.")])
    told = [(row.submission, row.stage, row.person, row.comment) for row in Decision.objects.all()]
    assert told == [
        (submission, "approved", centre, "Good, but for one cell."),
        (submission, "returned", centre, "After all: look again."),
        (again, "approved", centre, ""),
        (again, "published", centre, "Thank you."),
    ]
    said = ReviewComment.objects.values_list("version__number", "text")
    assert list(said) == [(1, "In thousands?"), (2, "As audited.")]


def test_decisions_of_before_they_had_rows_are_read_from_the_history(world: World) -> None:
    centre = world.people["centre"]
    submit_count(world.count, ANSWERS, world.people["lead"])
    approve_count(world.count, centre, "Good.")
    kept = Decision.objects.values_list("submission", "stage", "person", "at", "comment")
    taken = list(kept)
    Decision.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute((Path(pilots.__file__).parent / "migrations/sql/decisions.sql").read_text())
    assert list(kept) == taken


def test_the_queue_holds_what_waits_and_looks_back_on_what_was_decided(world: World) -> None:
    centre = world.people["centre"]
    assert not waiting(world.programme, centre)
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    assert list(waiting(world.programme, centre)) == [submission]
    return_count(world.count, "Check.", centre)
    assert not waiting(world.programme, centre)
    assert list(decided(world.programme, centre)) == [submission]
    with pytest.raises(NotAllowed):
        waiting(world.programme, world.people["lead"])

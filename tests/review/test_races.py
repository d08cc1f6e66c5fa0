"""Two people at one moment: one act is done, the other is told why it was not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from pilots.models import Submission
from pilots.review.transitions import CannotReview, approve_count, return_count, submit_count
from pilots.spend.write import VersionLocked, add_line

from .approved import ANSWERS
from .world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def racing(transactional_db: Any) -> World:
    world = make_world()
    world.record("E1", "schools", "1000.10")
    return world


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised, all begun at the same moment on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_submissions_at_once_one_is_taken(racing: World) -> None:
    count, lead = racing.count, racing.people["lead"]
    results = at_once(*[lambda: submit_count(count, ANSWERS, lead)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["CannotReview", "Submission"]
    assert Submission.objects.count() == 1


def test_of_a_return_and_an_approval_at_once_the_count_keeps_one_stage(racing: World) -> None:
    submit_count(racing.count, ANSWERS, racing.people["lead"])
    count, centre = racing.count, racing.people["centre"]
    results = at_once(lambda: return_count(count, "Check.", centre), lambda: approve_count(count, centre))
    refused = [result for result in results if isinstance(result, Exception)]
    # An approved count may be returned afterwards; a returned one cannot be approved.
    assert all(isinstance(error, CannotReview) for error in refused)
    assert racing.working.status == "returned"


def test_a_line_written_while_a_count_is_submitted_is_in_the_snapshot_or_refused(racing: World) -> None:
    count, lead, working = racing.count, racing.people["lead"], racing.working
    values = {"agency": "E2", "service_line": "police", "amount": "5"}
    submitted, written = at_once(
        lambda: submit_count(count, ANSWERS, lead), lambda: add_line(working, values, lead, "page")
    )
    lines = submitted.snapshot.lines.count()
    assert lines == working.lines.count()
    assert lines == (1 if isinstance(written, VersionLocked) else 2)


def test_a_line_written_past_every_function_waits_for_the_submission_and_is_refused(racing: World) -> None:
    count, lead, working = racing.count, racing.people["lead"], racing.working
    held, result = Event(), []

    def submit() -> None:
        with transaction.atomic():
            submit_count(count, ANSWERS, lead)
            held.set()
            sleep(0.5)

    def write() -> None:
        held.wait(10)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE pilots_spendline SET amount = 7 WHERE version_id = %s",
                    [working.pk],
                )
        except DatabaseError as error:
            result.append(str(error))

    at_once(submit, write)
    assert len(result) == 1
    assert "locked" in result[0]

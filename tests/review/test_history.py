"""The history of a count tells the whole story: its lines, its stages and all that was said."""

import csv
import io

import pytest
from django.test import Client

from pilots.grid.panel import add_comment
from pilots.progress.timeline import timeline
from pilots.review.history import Kind, history_of, told
from pilots.review.sense import answer_warning
from pilots.review.transitions import CellRemark, approve_count, publish_approved, return_count, submit_count

from .approved import ANSWERS
from .world import World

pytestmark = pytest.mark.django_db
HISTORY = "/places/dunshire/spend/2010-11/history/"


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


@pytest.fixture
def reviewed(world: World) -> World:
    """A count with all that can become of one."""
    lead, centre = world.people["lead"], world.people["centre"]
    schools = world.working.lines.get(service_line__code="schools")
    add_comment(world.working, schools.agency, schools.service_line, "From the accounts.", lead)
    line = world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    answer_warning(world.working, "not-received", "E1 roads E3", "They report next year.", lead)
    submit_count(world.count, ANSWERS, lead, "First count.")
    approve_count(world.count, centre, "Good.")
    return_count(world.count, "After all: look again.", centre, [CellRemark("E1", "schools", "In thousands?")])
    world.change(schools, amount="1000100", note="in pounds")
    world.working.lines.filter(pk=line.pk).delete()
    submit_count(world.count, ANSWERS, lead)
    approve_count(world.count, centre)
    publish_approved(world.count, centre, "Thank you.")
    return world


def test_every_change_says_what_stood_before_and_after(reviewed: World) -> None:
    rows = list(told(reviewed.working, history_of(reviewed.working)))
    said = [(row.who, row.what, row.before, row.after) for row in rows]
    assert said == [
        ("centre", "Comment: published", "", "Thank you."),
        ("centre", "Stage", "Approved", "Published"),
        ("centre", "Stage", "Submitted", "Approved"),
        ("lead", "Stage", "Returned", "Submitted"),
        ("the system", "Roads", "£10.00", "nothing"),
        ("lead", "Schools", "£1,000.10; note: none", "£1,000,100.00; note: in pounds"),
        ("centre", "Stage", "Approved", "Returned"),
        ("centre", "Comment: returned", "", "After all: look again."),
        ("centre", "Comment on Schools", "", "In thousands?"),
        ("centre", "Stage", "Submitted", "Approved"),
        ("centre", "Comment: approved", "", "Good."),
        ("lead", "Stage", "Draft", "Submitted"),
        ("lead", "Message with the submission", "", "First count."),
        ("lead", said[13][1], "nothing", "They report next year."),
        ("lead", "Roads", "nothing", "£10.00"),
        ("lead", "Comment on Schools", "", "From the accounts."),
        ("lead", "Police", "nothing", "£500.00"),
        ("lead", "Schools", "nothing", "£1,000.10"),
    ]
    assert said[13][1].startswith("Answer to: Dunshire County Council, Roads")


def test_a_history_is_read_in_as_many_queries_however_long_it_is(
    reviewed: World, django_assert_max_num_queries
) -> None:
    working = reviewed.working
    with django_assert_max_num_queries(12):
        assert len(list(told(working, history_of(working)))) == 18


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 18), ("?kind=lines", 5), ("?kind=stages", 10), ("?kind=comments", 2), ("?kind=answers", 1), ("?body=E2", 1)],
)
def test_a_history_is_narrowed_to_a_kind_or_a_body(reviewed: World, asked: str, number: int) -> None:
    assert len(client_of(reviewed, "lead").get(HISTORY + asked).context["changes"]) == number


def test_kinds_of_change_that_there_are_not_are_said_to_be_none(reviewed: World) -> None:
    assert client_of(reviewed, "lead").get(f"{HISTORY}?kind=moons").status_code == 404
    assert {row.kind for row in told(reviewed.working, history_of(reviewed.working))} == set(Kind)


def test_the_file_of_a_history_holds_every_change(reviewed: World) -> None:
    answer = client_of(reviewed, "centre").get(f"{HISTORY}?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert len(rows) == 18
    assert (rows[0]["kind"], rows[0]["after"]) == ("stages", "Thank you.")


def test_a_contributor_reads_the_history_of_their_body_and_others_none(reviewed: World) -> None:
    mine = client_of(reviewed, "contributor").get(HISTORY).context["changes"]
    assert {row.agency for row in mine} == {"Dunshire County Council"}
    assert client_of(reviewed, "contributor").get(f"{HISTORY}?body=E2").context["changes"] == mine
    assert [client_of(reviewed, role).get(HISTORY).status_code for role in ("nobody", "other_lead")] == [403, 403]
    assert Client().get(HISTORY).status_code == 302


def test_every_decision_stands_in_the_timeline_and_on_the_page(reviewed: World) -> None:
    events = {(event.what, event.said) for event in timeline(reviewed.place, reviewed.people["lead"])}
    assert {
        ("Count of 2010-11 approved", "Good."),
        ("Count of 2010-11 returned", "After all: look again."),
        ("Count of 2010-11 approved", ""),
        ("Count of 2010-11 published as snapshot 2", "Thank you."),
    } <= events
    first = client_of(reviewed, "lead").get("/review/dunshire/2010-11/?number=1").content.decode()
    assert "Good." in first
    assert "After all: look again." in first

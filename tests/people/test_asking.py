"""Whom to ask about figures, and asking."""

import pytest
from django.core.cache import cache
from django.test import Client

from pilots.models import Question
from pilots.people.asking import AnsweredAlready, TooManyQuestions, answer_question, ask, contact_of
from pilots.people.keeping import deactivate
from pilots.permissions import NotAllowed
from tests.review.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_yet() -> None:
    cache.clear()


def test_the_lead_is_asked_or_the_leadership_centre_where_there_is_none(world: World) -> None:
    assert contact_of(world.place).names == ("lead",)
    deactivate(world.people["lead"], world.people["centre"])
    assert contact_of(world.place).names == ("the Leadership Centre",)


def test_a_question_is_kept_with_its_page_and_answered_by_those_of_the_place(world: World) -> None:
    question = ask(world.place, " Why so much? ", "/places/dunshire/", None, "ada@example.org", "192.0.2.1")
    assert (question.text, question.page, question.email) == ("Why so much?", "/places/dunshire/", "ada@example.org")
    for role in ("nobody", "contributor", "other_lead", "administrator"):
        with pytest.raises(NotAllowed):
            answer_question(question, "Because.", world.people[role])
    answer_question(question, "A new school.", world.people["lead"])
    assert question.answered_by == world.people["lead"]


def test_the_sixth_question_in_ten_minutes_waits(world: World) -> None:
    for number in range(5):
        ask(world.place, f"Question {number}", "", None, "", "192.0.2.1")
    with pytest.raises(TooManyQuestions, match="Wait"):
        ask(world.place, "And another", "", None, "", "192.0.2.1")
    assert ask(world.place, "From elsewhere", "", None, "", "192.0.2.2").pk


def asked(world: World, person: str = "nobody") -> Question:
    return ask(world.place, "Why so much?", "", world.people[person], "", "192.0.2.1")


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


def test_the_second_answer_does_not_take_the_place_of_the_first(world: World) -> None:
    question = asked(world)
    seen = Question.objects.get(pk=question.pk)
    answer_question(question, "A new school.", world.people["lead"])
    with pytest.raises(AnsweredAlready, match="lead answered this first"):
        answer_question(seen, "We do not know.", world.people["centre"])
    assert Question.objects.get().answer == "A new school."


def test_what_the_second_wrote_is_shown_to_them_beside_the_first_answer(world: World) -> None:
    question = asked(world)
    answer_question(question, "A new school.", world.people["lead"])
    address = f"/places/dunshire/questions/{question.pk}/"
    answer = signed_in(world, "centre").post(address, {"answer": "We do not know."})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "A new school." in shown
    assert "We do not know." in shown


@pytest.mark.parametrize(
    ("role", "waits"), [("lead", True), ("centre", True), ("other_lead", False), ("contributor", None)]
)
def test_open_questions_are_listed_for_those_who_answer(world: World, role: str, waits: bool | None) -> None:
    question = asked(world)
    client = signed_in(world, role)
    answer = client.get("/questions/")
    if waits is None:
        assert answer.status_code == 403
        return
    assert ("Why so much?" in answer.content.decode()) == waits
    for page in ("/accounts/", "/progress/?programme=reviewed"):
        assert ("One question waits for an answer" in client.get(page).content.decode()) == waits
    if waits:
        sent = {"answer": "A new school.", "from": "questions"}
        assert client.post(f"/places/dunshire/questions/{question.pk}/", sent).headers["Location"] == "/questions/"
        assert "No question waits" in client.get("/questions/").content.decode()


def test_questions_are_listed_in_queries_that_do_not_grow_with_them(
    world: World, django_assert_max_num_queries
) -> None:
    client = signed_in(world, "centre")
    for number in range(5):
        ask(world.place, f"Question {number}", "", world.people["nobody"], "", "192.0.2.1")
    with django_assert_max_num_queries(8):
        client.get("/questions/")


def test_whoever_asked_while_signed_in_finds_the_answer_on_their_account(world: World) -> None:
    question = asked(world)
    client = signed_in(world, "nobody")
    assert "No answer yet" in client.get("/accounts/").content.decode()
    answer_question(question, "A new school.", world.people["lead"])
    assert "A new school." in client.get("/accounts/").content.decode()
    assert "A new school." not in signed_in(world, "contributor").get("/accounts/").content.decode()

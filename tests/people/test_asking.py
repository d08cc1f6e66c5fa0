"""Whom to ask about figures, and asking."""

import pytest
from django.core.cache import cache

from pilots.people.asking import TooManyQuestions, answer_question, ask, contact_of
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

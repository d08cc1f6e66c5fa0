"""What is said of a cell, in the grid and in the review, is one conversation in both places."""

import pytest
from django.test import Client

from pilots.grid.panel import add_comment
from pilots.models import Agency, Count, ServiceLine
from pilots.review.conversation import commented_cells, open_conversations, said_of
from pilots.review.transitions import CellRemark, approve_and_publish, return_count, submit_count

from .approved import ANSWERS
from .world import World

REVIEW = "/review/dunshire/2010-11/"


@pytest.fixture
def county(world: World) -> Agency:
    return Agency.objects.get(programme=world.programme, code="E1")


def service(world: World, code: str) -> ServiceLine:
    return ServiceLine.objects.get(programme=world.programme, code=code)


def say(world: World, agency: Agency, code: str, text: str, who: str = "lead") -> None:
    add_comment(world.working, agency, service(world, code), text, world.people[who])


@pytest.fixture
def answered(world: World, county: Agency) -> Count:
    """A count with a word of the lead's, submitted, returned with the reviewer's word, and answered by the lead."""
    say(world, county, "schools", "Half the year is missing.")
    submit_count(world.count, ANSWERS, world.people["lead"])
    remark = CellRemark("E1", "schools", "Which half?")
    return_count(world.count, "One cell.", world.people["centre"], [remark])
    say(world, county, "schools", "April to September.")
    return world.count


def test_a_cell_has_one_conversation_of_those_who_record_and_of_reviewers(
    world: World, county: Agency, answered: Count
) -> None:
    said = said_of(answered, county, service(world, "schools"))
    assert [(words.text, words.is_review) for words in said] == [
        ("Half the year is missing.", False),
        ("Which half?", True),
        ("April to September.", False),
    ]
    assert said_of(answered, county, service(world, "roads")) == []


def signed_in(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    return client


@pytest.mark.parametrize("who", ["lead", "centre"])
def test_the_review_lists_every_open_conversation_in_order_with_a_link_to_its_cell(
    world: World, county: Agency, answered: Count, who: str
) -> None:
    say(world, county, "roads", "Nothing is recorded here yet.")
    html = signed_in(world, who).get(REVIEW).content.decode()
    assert "Two cells are talked about" in html
    places = [html.index(text) for text in ("Half the year is missing.", "Which half?", "April to September.")]
    assert places == sorted(places)
    for code in ("schools", "roads"):
        line = service(world, code)
        assert f"?view=grid&amp;branch={code}#c-{county.pk}-{line.pk}" in html


def test_a_reviewer_answers_a_comment_on_a_cell_that_does_not_differ(world: World, county: Agency) -> None:
    say(world, county, "roads", "Is it with the borough?")
    submit_count(world.count, ANSWERS, world.people["lead"])
    centre = signed_in(world, "centre")
    html = centre.get(REVIEW).content.decode()
    assert html.count('name="cell:E1:roads"') == 1
    assert html.count('name="cell:E1:schools"') == 1
    decision = {"decision": "return", "number": "1", "comment": "", "cell:E1:roads": "It is: leave it blank."}
    assert centre.post(f"{REVIEW}decide/", decision).status_code == 302
    (conversation,) = open_conversations(world.count)
    assert [words.text for words in conversation.said] == ["Is it with the borough?", "It is: leave it blank."]


def test_what_was_talked_about_before_the_last_publication_is_no_longer_open(world: World, county: Agency) -> None:
    say(world, county, "schools", "An estimate.")
    assert commented_cells(world.count) == {(county.pk, service(world, "schools").pk)}
    submit_count(world.count, ANSWERS, world.people["lead"])
    approve_and_publish(world.count, world.people["centre"])
    assert open_conversations(world.count) == []
    assert commented_cells(world.count) == set()
    assert len(said_of(world.count, county, service(world, "schools"))) == 1

"""An address that takes only what a form sends, opened by hand, says so and leads on."""

import pytest
from django.test import Client

from tests.people_of_kent import leadership_centre
from totalplace.wrong_method import page_above

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/places/kent/bring-back/", "/places/kent/"),
        ("/places/kent/spend/2010-11/publish/", "/places/kent/spend/2010-11/"),
        ("/places/kent/spend/2010-11/grid/cells/", "/places/kent/spend/2010-11/"),
        ("/places/kent/quality/readings/5/remove/", "/places/kent/quality/"),
        ("/accounts/invitations/5/withdraw/", "/accounts/"),
        ("/accounts/sign-out/", "/accounts/"),
        ("/programmes/total-place/default/", "/programmes/"),
    ],
)
def test_the_button_of_an_act_is_on_the_nearest_page_above_it(address: str, above: str) -> None:
    assert page_above(address) == above


def test_opened_by_hand_it_says_that_nothing_was_changed_and_links_to_that_page(client: Client) -> None:
    client.force_login(leadership_centre())
    answer = client.get("/places/kent/bring-back/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "Nothing was changed" in answer.content.decode()
    assert 'href="/places/kent/"' in answer.content.decode()


def test_the_programming_interface_says_it_as_a_problem_document(client: Client) -> None:
    answer = client.delete("/api/v1/places/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"

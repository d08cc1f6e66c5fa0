"""A character of code 0, which the database cannot hold, is a bad request wherever it comes, and says so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.people_of_kent import leadership_centre

pytestmark = pytest.mark.django_db

WORDS = "a character that cannot be stored (code 0)"


@pytest.mark.parametrize(
    "address",
    [
        "/progress/?programme=%00",
        "/progress/?programme=total%00place",
        "/review/?programme=%00",
        "/places/kent/spend/%00/",
        "/agencies/E2221%00/",
    ],
)
def test_in_an_address_it_is_refused_in_words(client: Client, address: str) -> None:
    client.force_login(leadership_centre())
    answer = client.get(address)
    assert answer.status_code == 400
    assert WORDS in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/places/kent/spend/2010-11/grid/cell/?agency=1&service_line=1", {"act": "comment", "text": "a\0b"}),
        ("/places/kent/spend/2010-11/grid/paste/", {"text": "a\0b"}),
        ("/places/kent/progress/start-year/", {"year": "\0"}),
        ("/places/kent/spend/2010-11/checks/", {"note\0": "x"}),
    ],
)
def test_in_a_form_it_is_refused_in_words(client: Client, address: str, sent: dict[str, str]) -> None:
    client.force_login(leadership_centre())
    answer = client.post(address, sent)
    assert answer.status_code == 400
    assert WORDS in answer.content.decode()


def test_under_the_api_it_is_a_problem_document(client: Client) -> None:
    for address in ("/api/v1/places/%00/", "/api/v1/places/?search=%00", "/api/v1/agencies/E2221%00/"):
        answer = client.get(address)
        assert answer.status_code in (400, 404), address
        assert answer["Content-Type"] == "application/problem+json", address


def test_a_file_that_holds_it_is_still_read_by_its_page(client: Client) -> None:
    client.force_login(leadership_centre())
    file = SimpleUploadedFile("spend.csv", b"a\0b")
    answer = client.post("/places/kent/spend/2010-11/upload/", {"file": file})
    assert WORDS not in answer.content.decode()

"""What a token may do: of what its person may, to read alone or to write, everywhere or in one place."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pilots.models import Agency, Place, Role
from pilots.permissions import Action, allows, signed_in_by

from .asking import Api, post_file
from .test_uploads import GOOD


@pytest.fixture
def person(people, birmingham):
    """A lead of Kent and of Birmingham."""
    lead = people["place lead"]
    Role.objects.create(person=lead, kind=Role.Kind.PLACE_LEAD, place=birmingham)
    return lead


def token(person, *arguments: str) -> Api:
    printed = StringIO()
    call_command("issue_token", person.username, *arguments, stdout=printed)
    return Api(printed.getvalue().strip())


def ask(api, what, slug) -> int:
    body = {"kent": "E2221", "birmingham": "E4601"}[slug]
    match what:
        case "read published":
            return api.get(f"places/{slug}/spend/").status
        case "read working":
            return api.get(f"places/{slug}/spend/?version=working").status
        case "add a line":
            line = {"year": "2010-11", "agency": body, "service_line": "police", "amount": "1.00"}
            return api.post(f"places/{slug}/spend/", line).status
        case "send a file":
            return post_file(api, f"places/{slug}/uploads/?year=2010-11", GOOD).status
    raise AssertionError(what)


# In Kent and in Birmingham.
TABLE = {
    "": {"read published": "200 200", "read working": "200 200", "add a line": "201 201", "send a file": "202 202"},
    "--scope read": {
        "read published": "200 200",
        "read working": "200 200",
        "add a line": "403 403",
        "send a file": "403 403",
    },
    "--place kent": {
        "read published": "200 200",
        "read working": "200 403",
        "add a line": "201 403",
        "send a file": "202 403",
    },
    "--scope read --place kent": {
        "read published": "200 200",
        "read working": "200 403",
        "add a line": "403 403",
        "send a file": "403 403",
    },
}


@pytest.mark.parametrize("what", TABLE[""])
@pytest.mark.parametrize("arguments", TABLE)
def test_cell(person, arguments, what):
    api = token(person, *arguments.split())
    statuses = [ask(api, what, slug) for slug in ("kent", "birmingham")]
    assert " ".join(map(str, statuses)) == TABLE[arguments][what]


def test_a_token_to_read_writes_nothing_whatever_its_person_may(people):
    for words in people:
        person = people[words]
        _, stored = issue(person, scope="read")
        signed_in_by(person, stored)
        kent = Place.objects.get(slug="kent")
        body = Agency.objects.get(code="E2221")
        granted = [action for action in Action if allows(person, action, kent, body) or allows(person, action)]
        assert set(granted) <= {Action.READ_PUBLISHED, Action.READ_WORKING}, words


def test_a_token_of_one_place_does_nothing_of_all(people, kent):
    administrator = people["administrator"]
    _, stored = issue(administrator, place=kent)
    signed_in_by(administrator, stored)
    assert not allows(administrator, Action.CHANGE_SETTINGS)
    assert allows(administrator, Action.READ_WORKING, kent)
    assert not allows(administrator, Action.READ_WORKING, Place.objects.get(slug="birmingham"))


def issue(person, **more):
    from pilots.people.tokens import make_token

    stored, secret = make_token(person, "test", None, **more)
    return secret, stored


def test_a_refusal_says_that_it_is_the_token(person):
    line = {"year": "2010-11", "agency": "E2221", "service_line": "police", "amount": "1.00"}
    assert "Your token is for reading." in token(person, "--scope", "read").post("places/kent/spend/", line).detail
    of_kent = token(person, "--place", "kent")
    assert "Your token is for Kent alone." in of_kent.get("places/birmingham/summary/?version=working").detail


def test_a_place_that_there_is_not_is_refused(person):
    with pytest.raises(CommandError, match="no place"):
        token(person, "--place", "kant")


def test_the_account_page_makes_and_shows_tokens_with_their_scope(client, person):
    client.force_login(person)
    page = client.get("/accounts/tokens/new/").content.decode()
    assert 'value="birmingham"' in page
    assert 'value="read"' in page
    assert 'value="leicester"' not in page
    made = client.post("/accounts/tokens/new/", {"name": "reader", "scope": "read", "place": "kent", "days": "30"})
    assert made.status_code == 200
    assert "Kent alone" in client.get("/accounts/").content.decode()
    foreign = client.post("/accounts/tokens/new/", {"name": "x", "scope": "read", "place": "leicester", "days": "30"})
    assert foreign.status_code == 422

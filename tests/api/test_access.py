"""The permission table over the API: row by column, by own and other place, with a token and with a session."""

import re

import pytest

from pilots.api.schema import document
from pilots.models import Agency
from pilots.spend.versions import open_count, open_working_version

from .asking import V1, Api

ROLES = ("anonymous", "contributor", "place lead", "Leadership Centre", "administrator")
NEW = {"year": "2010-11", "service_line": "police", "amount": "1.00"}


def ask(api, what, slug, body):
    """The status of asking for something of a place and one of its bodies."""
    place = f"places/{slug}/"
    match what:
        case "read published":
            return api.get(f"{place}spend/").status
        case "read working lines":
            return api.get(f"{place}spend/?version=working").status
        case "read the working summary":
            return api.get(f"{place}summary/?version=working").status
        case "read working savings of the body":
            return api.get(f"{place}savings/?version=working&agency={body.code}").status
        case "read working sharing":
            return api.get(f"{place}sharing/?version=working").status
        case "add a line of the body":
            return api.post(f"{place}spend/", {**NEW, "agency": body.code}).status
    raise AssertionError(what)


# What each role gets: of their own place and body; of another body of the same place; of another place.
TABLE = {
    "read published": ("200 200 200",) * 5,
    "read working lines": ("401 401 401", "200 200 403", "200 200 403", "200 200 200", "200 200 200"),
    "read the working summary": ("401 401 401", "403 403 403", "200 200 403", "200 200 200", "200 200 200"),
    "read working savings of the body": ("401 401 401", "200 403 403", "200 200 403", "200 200 200", "200 200 200"),
    "read working sharing": ("401 401 401", "403 403 403", "200 200 403", "200 200 200", "200 200 200"),
    "add a line of the body": ("401 401 401", "201 403 403", "201 201 403", "403 403 403", "403 403 403"),
}


@pytest.fixture
def bodies(kent, birmingham, dover):
    """Own body, a body beside it, and a body of another place, each with its place."""
    beside = Agency.objects.get(places=kent, name="Ashford")
    return [("kent", dover), ("kent", beside), ("birmingham", Agency.objects.get(code="E4601"))]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", TABLE)
def test_cell(sign_in, bodies, what, role):
    expected = [int(status) for status in TABLE[what][ROLES.index(role)].split()]
    api = sign_in(role)
    assert [ask(api, what, slug, body) for slug, body in bodies] == expected


@pytest.mark.parametrize(("role", "status"), [("contributor", 403), ("place lead", 200), ("Leadership Centre", 403)])
def test_changing_and_removing_another_bodys_line(sign_in, kent, role, status):
    version = open_working_version(open_count(kent, kent.programme.years.get(label="2010-11")))
    line = version.lines.exclude(agency__name="Dover").order_by("pk")[0]
    api = sign_in(role)
    assert api.patch(f"places/kent/spend/{line.pk}/", {"note": "x"}, if_match='"1"').status == status
    expected = {200: 204}.get(status, status)
    assert api.delete(f"places/kent/spend/{line.pk}/", if_match=f'"{2 if status == 200 else 1}"').status == expected


def test_what_is_published_is_for_those_who_sign_in_where_a_setting_says_so(sign_in, settings):
    settings.PUBLIC_READING = False
    refused = sign_in("anonymous").get("places/")
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"] == "Token"
    allowed = sign_in("contributor").get("places/")
    assert allowed.status == 200
    assert allowed.headers["Cache-Control"] == "private, no-cache"


def test_a_session_writes_only_with_its_csrf_token(people):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people["place lead"])
    answer = client.post("/api/v1/places/kent/spend/", {**NEW, "agency": "E2221"}, content_type="application/json")
    assert answer.status_code == 403
    assert "CSRF" in answer.json()["detail"]


@pytest.mark.parametrize("token", ["unknown", "with space", "ünknown", ""])
def test_an_unknown_token_is_refused_even_where_anybody_may_read(db, token):
    answer = Api(f"{token}").get("places/") if token else Api().get("places/", authorization="Token")
    assert answer.status == 401
    assert answer.data["title"] == "Sign in first"


@pytest.mark.parametrize("there", [True, False])
def test_whoever_is_not_signed_in_learns_nothing_from_what_needs_it(anybody, kent, there):
    values = {"place": "kent" if there else "nowhere", "line": kent.counts.get().published.lines.first().pk}
    closed = 0
    for path, methods in document()["paths"].items():
        for method, described in methods.items():
            if method in ("get", "post", "patch", "delete") and {} not in described["security"]:
                address = re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 1)), path)
                send = getattr(anybody, method)
                answer = send(address.removeprefix(V1), *([{}] if method in ("post", "patch") else []))
                assert answer.status == 401, (method, address)
                closed += 1
    assert closed > 6

"""What every answer carries: limits, who may read it from elsewhere, and how it is packed."""

import gzip
import json

import brotli
import pytest
from django.test import Client

from pilots.api.limits import _server
from totalplace.compression import takes_brotli

from .asking import Answer, Api

LIST = "/api/v1/places/?kind=pilot"


@pytest.fixture
def limits(settings):
    settings.API_LIMITS = {"anonymous": 1000, "person": 3000}


def test_every_answer_says_how_much_may_still_be_asked(limits, anybody, lead):
    for api, policy, limit in ((anybody, "anonymous", 1000), (lead, "person", 3000)):
        answers = [api.get("places/"), api.get("places/kant/"), api.get("places/?knd=x")]
        assert [answer.status for answer in answers] == [200, 404, 400]
        for answer in answers:
            assert answer.headers["RateLimit-Policy"] == f'"{policy}";q={limit};w=60'
        left = [int(answer.headers["RateLimit"].split(";r=")[1].split(";")[0]) for answer in answers]
        seconds = [int(answer.headers["RateLimit"].split(";t=")[1]) for answer in answers]
        assert all(0 <= one < limit for one in left)
        assert all(1 <= one <= 60 for one in seconds)
        # One less each time, unless a minute ended meanwhile.
        assert left == [left[0], left[0] - 1, left[0] - 2] or max(seconds) > seconds[0]


def test_where_there_is_no_limit_nothing_is_said_of_one(anybody):
    assert "RateLimit" not in anybody.get("places/").headers


def test_refused_for_too_many_the_answer_says_that_nothing_is_left(settings, anybody):
    settings.API_LIMITS = {"anonymous": 1, "person": 1}
    refused = next(answer for answer in (anybody.get("levers/") for _ in range(4)) if answer.status == 429)
    assert ";r=0;" in refused.headers["RateLimit"]


ORIGIN = {"origin": "https://elsewhere.example"}


def test_what_is_published_may_be_read_from_any_origin_without_credentials(db):
    answer = Client().get(LIST, headers=ORIGIN)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert {"ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"} <= set(
        answer["Access-Control-Expose-Headers"].split(", ")
    )
    # A refusal of a reading may be read, too.
    assert Client().get("/api/v1/places/kant/", headers=ORIGIN)["Access-Control-Allow-Origin"] == "*"


def test_what_is_for_one_person_may_not(lead):
    answer = lead.get("places/kent/spend/?version=working&page_size=1", **ORIGIN)
    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_writing_may_not_be_done_from_elsewhere(lead):
    answer = lead.post("places/kent/spend/", {}, **ORIGIN)
    assert "Access-Control-Allow-Origin" not in answer.headers
    for method in ("POST", "PATCH", "DELETE"):
        asked = Client().options(LIST, headers={**ORIGIN, "access-control-request-method": method})
        assert "Access-Control-Allow-Origin" not in asked


def test_a_browser_that_asks_first_is_told_what_it_may_send(db):
    answer = Client().options(LIST, headers={**ORIGIN, "access-control-request-method": "GET"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert "Authorization" not in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(("origin", "allowed"), [("https://one.example", True), ("https://elsewhere.example", False)])
def test_a_setting_names_the_origins(db, settings, origin, allowed):
    settings.API_CORS_ORIGINS = ["https://one.example"]
    answer = Client().get(LIST, headers={"origin": origin})
    assert (answer.get("Access-Control-Allow-Origin") == origin) == allowed
    assert "Origin" in answer["Vary"]


def test_pages_say_nothing_of_other_origins(client, db):
    assert "Access-Control-Allow-Origin" not in client.get("/places/", headers=ORIGIN)


UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("br", "br"), ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)],
)
@pytest.mark.parametrize("address", ["/api/v1/places/kent/savings/", "/api/v1/spend/?kind=pilot"])
def test_answers_are_packed_as_the_client_takes_them(db, address, accepted, packed):
    plain = Client().get(address)
    answer = Client().get(address, headers={"accept-encoding": accepted})
    body, whole = Answer(answer).body, Answer(plain).body
    assert answer.get("Content-Encoding") == packed
    assert (UNPACK[packed](body) if packed else body) == whole
    assert "Accept-Encoding" in answer["Vary"]
    if packed:
        assert len(body) < len(whole) / 3
        assert answer["ETag"] == f"W/{plain['ETag']}"
        held = Client().get(address, headers={"accept-encoding": accepted, "if-none-match": answer["ETag"]})
        assert held.status_code == 304


def test_what_is_packed_in_itself_is_sent_as_it_is(db):
    answer = Client().get("/api/v1/places/kent/spend/?format=parquet", headers={"accept-encoding": "gzip, br"})
    assert "Content-Encoding" not in answer
    assert int(answer["Content-Length"]) > 0


def test_pages_are_packed_by_gzip_alone(client, db):
    assert client.get("/places/", headers={"accept-encoding": "gzip, br"})["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("said", "takes"),
    [("br", True), ("BR;q=1.0", True), ("br; q=0", False), ("brotli", False), ("", False), ("*", False)],
)
def test_brotli_is_sent_to_those_who_name_it(said, takes):
    assert takes_brotli(said) == takes


def test_problems_are_json_for_everybody(db):
    assert (
        json.loads(Client().get("/api/v1/nothing/", headers={"accept-encoding": "identity"}).content)["status"] == 404
    )
    assert Api().get("places/kant/").data["status"] == 404


def test_where_nobody_can_count_everybody_may_go_on(limits, settings, anybody):
    _server.cache_clear()
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    try:
        answers = [anybody.get("levers/") for _ in range(2)]
    finally:
        _server.cache_clear()
    assert [answer.status for answer in answers] == [200, 200]

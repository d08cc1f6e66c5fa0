"""Answers that are kept for everybody: never older than the database, never somebody else's, and counted like all."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from mapping.assumption_sets import make_current
from mapping.freshness import stale_versions
from mapping.models import CurrentAssumptionSet
from mapping.recompute import recompute_versions
from pilots.api import shared
from pilots.api.shared import Kept, Shelf
from pilots.models import Agency, Place
from tests.mapping.examples import add_to_a_line, publish, working_version

from .asking import Answer, Api, queries_of
from .test_pinning import bolder_than

# What others commit to the same cluster ends what is kept, too.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.apart]

SUMMARY = "places/kent/summary/"
SHARED = [
    SUMMARY,
    "places/kent/savings/",
    "places/kent/sharing/?lever=shared-back-office",
    "places/kent/reconciliation/",
    "summary/",
    "aggregate/?drilldown=place",
]


@dataclass
class Asked:
    """An answer, and the statements that it took."""

    answer: Answer
    statements: list[str]

    @property
    def is_kept(self) -> bool:
        return len(self.statements) == 1 and "pg_current_snapshot" in self.statements[0]


def ask(api: Api, address: str, **headers: str) -> Asked:
    with queries_of(connection) as queries:
        answer = api.get(address, **headers)
    return Asked(answer, [query["sql"] for query in queries])


@pytest.fixture
def anybody(transactional_db) -> Api:
    return Api()


def refresh() -> None:
    recompute_versions(stale_versions().values_list("pk", flat=True))


@pytest.mark.parametrize("address", SHARED)
def test_what_was_answered_is_given_again_for_one_statement(anybody, address):
    first = ask(anybody, address)
    again = ask(anybody, address)
    assert not first.is_kept
    assert again.is_kept
    assert again.answer.body == first.answer.body
    assert dict(again.answer.headers) == dict(first.answer.headers)


def publish_more() -> None:
    add_to_a_line(working_version("kent"), 1_000_000)
    publish("kent")


def rename_a_body() -> None:
    Agency.objects.filter(code="E2221").update(name="Kent County")


def take_a_bolder_set() -> None:
    make_current(bolder_than(CurrentAssumptionSet.objects.get().assumption_set))


@pytest.mark.parametrize("change", [publish_more, rename_a_body, take_a_bolder_set, refresh])
def test_after_a_commit_that_changes_it_the_answer_is_the_new_one_at_once(anybody, change):
    if change is refresh:
        rename_a_body()
    before = ask(anybody, SUMMARY).answer.data
    assert ask(anybody, SUMMARY).is_kept
    change()
    after = ask(anybody, SUMMARY).answer.data
    assert after != before
    assert after == Api().get(SUMMARY).data


def test_a_place_renamed_is_renamed_in_the_programme_at_once(anybody):
    assert "Kent" in [row["name"] for row in anybody.get("summary/").data["by_place"]]
    assert "Kent" in [cell["place.label"] for cell in anybody.get("aggregate/?drilldown=place").data["cells"]]
    Place.objects.filter(slug="kent").update(name="The Garden of England")
    assert "Kent" not in [row["name"] for row in anybody.get("summary/").data["by_place"]]
    assert "Kent" not in [cell["place.label"] for cell in anybody.get("aggregate/?drilldown=place").data["cells"]]


def test_after_a_commit_that_changes_nothing_of_it_the_answer_is_not_built_again(anybody):
    first = ask(anybody, SUMMARY)
    Place.objects.filter(slug="birmingham").update(name="Birmingham and about")
    held = ask(anybody, SUMMARY)
    assert held.answer.body == first.answer.body
    assert 1 < len(held.statements) < len(first.statements)
    assert not [text for text in held.statements if "mapping_savingscell" in text]
    assert ask(anybody, SUMMARY).is_kept


def test_what_is_not_committed_is_shown_to_nobody_else_and_kept_for_nobody(anybody):
    name = anybody.get("summary/").data["by_place"][0]["name"]
    with transaction.atomic():
        Place.objects.filter(name=name).update(name="Nowhere")
        assert anybody.get("summary/").data["by_place"][0]["name"] != name
        transaction.set_rollback(True)
    assert anybody.get("summary/").data["by_place"][0]["name"] == name


def test_once_reading_is_for_people_who_sign_in_nothing_kept_is_given(anybody, settings):
    anybody.get(SUMMARY)
    settings.PUBLIC_READING = False
    assert anybody.get(SUMMARY).status == 401
    settings.PUBLIC_READING = True
    assert ask(anybody, SUMMARY).is_kept


def test_whoever_signs_in_is_answered_by_the_view(anybody, sign_in):
    anybody.get(SUMMARY)
    asked = ask(sign_in("place lead"), SUMMARY)
    assert not asked.is_kept
    assert asked.answer.status == 200


def test_what_only_some_may_read_is_given_to_nobody_else(anybody, sign_in):
    working = f"{SUMMARY}?version=working"
    lead = sign_in("place lead")
    assert [lead.get(working).status for _ in range(2)] == [200, 200]
    assert anybody.get(working).status == 401


def test_a_kept_answer_counts_against_the_limit_and_says_what_is_left(anybody, settings):
    settings.API_LIMITS = {"anonymous": 1000, "person": 3000}
    answers = [ask(anybody, SUMMARY).answer for _ in range(3)]
    left = [int(answer.headers["RateLimit"].split(";r=")[1].split(";")[0]) for answer in answers]
    seconds = [int(answer.headers["RateLimit"].split(";t=")[1]) for answer in answers]
    assert left == [left[0], left[0] - 1, left[0] - 2] or max(seconds) > seconds[0]
    settings.API_LIMITS = {"anonymous": 1, "person": 1}
    refused = ask(anybody, SUMMARY)
    assert refused.answer.status == 429
    assert ";r=0;" in refused.answer.headers["RateLimit"]
    assert 1 <= int(refused.answer.headers["Retry-After"]) <= 60


def test_a_client_that_holds_it_is_told_so(anybody):
    etag = anybody.get(SUMMARY).etag
    held = ask(anybody, SUMMARY, if_none_match=etag)
    assert held.is_kept
    assert (held.answer.status, held.answer.body, held.answer.etag) == (304, b"", etag)
    other = ask(anybody, SUMMARY, if_none_match='"another"')
    assert other.is_kept
    assert other.answer.status == 200


@pytest.mark.parametrize("packed", ["gzip", "br", "identity"])
def test_it_is_kept_as_it_was_packed(anybody, packed):
    address = f"/api/v1/{SUMMARY}"
    first, again = (anybody.client.get(address, headers={"accept-encoding": packed}) for _ in range(2))
    assert again.content == first.content
    assert again.headers == first.headers
    assert (again.headers.get("Content-Encoding", "identity")) == packed
    assert "Accept-Encoding" in again["Vary"]


def test_another_question_format_or_host_is_another_answer(anybody):
    anybody.get("places/?page_size=5")
    links = [
        anybody.client.get("/api/v1/aggregate/?drilldown=place&page_size=5", headers={"host": host}).json()["next"]
        for host in ("localhost", "127.0.0.1")
    ]
    assert ["localhost" in link for link in links] == [True, False]
    savings = "/api/v1/places/kent/sharing/"
    answers = [anybody.client.get(savings, headers={"accept": kind}) for kind in ("application/json", "text/csv")]
    assert [answer["Content-Type"].partition(";")[0] for answer in answers] == ["application/json", "text/csv"]


def test_asking_for_the_head_gives_the_same_headers(anybody):
    answer = anybody.client.get(f"/api/v1/{SUMMARY}")
    head = anybody.client.head(f"/api/v1/{SUMMARY}")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == answer["ETag"]
    assert head["Content-Length"] == answer["Content-Length"]


def test_without_the_database_nothing_kept_is_given(anybody, monkeypatch):
    anybody.get(SUMMARY)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    connection.close_pool()
    assert anybody.client.get(f"/api/v1/{SUMMARY}").status_code == 503


def test_of_too_many_answers_those_go_that_nobody_asked_for_longest():
    def kept(content: bytes) -> Kept:
        return Kept(("database", "1:1:"), {}, content)

    shelf = Shelf(most=30)
    for name in ("a", "b"):
        shelf.put((name,), kept(b"x" * 10))
    assert shelf.get(("a",))
    shelf.put(("c",), kept(b"x" * 10))
    found: dict[str, Any] = {name: shelf.get((name,)) for name in ("a", "b", "c")}
    assert [name for name, one in found.items() if one] == ["a", "c"]
    shelf.put(("a",), kept(b"y" * 5))
    assert shelf.held == 5 + 1 + 10 + 1
    assert shared.LARGEST * 8 < shared.MOST_BYTES

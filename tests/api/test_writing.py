"""Writing spend lines of the working version."""

import gzip
import json

import pytest

from pilots.models import Agency, Count, History, SpendLine, Version

ADDRESS = "places/kent/spend/"
NEW = {"year": "2010-11", "agency": "E2221", "service_line": "police", "amount": "1234.50"}


@pytest.fixture
def line(lead):
    """A line of Kent's working version as its lead read it."""
    return lead.get(f"{ADDRESS}?version=working&agency=E2221&page_size=1").rows[0]


def of(line) -> str:
    return f"{ADDRESS}{line['id']}/"


def test_a_line_is_added_to_the_working_version_and_not_to_what_is_published(lead, anybody):
    before = anybody.get(ADDRESS).rows
    added = lead.post(ADDRESS, NEW)
    assert added.status == 201
    assert added.data["amount"] == "1234.50"
    assert added.headers["Location"] == f"/api/v1/{ADDRESS}{added.data['id']}/"
    assert added.etag == '"1"'
    assert lead.get(of(added.data)).data == added.data
    assert anybody.get(of(added.data)).status == 401
    assert anybody.get(ADDRESS).rows == before


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("1234.50", "1234.50"), (1234.5, "1234.50"), (0.1, "0.10"), (-3, "-3.00"), (1e3, "1000.00"), ("0", "0.00")],
)
def test_amounts_are_text_or_numbers_as_spreadsheets_send_them(lead, sent, stored):
    assert lead.post(ADDRESS, {**NEW, "amount": sent}).data["amount"] == stored


def test_an_amount_follows_from_the_whole_and_the_share(lead):
    del (new := dict(NEW))["amount"]
    added = lead.post(ADDRESS, {**new, "whole_amount": "1000.00", "share": "0.125", "basis": "apportioned"}).data
    assert (added["amount"], added["share"]) == ("125.00", "0.125")
    changed = lead.patch(f"{ADDRESS}{added['id']}/", {"share": "0.25"}, if_match='"1"').data
    assert changed["amount"] == "250.00"


REFUSED = [
    ({"amount": "12.345"}, 400, "/amount"),
    ({"amount": "£12"}, 400, "/amount"),
    ({"amount": None}, 422, "/amount"),
    ({"amount": 0.001}, 422, "/amount"),
    ({"amount": True}, 400, "/amount"),
    ({"amount": "100000000000000"}, 400, "/amount"),
    ({"agency": "E9999"}, 422, "/agency"),
    ({"agency": "E4601"}, 422, "/agency"),
    ({"agency": ""}, 400, "/agency"),
    ({"service_line": "social-protection"}, 422, "/service_line"),
    ({"service_line": ["police"]}, 400, "/service_line"),
    ({"spend_type": "sundries"}, 422, "/spend_type"),
    ({"receiver": "E2221"}, 422, "/receiver"),
    ({"is_transfer": "yes"}, 400, "/is_transfer"),
    ({"basis": "guess"}, 400, "/basis"),
    ({"share": "0"}, 400, "/share"),
    ({"note": "x" * 10_001}, 400, "/note"),
    ({"year": "1999-00"}, 422, "/year"),
    ({"year": "2010"}, 400, "/year"),
    ({"colour": "blue"}, 400, "/colour"),
    ({"id": 7}, 400, "/id"),
]


@pytest.mark.parametrize(("fault", "status", "pointer"), REFUSED, ids=[str(case[0])[:40] for case in REFUSED])
def test_a_line_that_cannot_be_recorded_is_refused_by_member(lead, fault, status, pointer):
    lines = SpendLine.objects.count()
    lead.get(f"{ADDRESS}?version=working")
    opened = SpendLine.objects.count()
    answer = lead.post(ADDRESS, {**NEW, **fault})
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert [error["pointer"] for error in answer.data["errors"]] == [pointer]
    assert SpendLine.objects.count() == opened > lines


def test_a_missing_member_is_named(lead):
    answer = lead.post(ADDRESS, {"year": "2010-11"})
    assert {error["pointer"] for error in answer.data["errors"]} == {"/agency", "/service_line"}


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[]", 400), ("null", 400), ('{"amount": NaN}', 400), ('{"note": "\\ud800"}', 400), ("[" * 5000, 400)],
)
def test_a_body_that_is_no_object_is_refused(lead, body, status):
    assert lead.post(ADDRESS, body).status == status


def test_a_body_of_another_type_is_refused(lead):
    assert lead.post(ADDRESS, "amount=1", content_type="application/x-www-form-urlencoded").status == 415


def test_a_second_line_of_the_same_key_is_refused(lead):
    lead.post(ADDRESS, NEW)
    answer = lead.post(ADDRESS, {**NEW, "amount": 2})
    assert answer.status == 422
    assert "There is a line of this body" in answer.detail


def test_a_change_merges_the_members_given(lead, line):
    answer = lead.patch(of(line), {"amount": "7.00", "note": "By telephone"}, if_match=f'"{line["row_version"]}"')
    assert answer.status == 200
    changed = {"amount": "7.00", "note": "By telephone", "row_version": line["row_version"] + 1}
    assert answer.data == {**line, **changed}
    assert answer.etag == f'"{line["row_version"] + 1}"'
    emptied = lead.patch(of(line), {"note": None}, if_match=answer.etag)
    assert emptied.data["note"] == ""


def test_a_change_to_what_it_was_changes_nothing(lead, line):
    answer = lead.patch(of(line), {"amount": line["amount"]}, if_match='"1"')
    assert (answer.status, answer.data) == (200, line)


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_without_if_match_nothing_is_written(lead, line, method):
    for headers in ({}, {"if_match": "*"}, {"if_match": '"1", "2"'}):
        answer = (
            lead.patch(of(line), {"amount": "1"}, **headers) if method == "patch" else lead.delete(of(line), **headers)
        )
        assert answer.status == 428
    assert lead.get(of(line)).data == line


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_a_stale_line_comes_back_as_it_stands_with_who_changed_it(lead, contributor, people, line, method):
    lead.patch(of(line), {"amount": "7.00"}, if_match='"1"')
    for stale in ('"1"', '"never"'):
        headers = {"if_match": stale}
        answer = (
            lead.patch(of(line), {"amount": "8.00"}, **headers)
            if method == "patch"
            else lead.delete(of(line), **headers)
        )
        assert answer.status == 412
        assert answer.data["current"] == {**line, "amount": "7.00", "row_version": 2}
        assert answer.data["changed_by"]["name"] == people["place lead"].get_full_name()
        assert answer.data["changed_by"]["via"] == "API"
        assert answer.etag == '"2"'


def test_an_etag_that_compression_made_weak_still_names_the_row_version(lead, line):
    packed = lead.client.get(f"/api/v1/{of(line)}", headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(packed.content)) == line
    assert packed.headers["ETag"] == 'W/"1"'
    assert lead.patch(of(line), {"amount": "9.00"}, if_match=packed.headers["ETag"]).status == 200


def test_a_removed_line_is_gone(lead, line):
    assert lead.delete(of(line), if_match='"1"').status == 204
    assert lead.get(of(line)).status == 404
    assert lead.delete(of(line), if_match='"1"').status == 404


def test_a_published_line_never_changes_and_says_which_to_change_instead(lead, anybody, line):
    published = anybody.get(f"{ADDRESS}?agency=E2221&page_size=1").rows[0]
    answer = lead.patch(of(published), {"amount": "1.00"}, if_match='"1"')
    assert answer.status == 409
    assert answer.detail == (
        f"Line {published['id']} belongs to snapshot 1, which never changes. "
        f"In the working version it is line {line['id']}."
    )


@pytest.mark.parametrize("stages", [["submitted"], ["submitted", "approved"]], ids=" then ".join)
def test_a_submitted_count_is_locked_for_everyone(lead, line, stages):
    lead.post(ADDRESS, NEW)
    for status in stages:
        Version.objects.filter(kind="working", count__place__slug="kent").update(status=status)
    for answer in (
        lead.post(ADDRESS, {**NEW, "agency": "E2232"}),
        lead.patch(of(line), {"amount": "1.00"}, if_match='"1"'),
        lead.delete(of(line), if_match='"1"'),
    ):
        assert answer.status == 409
        assert status in answer.detail


def test_a_change_is_put_down_to_the_person_and_the_api(lead, people, line):
    lead.patch(of(line), {"amount": "7.00"}, if_match='"1"')
    last = History.objects.filter(table_name="pilots_spendline", row_id=line["id"]).order_by("-pk")[0]
    assert (last.actor_id, last.via, last.operation) == (people["place lead"].pk, "API", "update")


def test_a_contributor_writes_lines_of_their_own_bodies_only(contributor, lead, dover, line):
    own = contributor.post(ADDRESS, {**NEW, "agency": dover.code})
    assert own.status == 201
    assert contributor.patch(of(own.data), {"amount": "2.00"}, if_match='"1"').status == 200
    assert contributor.post(ADDRESS, NEW).status == 403
    assert contributor.patch(of(line), {"amount": "2.00"}, if_match='"1"').status == 403
    assert contributor.delete(of(line), if_match='"1"').status == 403
    # Nor may a line of their own become another body's.
    assert contributor.patch(of(own.data), {"agency": "E2221"}, if_match='"2"').status == 403


def test_a_year_that_nobody_counted_begins_with_its_first_line(lead, anybody, kent):
    assert lead.get(f"{ADDRESS}?year=2009-10&version=working").status == 404
    assert lead.post(ADDRESS, {**NEW, "year": "2009-10"}).status == 201
    assert lead.get(f"{ADDRESS}?year=2009-10&version=working").data["count"] == 1
    assert anybody.get(f"{ADDRESS}?year=2009-10").status == 404
    assert Count.objects.get(place=kent, year__label="2009-10").published is None


def test_a_refused_line_opens_no_count(lead, people, birmingham):
    year = birmingham.programme.years.get(label="2009-10")
    body = {**NEW, "year": "2009-10", "agency": "E4601"}
    assert lead.post("places/birmingham/spend/", body).status == 403
    assert not Count.objects.filter(place=birmingham, year=year).exists()


def test_bodies_are_understood_by_their_full_names_too(lead, dover):
    assert Agency.objects.filter(name="Dover").count() == 1
    assert lead.post(ADDRESS, {**NEW, "agency": "Dover"}).data["agency"] == dover.code

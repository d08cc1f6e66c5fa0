"""Refusals: nothing in a request is ignored, and every answer to a fault says what is known."""

import pytest
from django.test import Client

from pilots.api.documentation import METHODS
from pilots.api.schema import document
from totalplace.problems import KINDS

EXAMPLES = {"place": "kent", "line": "1", "number": "1", "map": "1", "other": "2", "dimension": "lever"}
EXAMPLES |= {"job": "0f1d6c2a-b34a-4c8b-8f5b-5c0e2a8d4b1e", "webhook": "1"}
# A job's file is what it is: there is no format to choose.
READS = sorted(path for path, methods in document()["paths"].items() if "get" in methods and "/file/" not in path)


def example_of(path):
    """The address of a path, within version 1."""
    return path.format(**EXAMPLES).removeprefix("/api/v1/")


@pytest.mark.parametrize("path", READS)
def test_an_unknown_parameter_is_refused_by_name_with_what_is_near(lead, path):
    answer = lead.get(f"{example_of(path)}?formt=csv")
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.data["errors"] == [
        {
            "parameter": "formt",
            "detail": 'There is no parameter "formt" here. Did you mean format?',
            "nearest": ["format"],
        }
    ]


FAULTS = [
    ("places/?kind=pilots", 'one of pilot, parallel, not "pilots". Did you mean pilot?'),
    ("places/?kind=pilot&kind=parallel", '"kind" is given 2 times'),
    ("places/?kind=", '"kind" is blank'),
    ("places/?page=0", "a whole number from 1"),
    ("places/?page=1e3", "a whole number from 1"),
    ("places/?page_size=1001", "a whole number from 1 to 1,000"),
    ("places/?q=" + "x" * 201, "201 characters"),
    ("places/?q=%00", "a character that cannot be read"),
    ("places/kent/summary/?year=2010", "written like 2010-11"),
    ("places/kent/summary/?scenario=centre", "Did you mean central?"),
    ("places/kent/summary/?format=csv", "json"),
    ("places/kent/spend/?version=draft", "published, working"),
]


@pytest.mark.parametrize(("address", "why"), FAULTS, ids=[address[:40] for address, _ in FAULTS])
def test_a_value_that_cannot_be_read_is_refused_with_what_can(anybody, address, why):
    answer = anybody.get(address)
    assert answer.status == 400
    assert why in answer.detail


def test_all_faults_of_a_query_are_told_at_once(anybody):
    faults = anybody.get("places/?knd=pilot&page=x").data["errors"]
    assert [fault["parameter"] for fault in faults] == ["knd", "page"]


UNKNOWN = [
    ("places/kant/", 'There is no place "kant". Did you mean kent'),
    ("places/Kent/", 'There is no place "Kent". Did you mean kent'),
    ("places/k%00nt/", "There is no place"),
    ("places/kant/spend/", "Did you mean kent"),
    ("places/kent/summary/?year=2010-12", "or 2010-11 or"),
    ("places/kent/summary/?year=2008-09", "Kent has no count of 2008-09. Counted: 2010-11."),
    ("places/kent/spend/?agency=E222", 'There is no body "E222". Did you mean E2'),
    ("places/kent/spend/?service_line=polise", "Did you mean police"),
    ("places/kent/spend/?spend_type=employes", "Did you mean employees"),
    ("places/kent/savings/?lever=shared-office", "Did you mean shared-back-office"),
    ("summary/?year=1999-00", "There is no year"),
    ("summary/?programme=total-plaice", "Did you mean total-place"),
    ("assumption-sets/9/", 'There is no assumption set "9"'),
    ("assumption-sets/99999999999999999999/", "There is no assumption set"),
    ("places/kent/spend/99999999999999999999/", "has no spend line"),
    ("places/kent/maps/99999999999999999999/", "has no map"),
]


@pytest.mark.parametrize(("address", "why"), UNKNOWN, ids=[address for address, _ in UNKNOWN])
def test_what_is_not_there_is_answered_with_what_is_near(anybody, address, why):
    answer = anybody.get(address)
    assert answer.status == 404
    assert why in answer.detail


def test_an_address_that_does_not_exist_is_a_problem_document_too(db):
    answer = Client().get("/api/v1/nothing/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", sorted(document()["paths"]))
def test_a_method_that_an_address_has_not_is_refused_with_those_it_has(db, path):
    has = {method.upper() for method in METHODS if method in document()["paths"][path]}
    answer = Client().put(f"/api/v1/{example_of(path)}", "{}", content_type="application/json")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert has <= set(answer["Allow"].split(", "))


def test_a_format_that_is_not_to_be_had_is_refused_with_those_that_are(anybody):
    answer = anybody.get("places/", accept="application/xml")
    assert answer.status == 406
    assert answer.detail == "This is to be had as application/json or text/csv."


def test_every_kind_of_problem_is_explained_at_its_address(db):
    page = Client().get("/api/docs/problems/").content.decode()
    for kind in KINDS:
        assert f'id="{kind.address.partition("#")[2]}"' in page
        assert str(kind.status) in page


def test_a_failure_of_ours_says_nothing_but_how_to_name_it(anybody, monkeypatch):
    from pilots.api import reference

    def fails(*arguments):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(reference, "programme_asked", fails)
    answer = Client(raise_request_exception=False).get("/api/v1/agencies/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert len(answer.json()["request_id"]) == 32

"""Files of spend lines by the API: accepted, taken in as a whole or not at all, and reported cell by cell."""

import pytest

from pilots.jobs import run_job
from pilots.models import Count, Job, Upload, UploadPiece, Version

from .asking import Api, post_file, post_form, total
from .conftest import token_of

UPLOADS = "places/kent/uploads/?year=2010-11"
CHECK = "uploads/check/?place=kent&year=2010-11"
GOOD = b"agency,service_line,amount,note\nE2221,police,1234.50,first\nE2221,central-services,-10.00,\n"
BAD = b"agency,service_line,amount\nE2221,police,12,3O\nE9999,police,1.00\nE2221,polise,1.00\n"


def taken_in(api, answer):
    """The job of an upload, done."""
    run_job(Job.objects.get(key=answer.data["id"]).pk)
    return api.get(answer.headers["Location"].removeprefix("/api/v1/")).data


def working_total(api) -> str:
    return str(total(api.get("places/kent/spend/?version=working&year=2010-11&agency=E2221").rows, "amount"))


@pytest.mark.parametrize("post", [post_file, post_form])
def test_a_file_is_accepted_taken_in_by_the_worker_and_reported(lead, post):
    before = working_total(lead)
    answer = post(lead, UPLOADS, GOOD)
    assert answer.status == 202
    assert answer.data["request"] == {
        "place": "kent",
        "year": "2010-11",
        "file_name": "count.csv",
        "size": len(GOOD),
        "mode": "add or change",
    }
    assert working_total(lead) == before
    job = taken_in(lead, answer)
    assert (job["state"], job["problem"]) == ("finished", None)
    assert job["progress"] == {"done": 2, "total": 2, "unit": "rows"}
    result = job["result"]
    assert result["rows"] == 2
    assert result["lines"]["added"] + result["lines"]["changed"] == 2
    assert {"field": "amount", "heading": "amount"} in result["columns"]
    assert [body["code"] for body in result["bodies"]] == ["E2221"]
    assert working_total(lead) != before
    assert not UploadPiece.objects.exists()


def test_one_bad_row_refuses_the_whole_file_and_every_fault_says_where_it_is_and_what_to_do(lead):
    before = working_total(lead)
    bad = b"agency,service_line,amount\nE2221,police,1O\nE9999,police,1.00\nE2221,polise,1.00\nE2221,police,5.00\n"
    job = taken_in(lead, post_file(lead, UPLOADS, bad))
    assert (job["state"], job["result"]) == ("failed", None)
    problem = job["problem"]
    assert (problem["status"], problem["error_count"]) == (422, 3)
    assert problem["type"].endswith("#file-refused")
    faults = [(fault["row"], fault["column"], fault["found"]) for fault in problem["errors"]]
    assert faults == [(2, "C", "1O"), (3, "A", "E9999"), (4, "B", "polise")]
    assert all(fault["detail"] and fault["code"] for fault in problem["errors"])
    assert working_total(lead) == before


def test_columns_that_cannot_be_guessed_are_named_in_the_address(lead):
    content = b"Who,service_line,What it cost\nE2221,police,7.00\n"
    job = taken_in(lead, post_file(lead, f"{UPLOADS}&mapping=Who:agency|What it cost:amount", content))
    assert job["state"] == "finished"
    assert {"field": "amount", "heading": "What it cost"} in job["result"]["columns"]


def test_amounts_in_thousands_are_multiplied_where_the_address_says_so(lead):
    content = "agency,service_line,Spend £000\nE2221,police,7.5\n".encode()
    assert post_file(lead, f"{CHECK}&mode=replace", content).status == 422
    assert post_file(lead, f"{CHECK}&unit=lakhs", content).status == 400
    answer = post_file(lead, f"{CHECK}&mode=replace&unit=thousands", content)
    assert answer.data["after"]["revenue"] == "7500.00"


def test_replace_removes_what_the_file_does_not_have(lead):
    job = taken_in(lead, post_file(lead, f"{UPLOADS}&mode=replace", GOOD))
    assert job["state"] == "finished"
    assert job["result"]["lines"]["removed"] > 0
    rows = lead.get("places/kent/spend/?version=working&year=2010-11").rows
    assert sorted((row["agency"], row["service_line"], row["amount"]) for row in rows) == [
        ("E2221", "central-services", "-10.00"),
        ("E2221", "police", "1234.50"),
    ]


def test_what_is_published_stays_as_it_was(lead, anybody):
    before = anybody.get("places/kent/spend/?year=2010-11").rows
    taken_in(lead, post_file(lead, f"{UPLOADS}&mode=replace", GOOD))
    assert anybody.get("places/kent/spend/?year=2010-11").rows == before


def test_an_upload_that_has_not_begun_can_be_cancelled_and_its_content_goes(lead):
    answer = post_file(lead, UPLOADS, GOOD)
    assert lead.delete(answer.headers["Location"].removeprefix("/api/v1/")).status == 204
    assert taken_in(lead, answer)["status"] == 404
    assert Upload.objects.get().state == "refused"
    assert not UploadPiece.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_the_limit_before_it_is_read(lead, monkeypatch):
    refused = post_file(lead, UPLOADS, GOOD, content_length="41000000")
    assert refused.status == 413
    assert "40,000,000 bytes" in refused.detail
    assert not Upload.objects.exists()


def test_a_locked_count_is_refused_before_anything_is_stored(lead, kent):
    lead.post("places/kent/spend/", {"year": "2010-11", "agency": "E2221", "service_line": "police", "amount": "1"})
    Version.objects.filter(count__place=kent, count__year__label="2010-11", kind="working").update(status="submitted")
    assert post_file(lead, UPLOADS, GOOD).status == 409
    assert not Job.objects.exists()


FAULTS = [
    ("", 400, "no file"),
    ("other field", 400, "belongs in the address"),
    ("no field file", 400, 'in its field "file"'),
    ("no form", 400, "form cannot be read"),
]


@pytest.mark.parametrize(("what", "status", "why"), FAULTS)
def test_a_body_that_is_no_file_says_what_is_expected(lead, what, status, why):
    match what:
        case "":
            answer = lead.post(UPLOADS, b"", content_type="text/csv")
        case "other field":
            answer = post_form(lead, UPLOADS, GOOD, year="2010-11")
        case "no field file":
            answer = lead.post(UPLOADS, "--x\r\n\r\n--x--\r\n", content_type="multipart/form-data; boundary=x")
        case _:
            answer = lead.post(UPLOADS, "nothing", content_type="multipart/form-data")
    assert (answer.status, why in answer.detail) == (status, True), answer.detail


def test_a_check_gives_the_report_at_once_and_stores_nothing(lead, kent):
    opened = Version.objects.count()
    answer = post_file(lead, CHECK, GOOD)
    assert answer.status == 200
    assert answer.data["lines"]["added"] + answer.data["lines"]["changed"] == 2
    assert (Upload.objects.count(), Job.objects.count(), Version.objects.count()) == (0, 0, opened)
    assert Count.objects.filter(place=kent).exists()
    refused = post_file(lead, CHECK, BAD)
    assert refused.status == 422
    assert refused.data["error_count"] == len(refused.data["errors"])
    assert {"row", "detail"} <= refused.data["errors"][0].keys()


@pytest.mark.parametrize(
    "content", [b"\0", b"\0\0\0\0\0", b"\xff\xfe\0", b"a\0,b\n1,2\n", b"\x89PNG\r\n", b"PK\x03\x04"]
)
def test_what_is_no_table_is_refused_in_words(lead, content):
    refused = post_file(lead, CHECK, content)
    assert (refused.status, refused.data["error_count"]) == (422, 1)


ROLES = ("anonymous", "contributor", "place lead", "Leadership Centre", "administrator")
# What each role gets for sending a file of their own place, and of another.
TABLE = {
    "uploads/": ("401 401", "202 403", "202 403", "403 403", "403 403"),
    "check": ("401 401", "200 403", "200 403", "403 403", "403 403"),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", TABLE)
def test_who_may_send_files(people, dover, what, role):
    api = Api() if role == "anonymous" else Api(token_of(people[role]))
    content = f"agency,service_line,amount\n{dover.code},police,1.00\n".encode()
    addresses = [
        f"places/{slug}/uploads/?year=2010-11" if what == "uploads/" else f"uploads/check/?place={slug}&year=2010-11"
        for slug in ("kent", "birmingham")
    ]
    statuses = [post_file(api, address, content).status for address in addresses]
    assert " ".join(map(str, statuses)) == TABLE[what][ROLES.index(role)]


def test_a_contributor_cannot_write_other_bodies_by_a_file(contributor):
    job = taken_in(contributor, post_file(contributor, UPLOADS, GOOD))
    assert job["state"] == "failed"
    assert "You may not change spending" in job["problem"]["detail"]


def test_an_upload_is_seen_by_those_who_may_read_the_whole_count(people):
    sender = Api(token_of(people["place lead"]))
    address = post_file(sender, UPLOADS, GOOD).headers["Location"].removeprefix("/api/v1/")
    statuses = {role: Api(token_of(person)).get(address).status for role, person in people.items()}
    assert statuses == {"contributor": 403, "place lead": 200, "Leadership Centre": 200, "administrator": 200}
    assert Api().get(address).status == 401

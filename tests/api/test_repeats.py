"""A write sent again under its `Idempotency-Key` is done once, and answered alike."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from pilots.api.repeats import _digest
from pilots.jobs import sweep_jobs
from pilots.models import Job, KeptAnswer, SpendLine, Upload

from .asking import Api, post_file
from .conftest import token_of

SPEND = "places/kent/spend/"
LINE = {"year": "2010-11", "agency": "E2221", "service_line": "police", "amount": "1234.50"}
EXPORT = {"format": "package", "place": "kent"}
FILE = b"agency,service_line,amount\nE2221,police,1.00\n"
UPLOADS = "places/kent/uploads/?year=2010-11"


def send(api, what, key, changed=False):
    match what:
        case "spend":
            return api.post(SPEND, {**LINE, "note": "other"} if changed else LINE, idempotency_key=key)
        case "export":
            return api.post("exports/", {**EXPORT, "format": "xlsx"} if changed else EXPORT, idempotency_key=key)
    return post_file(api, UPLOADS, FILE + b"E2221,central-services,2\n" if changed else FILE, idempotency_key=key)


STORED: dict[str, Any] = {"spend": SpendLine, "export": Job, "upload": Upload}
WHAT = pytest.mark.parametrize("what", STORED)


@WHAT
def test_the_same_key_and_body_are_done_once_and_answered_alike(lead, what):
    first = send(lead, what, "k-1")
    stored = STORED[what].objects.count()
    again = send(lead, what, "k-1")
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert STORED[what].objects.count() == stored


@WHAT
def test_the_same_key_with_another_body_is_refused(lead, what):
    send(lead, what, "k-1")
    stored = STORED[what].objects.count()
    refused = send(lead, what, "k-1", changed=True)
    assert refused.status == 422
    assert refused.data["type"].endswith("#idempotency-key-reused")
    assert STORED[what].objects.count() == stored


def test_the_key_of_somebody_else_is_another_key(lead, contributor):
    first = send(lead, "export", "k-1")
    other = send(contributor, "export", "k-1")
    assert "Idempotency-Replayed" not in other.headers
    assert first.data["id"] != other.data["id"]


def test_what_was_refused_can_be_corrected_under_the_same_key(lead):
    refused = lead.post(SPEND, {**LINE, "agency": "E9999"}, idempotency_key="k-1")
    assert refused.status == 422
    assert send(lead, "spend", "k-1").status == 201


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_being_answered_the_second_is_told_so(people):
    person = people["place lead"]
    key = int(_digest(f"person:{person.pk}", "k-1")[:15], 16)
    held, done = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
                held.set()
                done.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    held.wait(30)
    second = send(Api(token_of(person)), "spend", "k-1")
    done.set()
    thread.join(30)
    assert second.status == 409
    assert second.headers["Retry-After"] == "1"
    assert send(Api(token_of(person)), "spend", "k-1").status == 201


def test_key_and_person_are_kept_as_a_hash_alone(lead):
    send(lead, "spend", "a-key-that-is-a-secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM pilots_keptanswer a")
        [[stored]] = cursor.fetchall()
    assert "a-key-that-is-a-secret" not in stored


def test_keys_are_forgotten_after_a_day(lead):
    send(lead, "export", "k-1")
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=23))
    sweep_jobs()
    assert KeptAnswer.objects.exists()
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    sweep_jobs()
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "with space", "x" * 201])
def test_a_key_that_is_none_is_refused(lead, key):
    assert send(lead, "spend", key).status == 400


def test_what_is_being_made_already_is_not_made_twice(anybody, lead):
    first, second = send(anybody, "export", "k-1"), send(anybody, "export", "k-2")
    assert first.data["id"] == second.data["id"]
    assert send(lead, "export", "k-1").data["id"] != first.data["id"]

"""Sending a write again: with the same `Idempotency-Key` it is done once, and answered alike (IETF draft-07)."""

import hashlib
import re
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework.request import Request

from pilots.models import KeptAnswer
from totalplace.problems import BAD_REQUEST, KEY_IN_USE, KEY_REUSED, Problem

from .limits import client_of

KEY = re.compile(r"[!-~]{1,200}")
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Retry-After")


def once(request: Request, said: str, write: Callable[[], HttpResponse]) -> HttpResponse:
    """Answers with `write`, or with what it answered to the same client and key before.

    `said` stands for the body. The write and its answer are stored in one transaction, so whatever breaks off can be
    sent again. A refusal is not kept: nothing was done. Raises Problem where the key was sent with another request,
    or where its first request is still being answered.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return write()
    if not KEY.fullmatch(key):
        raise Problem(BAD_REQUEST, "`Idempotency-Key` is 1 to 200 characters of ASCII without spaces.")
    key_digest = _digest(client_of(request), key)
    request_digest = _digest(request.method or "", request.get_full_path(), said)
    with transaction.atomic():
        _be_first(key_digest)
        kept = KeptAnswer.objects.filter(key_digest=key_digest).first()
        if kept is not None:
            if kept.request_digest != request_digest:
                raise Problem(KEY_REUSED, "This key was sent with another address or body within the last day.")
            return _replayed(kept)
        response = write()
        headers = [f"{name}: {response[name]}" for name in KEPT_HEADERS if response.has_header(name)]
        KeptAnswer.objects.create(
            key_digest=key_digest,
            request_digest=request_digest,
            status=response.status_code,
            headers=headers,
            body=response.content,
        )
    return response


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _be_first(key_digest: str) -> None:
    """Holds the key until the transaction ends. Raises Problem where somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(key_digest[:15], 16)])
        [is_ours] = cursor.fetchone()
    if not is_ours:
        raise Problem(KEY_IN_USE, KEY_IN_USE.advice, headers={"Retry-After": "1"})


def _replayed(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.body), status=kept.status)
    for header in kept.headers:
        name, _, value = header.partition(": ")
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response

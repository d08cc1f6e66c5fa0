"""Delivering changes: one sender a webhook at a time, in order; after a failure later, and later still."""

import json
import time
from datetime import UTC, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from pilots.feed import changes_after, described_changes, newest_change
from pilots.locks import only_one
from pilots.models import Change, Delivery, Webhook

from .signing import signed_headers

# Seconds between looks for something to tell, that a receiver has to answer, and that one sender goes on.
EVERY, ANSWER_WITHIN, GOES_ON = 10, 5, 20
# How much later after each failure in a row, and how often one change is tried: for a day and a half.
FIRST_WAIT, LONGEST_WAIT, ATTEMPTS = 10, 6 * 3600, 16
# Changes laid out at a time.
LAID_OUT = 500
# Advisory locks on webhooks begin here, apart from any others.
LOCKS = 0x686F6F6B << 32
State = Delivery.State


def due_webhooks() -> list[int]:
    """The ids of webhooks that have something to be told now."""
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=State.WAITING)
    due = Webhook.objects.filter(Q(next_at=None) | Q(next_at__lte=timezone.now()), is_active=True)
    return list(due.filter(Exists(waiting) | Q(told__lt=newest_change())).values_list("pk", flat=True))


def tell_webhook(webhook_id: int) -> None:
    """Sends a webhook what it has not been told, until it fails or there is nothing left. Safe to repeat."""
    with only_one(LOCKS + webhook_id) as is_ours:
        webhook = Webhook.objects.filter(pk=webhook_id, is_active=True).first() if is_ours else None
        if webhook is None or (webhook.next_at and webhook.next_at > timezone.now()):
            return
        end = time.monotonic() + GOES_ON
        _lay_out(webhook)
        for delivery in webhook.deliveries.filter(state=State.WAITING).order_by("change")[:LAID_OUT]:
            if not _deliver(webhook, delivery) or time.monotonic() > end:
                return


def _lay_out(webhook: Webhook) -> None:
    """One delivery for each new change that it wants."""
    new = list(changes_after(webhook.told).values_list("pk", "event")[:LAID_OUT])
    if new:
        wanted = [Delivery(webhook=webhook, change_id=pk) for pk, event in new if event in webhook.events]
        Delivery.objects.bulk_create(wanted, ignore_conflicts=True)
        webhook.told = new[-1][0]
        webhook.save(update_fields=["told"])


def _deliver(webhook: Webhook, delivery: Delivery) -> bool:
    """Sends one change and keeps how it went. Whether the receiver took it."""
    body = message_of(delivery.change_id)
    headers = signed_headers(f"change-{delivery.change_id}", int(time.time()), body, webhook.secret)
    status, error = _post(webhook.url, body, headers)
    was_taken = status is not None and 200 <= status < 300
    delivery.attempts, delivery.attempted_at = delivery.attempts + 1, timezone.now()
    delivery.status, delivery.error = status, error[:300]
    if was_taken:
        delivery.state, webhook.failures, webhook.next_at = State.DELIVERED, 0, None
    else:
        delivery.state = State.GIVEN_UP if delivery.attempts >= ATTEMPTS else State.WAITING
        webhook.failures = min(webhook.failures + 1, 1000)
        webhook.next_at = timezone.now() + wait_after(webhook.failures)
    delivery.save(update_fields=["state", "attempts", "attempted_at", "status", "error"])
    webhook.save(update_fields=["failures", "next_at"])
    return was_taken


def wait_after(failures: int) -> timedelta:
    """How long nothing is sent after so many failures in a row."""
    return timedelta(seconds=min(FIRST_WAIT * 2 ** (min(failures, 20) - 1), LONGEST_WAIT))


def message_of(change_id: int) -> bytes:
    """What is sent of a change: the row of the feed."""
    (row,) = described_changes(Change.objects.filter(pk=change_id))
    row["at"] = row["at"].astimezone(UTC).isoformat().replace("+00:00", "Z")
    return json.dumps({"type": row["event"], "timestamp": row["at"], "data": row}, ensure_ascii=False).encode()


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str]:
    """The status of the answer, or why there is none. Redirections are not followed, so nothing leads elsewhere."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_WITHIN)
    address = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Content-Type": "application/json", "User-Agent": "Total-Place-Webhooks/1", **headers}
    try:
        connection.request("POST", address, body, sent)
        answer = connection.getresponse()
        return answer.status, "" if 200 <= answer.status < 300 else f"It answered {answer.status} {answer.reason}."
    except (OSError, HTTPException) as error:
        return None, f"{type(error).__name__}: {error}"
    finally:
        connection.close()

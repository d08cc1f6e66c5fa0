"""Whether the product is alive, whether it is ready, and its figures for monitoring.

The worker says every few seconds that it is there, through the cache: `worker_seen` is connected in
totalplace.celery.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from kombu import Connection

WORKER_SEEN = "worker seen"
WORKER_SILENT_AFTER = 30
"""Seconds without a word after which a worker counts as gone."""
BROKER_PATIENCE = 2


def worker_seen(**signal: Any) -> None:
    """Keeps the time at which a worker last said that it is there."""
    cache.set(WORKER_SEEN, time.time(), 10 * WORKER_SILENT_AFTER)


def worker_silence() -> float | None:
    """Seconds since a worker last said that it is there; none where none ever did."""
    seen = cache.get(WORKER_SEEN)
    return None if seen is None else max(0.0, time.time() - seen)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: database, broker and worker can be reached; 503 with what cannot."""
    checks = {"database": _database, "broker": _broker, "worker": _worker}
    found = {name: _outcome(check) for name, check in checks.items()}
    is_ready = all(words == "ok" for words in found.values())
    return JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as problem:
        # The kind alone: addresses and accounts are nobody's business.
        return f"not reachable ({type(problem).__name__})" if not isinstance(problem, NotSeen) else str(problem)
    return "ok"


class NotSeen(Exception):
    """No worker has said that it is there."""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with Connection(settings.BROKER_URL, connect_timeout=BROKER_PATIENCE) as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_PATIENCE)


def _worker() -> None:
    silence = worker_silence()
    if silence is None:
        raise NotSeen("no worker has been seen")
    if silence > WORKER_SILENT_AFTER:
        raise NotSeen(f"last seen {silence:.0f} seconds ago")

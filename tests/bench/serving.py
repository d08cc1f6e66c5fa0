"""Requests a second for a place's summary, against a bare view of the same server that returns the same bytes."""

import http.client
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from django.conf import settings

from totalplace.embedded.postgres import free_port
from totalplace.embedded.processes import Part, start, wait_until

from .measure import Result

SUMMARY, BARE = "/api/v1/places/kent/summary/", "/bench/bare"
CLIENTS, SECONDS, ROUNDS = 4, 2.0, 5


def run() -> list[Result]:
    port = free_port()
    with tempfile.NamedTemporaryFile() as file:
        server = _serve(port, file.name)
        try:
            Path(file.name).write_bytes(_get(port, SUMMARY))
        finally:
            server.stop()
        server = _serve(port, file.name)
        try:
            assert _get(port, SUMMARY) == _get(port, BARE), "the bare view returns other bytes"
            rounds = [(_rate(port, SUMMARY), _rate(port, BARE)) for _ in range(ROUNDS)]
        finally:
            server.stop()
    summary, bare = (median(rates) for rates in zip(*rounds, strict=True))
    return [
        Result("a place's summary", summary, "a bare view with the same bytes", bare, "requests/s", "goal: 0.5 or more")
    ]


def _serve(port: int, bytes_from: str) -> Part:
    log = Path(settings.TOTALPLACE_HOME) / "log" / "bench-web.log"
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--no-ws", "--port", str(port)]
    command = [*granian, "--workers", "1", "--blocking-threads", "2", "tests.bench.web:application"]
    part = start("Web server", command, environment={**os.environ, "BENCH_BYTES": bytes_from}, log=log)
    if not wait_until(lambda: _answers(port), part, 30):
        part.stop()
        raise RuntimeError(part.last_words())
    return part


def _answers(port: int) -> bool:
    try:
        _get(port, "/healthz")
    except OSError:
        return False
    return True


def _get(port: int, path: str) -> bytes:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", path)
    response = client.getresponse()
    body = response.read()
    assert response.status == 200, f"{path}: {response.status} {body[:500]!r}"
    return body


def _rate(port: int, path: str) -> float:
    """Requests a second of several clients that keep their connections."""
    end = time.monotonic() + SECONDS

    def ask() -> int:
        client, done = http.client.HTTPConnection("127.0.0.1", port, timeout=10), 0
        while time.monotonic() < end:
            client.request("GET", path)
            client.getresponse().read()
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(lambda _: ask(), range(CLIENTS))) / SECONDS

"""A worker that is killed in the middle of recomputing loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mapping.freshness import stale_versions
from mapping.models import CurrentMap, MapResult
from mapping.tasks import BATCH, sweep
from pilots.models import Agency
from tests.conftest import database_address
from totalplace.celery import app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.apart]


@contextmanager
def worker_process() -> Iterator[subprocess.Popen]:
    """A Celery worker of the product in a process group of its own, killed at the latest at the end."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "totalplace.celery",
        "worker",
        "--concurrency=1",
        "--loglevel=ERROR",
    ]
    environment = {**os.environ, "DATABASE_URL": database_address()}
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_killing_the_worker_in_the_middle_and_starting_it_again_ends_with_fresh_maps() -> None:
    app.control.purge()
    Agency.objects.filter(code="E2221").update(name="Renamed")
    with worker_process():
        sweep.delay()
        _wait_until(lambda stale: stale <= 93 - BATCH)
    left = stale_versions().count()
    assert 0 < left < 93
    with worker_process():
        sweep.delay()
        _wait_until(lambda stale: stale == 0)
    assert CurrentMap.objects.count() == 93
    assert MapResult.objects.filter(map__in=CurrentMap.objects.values("map")).count() == 3 * 93


def _wait_until(holds) -> None:
    end = time.monotonic() + 120
    while not holds(stale_versions().count()):
        assert time.monotonic() < end
        time.sleep(0.01)

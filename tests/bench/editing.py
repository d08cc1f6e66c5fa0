"""From an edit to its new map, through broker and worker, against the round trip of an empty task."""

import sys
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from mapping.freshness import stale_versions
from pilots.models import Count, Version
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from totalplace.embedded.processes import start

from .app import answer
from .measure import Result, in_turn

TIMES = 25
PATIENCE = 30


def run() -> list[Result]:
    count = Count.objects.get(place__slug="kent", year__label="2010-11")
    version = open_working_version(count)
    log = Path(settings.TOTALPLACE_HOME) / "log" / "bench-worker.log"
    celery = [sys.executable, "-m", "celery", "-A", "tests.bench.app", "worker", "--concurrency", "2"]
    worker = start("Worker", [*celery, "--without-gossip", "--without-mingle"], log=log)
    try:
        _empty_task()
        _edit(version)
        edit, empty = in_turn(lambda: _edit(version), _empty_task, TIMES)
    finally:
        worker.stop()
    return [Result("from an edit of a line to the fresh map of Kent", edit, "the round trip of an empty task", empty)]


def _edit(version: Version) -> None:
    line = version.lines.order_by("pk").first()
    assert line is not None
    change_line(version, line.pk, {"amount": str(line.amount + 1)}, line.row_version, None, "bench")
    _wait(lambda: not stale_versions().filter(pk=version.pk).exists())


def _empty_task() -> None:
    key = uuid.uuid4().hex
    answer.delay(key)
    _wait(lambda: cache.get(key) is not None)


def _wait(is_done) -> None:
    end = time.monotonic() + PATIENCE
    while not is_done():
        if time.monotonic() > end:
            raise TimeoutError("The worker did not answer.")
        time.sleep(0.001)

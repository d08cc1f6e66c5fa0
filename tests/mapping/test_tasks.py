"""Maps follow changes through the broker, and without it the sweep finds what it would have told."""

import logging
import time
from collections.abc import Callable, Iterator

import pytest
from celery.contrib.testing.worker import start_worker

from mapping.freshness import stale_versions
from mapping.models import CurrentMap
from mapping.tasks import recompute, sweep
from pilots.models import Agency, SpendLine
from totalplace.celery import app

from .examples import add_to_a_line, publish, working_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker() -> Iterator[None]:
    """A real worker on the real broker, in a thread."""
    app.control.purge()
    with start_worker(app, perform_ping_check=False, pool="solo", loglevel="WARNING"):
        yield


@pytest.fixture
def no_broker() -> Iterator[None]:
    """A broker that nobody answers for."""
    address = app.conf.broker_url
    _connect_to("redis://127.0.0.1:1/0")
    yield
    _connect_to(address)


def _connect_to(address: str) -> None:
    app.conf.broker_url = address
    app.amqp._producer_pool = None
    app._pool = None


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def all_fresh() -> bool:
    return not stale_versions().exists()


def test_an_edit_asks_for_its_map(worker: None) -> None:
    version = working_version("kent")
    add_to_a_line(version, 100)
    assert within(60, all_fresh)
    assert CurrentMap.objects.filter(version=version).exists()


def test_publishing_asks_for_the_map_of_the_snapshot(worker: None) -> None:
    add_to_a_line(working_version("kent"), 100)
    snapshot = publish("kent")
    assert within(60, all_fresh)
    assert CurrentMap.objects.filter(version=snapshot).exists()


def test_a_lost_message_is_swept_up(worker: None) -> None:
    version = working_version("kent")
    assert within(60, all_fresh)
    line = version.lines.order_by("pk")[0]
    SpendLine.objects.filter(pk=line.pk).update(amount=line.amount + 100)
    assert stale_versions().get() == version
    sweep.delay()
    assert within(60, all_fresh)


def test_a_change_of_the_register_is_swept_up_for_every_map(worker: None) -> None:
    Agency.objects.filter(code="E2221").update(name="Renamed")
    assert stale_versions().count() == 93
    sweep.delay()
    assert within(120, all_fresh)


def test_a_broker_that_cannot_be_reached_neither_breaks_nor_holds_up_a_write(
    no_broker: None, caplog: pytest.LogCaptureFixture
) -> None:
    version = working_version("kent")
    begin = time.monotonic()
    with caplog.at_level(logging.ERROR):
        add_to_a_line(version, 100)
    assert time.monotonic() - begin < 3
    assert "on_commit" in caplog.text
    assert set(stale_versions()) == {version}
    recompute([version.pk])
    assert all_fresh()

"""Never two writers of one map, never a result from old inputs over a newer one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection
from psycopg.errors import SerializationFailure

from mapping.freshness import is_stale, stale_versions
from mapping.inputs import standing_of
from mapping.models import CurrentMap, RollUp, SavingsMap
from mapping.recompute import (
    _recompute,
    being_computed,
    one_snapshot,
    only_writer,
    recompute_version,
    recompute_versions,
)

from .examples import add_to_a_line, working_version

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere[T](work: Callable[[], T]) -> Callable[[], T]:
    """The work on a connection of its own, as another process does it."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    return run


def test_many_who_recompute_one_version_at_once_make_one_map() -> None:
    version = working_version("kent")
    start = Barrier(4)

    def recompute() -> int:
        start.wait()
        return recompute_versions([version.pk])

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(elsewhere(recompute)) for _ in range(4)]
        assert sorted(future.result() for future in made) == [0, 0, 0, 1]
    assert SavingsMap.objects.filter(version=version).count() == 1
    assert CurrentMap.objects.get(version=version).map.version == version
    published = RollUp.objects.filter(version=version.begun_from)
    assert RollUp.objects.filter(version=version).count() == published.count()


def test_edits_and_recomputes_at_once_end_with_the_newest_figures() -> None:
    version = working_version("kent")
    first = recompute_version(version.pk)
    assert first is not None

    def edit() -> None:
        for _ in range(5):
            add_to_a_line(version, 100)

    def recompute() -> None:
        for _ in range(5):
            recompute_versions([version.pk])

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(elsewhere(work)) for work in (edit, recompute, recompute)]:
            future.result()
    last = recompute_version(version.pk)
    assert last is not None
    assert last.spend_total == first.spend_total + 500
    assert not is_stale(last)


def test_a_map_made_from_old_inputs_never_becomes_current_over_a_newer_one() -> None:
    """The slow writer has no lock, as if its pooler had lost it: the database itself refuses the older map."""
    version = working_version("kent")
    recompute_version(version.pk)
    add_to_a_line(version, 100)
    was_read, may_write = Event(), Event()

    def slow() -> None:
        with one_snapshot():
            standing = standing_of([version.pk])
            was_read.set()
            may_write.wait(30)
            _recompute(standing)

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(elsewhere(slow))
        was_read.wait(30)
        add_to_a_line(version, 100)
        newest = recompute_version(version.pk)
        may_write.set()
        with pytest.raises(OperationalError) as refused:
            late.result()
    assert isinstance(refused.value.__cause__, SerializationFailure)
    assert CurrentMap.objects.get(version=version).map == newest
    assert newest is not None
    assert not is_stale(newest)


def test_whoever_wants_a_map_that_is_being_computed_waits_for_it() -> None:
    version = working_version("kent")
    with ThreadPoolExecutor(1) as pool:
        with only_writer([version.pk]):
            assert being_computed() == {version.pk}
            other = pool.submit(elsewhere(lambda: recompute_versions([version.pk])))
            with pytest.raises(TimeoutError):
                other.result(timeout=0.5)
            assert not SavingsMap.objects.filter(version=version).exists()
        assert other.result(timeout=30) == 1
    assert being_computed() == set()


def test_a_writer_that_dies_leaves_nothing_half_done_and_the_map_to_the_next() -> None:
    version = working_version("kent")
    holds, died = Event(), Event()

    def dies() -> None:
        with only_writer([version.pk]), one_snapshot():
            _recompute(standing_of([version.pk]))
            holds.set()
            died.wait(30)

    with ThreadPoolExecutor(1) as pool:
        dying = pool.submit(elsewhere(dies))
        holds.wait(30)
        _kill_whoever_holds(version.pk)
        died.set()
        with pytest.raises(OperationalError):
            dying.result()
    assert being_computed() == set()
    assert not SavingsMap.objects.filter(version=version).exists()
    assert recompute_versions([version.pk]) == 1
    assert not stale_versions().exists()


def _kill_whoever_holds(version: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint = %s",
            [version],
        )
        assert cursor.fetchall() == [(True,)]

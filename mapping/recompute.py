"""Recomputing savings maps: read the inputs in one snapshot, run the engine, store, make current.

A map has one writer at a time, by an advisory lock on its version that dies with the connection. Everything
happens in one REPEATABLE READ transaction, so that a map made from old inputs can never become current over a
newer one: where somebody else moved the pointer meanwhile the database refuses, and the work begins again.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import DeadlockDetected, SerializationFailure

from mapping import engine
from mapping.failing import forget_failures, note_failure
from mapping.inputs import CountedSpend, Menu, Standing, counted_spend, digest_of, menu_of, roll_up, standing_of
from mapping.models import CurrentMap, SavingsMap
from mapping.storing import Computed, store_results

logger = logging.getLogger(__name__)

ATTEMPTS = 5
# Advisory locks on versions begin here, apart from any others.
LOCKS = 0x6D6170 << 32


def recompute_version(version_id: int) -> SavingsMap | None:
    """Makes a version's map fresh and returns it; None where the version or an assumption set is missing."""
    recompute_versions([version_id])
    return SavingsMap.objects.filter(pk__in=CurrentMap.objects.filter(version=version_id).values("map")).first()


def recompute_versions(version_ids: Collection[int]) -> int:
    """Makes the maps of versions fresh, and returns how many had to be made or brought back.

    What is fresh already costs one query. Waits for whoever is computing one of them. A version whose map
    cannot be made keeps no other from getting theirs: raises ExceptionGroup when the others are done. Raises
    OperationalError where the inputs change faster than maps can be made, or the database goes away.
    """
    ids = sorted(set(version_ids))
    try:
        return _made(ids)
    except OperationalError:
        raise
    except Exception as error:
        if len(ids) == 1:
            note_failure(ids[0], error)
            raise
        logger.warning("The maps of %s cannot be made together (%s): one by one.", ids, error)
    return _one_by_one(ids)


def _one_by_one(ids: Sequence[int]) -> int:
    made, failures = 0, []
    for version in ids:
        try:
            made += _made([version])
        except OperationalError:
            raise
        except Exception as error:
            note_failure(version, error)
            error.add_note(f"while the map of version {version} was made")
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some maps cannot be made.", failures)
    return made


def _made(ids: Sequence[int]) -> int:
    made = _together(ids)
    if made:
        forget_failures(ids)
    return made


def _together(ids: Sequence[int]) -> int:
    with only_writer(ids):
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with one_snapshot():
                    return _recompute(standing_of(ids))
            except OperationalError as error:
                if attempt == ATTEMPTS or not isinstance(error.__cause__, SerializationFailure | DeadlockDetected):
                    raise
                logger.info("The inputs of %s changed while maps were made: again.", ids)
    raise AssertionError("unreachable")


@contextmanager
def only_writer(version_ids: Sequence[int]) -> Iterator[None]:
    """Holds the maps of versions, given in order; whoever else wants one of them waits.

    The lock is the connection's: it is taken before the snapshot, so that the snapshot sees what the last
    holder wrote, and it goes when the connection does.
    """
    keys = [LOCKS + version for version in version_ids]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(key) FROM unnest(%s::bigint[]) key", [keys])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(key) FROM unnest(%s::bigint[]) key", [keys])


def being_computed() -> set[int]:
    """The versions whose maps somebody holds now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
            " AND classid::bigint = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCKS >> 32],
        )
        return {version for (version,) in cursor.fetchall()}


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A transaction that sees the database as it is at its first query. Inside another, that one's view holds."""
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        if not is_inner:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _recompute(standing: Sequence[Standing]) -> int:
    stale = [version for version in standing if not version.is_fresh]
    made = _maps_of(stale)
    missing = [version for version in stale if version.key not in made]
    if missing:
        roll_up([version.version for version in missing if version.current_revision != version.revision])
        made |= _make(missing)
    _make_current(stale, made)
    return len(stale)


def _maps_of(stale: Sequence[Standing]) -> dict[tuple[int, ...], int]:
    """Maps that were made from exactly these inputs before, by inputs."""
    maps = SavingsMap.objects.filter(version__in=[version.version for version in stale])
    kept = maps.values_list("version", "revision", "assumption_set", "register_revision", "pk")
    wanted = {version.key for version in stale}
    return {tuple(key): pk for *key, pk in kept if tuple(key) in wanted}


def _make(missing: Sequence[Standing]) -> dict[tuple[int, ...], int]:
    """Computes and stores maps; returns their ids by inputs."""
    menus = {number: menu_of(number) for number in {version.assumption_set for version in missing}}
    spend = counted_spend([version.version for version in missing])
    made = SavingsMap.objects.bulk_create(
        _map(version, menus[version.assumption_set], spend[version.version]) for version in missing
    )
    computed = []
    for row in made:
        menu, counted = menus[row.assumption_set_id], spend[row.version_id]
        computed.append(Computed(row.pk, menu, counted, engine.compute_map(counted.spend, menu.assumptions)))
    store_results(computed)
    return {version.key: row.pk for version, row in zip(missing, made, strict=True)}


def _map(version: Standing, menu: Menu, counted: CountedSpend) -> SavingsMap:
    return SavingsMap(
        version_id=version.version,
        revision=version.revision,
        assumption_set_id=version.assumption_set,
        register_revision=version.register_revision,
        inputs_digest=digest_of(counted, menu),
        computed_at=timezone.now(),
        spend_total=engine.pence.PENNY * counted.total,
    )


def _make_current(stale: Sequence[Standing], maps: dict[tuple[int, ...], int]) -> None:
    """Moves the pointers. Where another moved one since our snapshot, the database refuses."""
    CurrentMap.objects.bulk_create(
        [CurrentMap(version_id=version.version, map_id=maps[version.key]) for version in stale],
        update_conflicts=True,
        unique_fields=["version"],
        update_fields=["map"],
    )

"""How much of a place has reported: services and members with figures of their own."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from pilots.models import SpendLine, Version

log = logging.getLogger(__name__)

NOTHING = Decimal(0)
KEPT_SECONDS = 86_400


@dataclass(frozen=True)
class Coverage:
    """What a version holds: leaves of the service tree and bodies with figures that are not a national average.

    `total` is revenue without what is passed on, in pounds.
    """

    services: int = 0
    bodies: frozenset[int] = field(default_factory=frozenset)
    total: Decimal = NOTHING


REPORTED = """
    SELECT version_id, count(DISTINCT service_line_id) FILTER (WHERE method <> %(national)s),
        array_agg(DISTINCT agency_id) FILTER (WHERE method <> %(national)s),
        coalesce(sum(amount) FILTER (WHERE NOT is_transfer AND NOT is_capital), 0)
    FROM pilots_spendline WHERE version_id = ANY(%(versions)s) GROUP BY version_id
"""


def coverage_of(versions: Iterable[Version]) -> dict[int, Coverage]:
    """The coverage of versions by id: what is not in the cache is read by one query."""
    wanted = {_key(version): version.pk for version in versions}
    kept = _kept(wanted)
    found = {wanted[key]: coverage for key, coverage in kept.items()}
    missing = {key: pk for key, pk in wanted.items() if key not in kept}
    if missing:
        counted = _counted(list(missing.values()))
        fresh = {key: counted.get(pk, Coverage()) for key, pk in missing.items()}
        _keep(fresh)
        found |= {missing[key]: coverage for key, coverage in fresh.items()}
    return found


def _counted(versions: list[int]) -> dict[int, Coverage]:
    with connection.cursor() as cursor:
        cursor.execute(REPORTED, {"national": SpendLine.Method.NATIONAL_AVERAGE.value, "versions": versions})
        rows = cursor.fetchall()
    return {version: Coverage(services, frozenset(bodies or ()), total) for version, services, bodies, total in rows}


def _key(version: Version) -> str:
    # A restored system may give numbers anew: when a version was made tells it from another of its number.
    return f"coverage:{version.pk}:{version.revision}:{version.created_at.timestamp()}"


def _kept(keys: Iterable[str]) -> dict[str, Coverage]:
    try:
        return cache.get_many(list(keys))
    except (RedisError, OSError):
        return {}


def _keep(fresh: Mapping[str, Coverage]) -> None:
    try:
        cache.set_many(dict(fresh), KEPT_SECONDS)
    except (RedisError, OSError):
        log.warning("Coverage could not be kept: the cache cannot be reached.")

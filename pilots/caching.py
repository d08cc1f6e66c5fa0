"""Keeping what takes a while to find in the cache: without the cache it is found anew."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEPT_SECONDS = 86_400
UNREACHABLE = (RedisError, OSError)


def kept_or_found[Found](key: str, find: Callable[[], Found]) -> Found:
    """What is kept under a key for a day; else what `find` gives, which is never None."""
    kept = _kept(key)
    if kept is not None:
        return kept
    found = find()
    try:
        cache.set(key, found, KEPT_SECONDS)
    except UNREACHABLE:
        log.warning("What was found could not be kept: the cache cannot be reached.")
    return found


def _kept[Found](key: str) -> Found | None:
    try:
        return cache.get(key)
    except UNREACHABLE:
        return None

"""Attempts to sign in: a few a name, more an address, so that guessing passwords takes longer than it is worth."""

import hashlib
import logging

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WAIT_MINUTES = 5
PER_NAME, PER_ADDRESS = 8, 60


def too_many_attempts(name: str, address: str) -> bool:
    """Whether a name from an address, or the address altogether, has failed too often in the last minutes."""
    return _failed(_key("name", name, address)) >= PER_NAME or _failed(_key("address", address)) >= PER_ADDRESS


def note_failure(name: str, address: str) -> None:
    """One more failed attempt."""
    for key in (_key("name", name, address), _key("address", address)):
        try:
            cache.add(key, 0, WAIT_MINUTES * 60)
            cache.incr(key)
        except (RedisError, OSError, ValueError):
            log.warning("A failed attempt to sign in could not be counted: the cache cannot be reached.")


def forget_failures(name: str, address: str) -> None:
    """Whoever signed in starts anew."""
    try:
        cache.delete(_key("name", name, address))
    except (RedisError, OSError):
        return


def _failed(key: str) -> int:
    """Failures so far. Without the cache nothing is counted: people can still sign in."""
    try:
        return int(cache.get(key) or 0)
    except (RedisError, OSError, ValueError):
        return 0


def _key(*parts: str) -> str:
    """A digest, so that no name that somebody typed stands in the cache."""
    said = "\n".join(part.strip().casefold() for part in parts)
    return f"sign-in:{hashlib.sha256(said.encode()).hexdigest()}"

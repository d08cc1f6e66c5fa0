"""Doing something in one place at a time, by advisory locks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def only_one(key: int) -> Iterator[bool]:
    """Whether nobody else holds `key`; ours until the block ends. It is the connection's: it goes when that does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def held_since(first: int) -> set[int]:
    """Of the keys from `first`, a multiple of 2**32, those that somebody holds, counted from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
            " AND classid::bigint = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [first >> 32],
        )
        return {number for (number,) in cursor.fetchall()}

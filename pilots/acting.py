"""Who changes things and through what, for the history that the database keeps (sql/history.sql)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from pilots.models import Person


@contextmanager
def acting(person: Person | None, via: str) -> Iterator[None]:
    """A transaction whose changes the history puts down to a person (none for a command) and a way in.

    `via` is "page", "API" or "command NAME". Every write of the product goes through here. Inside another
    one the outer person and way hold again afterwards.
    """
    with transaction.atomic():
        before = _settings()
        _set("" if person is None else str(person.pk), via)
        yield
        _set(*before)


def _settings() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('totalplace.actor', true), ''),"
            " coalesce(current_setting('totalplace.via', true), '')"
        )
        return cursor.fetchone()


def _set(actor: str, via: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('totalplace.actor', %s, true), set_config('totalplace.via', %s, true)",
            [actor, via],
        )

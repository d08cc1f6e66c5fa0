"""Who is recording spending of a place's year just now."""

import logging
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from pilots.models import FinancialYear, Person, Place

log = logging.getLogger(__name__)

# Seconds without any activity after which somebody is taken to have left.
PRESENT = 120


@dataclass(frozen=True)
class Editing:
    """Somebody who edits, how many seconds ago they last did something, and in which cell where that is known."""

    person: Person
    seconds: int
    # Ids of a body and a service line.
    cell: tuple[int, int] | None = None


def note_editing(place: Place, year: FinancialYear, person: Person, cell: tuple[int, int] | None = None) -> None:
    """Somebody did something in a place's year: call it when a cell is opened or saved."""
    try:
        cache.set(_key(place, year, person.pk), (time.time(), cell), PRESENT)
    except (RedisError, OSError):
        log.warning("Who is editing could not be noted: the cache cannot be reached.")


def editing_now(place: Place, year: FinancialYear, but: Person | None = None) -> list[Editing]:
    """Who did something there in the last two minutes, the most recent first, without `but`."""
    people = {
        _key(place, year, person.pk): person
        for person in Person.objects.filter(roles__place=place, is_active=True).distinct()
        if but is None or person.pk != but.pk
    }
    try:
        seen = cache.get_many(people)
    except (RedisError, OSError):
        return []
    now = time.time()
    present = [
        Editing(people[key], max(0, int(now - at)), cell) for key, (at, cell) in seen.items() if now - at < PRESENT
    ]
    return sorted(present, key=lambda editing: editing.seconds)


def _key(place: Place, year: FinancialYear, person: int) -> str:
    return f"editing-cell:{place.pk}:{year.pk}:{person}"

"""manage.py recompute: asks for maps, waits for them, or makes them here."""

import logging
import time
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError as DatabaseUnreachable
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from mapping.failing import resting
from mapping.freshness import stale_versions
from mapping.models import CurrentAssumptionSet, FailedMap
from mapping.recompute import recompute_versions
from mapping.tasks import BATCH, queue
from pilots.models import Place, Programme, Version
from totalplace.money import counted, listed

from .load_assumptions import programme_of

logger = logging.getLogger(__name__)

WIDTH = 30
PAUSE = 0.2
# Seconds after which it is asked again for maps that have not come.
PATIENCE = 30


class Command(BaseCommand):
    help = "Asks the workers for every savings map that is not fresh."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--programme", metavar="SLUG", help="the maps of one programme (all of them)")
        parser.add_argument("--place", nargs="+", default=[], metavar="SLUG", help="the maps of these places alone")
        parser.add_argument("--wait", action="store_true", help="return when they are fresh")
        parser.add_argument("--here", action="store_true", help="make them in this process, without a worker")

    def handle(
        self, *args: Any, programme: str | None, place: list[str], wait: bool, here: bool, **options: Any
    ) -> None:
        chosen = programme_of(programme) if programme else None
        versions = _versions(chosen, place)
        ids = list(versions.values_list("pk", flat=True))
        if not ids:
            self.stdout.write("Maps: all fresh." if CurrentAssumptionSet.objects.exists() else NO_SET)
        elif here:
            self._show(_made_here(ids), len(ids))
            _refuse_failures(ids)
        else:
            _ask(ids)
            self.stdout.write(f"Maps: asked for {counted(len(ids), 'map')}.")
            if wait:
                self._show(_awaited(versions, ids), len(ids))
                _refuse_failures(ids)

    def _show(self, progress: Iterator[int], total: int) -> None:
        """A bar that grows in place at a terminal; elsewhere a line for every tenth."""
        at_terminal, shown = self.stdout.isatty(), -1
        for done in progress:
            tenth = 10 * done // total
            if at_terminal or tenth > shown:
                bar = "#" * (WIDTH * done // total)
                self.stdout.write(f"Maps: [{bar:<{WIDTH}}] {done} of {total}", ending="\r" if at_terminal else "\n")
                self.stdout.flush()
                shown = tenth
        if at_terminal:
            self.stdout.write("")


NO_SET = "Maps: none, since no assumption set is current. Run manage.py load_assumptions first."


def _versions(programme: Programme | None, slugs: list[str]) -> QuerySet[Version]:
    stale = stale_versions(programme)
    return stale.filter(count__place__in=_places(programme, slugs)) if slugs else stale


def _places(programme: Programme | None, slugs: list[str]) -> list[Place]:
    """Places by slug. Raises CommandError for unknown ones, with those that are spelt much like them."""
    places = Place.objects.filter(programme=programme) if programme else Place.objects.all()
    known = {place.slug: place for place in places}
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        near = {slug: get_close_matches(slug, known, 3) for slug in unknown}
        raise CommandError(
            "\n".join(
                f'There is no place "{slug}".' + (f" Did you mean {listed(names, 'or')}?" if names else "")
                for slug, names in near.items()
            )
        )
    return [known[slug] for slug in slugs]


def _ask(ids: Iterable[int]) -> None:
    try:
        queue(ids)
    except OperationalError as error:
        raise CommandError(f"The broker cannot be reached, so no worker hears of it: {error} Try --here.") from error


def _made_here(ids: list[int]) -> Iterator[int]:
    done = 0
    for batch in batched(ids, BATCH, strict=False):
        try:
            recompute_versions(batch)
        except DatabaseUnreachable:
            raise
        except Exception:
            logger.exception("Some maps cannot be made.")  # said at the end, when the others are there
        done += len(batch)
        yield done


def _refuse_failures(ids: Iterable[int]) -> None:
    """Raises CommandError with why, where maps among these cannot be made."""
    failed = FailedMap.objects.filter(version__in=list(ids)).select_related(
        "version__count__place", "version__count__year"
    )
    if failed:
        raise CommandError("\n".join(f"{one.version.count}: the map cannot be made. {one.reason}" for one in failed))


def _awaited(versions: QuerySet[Version], ids: list[int]) -> Iterator[int]:
    asked = time.monotonic()
    while waiting := set(versions.filter(pk__in=ids).values_list("pk", flat=True)) - resting():
        yield len(ids) - len(waiting)
        if time.monotonic() - asked > PATIENCE:
            _ask(waiting)
            asked = time.monotonic()
        time.sleep(PAUSE)
    yield len(ids)

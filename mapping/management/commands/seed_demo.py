"""manage.py seed_demo: illustrative data of any size in a programme of its own."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.assumption_sets import load_assumption_sets
from pilots.demo import AlreadyThere, Size, TooMany, seed_demo
from pilots.demo.seeding import SEED, VIA
from pilots.models import Programme

USUAL = Size()


class Command(BaseCommand):
    help = (
        "Makes up places, bodies and published counts in a programme marked as illustrative, with the shipped "
        "levers. The same numbers come out for the same size and seed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--places", type=int, default=USUAL.places, metavar="N")
        parser.add_argument("--lines", type=int, default=USUAL.lines, metavar="N", help="spend lines in all places")
        parser.add_argument("--leaves", type=int, metavar="N", help="leaves of the service tree (the shipped ones)")
        parser.add_argument("--seed", type=int, default=SEED, metavar="N")
        parser.add_argument("--replace", action="store_true", help="remove the demonstration that is there first")

    def handle(self, *args: Any, places: int, lines: int, leaves: int | None, seed: int, **options: Any) -> None:
        if places < 1 or lines < 0 or (leaves is not None and not 1 <= leaves <= 3_000):
            raise CommandError("Give at least 1 place, no fewer than 0 lines, and 1 to 3,000 leaves.")
        started = time.monotonic()
        try:
            seeded = seed_demo(
                Size(places, lines, leaves), replace=options["replace"], seed=seed, prepare=_with_shipped_levers
            )
        except AlreadyThere as there:
            self.stdout.write(f"{there} Use --replace to make it anew.")
            return
        except TooMany as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{seeded.programme}: {seeded.places:,} places, {seeded.lines:,} spend lines, {seeded.leaves:,} service "
            f"lines to record on, {seeded.drafts:,} drafts, in {time.monotonic() - started:.1f} s."
        )


def _with_shipped_levers(programme: Programme) -> None:
    load_assumption_sets(programme, via=VIA)

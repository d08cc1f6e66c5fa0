"""Celery's ways in, two lines each."""

from collections.abc import Iterable
from itertools import batched

from mapping.failing import resting
from mapping.freshness import stale_versions
from mapping.recompute import being_computed, recompute_versions
from totalplace.celery import app

# Versions of one task: few enough that an edit never waits long behind them.
BATCH = 24
# Seconds after which an unbegun message of the sweep is worth nothing: a later sweep sent another.
WORTH = 30


@app.task
def recompute(version_ids: list[int]) -> None:
    """Makes the maps of versions fresh."""
    recompute_versions(version_ids)


@app.task
def sweep() -> None:
    """Asks for the map of every stale version that nobody is computing: what a lost message left behind.

    One that could not be made from the same inputs waits until another try is due.
    """
    queue(set(stale_versions().values_list("pk", flat=True)) - being_computed() - resting(), expires=WORTH)


def queue(version_ids: Iterable[int], expires: float | None = None) -> None:
    """Asks the workers for the maps of versions. Raises kombu's OperationalError without a broker."""
    for batch in batched(sorted(version_ids), BATCH, strict=False):
        recompute.apply_async([list(batch)], expires=expires)

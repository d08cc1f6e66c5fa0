"""Hearing that a count changed: its map is asked for when the change is committed."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from mapping.tasks import recompute
from pilots.signals import count_changed


@receiver(count_changed)
def ask_for_maps(version_ids: list[int], **options: Any) -> None:
    """Robust: where the broker cannot be reached that is logged, the change stands, and the sweep finds it."""
    transaction.on_commit(partial(recompute.delay, version_ids), robust=True)

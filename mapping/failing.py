"""Maps that cannot be made: why, for those who wait for them, and when it is worth another try.

A failure belongs to inputs. From others a map is made at once; from the same ones again later each time, since what
stood in the way may have been the machine or the program.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import DataError
from django.utils import timezone

from mapping.freshness import made_from_what_holds
from mapping.inputs import standing_of
from mapping.models import FailedMap

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
SAID = 400


def note_failure(version_id: int, error: Exception) -> None:
    """Keeps why a version's map cannot be made. A version that is gone, or can have no map, is left alone."""
    standing = next(iter(standing_of([version_id])), None)
    if standing is None:
        return
    inputs = {
        "revision": standing.revision,
        "assumption_set_id": standing.assumption_set,
        "register_revision": standing.register_revision,
    }
    again = FailedMap.objects.filter(version=version_id, **inputs).first()
    attempts = again.attempts + 1 if again else 1
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)
    FailedMap.objects.update_or_create(
        version_id=version_id,
        defaults={**inputs, "attempts": attempts, "not_before": timezone.now() + pause, "reason": reason_of(error)},
    )


def reason_of(error: Exception) -> str:
    """What is said of it to a place's lead."""
    if isinstance(error, DataError):
        return "Its amounts together are more than a total can hold. Look for an amount that is far too large."
    said = " ".join(str(error).split()) or type(error).__name__
    return f"{said[:SAID]}{'…' if len(said) > SAID else ''}"


def forget_failures(version_ids: Collection[int]) -> None:
    """Their maps were made."""
    FailedMap.objects.filter(version__in=version_ids).delete()


def resting() -> set[int]:
    """Versions whose maps could not be made from what holds now, and for which another try is not due yet."""
    failed = FailedMap.objects.filter(made_from_what_holds(), not_before__gt=timezone.now())
    return set(failed.values_list("version", flat=True))

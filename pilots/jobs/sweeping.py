"""What a lost message or a dead worker left behind, and what is too old to keep."""

from datetime import timedelta

from django.utils import timezone

from pilots.models import Job, KeptAnswer

from .files import exports
from .running import being_done

# A job is told to the worker again where nobody took it up in this time.
UNHEARD = timedelta(seconds=20)
KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(hours=24)
AT_A_TIME = 100


def sweep_jobs() -> list[int]:
    """The ids of open jobs that nobody is doing, for the worker; removes what is old."""
    now = timezone.now()
    _remove_old(Job.objects.filter(state__in=Job.ENDED, finished_at__lt=now - KEPT)[:AT_A_TIME])
    KeptAnswer.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    unheard = Job.objects.filter(state__in=Job.OPEN, created_at__lt=now - UNHEARD).order_by("pk")
    left = set(unheard.values_list("pk", flat=True)[:AT_A_TIME]) - being_done()
    return sorted(left)


def _remove_old(jobs) -> None:
    for job in jobs:
        if job.file:
            exports().delete(job.file)
        job.delete()

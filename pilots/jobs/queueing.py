"""Accepting a job, and taking one back that has not begun."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from pilots.acting import acting
from pilots.models import Job, Person, Upload

from .tasks import run_job

VIA = "API"


class CannotCancel(Exception):
    """The job has begun or has ended; the message says which."""


def queue_job(kind: Job.Kind, request: dict[str, Any], person: Person | None, **more: Any) -> Job:
    """Accepts a job and tells the worker when the transaction commits. `more` are further fields of the job.

    Where the broker cannot be reached that is logged, the job stands, and the sweep tells the worker later.
    """
    with acting(person, VIA):
        job = Job.objects.create(kind=kind, request=request, created_by=person, **more)
        transaction.on_commit(partial(run_job.delay, job.pk), robust=True)
    return job


def cancel_job(job: Job, person: Person | None) -> None:
    """Takes a job back. One that was cancelled before stays so. Raises CannotCancel."""
    with acting(person, VIA):
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state == Job.State.CANCELLED:
            return
        if job.state != Job.State.QUEUED:
            raise CannotCancel(f"The job is {job.state}: only what has not begun can be cancelled.")
        job.state, job.finished_at = Job.State.CANCELLED, timezone.now()
        job.save(update_fields=["state", "finished_at"])
        if job.upload_id:
            _forget_upload(job.upload_id)


def _forget_upload(upload_id: int) -> None:
    upload = Upload.objects.get(pk=upload_id)
    upload.state, upload.problem, upload.finished_at = Upload.State.REFUSED, "It was cancelled.", timezone.now()
    upload.save(update_fields=["state", "problem", "finished_at"])
    upload.pieces.all().delete()

"""Doing a job: one worker at a time, and whatever happens it ends in a result or in a problem."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from pilots.locks import held_since, only_one
from pilots.models import Job
from totalplace.problems import JOB_FAILED, Problem, document_of

log = logging.getLogger(__name__)

ATTEMPTS = 3
# Advisory locks on jobs begin here, apart from any others.
LOCKS = 0x6A6F62 << 32
PROGRESS_KEPT = 24 * 3600


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells how far a job came, where others can see it before its transaction ends."""

    job_id: int

    def __call__(self, done: int, total: int | None = None) -> None:
        try:
            cache.set(_progress_key(self.job_id), (done, total), PROGRESS_KEPT)
        except (RedisError, OSError):
            log.info("Nobody can be told how far job %s came.", self.job_id)


def progress_of(job: Job) -> tuple[int, int | None]:
    """How much of a job is done, and of how much, where that is known."""
    if job.state != Job.State.RUNNING:
        return job.done, job.total
    try:
        return cache.get(_progress_key(job.pk)) or (job.done, job.total)
    except (RedisError, OSError):
        return job.done, job.total


def _progress_key(job_id: int) -> str:
    return f"job-{job_id}-progress"


# Does the job, and returns its result; may set `file`, `done` and `total`. Raises Problem.
Runner = Callable[[Job, Telling], dict[str, Any]]
RUNNERS: dict[str, Runner] = {}


def runs(kind: Job.Kind) -> Callable[[Runner], Runner]:
    """Says that a function does the jobs of a kind. It must be safe to repeat."""

    def keep(runner: Runner) -> Runner:
        RUNNERS[kind] = runner
        return runner

    return keep


def run_job(job_id: int) -> None:
    """Does a job that was accepted. Safe to repeat: what is done or being done elsewhere is left alone."""
    with only_one(LOCKS + job_id) as is_ours:
        job = _begin(job_id) if is_ours else None
        if job is None:
            return
        try:
            job.result = RUNNERS[job.kind](job, Telling(job.pk))
            _end(job, Job.State.FINISHED)
        except Problem as problem:
            _end(job, Job.State.FAILED, problem)
        except Exception as error:
            log.exception("Job %s broke off at attempt %s", job.key, job.attempts)
            error.add_note(f"while job {job.key} was done")
            if job.attempts >= ATTEMPTS:
                _end(job, Job.State.FAILED, broke_off(job))
            else:
                _wait_for_another_attempt(job)


def being_done() -> set[int]:
    """The jobs that somebody is doing now."""
    return held_since(LOCKS)


def _begin(job_id: int) -> Job | None:
    """The job marked as running; None where there is nothing to do."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id, state__in=Job.OPEN).first()
        if job is None:
            return None
        if job.attempts >= ATTEMPTS:  # it took its worker along each time
            _end(job, Job.State.FAILED, broke_off(job))
            return None
        job.state, job.attempts = Job.State.RUNNING, job.attempts + 1
        job.begun_at = job.begun_at or timezone.now()
        job.save(update_fields=["state", "attempts", "begun_at"])
    return job


def _wait_for_another_attempt(job: Job) -> None:
    """Back into the queue; the sweep sends it again."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)


def _end(job: Job, state: Job.State, problem: Problem | None = None) -> None:
    job.state, job.finished_at = state, timezone.now()
    job.problem = document_of(problem, job.address) if problem else None
    job.save(update_fields=["state", "finished_at", "problem", "result", "file", "done", "total"])


def broke_off(job: Job) -> Problem:
    """The problem of a job that cannot be done and nobody knows why."""
    return Problem(JOB_FAILED, f"It was tried {ATTEMPTS} times and broke off each time. {JOB_FAILED.advice}")

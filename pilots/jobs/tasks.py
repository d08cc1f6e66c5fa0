"""Celery's way in to jobs."""

from celery import shared_task

from . import running, sweeping


@shared_task(name="pilots.jobs.tasks.run_job")
def run_job(job_id: int) -> None:
    """Does a job, unless it is done or being done."""
    running.run_job(job_id)


@shared_task(name="pilots.jobs.tasks.sweep_jobs")
def sweep_jobs() -> None:
    """Asks for every job that a lost message or a dead worker left behind."""
    for job_id in sweeping.sweep_jobs():
        run_job.delay(job_id)

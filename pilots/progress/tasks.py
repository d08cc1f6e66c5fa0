"""What the worker does for progress."""

from celery import shared_task

from .reminders import send_reminders


@shared_task(name="pilots.progress.tasks.remind")
def remind() -> None:
    """Mails what is due, once a day."""
    send_reminders()

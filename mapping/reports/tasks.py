"""Celery's way in: makes the file of a report."""

from mapping.reports.files import Wanted, make_file
from totalplace.celery import app


@app.task(ignore_result=True)
def make_report(wanted: dict[str, str | int | None]) -> None:
    """Makes a file that was asked for and keeps it."""
    make_file(Wanted(**wanted))  # type: ignore[arg-type]

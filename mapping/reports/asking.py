"""Asking the worker for the file of a report."""

from dataclasses import asdict

from django.core.cache import cache
from kombu.exceptions import OperationalError

from mapping.reports.files import A_MINUTE, Wanted
from mapping.reports.tasks import make_report


class NoWorker(Exception):
    """The broker cannot be reached, so nobody will make the file."""


def ask_for(wanted: Wanted) -> None:
    """Asks the worker for a file, once a minute at most. Raises NoWorker."""
    if not cache.add(wanted.asked_key, True, A_MINUTE):
        return
    try:
        make_report.apply_async([asdict(wanted)], expires=A_MINUTE)
    except OperationalError as error:
        cache.delete(wanted.asked_key)
        raise NoWorker from error

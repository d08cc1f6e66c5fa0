"""The summary of a programme."""

from pilots.models import FinancialYear, Programme

from .shapes import ProgrammeSummary


def programme_summary(
    programme: Programme, year: FinancialYear, scenario: str, kind: str | None = None
) -> ProgrammeSummary:
    """The published counts of active places, of one kind or all."""
    raise NotImplementedError

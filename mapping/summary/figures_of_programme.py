"""The figures of the programme's page."""

from mapping.charts.inputs import ProgrammeFigures
from pilots.models import FinancialYear, Programme


def programme_figures(programme: Programme, year: FinancialYear, scenario: str, kind: str = "all") -> ProgrammeFigures:
    """Everything the programme page shows, summed over places of the kind pilot, parallel or all."""
    raise NotImplementedError

"""The figures of a place's reconciliation."""

from mapping.charts.inputs import ReconciliationFigures
from pilots.models import Version


def reconciliation_figures(version: Version) -> ReconciliationFigures:
    """From what the source says to what is counted, beside what was published."""
    raise NotImplementedError

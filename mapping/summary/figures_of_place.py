"""The figures of a place's pages."""

from mapping.charts.inputs import PlaceFigures, PoolFigures
from pilots.models import Version


def place_figures(version: Version, scenario: str) -> PlaceFigures:
    """Everything the place page shows."""
    raise NotImplementedError


def pool_figures(version: Version, scenario: str) -> tuple[PoolFigures, ...]:
    """Where bodies can join up in each way to save."""
    raise NotImplementedError

"""The summary of a place."""

from pilots.models import Version

from .shapes import PlaceSummary


def place_summary(version: Version, scenario: str) -> PlaceSummary:
    """A version of a count in a case."""
    raise NotImplementedError

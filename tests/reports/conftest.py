"""Kent as it is shipped, and its files."""

import pytest

from pilots.models import Count, Programme, Version

ADDRESS = "https://total.example/places/kent/report/?year=2010-11&scenario=central&map=1"


@pytest.fixture
def kent(db: None) -> Version:
    """The published count of Kent."""
    published = Count.objects.get(place__slug="kent", year__label="2010-11").published
    assert published
    return published


@pytest.fixture
def programme(db: None) -> Programme:
    return Programme.objects.get(is_default=True)

"""Kent with pupils of its own and of a wider body that serves it."""

import pytest

from pilots.apportion.recording import GivenInput, record_input
from pilots.models import Agency, Person, Place, Programme, ServiceLine, Version
from tests.people_of_kent import lead_of, leadership_centre
from tests.spend.kent import working_version_of_kent

NATIONAL = "DWP"


@pytest.fixture
def kent(db: None) -> Place:
    return Place.objects.select_related("programme").get(slug="kent")


@pytest.fixture
def programme(kent: Place) -> Programme:
    return kent.programme


@pytest.fixture
def lead(kent: Place) -> Person:
    return lead_of("kent")


@pytest.fixture
def centre(db: None) -> Person:
    return leadership_centre()


@pytest.fixture
def working(kent: Place) -> Version:
    version = working_version_of_kent()
    return Version.objects.select_related("count__place__programme", "count__year").get(pk=version.pk)


@pytest.fixture
def dwp(programme: Programme) -> Agency:
    return programme.agencies.get(code=NATIONAL)


@pytest.fixture
def training(programme: Programme) -> ServiceLine:
    return programme.service_lines.get(code="employment-skills")


@pytest.fixture
def pupils(programme: Programme, centre: Person) -> None:
    """A third of the body's pupils are in Kent."""
    number_of_pupils(programme, centre, "kent", "210000")
    number_of_pupils(programme, centre, "", "630000")


def number_of_pupils(programme: Programme, centre: Person, place: str, value: str, year: str = "2010-11") -> None:
    """Pupils of a place, or of all that the national body serves."""
    given = GivenInput("pupils", place, "" if place else NATIONAL, year, value, "School census")
    record_input(programme, given, centre, "page")

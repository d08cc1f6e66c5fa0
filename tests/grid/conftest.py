"""Kent's count of 2010-11, as shipped, and the people who work on it."""

import pytest
from django.test import Client

from pilots.acting import acting
from pilots.grid.slice import Slice
from pilots.models import Agency, Count, Person, Place, Role, ServiceLine, SpendLine, Version
from pilots.spend.versions import open_working_version
from tests.grid.people import make_person


@pytest.fixture
def kent(db: None) -> Place:
    return Place.objects.get(slug="kent")


@pytest.fixture
def lead(kent: Place) -> Person:
    return make_person("lead", Role.Kind.PLACE_LEAD, kent)


@pytest.fixture
def contributor(kent: Place) -> Person:
    return make_person("contributor", Role.Kind.CONTRIBUTOR, kent, Agency.objects.get(name="Dover"))


@pytest.fixture
def centre(db: None) -> Person:
    return make_person("centre", Role.Kind.LEADERSHIP_CENTRE)


@pytest.fixture
def count(kent: Place) -> Count:
    return Count.objects.get(place=kent, year__label="2010-11")


@pytest.fixture
def working(count: Count) -> Version:
    return open_working_version(count)


@pytest.fixture
def empty_working(kent: Place) -> Version:
    """The working version of a year that nobody has counted yet."""
    year = kent.programme.years.get(label="2008-09")
    return open_working_version(Count.objects.create(place=kent, year=year))


@pytest.fixture
def revenue() -> Slice:
    return Slice()


@pytest.fixture
def dover() -> Agency:
    return Agency.objects.get(name="Dover")


@pytest.fixture
def cultural(kent: Place) -> ServiceLine:
    return ServiceLine.objects.get(programme=kent.programme, code="cultural")


@pytest.fixture
def page(client: Client, lead: Person) -> Client:
    """A browser without script, signed in as the lead of Kent."""
    client.force_login(lead)
    return client


def line_of(version: Version, agency: Agency, service: ServiceLine) -> SpendLine:
    return SpendLine.objects.get(version=version, agency=agency, service_line=service, is_transfer=False)


def set_status(version: Version, status: str, person: Person) -> None:
    """Takes a published count through its stages to where a test begins."""
    with acting(person, "page"):
        for stage in ("draft", status):
            Version.objects.filter(pk=version.pk).update(status=stage)

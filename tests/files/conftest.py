"""A small programme: one place with three bodies, a second place, a service tree with three leaves."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from pilots.models import (
    Agency,
    AgencyType,
    FinancialYear,
    Membership,
    Person,
    Place,
    Programme,
    Role,
    ServiceLine,
    SpendType,
)
from pilots.spend.versions import open_count, open_working_version


@pytest.fixture
def register(db):
    programme = Programme.objects.create(slug="trial", name="Trial")
    year = FinancialYear.objects.create(programme=programme, label="2010-11")
    kind = AgencyType.objects.get_or_create(code="shire district")[0]
    bodies = {
        code: Agency.objects.create(programme=programme, code=code, name=name, type=kind)
        for code, name in [("E1", "Dover"), ("E2", "Ashford"), ("E3", "Middlesbrough"), ("E9", "Elsewhere")]
    }
    place = _place(programme, "coast", "The Coast")
    other = _place(programme, "hills", "The Hills")
    for code in ("E1", "E2", "E3"):
        Membership.objects.create(place=place, agency=bodies[code], share_basis="wholly inside")
    Membership.objects.create(place=other, agency=bodies["E9"], share_basis="wholly inside")
    root = ServiceLine.objects.create(programme=programme, code="all", name="All services")
    branch = ServiceLine.objects.create(programme=programme, code="care", name="Care", parent=root)
    for code, name, cofog, parent in [
        ("children", "Children's care", "10.4", branch),
        ("older", "Older people's care", "10.4", branch),
        ("roads", "Roads", "04.5", root),
    ]:
        ServiceLine.objects.create(programme=programme, code=code, name=name, cofog=cofog, parent=parent)
    for code in ("employees", "unspecified"):
        SpendType.objects.get_or_create(code=code, defaults={"name": code.capitalize()})
    count = open_count(place, year)
    return SimpleNamespace(
        programme=programme,
        year=year,
        place=place,
        other=other,
        bodies=bodies,
        count=count,
        version=open_working_version(count),
    )


def _place(programme, slug, name):
    return Place.objects.create(
        programme=programme, slug=slug, name=name, short_name=name, kind="pilot", participation="confirmed"
    )


@pytest.fixture
def lead(register):
    person = Person.objects.create(username="lead")
    Role.objects.create(person=person, kind=Role.Kind.PLACE_LEAD, place=register.place)
    return person


@pytest.fixture
def contributor_of_dover(register):
    person = Person.objects.create(username="dover")
    Role.objects.create(person=person, kind=Role.Kind.CONTRIBUTOR, place=register.place, agency=register.bodies["E1"])
    return person


@pytest.fixture
def recorded(register):
    """What the working version holds: amount by (body, service line)."""

    def read() -> dict[tuple[str, str], Decimal]:
        lines = register.version.lines.values_list("agency__code", "service_line__code", "amount")
        return {(agency, service): amount for agency, service, amount in lines}

    return read

"""A small programme to review: two places, three bodies, four services, one person a role."""

from dataclasses import dataclass, field

from pilots.acting import acting
from pilots.models import (
    Agency,
    AgencyType,
    Count,
    FinancialYear,
    Membership,
    Person,
    Place,
    Programme,
    Role,
    ServiceLine,
    SpendLine,
    SpendType,
    Version,
)
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import add_line, change_line


@dataclass
class World:
    """Dunshire has a county council and a police authority; Otherton has a council of its own."""

    programme: Programme
    place: Place
    other_place: Place
    year: FinancialYear
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def count(self) -> Count:
        return open_count(self.place, self.year)

    @property
    def working(self) -> Version:
        return open_working_version(self.count)

    def record(self, agency: str, service: str, amount: str, **more: object) -> SpendLine:
        """A line of Dunshire's working version, as its lead records it."""
        values = {"agency": agency, "service_line": service, "amount": amount, **more}
        return add_line(self.working, values, self.people["lead"], "page")

    def change(self, line: SpendLine, **values: object) -> SpendLine:
        line.refresh_from_db()
        return change_line(line.version, line.pk, values, line.row_version, self.people["lead"], "page")


def make_world() -> World:
    with acting(None, "test"):
        programme = Programme.objects.create(slug="reviewed", name="Example programme")
        year = FinancialYear.objects.create(programme=programme, label="2010-11")
        FinancialYear.objects.create(programme=programme, label="2009-10")
        root = ServiceLine.objects.create(programme=programme, code="all", name="All public services")
        for position, (code, name) in enumerate(
            [("schools", "Schools"), ("roads", "Roads"), ("police", "Police"), ("care", "Adult social care")], 1
        ):
            ServiceLine.objects.create(programme=programme, code=code, name=name, parent=root, position=position)
        SpendType.objects.get_or_create(code="unspecified", defaults={"name": "Not broken down"})
        kind = AgencyType.objects.get_or_create(code="council")[0]
        county, police, town = (
            Agency.objects.create(programme=programme, code=code, name=name, type=kind)
            for code, name in [("E1", "Dunshire County Council"), ("E2", "Dunshire Police"), ("E3", "Otherton Council")]
        )
        place, other = (
            Place.objects.create(
                programme=programme, slug=slug, name=name, short_name=name, kind="pilot", participation="confirmed"
            )
            for slug, name in [("dunshire", "Dunshire"), ("otherton", "Otherton")]
        )
        for where, agency in [(place, county), (place, police), (other, town)]:
            Membership.objects.create(place=where, agency=agency, share_basis="whole")
        world = World(programme, place, other, year)
        roles_of: dict[str, list[dict]] = {
            "nobody": [],
            "contributor": [{"kind": "contributor", "place": place, "agency": county}],
            "lead": [{"kind": "place_lead", "place": place}],
            "other_lead": [{"kind": "place_lead", "place": other}],
            "centre": [{"kind": "leadership_centre"}],
            "administrator": [{"kind": "administrator"}],
        }
        for name, roles in roles_of.items():
            person = Person.objects.create(username=name, email=f"{name}@example.org", password="!")
            world.people[name] = person
            for role in roles:
                Role.objects.create(person=person, **role)
    return world

"""An invented programme with a tree of 400 leaves and a place of 25 bodies, for size and speed."""

from decimal import Decimal

from pilots.acting import acting
from pilots.models import (
    Agency,
    AgencyType,
    Count,
    FinancialYear,
    Membership,
    Place,
    Programme,
    ServiceLine,
    SpendType,
    Version,
)
from pilots.spend.columns import LineColumns
from pilots.spend.copying import copy_lines

# Leaves of each branch.
SIZES = (60, 40, 50, 50, 50, 50, 50, 50)
BODIES = 25
SLUG, YEAR = "largeshire", "2010-11"


def make_large_programme() -> Programme:
    """A programme of its own, with a year and the root of a tree."""
    with acting(None, "command tests"):
        programme = Programme.objects.create(slug="large", name="Large", is_illustrative=True)
        FinancialYear.objects.create(programme=programme, label=YEAR)
        ServiceLine.objects.create(programme=programme, code="all", name="All services")
    return programme


def make_large_place(programme: Programme | None = None) -> Place:
    """Largeshire: 8 branches with 400 service lines, 25 bodies; in a programme of its own unless one is given."""
    programme = programme or make_large_programme()
    with acting(None, "command tests"):
        root = ServiceLine.objects.get(programme=programme, parent=None)
        for branch, size in enumerate(SIZES, 1):
            parent = ServiceLine.objects.create(
                programme=programme, code=f"B{branch:02}", name=f"Branch {branch}", parent=root, position=branch
            )
            ServiceLine.objects.bulk_create(
                ServiceLine(
                    programme=programme,
                    code=f"L{branch:02}{leaf:02}",
                    name=f"Service {leaf} of branch {branch}",
                    parent=parent,
                    position=100 * branch + leaf,
                )
                for leaf in range(1, size + 1)
            )
        kind = AgencyType.objects.get_or_create(code="district council")[0]
        bodies = Agency.objects.bulk_create(
            Agency(programme=programme, code=f"D{number:03}", name=f"District {number}", type=kind)
            for number in range(1, BODIES + 1)
        )
        place = Place.objects.create(
            programme=programme,
            slug=SLUG,
            name="Largeshire",
            short_name="Largeshire",
            kind=Place.Kind.PILOT,
            participation=Place.Participation.CONFIRMED,
        )
        Membership.objects.bulk_create(
            Membership(place=place, agency=body, share=1, share_basis="wholly inside") for body in bodies
        )
    return place


def make_working_version(place: Place, *, filled: bool = False) -> Version:
    """The working version of Largeshire's count: empty, or with an amount in each of its 10,000 cells."""
    with acting(None, "command tests"):
        count = Count.objects.create(place=place, year=place.programme.years.get())
        version = Version.objects.create(count=count, kind=Version.Kind.WORKING)
        if filled:
            leaves = ServiceLine.objects.filter(programme=place.programme, children=None).order_by("position")
            bodies = place.agencies.order_by("code")
            unspecified = SpendType.objects.get(code="unspecified").pk
            rows = [
                (version.pk, LineColumns(
                    body, None, leaf, unspecified, False, False, None,
                    Decimal(1000 * row + column) + Decimal("0.07"), None, None, "actual", "", "", "",
                ))
                for row, leaf in enumerate(leaves.values_list("id", flat=True), 1)
                for column, body in enumerate(bodies.values_list("id", flat=True), 1)
            ]  # fmt: skip
            copy_lines(rows)
    version.refresh_from_db()
    return version


def leaf_codes() -> list[str]:
    """The codes of the 400 service lines, in order."""
    return [f"L{branch:02}{leaf:02}" for branch, size in enumerate(SIZES, 1) for leaf in range(1, size + 1)]

"""The demonstration's own places, bodies, years and service tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pilots.models import (
    Agency,
    AgencyType,
    FinancialYear,
    Membership,
    Place,
    Population,
    Programme,
    ServiceLine,
    SpendType,
)
from pilots.register.facts import facts

from .names import place_name
from .spending import Body, Leaf

YEARS = ("2009-10", "2010-11")
CENSUS_YEAR = 2011
SOURCE = "Made up for demonstration"
# Bodies wholly inside a place, those that serve so many places, and one that serves all of them.
INSIDE = {"unitary authority": "{} Council", "NHS commissioner": "{} Primary Care Trust"}
WIDER = {"police authority": "{} Police Authority", "fire and rescue authority": "{} Fire and Rescue Authority"}
PLACES_A_WIDER_BODY = 3
EVERYWHERE = {"central government": "Department for Demonstration"}
SHARE = Decimal("0.000001")
PILOTS = 13


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place with its people and the bodies that serve it."""

    place: Place
    people: int
    bodies: tuple[Body, ...]


def make_years(programme: Programme) -> list[FinancialYear]:
    return FinancialYear.objects.bulk_create(FinancialYear(programme=programme, label=label) for label in YEARS)


def make_spend_types() -> dict[str, int]:
    """The shipped spend types, which all programmes share."""
    SpendType.objects.bulk_create(
        (SpendType(position=position, **row) for position, row in enumerate(facts("spend_types"))),
        ignore_conflicts=True,
    )
    return dict(SpendType.objects.values_list("code", "pk"))


def make_services(programme: Programme, wanted: int | None) -> list[Leaf]:
    """The shipped service tree, its leaves divided further until there are as many as wanted."""
    rows = facts("service_lines")
    made: dict[str, ServiceLine] = {}
    parents = {row["parent"] for row in rows}
    waiting = list(enumerate(rows))
    while ready := [(position, row) for position, row in waiting if not row["parent"] or row["parent"] in made]:
        lines = ServiceLine.objects.bulk_create(
            ServiceLine(
                programme=programme,
                code=row["code"],
                parent=made.get(row["parent"]),
                name=row["name"],
                cofog=row["cofog"],
                position=position * 100,
            )
            for position, row in ready
        )
        made |= {line.code: line for line in lines}
        waiting = [entry for entry in waiting if entry not in ready]
    leaves = [made[row["code"]] for row in rows if row["code"] not in parents]
    return _divide(programme, leaves, max(wanted or 0, len(leaves)))


def _divide(programme: Programme, leaves: Sequence[ServiceLine], wanted: int) -> list[Leaf]:
    each, more = divmod(wanted, len(leaves))
    parts = {leaf.code: each + (index < more) for index, leaf in enumerate(leaves)}
    whole = [Leaf(leaf.pk, leaf.code, 1.0) for leaf in leaves if parts[leaf.code] == 1]
    divided = [
        ServiceLine(
            programme=programme,
            code=f"{leaf.code[:50]}-{number:02d}",
            parent=leaf,
            name=f"{leaf.name[:100]}: part {number}",
            cofog=leaf.cofog,
            position=leaf.position + number,
        )
        for leaf in leaves
        for number in range(1, parts[leaf.code] + 1)
        if parts[leaf.code] > 1
    ]
    made = ServiceLine.objects.bulk_create(divided)
    return whole + [Leaf(line.pk, line.parent.code, 1 / parts[line.parent.code]) for line in made if line.parent]


def make_places(programme: Programme, number: int, seed: int) -> list[DemoPlace]:
    """The places with their bodies, and with people in both."""
    names = [place_name(index) for index in range(number)]
    places = Place.objects.bulk_create(
        Place(
            programme=programme,
            slug=f"demo-{name.lower().replace(' ', '-')}",
            name=name,
            short_name=name,
            kind=Place.Kind.PILOT if index < PILOTS else Place.Kind.PARALLEL,
            participation=Place.Participation.CANDIDATE,
            region="Nowhere North" if index % 2 else "Nowhere South",
            source=SOURCE,
        )
        for index, name in enumerate(names)
    )
    random = Random(seed)  # noqa: S311
    people = [random.randrange(80, 900) * 1_000 for _ in places]
    serving = list(_serving(programme, places))
    Agency.objects.bulk_create(agency for agency, _ in serving)
    members = [_membership(place, agency, Decimal(1) / len(served)) for agency, served in serving for place in served]
    Membership.objects.bulk_create(members)
    by_place = dict(zip((place.pk for place in places), people, strict=True))
    Population.objects.bulk_create(_populations(programme, by_place, serving))
    bodies: dict[int, list[Body]] = {place.pk: [] for place in places}
    for member in members:
        share = None if member.share == 1 else member.share
        bodies[member.place_id].append(Body(member.agency_id, member.agency.type.code, share))
    return [DemoPlace(place, by_place[place.pk], tuple(bodies[place.pk])) for place in places]


def _serving(programme: Programme, places: Sequence[Place]) -> Iterator[tuple[Agency, Sequence[Place]]]:
    """Every body, not stored yet, and the places it serves."""
    kinds = {code: AgencyType.objects.get_or_create(code=code)[0] for code in (*INSIDE, *WIDER, *EVERYWHERE)}
    groups = [places[start : start + PLACES_A_WIDER_BODY] for start in range(0, len(places), PLACES_A_WIDER_BODY)]
    served = [
        *((kind, words.format(place.name), [place]) for place in places for kind, words in INSIDE.items()),
        *((kind, words.format(group[0].name), group) for group in groups for kind, words in WIDER.items()),
        *((kind, words, places) for kind, words in EVERYWHERE.items()),
    ]
    for number, (kind, name, some) in enumerate(served, 1):
        yield Agency(programme=programme, code=f"X{number:04d}", name=name, type=kinds[kind], source=SOURCE), some


def _membership(place: Place, agency: Agency, share: Decimal) -> Membership:
    # Rounded down, so that the shares of a body add to no more than one.
    rounded = share.quantize(SHARE, rounding="ROUND_DOWN")
    basis = "wholly inside" if rounded == 1 else "in equal parts"
    return Membership(place=place, agency=agency, share=rounded, share_basis=basis)


def _populations(
    programme: Programme, people: dict[int, int], serving: Sequence[tuple[Agency, Sequence[Place]]]
) -> Iterator[Population]:
    common = {"programme": programme, "year": CENSUS_YEAR, "source": SOURCE}
    for place, number in people.items():
        yield Population(place_id=place, people=number, **common)
    for agency, served in serving:
        yield Population(agency=agency, people=sum(people[place.pk] for place in served), **common)

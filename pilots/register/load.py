"""Loading the shipped register: places, bodies, who serves where, services, and what was published."""

from decimal import Decimal

from pilots.acting import acting
from pilots.models import (
    Agency,
    AgencyType,
    ControlTotal,
    Coverage,
    FinancialYear,
    Membership,
    Place,
    Population,
    Programme,
    ServiceLine,
    SpendType,
)
from pilots.outlines import refresh_outlines

from .bringing import Outcome, bring
from .facts import facts

DEFAULT_SLUG, DEFAULT_NAME = "total-place", "Total Place"
CENSUS_YEAR = 2011
CENSUS = "Census 2011, Office for National Statistics"
BY_POPULATION = "population 2011"
SHARE = Decimal("0.000001")
MILLION = 1_000_000


def default_programme() -> Programme:
    """The programme that is meant when none is named, made if there is none."""
    programme = Programme.objects.filter(is_default=True).first()
    return programme or Programme.objects.create(slug=DEFAULT_SLUG, name=DEFAULT_NAME, is_default=True)


def load_register(programme: Programme | None = None) -> Outcome:
    """Adds what the shipped register has and the programme lacks; overwrites nothing.

    Raises LoadedElsewhere, and IntegrityError where a shipped membership would put a pound in two places; adds
    nothing then.
    """
    with acting(None, "command load_register"):
        return _load(programme or default_programme())


class LoadedElsewhere(Exception):
    """The shipped places stand in another programme, and a place has one address; the message names it."""


def _refuse_second(programme: Programme) -> None:
    slugs = [row["slug"] for row in facts("places")]
    other = Programme.objects.exclude(pk=programme.pk).filter(places__slug__in=slugs).first()
    if other is not None:
        raise LoadedElsewhere(
            f"The shipped places are in the programme {other.name} already, and their addresses can be used once."
        )


def _load(programme: Programme) -> Outcome:
    _refuse_second(programme)
    outcome = Outcome()
    bring(
        outcome,
        [FinancialYear(programme=programme, label=row["label"]) for row in facts("financial_years")],
        ["programme_id", "label"],
    )
    _load_classification(outcome, programme)
    agencies = _load_agencies(outcome, programme)
    places = _load_places(outcome, programme)
    _load_coverage(outcome, agencies)
    _load_populations(outcome, programme, places, agencies)
    _load_memberships(outcome, places, agencies)
    _load_published_figures(outcome, programme, places, agencies)
    refresh_outlines(programme)
    return outcome


def _load_classification(outcome: Outcome, programme: Programme) -> None:
    bring(
        outcome,
        [SpendType(position=position, **row) for position, row in enumerate(facts("spend_types"))],
        ["code"],
        ["name", "note"],
    )
    # A branch before the lines below it.
    waiting = list(enumerate(facts("service_lines")))
    lines: dict[str, ServiceLine] = {}
    while ready := [(position, row) for position, row in waiting if not row["parent"] or row["parent"] in lines]:
        brought = bring(
            outcome,
            [
                ServiceLine(
                    programme=programme,
                    code=row["code"],
                    parent=lines.get(row["parent"]),
                    name=row["name"],
                    cofog=row["cofog"],
                    position=position,
                )
                for position, row in ready
            ],
            ["programme_id", "code"],
            ["parent_id", "name", "cofog"],
        )
        lines |= {line.code: line for line in brought.values()}
        waiting = [entry for entry in waiting if entry not in ready]


def _load_agencies(outcome: Outcome, programme: Programme) -> dict[str, Agency]:
    authorities, national, successors = facts("authorities"), facts("national_bodies"), facts("successors")
    codes = sorted({row["agency_type"] for row in (*authorities, *national, *successors)})
    types = {row.code: row for row in bring(outcome, [AgencyType(code=code) for code in codes], ["code"]).values()}
    key, compared = ["programme_id", "code"], ["name", "type_id", "region", "successor_id", "gss_code"]
    following = bring(
        outcome,
        [
            Agency(
                programme=programme,
                code=row["successor"],
                name=row["successor_name"],
                type=types[row["agency_type"]],
                first_year=row["from_year"],
                source=f"Revenue outturn {row['from_year']}",
            )
            for row in successors
        ],
        key,
        compared,
    )
    followed_by = {row["code"]: row for row in successors}

    def authority(row: dict[str, str]) -> Agency:
        succession = followed_by.get(row["code"])
        return Agency(
            programme=programme,
            code=row["code"],
            name=row["name"],
            type=types[row["agency_type"]],
            region=row["region"],
            successor=following.get((programme.pk, succession["successor"])) if succession else None,
            last_year=_year_before(succession["from_year"]) if succession else "",
            gss_code=row["gss_code"],
            latitude=_decimal(row["latitude"]),
            longitude=_decimal(row["longitude"]),
            source="Revenue outturn 2010-11",
        )

    def national_body(row: dict[str, str]) -> Agency:
        return Agency(
            programme=programme,
            code=row["code"],
            name=row["name"],
            type=types[row["agency_type"]],
            apportioned_by=row["apportioned_by"],
            source=row["source"],
        )

    bodies = [*map(authority, authorities), *map(national_body, national)]
    brought = following | bring(outcome, bodies, key, [*compared, "apportioned_by"])
    return {agency.code: agency for agency in brought.values()}


def _load_places(outcome: Outcome, programme: Programme) -> dict[str, Place]:
    places = [
        Place(
            programme=programme,
            slug=row["slug"],
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            participation=row["participation"],
            region=row["region"],
            latitude=_decimal(row["latitude"]),
            longitude=_decimal(row["longitude"]),
            studied=[theme.strip() for theme in row["themes"].split(";") if theme.strip()],
            lead_body=row["lead_body"],
            source=row["source"],
        )
        for row in facts("places")
    ]
    compared = [
        "programme_id",
        "name",
        "short_name",
        "kind",
        "participation",
        "region",
        "studied",
        "lead_body",
    ]
    return {place.slug: place for place in bring(outcome, places, ["slug"], compared).values()}


def _load_coverage(outcome: Outcome, agencies: dict[str, Agency]) -> None:
    coverage = [
        Coverage(agency=agencies[row["code"]], area=agencies[area])
        for row in facts("authorities")
        for area in row["covers"].split()
        if row["code"] in agencies and area in agencies
    ]
    bring(outcome, coverage, ["agency_id", "area_id"])


def _load_populations(
    outcome: Outcome, programme: Programme, places: dict[str, Place], agencies: dict[str, Agency]
) -> None:
    of_places = [
        Population(place=places[row["slug"]], people=int(row["population_2011"]), source=CENSUS)
        for row in facts("places")
        if row["slug"] in places
    ]
    of_agencies = [
        Population(agency=agencies[row["code"]], people=int(row["population_2011"]), source=_census_of(row))
        for row in (*facts("authorities"), *facts("national_bodies"))
        if row["population_2011"] and row["code"] in agencies
    ]
    for population in (*of_places, *of_agencies):
        population.programme, population.year = programme, CENSUS_YEAR
    bring(outcome, [*of_places, *of_agencies], ["place_id", "agency_id", "year"], ["people"])


def _census_of(row: dict[str, str]) -> str:
    if row.get("population_of") == "Great Britain":
        return "Census 2011, Office for National Statistics and National Records of Scotland"
    return CENSUS


def _load_memberships(outcome: Outcome, places: dict[str, Place], agencies: dict[str, Agency]) -> None:
    local = [
        Membership(
            place=places[row["place_slug"]],
            agency=agencies[row["authority_code"]],
            share=Decimal(row["share"]),
            share_basis=row["share_basis"],
        )
        for row in facts("place_members")
        if row["place_slug"] in places and row["authority_code"] in agencies
    ]
    national = [
        Membership(
            place=places[place["slug"]],
            agency=agencies[body["code"]],
            share=(Decimal(place["population_2011"]) / int(body["population_2011"])).quantize(SHARE),
            share_basis=BY_POPULATION,
        )
        for place in facts("places")
        for body in facts("national_bodies")
        if place["slug"] in places and body["code"] in agencies
    ]
    bring(outcome, [*local, *national], ["place_id", "agency_id"], ["share", "share_basis"])


def _load_published_figures(
    outcome: Outcome, programme: Programme, places: dict[str, Place], agencies: dict[str, Agency]
) -> None:
    figures = [
        ControlTotal(
            programme=programme,
            place=places.get(row["scope"]),
            agency=agencies.get(row["agency"]),
            subject=row["subject"] if row["scope"] in places else f"{row['scope']}: {row['subject']}",
            measure=row["measure"],
            amount=Decimal(row["amount_gbp_million"]) * MILLION if row["amount_gbp_million"] else None,
            financial_year=row["financial_year"],
            is_total=row["is_total"] == "yes",
            note=row["note"],
            source=row["source"],
            position=position,
        )
        for position, row in enumerate(facts("published_figures"))
    ]
    key = ["programme_id", "place_id", "subject", "measure"]
    bring(outcome, figures, key, ["amount", "financial_year", "is_total", "note", "source"])


def _year_before(year: str) -> str:
    """2011-12 before 2012-13."""
    first = int(year[:4]) - 1
    return f"{first}-{(first + 1) % 100:02d}"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None

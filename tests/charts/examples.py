"""A small invented place and programme, with amounts simple enough to check in one's head."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from mapping.charts.inputs import (
    Body,
    Cases,
    Footing,
    Gaps,
    LeverFigures,
    Pair,
    PlaceFigures,
    PlaceRow,
    ProgrammeFigures,
    Provenance,
    PublishedFigure,
    SavingCell,
    Savings,
    Service,
    SpendCell,
    YearFigures,
)


def pounds(millions: str | int) -> Decimal:
    """So many millions of pounds."""
    return Decimal(millions) * 1_000_000


PROVENANCE = Provenance(
    year="2010-11",
    scenario="central",
    version="Official returns, snapshot 1",
    assumption_set=1,
    computed_at=datetime(2011, 4, 1, 10, 42, tzinfo=UTC),
    map_id=7,
    years=("2010-11", "2011-12"),
)

COUNTY = Body("C", "Exampleshire", "county council")
NHS = Body("NHS", "NHS primary care trusts", "NHS commissioner", is_national=True)
POLICE = Body("P", "Exampleshire Police Authority", "police authority", share=Decimal("0.85"))
DISTRICTS = tuple(Body(f"D{n}", f"Exampleton {n}", "district council") for n in (1, 2, 3))

SERVICES = (
    Service("education", "Education"),
    Service("education-services", "Education services", "education"),
    Service("health", "Health"),
    Service("nhs-commissioned", "NHS commissioned services", "health"),
    Service("public-order", "Public order and safety"),
    Service("police", "Police services", "public-order"),
    Service("economic-affairs", "Economic affairs"),
    Service("highways-transport", "Highways and transport services", "economic-affairs"),
    Service("planning-development", "Planning and development services", "economic-affairs"),
    Service("recreation-culture", "Recreation, culture and religion"),
    Service("cultural", "Cultural and related services", "recreation-culture"),
    Service("social-protection", "Social protection"),
    Service("social-care", "Social care", "social-protection"),
    Service("social-care-undivided", "Social care, undivided", "social-care"),
    Service("social-protection-benefits", "Benefits paid to people", "social-protection"),
    Service("council-tax-benefit", "Council tax benefit", "social-protection-benefits"),
)

SPEND = (
    SpendCell("C", "education-services", pounds(300)),
    SpendCell("C", "social-care-undivided", pounds(150)),
    SpendCell("C", "highways-transport", pounds(30)),
    SpendCell("C", "cultural", pounds(20)),
    SpendCell("NHS", "nhs-commissioned", pounds(400), Footing.NATIONAL),
    SpendCell("P", "police", pounds(40), Footing.WIDER),
    *(SpendCell(district.code, "council-tax-benefit", pounds(15)) for district in DISTRICTS),
    *(SpendCell(district.code, "planning-development", pounds(5)) for district in DISTRICTS),
    SpendCell("D1", "highways-transport", pounds("-0.5")),
    SpendCell("D2", "highways-transport", pounds("-0.3")),
    SpendCell("D3", "highways-transport", pounds("0.8")),
)


def lever(code: str, name: str, joined: str, saving: str, low: str, high: str) -> LeverFigures:
    """A lever with the same joined part in every case and a saving that rests half on own returns."""
    part = pounds(joined)
    return LeverFigures(
        code=code,
        name=name,
        saving=Cases(pounds(low), pounds(saving), pounds(high)),
        joined=Cases(part, part, part),
        addressable=pounds(saving) * 10,
        net_present_value=pounds(saving) * 5,
        payback=2,
        payback_status="reached",
        rests_on={Footing.OWN: pounds(saving) / 2, Footing.NATIONAL: pounds(saving) / 2},
    )


LEVERS = (
    lever("collaborative-procurement", "Collaborative procurement", "1", "2", "1", "4"),
    lever("shared-back-office", "Shared back office", "6", "6", "5", "8"),
    lever("service-redesign", "Service redesign around the person", "3", "4", "2", "9"),
)

SAVINGS = Savings(
    saving=Cases(pounds(8), pounds(12), pounds(21)),
    joined=Cases(pounds(10), pounds(10), pounds(10)),
    levers=LEVERS,
    years=(
        YearFigures(1, pounds(3), pounds(2), pounds(7)),
        YearFigures(2, pounds(8), pounds(6), pounds(2)),
        YearFigures(3, pounds(12), pounds(10), pounds(0)),
    ),
    net_present_value=pounds(80),
    payback=2,
    payback_status="reached",
    horizon_years=10,
    discount_rate=Decimal("0.035"),
    rests_on={Footing.OWN: pounds(6), Footing.NATIONAL: pounds(6)},
)

PLACE = PlaceFigures(
    slug="exampleshire",
    name="Exampleshire",
    short_name="Exampleshire",
    kind="pilot",
    region="Nowhere",
    population=1_000_000,
    provenance=PROVENANCE,
    bodies=(COUNTY, NHS, POLICE, *DISTRICTS),
    services=SERVICES,
    spend=SPEND,
    saving_cells=tuple(
        SavingCell(cell.body, cell.service, cell.amount / 50, cell.amount / 100) for cell in SPEND if cell.amount > 0
    ),
    savings=SAVINGS,
    pairs=(
        Pair("C", "NHS", pounds(5), {"shared-back-office": pounds(3), "service-redesign": pounds(2)}),
        Pair("C", "P", pounds(1), {"shared-back-office": pounds(1)}),
    ),
    pair_count=15,
    gaps=Gaps(
        not_reported=("law courts", "prisons and probation"),
        published=(PublishedFigure("all public bodies", "spending", pounds(1000), "2008-09", "", "a paper"),),
    ),
)

EMPTY_PLACE = replace(PLACE, spend=(), saving_cells=(), savings=None, pairs=(), pair_count=0)


def row(name: str, joined: str | None, population: int | None, large: int, kind: str = "pilot") -> PlaceRow:
    """A place that spends a hundred times what it saves."""
    saving = None if joined is None else Cases(pounds(joined), pounds(joined) * 2, pounds(joined) * 3)
    part = None if joined is None else Cases(pounds(joined), pounds(joined), pounds(joined))
    return PlaceRow(
        slug=name.lower(),
        name=name,
        short_name=name,
        kind=kind,
        participation="confirmed",
        region="Nowhere",
        population=population,
        bodies=5,
        large_councils=large,
        spend=None if joined is None else pounds(joined) * 100,
        own=pounds(joined or 0) * 40,
        saving=saving,
        joined=part,
    )


PLACES = (
    row("Northam", "90", 1_000_000, 3),
    row("Southam", "30", 600_000, 1),
    row("Westham", "20", 400_000, 1),
    row("Parallel", "10", 250_000, 1, "parallel"),
)

PROGRAMME = ProgrammeFigures(
    name="Example programme",
    kind="pilot",
    provenance=PROVENANCE,
    places=PLACES,
    savings=replace(
        SAVINGS,
        saving=Cases(pounds(140), pounds(280), pounds(420)),
        joined=Cases(pounds(140), pounds(140), pounds(140)),
    ),
    rests_on={Footing.OWN: pounds(5600), Footing.NATIONAL: pounds(8400)},
    gaps=Gaps(not_reported=("law courts",)),
)

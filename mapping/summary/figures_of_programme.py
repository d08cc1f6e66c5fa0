"""The figures of the programme's page."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from mapping.charts.inputs import Cases, Footing, Footings, Gaps, PlaceRow, ProgrammeFigures
from mapping.charts.names import LARGE_COUNCILS
from mapping.models import MapResult
from pilots.models import FinancialYear, Place, Programme, SpendLine
from pilots.quality.flags import quality_flags_of
from pilots.quality.worsened import HELD, QualityFlags
from pilots.register.listing import list_places
from pilots.spend.years import lagging_places

from .counted import COUNTED, REVENUE, ask, parameters
from .footing import sum_footings, without_nothing
from .mapped import Mapped, mapped_places
from .provenance import other_years, provenance_of, published_totals
from .savings_in_cases import CASES, savings_in_cases
from .tree import branches_of, not_reported

ALL = "all"
FEWEST_ALIKE = 3
"""A place is held against those of its kind in its region only where there are so many others."""
BY_PLACE = f"""
    WITH {COUNTED}
    SELECT c.version_id, count(DISTINCT a.id), count(DISTINCT a.id) FILTER (WHERE t.code = ANY(%(large)s)),
        coalesce(sum(c.amount) FILTER (WHERE c.basis = 'actual'), 0),
        coalesce(sum(c.amount) FILTER (WHERE c.basis = 'budget'), 0),
        coalesce(sum(c.amount) FILTER (WHERE c.basis = 'estimate'), 0),
        coalesce(sum(c.amount) FILTER (WHERE c.basis = 'apportioned' AND c.method <> %(national)s), 0),
        coalesce(sum(c.amount) FILTER (WHERE c.basis = 'apportioned' AND c.method = %(national)s), 0)
    FROM counted c
        JOIN pilots_agency a ON a.id = c.agency_id
        JOIN pilots_agencytype t ON t.id = a.type_id
    WHERE {REVENUE}
    GROUP BY c.version_id
"""  # noqa: S608 - our own column names


class _PlaceSpend(NamedTuple):
    """What a version counts; the amounts are in the order of `Footing`."""

    version_id: int
    bodies: int
    large_councils: int
    own: Decimal
    budget: Decimal
    estimate: Decimal
    wider: Decimal
    national: Decimal

    @property
    def footings(self) -> Footings:
        return dict(zip(Footing, self[3:], strict=True))


def programme_figures(programme: Programme, year: FinancialYear, scenario: str, kind: str = ALL) -> ProgrammeFigures:
    """Everything the programme page shows, summed over the published counts of places of `kind`.

    `kind` is pilot, parallel or all. Every active place has its row, those of another kind for the map.
    """
    versions = mapped_places(programme, year)
    chosen = [mapped for mapped in versions if kind in (ALL, mapped.kind)]
    spend = _spend(versions)
    others = other_years(year.label, place__programme=programme)
    branches = branches_of(programme.pk, chosen)
    lagging = lagging_places(programme, year, None if kind == ALL else kind)
    return ProgrammeFigures(
        name=programme.name,
        kind=kind,
        provenance=provenance_of(chosen, year.label, scenario, others, lagging),
        places=place_rows(list(list_places(programme, year)), versions, spend),
        savings=savings_in_cases(chosen, scenario),
        rests_on=without_nothing(
            sum_footings(
                part
                for mapped in chosen
                if mapped.version_id in spend
                for part in spend[mapped.version_id].footings.items()
            )
        ),
        gaps=Gaps(
            not_reported=not_reported(branches),
            # What was published of the whole is of the pilots.
            published=published_totals(programme.pk, None) if kind != Place.Kind.PARALLEL else (),
            other_years=others,
        ),
    )


def _spend(versions: Sequence[Mapped]) -> dict[int, _PlaceSpend]:
    national = SpendLine.Method.NATIONAL_AVERAGE.value
    values = parameters(versions, large=list(LARGE_COUNCILS), national=national)
    return {row.version_id: row for row in ask(_PlaceSpend, BY_PLACE, values)}


def alike(programme: Programme, year: FinancialYear, place: Place) -> tuple[PlaceRow, ...]:
    """A place and those it can be held against: of its kind and region, or of its region where these are few.

    By name; only places with a published count of the year.
    """
    region = list(list_places(programme, year, region=place.region)) if place.region else []
    same = [other for other in region if other.kind == place.kind]
    chosen = {other.pk for other in (same if len(same) > FEWEST_ALIKE else region)}
    versions = [mapped for mapped in mapped_places(programme, year) if mapped.place_id in chosen]
    rows = place_rows([other for other in region if other.pk in chosen], versions, _spend(versions))
    return tuple(row for row in rows if row.spend is not None)


def place_rows(
    places: Sequence[Place], versions: Sequence[Mapped], spend: dict[int, _PlaceSpend]
) -> tuple[PlaceRow, ...]:
    """The row of each place."""
    published = {mapped.place_id: mapped for mapped in versions}
    savings, joined = _by_case(versions)
    flags = quality_flags_of(places)
    return tuple(
        _place_row(place, published.get(place.pk), spend, savings, joined, flags.get(place.slug, HELD))
        for place in places
    )


def _place_row(
    place: Place,
    mapped: Mapped | None,
    spend: dict[int, _PlaceSpend],
    savings: dict[int, Cases],
    joined: dict[int, Cases],
    flags: QualityFlags,
) -> PlaceRow:
    counted = spend.get(mapped.version_id) if mapped else None
    map_id = (mapped.map_id if mapped else None) or 0
    return PlaceRow(
        slug=place.slug,
        name=place.name,
        short_name=place.short_name,
        kind=place.kind,
        participation=place.participation,
        region=place.region,
        population=place.population,  # type: ignore[attr-defined]
        bodies=counted.bodies if counted else 0,
        large_councils=counted.large_councils if counted else 0,
        spend=sum(counted.footings.values(), Decimal(0)) if counted else None,
        own=counted.own if counted else Decimal(0),
        saving=savings.get(map_id),
        joined=joined.get(map_id),
        is_stale=bool(mapped and mapped.is_stale),
        flags=flags,
    )


def _by_case(versions: Sequence[Mapped]) -> tuple[dict[int, Cases], dict[int, Cases]]:
    """The saving of each map in each case, and the joined part of it, by map id."""
    results = MapResult.objects.filter(map__in=[mapped.map_id for mapped in versions if mapped.map_id])
    rows = {
        (map_id, case): (saving, joined)
        for map_id, case, saving, joined in results.values_list("map_id", "scenario", "saving", "joined")
    }
    maps = {map_id for map_id, _ in rows}
    saving, joined = (
        {map_id: Cases(*(rows[map_id, case][part] for case in CASES)) for map_id in maps} for part in (0, 1)
    )
    return saving, joined

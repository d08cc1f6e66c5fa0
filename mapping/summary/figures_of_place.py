"""The figures of a place's pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db.models import F, Sum

from mapping.charts.inputs import (
    Body,
    Cases,
    Gaps,
    LeverFigures,
    OtherYear,
    Pair,
    PlaceFigures,
    PoolFigures,
    SavingCell,
)
from mapping.models import PoolResult, SavingsCell, SharingPair
from pilots.models import Population, ServiceLine, Version
from pilots.quality.worsened import HELD

from .mapped import Mapped, mapped_version
from .provenance import other_years, provenance_of, published_totals
from .quality import flags_of
from .savings_in_cases import CASES, savings_in_cases
from .spend import bodies_of, spend_cells
from .transfers import passed_on, transfers_of
from .tree import Branch, branches_of, not_reported, services

WHOLE_PLACE = "the whole place"


def place_figures(version: Version, scenario: str) -> PlaceFigures:
    """Everything the place page shows of a version in a case, with the savings of its current map."""
    mapped = mapped_version(version)
    bodies = bodies_of(mapped)
    branches = branches_of(mapped.programme_id, [mapped])
    others = other_years(mapped.year, place=mapped.place_id)
    pairs = _pairs(mapped, scenario)
    return PlaceFigures(
        slug=mapped.slug,
        name=mapped.name,
        short_name=mapped.short_name,
        kind=mapped.kind,
        region=mapped.region,
        population=_population(mapped),
        provenance=provenance_of([mapped], mapped.year, scenario, others),
        bodies=bodies,
        services=services(branches),
        spend=spend_cells([mapped]),
        saving_cells=_saving_cells(mapped, scenario),
        savings=savings_in_cases([mapped], scenario),
        pairs=pairs,
        pair_count=len(pairs),
        gaps=gaps_of(mapped, bodies, branches, others),
        flags=flags_of([mapped]).get(mapped.slug, HELD),
    )


def gaps_of(mapped: Mapped, bodies: tuple[Body, ...], branches: list[Branch], others: tuple[OtherYear, ...]) -> Gaps:
    """What a place's figures leave out."""
    return Gaps(
        not_reported=not_reported(branches),
        passed_on=passed_on(transfers_of(mapped, {body.code for body in bodies})),
        published=published_totals(mapped.programme_id, mapped.place_id),
        other_years=others,
    )


def pool_figures(version: Version, scenario: str) -> tuple[PoolFigures, ...]:
    """Where bodies can join up in each way to save, in the order of the menu, the largest first."""
    mapped = mapped_version(version)
    names = dict(ServiceLine.objects.filter(programme=mapped.programme_id).values_list("code", "name"))
    pools = PoolResult.objects.filter(map=mapped.map_id, scenario=scenario)
    rows = pools.order_by("lever__position", "-saving_before_cap", "pool").values_list(
        *("lever__name", "pool", "agencies", "addressable", "saving_before_cap", "saving_after_cap")
    )
    return tuple(
        PoolFigures(lever, names.get(pool, pool) if pool else WHOLE_PLACE, *amounts) for lever, pool, *amounts in rows
    )


def levers_of_part(
    version: Version, scenario: str, levers: Sequence[LeverFigures], body: str | None, leaves: Sequence[str] | None
) -> tuple[LeverFigures, ...]:
    """The ways to save in a part of a place: in one body, on some leaves, or both; None means all. One query.

    What a way is worth, when it pays back and what it rests on stay those of the whole place.
    """
    cells = SavingsCell.objects.filter(map__version=version, map__version__current_map__map=F("map"))
    if body is not None:
        cells = cells.filter(agency__code=body)
    if leaves is not None:
        cells = cells.filter(service_line__code__in=leaves)
    names = ("lever__code", "scenario")
    rows = cells.values_list(*names).annotate(Sum("addressable"), Sum("saving"), Sum("joined")).order_by(*names)
    found = {(lever, case): amounts for lever, case, *amounts in rows}
    nothing = [Decimal(0)] * 3

    def amount(lever: str, case: str, which: int) -> Decimal:
        return found.get((lever, case), nothing)[which]

    return tuple(
        replace(
            lever,
            addressable=amount(lever.code, scenario, 0),
            saving=Cases(*(amount(lever.code, case, 1) for case in CASES)),
            joined=Cases(*(amount(lever.code, case, 2) for case in CASES)),
        )
        for lever in levers
        if any((lever.code, case) in found for case in CASES)
    )


def _population(mapped: Mapped) -> int | None:
    counted = Population.objects.filter(place=mapped.place_id).order_by("-year")
    return counted.values_list("people", flat=True).first()


def _saving_cells(mapped: Mapped, scenario: str) -> tuple[SavingCell, ...]:
    """The saving by body and leaf, over all levers."""
    cells = SavingsCell.objects.filter(map=mapped.map_id, scenario=scenario)
    rows = cells.values_list("agency__code", "service_line__code").annotate(Sum("saving"), Sum("joined"))
    return tuple(SavingCell(*row) for row in rows.order_by("agency__code", "service_line__code"))


def _pairs(mapped: Mapped, scenario: str) -> tuple[Pair, ...]:
    """Pairs of bodies over all levers, most first."""
    by_lever: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    pairs = SharingPair.objects.filter(map=mapped.map_id, scenario=scenario)
    for body_a, body_b, lever, saving in pairs.values_list("agency_a__code", "agency_b__code", "lever__code", "saving"):
        by_lever[body_a, body_b][lever] = saving
    found = [Pair(*bodies, sum(levers.values(), Decimal(0)), levers) for bodies, levers in by_lever.items()]
    return tuple(sorted(found, key=lambda pair: (-pair.saving, pair.body_a, pair.body_b)))

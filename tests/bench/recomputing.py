"""Recomputing every map, against the same figures by Polars over frames that are in memory already."""

from decimal import Decimal

import polars as pl
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from mapping.assumption_sets import engine_assumptions
from mapping.engine import SCENARIOS
from mapping.models import CurrentAssumptionSet, CurrentMap, MapResult, RollUp, SavingsCell, SavingsMap
from mapping.recompute import recompute_versions
from pilots.models import Programme, Version

from . import polars_map
from .measure import Result, seconds

LINES = """
    SELECT p.slug || ' ' || y.label AS place, a.code AS agency, t.code AS agency_type,
        s.code AS service_line, k.code AS spend_type, l.amount::float8 AS amount
    FROM pilots_spendline l
        JOIN pilots_version v ON v.id = l.version_id
        JOIN pilots_count c ON c.published_id = v.id
        JOIN pilots_place p ON p.id = c.place_id
        JOIN pilots_financialyear y ON y.id = c.year_id
        JOIN pilots_agency a ON a.id = l.agency_id
        JOIN pilots_agencytype t ON t.id = a.type_id
        JOIN pilots_serviceline s ON s.id = l.service_line_id
        JOIN pilots_spendtype k ON k.id = l.spend_type_id
    WHERE p.programme_id = %s AND NOT l.is_capital AND NOT l.is_transfer
"""


def run(lines: int) -> list[Result]:
    shipped = _compare(Programme.objects.get(is_default=True), "recompute the 93 shipped places", 5)
    call_command("seed_demo", places=93, lines=lines, verbosity=0)
    large = _compare(Programme.objects.get(slug="demo"), f"recompute {lines:,} lines in 93 places", 1)
    return [shipped, large]


def _compare(programme: Programme, name: str, times: int) -> Result:
    versions = list(Version.objects.filter(published_for__place__programme=programme).values_list("pk", flat=True))
    frames = polars_map.Frames(_lines(programme), _assumptions(programme))
    found: dict[str, tuple[float, float]] = {}

    def by_polars() -> None:
        found.update(polars_map.savings(frames))

    def by_product() -> None:
        recompute_versions(versions)

    ours, theirs = [], []
    for _ in range(times):
        _forget(versions)
        ours.append(seconds(by_product))
        theirs.append(seconds(by_polars))
    _check(versions, found)
    return Result(name, min(ours), "the same figures by Polars in memory", min(theirs))


def _forget(versions: list[int]) -> None:
    """Takes the maps away, so that everything is made anew."""
    CurrentMap.objects.filter(version__in=versions).delete()
    SavingsMap.objects.filter(version__in=versions).delete()
    RollUp.objects.filter(version__in=versions).delete()


def _check(versions: list[int], found: dict[str, tuple[float, float]]) -> None:
    """Two programs that never met agree on the sums, to the pennies that rounding at halves may differ by.

    A cell that a cap cuts often lies at half a penny: one in a hundred may fall to either side.
    """
    for case in SCENARIOS:
        results = MapResult.objects.filter(scenario=case, map__version__in=versions)
        cells = SavingsCell.objects.filter(scenario=case, map__version__in=versions).count()
        sums = results.aggregate(saving=Sum("saving"), joined=Sum("joined"))
        for ours, theirs in zip((sums["saving"], sums["joined"]), found[case], strict=True):
            difference = abs(ours - Decimal(repr(round(theirs, 2))))
            if difference > max(Decimal("1.00"), Decimal(cells) / 100 * Decimal("0.01")):
                raise AssertionError(f"{case}: the product has {ours}, Polars {theirs}")


def _lines(programme: Programme) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(LINES, [programme.pk])
        names = [column.name for column in cursor.description]
        return pl.DataFrame(cursor.fetchall(), schema=names, orient="row")


def _assumptions(programme: Programme) -> polars_map.Assumptions:
    return engine_assumptions(CurrentAssumptionSet.objects.get(programme=programme).assumption_set)

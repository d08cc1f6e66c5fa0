"""Sums of spend and stored cells by place, by body and by leaf: one statement, whatever the number of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .counted import COUNTED, REVENUE, ask, parameters
from .mapped import Mapped
from .shapes import AgencyRow, RestsOn, ServiceRow

NOTHING = Decimal("0.00")
BASES = ("actual", "budget", "estimate", "apportioned")


def _statement(pounds: str) -> str:
    """Cells are summed over levers first: that leaves a fifth of the rows for the three groupings.

    `pounds` says how a stored amount is taken.
    """
    taken = pounds.format
    columns = {"saving": "saving", "joined": "joined"} | {f"rests_on_{basis}": basis for basis in BASES}
    cells = ", ".join(f"sum({taken(column)}) AS {name}" for column, name in columns.items())
    spend = taken("amount")
    return f"""
    WITH {COUNTED}, cells AS (
        SELECT map_id, agency_id, service_line_id, {cells}
        FROM mapping_savingscell WHERE map_id = ANY(%(maps)s) AND scenario = %(scenario)s
        GROUP BY map_id, agency_id, service_line_id
    ), amounts AS (
        SELECT version_id, agency_id, service_line_id, {spend} AS spend,
            NULL::numeric AS saving, NULL::numeric AS joined, NULL::numeric AS actual,
            NULL::numeric AS budget, NULL::numeric AS estimate, NULL::numeric AS apportioned
        FROM counted WHERE {REVENUE}
        UNION ALL
        SELECT m.version_id, c.agency_id, c.service_line_id, NULL, c.saving, c.joined,
            c.actual, c.budget, c.estimate, c.apportioned
        FROM cells c JOIN mapping_savingsmap m ON m.id = c.map_id
    ), sums AS (
        SELECT version_id, agency_id, service_line_id, sum(spend) AS spend, sum(saving) AS saving,
            sum(joined) AS joined, sum(actual) AS actual, sum(budget) AS budget, sum(estimate) AS estimate,
            sum(apportioned) AS apportioned
        FROM amounts GROUP BY GROUPING SETS ((version_id), (agency_id), (service_line_id))
    )
    SELECT s.version_id, coalesce(a.code, l.code), coalesce(a.name, l.name), p.code, s.service_line_id IS NOT NULL,
        s.spend, s.saving, s.joined, s.actual, s.budget, s.estimate, s.apportioned
    FROM sums s
        LEFT JOIN pilots_agency a ON a.id = s.agency_id
        LEFT JOIN pilots_serviceline l ON l.id = s.service_line_id
        LEFT JOIN pilots_serviceline p ON p.id = l.parent_id
    ORDER BY l.position, s.spend DESC NULLS LAST, a.code, l.code
"""  # noqa: S608 - our own column names


SUMS = _statement("{}")
# Each stored amount to the penny, so that sums add up any way.
PRICED_SUMS = _statement("round({} * %(factor)s, 2)")


class _Sum(NamedTuple):
    version_id: int | None
    code: str
    name: str
    parent: str | None
    is_service: bool
    spend: Decimal | None
    saving: Decimal | None
    joined: Decimal | None
    actual: Decimal | None
    budget: Decimal | None
    estimate: Decimal | None
    apportioned: Decimal | None


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """What a version comes to."""

    spend: Decimal
    saving: Decimal
    joined: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """Bodies by spend, most first; leaves in the order of the tree; `by_version` by id."""

    by_version: dict[int, PlaceSum]
    by_agency: list[AgencyRow]
    by_service: list[ServiceRow]
    spend: Decimal
    saving: Decimal
    joined: Decimal
    rests_on: RestsOn


def sums_of(versions: Sequence[Mapped], scenario: str, factor: Decimal | None = None) -> Sums:
    """The sums over some versions in a case, in other prices where there is a factor for them."""
    if factor is None:
        rows = ask(_Sum, SUMS, parameters(versions, scenario=scenario))
    else:
        rows = ask(_Sum, PRICED_SUMS, parameters(versions, scenario=scenario, factor=factor))
    places = [row for row in rows if row.version_id is not None]
    return Sums(
        by_version={row.version_id: PlaceSum(*_amounts(row)) for row in places if row.version_id is not None},
        by_agency=[
            AgencyRow(row.code, row.name, *_amounts(row))
            for row in rows
            if row.version_id is None and not row.is_service
        ],
        by_service=[ServiceRow(row.code, row.name, row.parent, *_amounts(row)) for row in rows if row.is_service],
        spend=_total(row.spend for row in places),
        saving=_total(row.saving for row in places),
        joined=_total(row.joined for row in places),
        rests_on=_rests_on(places),
    )


def _rests_on(places: Sequence[_Sum]) -> RestsOn:
    """The parts of the saving, which add to it: the pennies of other prices go to the largest."""
    parts = {basis: _total(getattr(place, basis) for place in places) for basis in BASES}
    largest = max(parts, key=lambda basis: parts[basis])
    parts[largest] += _total(place.saving for place in places) - _total(parts.values())
    return RestsOn(**parts)


def _amounts(row: _Sum) -> tuple[Decimal, Decimal, Decimal]:
    return row.spend or NOTHING, row.saving or NOTHING, row.joined or NOTHING


def _total(amounts) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)

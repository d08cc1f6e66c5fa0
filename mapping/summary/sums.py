"""Sums of spend and stored cells by place, by body and by leaf: one statement, whatever the number of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .counted import COUNTED, REVENUE, ask, parameters
from .mapped import Mapped
from .shapes import AgencyRow, RestsOn, ServiceRow

NOTHING = Decimal("0.00")

# Cells are summed over levers first: that leaves a fifth of the rows for the three groupings.
SUMS = f"""
    WITH {COUNTED}, cells AS (
        SELECT map_id, agency_id, service_line_id, sum(saving) AS saving, sum(joined) AS joined,
            sum(rests_on_actual) AS actual, sum(rests_on_budget) AS budget, sum(rests_on_estimate) AS estimate,
            sum(rests_on_apportioned) AS apportioned
        FROM mapping_savingscell WHERE map_id = ANY(%(maps)s) AND scenario = %(scenario)s
        GROUP BY map_id, agency_id, service_line_id
    ), amounts AS (
        SELECT version_id, agency_id, service_line_id, amount AS spend,
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


def sums_of(versions: Sequence[Mapped], scenario: str) -> Sums:
    """The sums over some versions in a case."""
    rows = ask(_Sum, SUMS, parameters(versions, scenario=scenario))
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
        rests_on=RestsOn(
            actual=_total(row.actual for row in places),
            budget=_total(row.budget for row in places),
            estimate=_total(row.estimate for row in places),
            apportioned=_total(row.apportioned for row in places),
        ),
    )


def _amounts(row: _Sum) -> tuple[Decimal, Decimal, Decimal]:
    return row.spend or NOTHING, row.saving or NOTHING, row.joined or NOTHING


def _total(amounts) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), NOTHING)

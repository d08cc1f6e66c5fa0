"""What spend and savings rest on, told finer than the basis: a wider body's return or a national average."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from mapping.charts.inputs import Footing, Footings
from pilots.models import SpendLine

from .counted import COUNTED, REVENUE, ask, parameters
from .mapped import Mapped
from .sums import NOTHING

Basis, Method = SpendLine.Basis, SpendLine.Method
OF_BASIS = {Basis.ACTUAL: Footing.OWN, Basis.BUDGET: Footing.BUDGET, Basis.ESTIMATE: Footing.ESTIMATE}

# A cell's apportioned part divides between the two ways of sharing out by the absolute amounts under it.
LEVER_FOOTINGS = f"""
    WITH {COUNTED}, national AS (
        SELECT version_id, agency_id, service_line_id,
            sum(absolute_amount) FILTER (WHERE method = %(national)s) / nullif(sum(absolute_amount), 0) AS part
        FROM counted WHERE {REVENUE} AND basis = %(apportioned)s
        GROUP BY version_id, agency_id, service_line_id
    )
    SELECT l.code, sum(c.rests_on_actual), sum(c.rests_on_budget), sum(c.rests_on_estimate),
        sum(c.rests_on_apportioned), sum(round(c.rests_on_apportioned * coalesce(n.part, 0), 2))
    FROM mapping_savingscell c
        JOIN mapping_savingsmap m ON m.id = c.map_id
        JOIN mapping_lever l ON l.id = c.lever_id
        LEFT JOIN national n ON n.version_id = m.version_id AND n.agency_id = c.agency_id
            AND n.service_line_id = c.service_line_id
    WHERE c.map_id = ANY(%(maps)s) AND c.scenario = %(scenario)s
    GROUP BY l.code
"""  # noqa: S608 - our own column names


class _LeverRow(NamedTuple):
    code: str
    own: Decimal
    budget: Decimal
    estimate: Decimal
    apportioned: Decimal
    national: Decimal


def footing_of(basis: str, method: str) -> Footing:
    """What an amount of a basis and a method rests on."""
    if basis == Basis.APPORTIONED:
        return Footing.NATIONAL if method == Method.NATIONAL_AVERAGE else Footing.WIDER
    return OF_BASIS[Basis(basis)]


def lever_footings(versions: Sequence[Mapped], scenario: str) -> dict[str, Footings]:
    """What the saving of each lever rests on, by code; the parts add to the saving."""
    values = parameters(
        versions, scenario=scenario, national=Method.NATIONAL_AVERAGE.value, apportioned=Basis.APPORTIONED.value
    )
    return {
        row.code: without_nothing(
            {
                Footing.OWN: row.own,
                Footing.BUDGET: row.budget,
                Footing.ESTIMATE: row.estimate,
                Footing.WIDER: row.apportioned - row.national,
                Footing.NATIONAL: row.national,
            }
        )
        for row in ask(_LeverRow, LEVER_FOOTINGS, values)
    }


def sum_footings(parts: Iterable[tuple[Footing, Decimal]]) -> Footings:
    """Amounts by footing, from the firmest."""
    sums: Footings = defaultdict(lambda: NOTHING)
    for footing, amount in parts:
        sums[footing] += amount
    return {footing: sums[footing] for footing in Footing if footing in sums}


def without_nothing(footings: Footings) -> Footings:
    """The footings that carry something."""
    return {footing: amount for footing, amount in footings.items() if amount}

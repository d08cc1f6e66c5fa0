"""The bodies of a place and what each spends on each leaf."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from mapping.charts.inputs import Body, Footing, SpendCell
from pilots.models import SpendLine

from .counted import COUNTED, REVENUE, ask, parameters
from .footing import footing_of
from .mapped import Mapped
from .sums import NOTHING

SPEND = f"""
    WITH {COUNTED}
    SELECT a.code, l.code, c.basis, c.method, sum(c.amount)
    FROM counted c
        JOIN pilots_agency a ON a.id = c.agency_id
        JOIN pilots_serviceline l ON l.id = c.service_line_id
    WHERE {REVENUE}
    GROUP BY a.code, l.code, l.position, c.basis, c.method
    ORDER BY a.code, l.position, l.code, c.basis, c.method
"""  # noqa: S608 - our own column names

# The share is the one that the lines were counted with, so that a changed membership alters no snapshot.
BODIES = f"""
    WITH {COUNTED}, bodies AS (
        SELECT agency_id, bool_and(method = %(national)s) AS is_national
        FROM counted WHERE {REVENUE} GROUP BY agency_id
    )
    SELECT a.code, a.name, t.code, coalesce(
            (SELECT l.share FROM pilots_spendline l WHERE l.version_id = %(version)s AND l.agency_id = a.id
                AND NOT l.is_transfer AND NOT l.is_capital AND l.share IS NOT NULL LIMIT 1),
            (SELECT s.share FROM pilots_membership s WHERE s.place_id = %(place)s AND s.agency_id = a.id),
            1), b.is_national
    FROM bodies b
        JOIN pilots_agency a ON a.id = b.agency_id
        JOIN pilots_agencytype t ON t.id = a.type_id
    ORDER BY a.code
"""  # noqa: S608 - our own column names


class _Amount(NamedTuple):
    body: str
    service: str
    basis: str
    method: str
    amount: Decimal


def spend_cells(versions: Sequence[Mapped]) -> tuple[SpendCell, ...]:
    """Revenue spend without transfers by body, leaf and footing."""
    sums: dict[tuple[str, str, Footing], Decimal] = defaultdict(lambda: NOTHING)
    for row in ask(_Amount, SPEND, parameters(versions)):
        sums[row.body, row.service, footing_of(row.basis, row.method)] += row.amount
    return tuple(SpendCell(body, leaf, amount, footing) for (body, leaf, footing), amount in sums.items())


def bodies_of(mapped: Mapped) -> tuple[Body, ...]:
    """The bodies whose revenue spend is counted in a place, by code."""
    national = SpendLine.Method.NATIONAL_AVERAGE.value
    values = parameters([mapped], version=mapped.version_id, place=mapped.place_id, national=national)
    return tuple(ask(Body, BODIES, values))

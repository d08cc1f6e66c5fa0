"""Asking the database for what is counted, over any number of versions in one statement.

A version with a map is read from its roll-up, which stands beside the map; one without a map yet from its lines.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from .mapped import Mapped

COUNTED = """
    counted AS (
        SELECT version_id, agency_id, service_line_id, basis, method, is_capital, is_transfer,
            amount, absolute_amount
        FROM mapping_rollup WHERE version_id = ANY(%(mapped)s)
        UNION ALL
        SELECT version_id, agency_id, service_line_id, basis, method, is_capital, is_transfer,
            amount, abs(amount)
        FROM pilots_spendline WHERE version_id = ANY(%(unmapped)s)
    )
"""
REVENUE = "NOT is_capital AND NOT is_transfer"


def parameters(versions: Sequence[Mapped], **others: Any) -> dict[str, Any]:
    """What COUNTED asks for, and `maps`: the ids of the maps that are current for the versions."""
    return {
        "mapped": [mapped.version_id for mapped in versions if mapped.map_id is not None],
        "unmapped": [mapped.version_id for mapped in versions if mapped.map_id is None],
        "maps": [mapped.map_id for mapped in versions if mapped.map_id is not None],
        **others,
    }


def ask[Row](shape: Callable[..., Row], sql: str, values: Mapping[str, Any]) -> list[Row]:
    """The rows of one statement, each made by `shape` from its columns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [shape(*row) for row in cursor.fetchall()]

"""The flows of a place: from who pays through who delivers to what it is spent on."""

from typing import Any

from django.db.models import Sum

from mapping.charts.inputs import FlowCell, Flows
from mapping.models import RollUp
from pilots.models import SpendLine, Version

from .mapped import mapped_version
from .spend import bodies_of
from .transfers import transfers_of


def flows_of(version: Version) -> Flows:
    """What a version counts by funder, body and leaf, and what its bodies pass on."""
    mapped = mapped_version(version)
    lines: Any = RollUp if mapped.map_id is not None else SpendLine
    revenue = lines.objects.filter(version=mapped.version_id, is_transfer=False, is_capital=False)
    keys = ("funder__name", "agency__code", "service_line__code")
    rows = revenue.values_list(*keys).annotate(Sum("amount")).order_by(*keys)
    cells = tuple(FlowCell(funder or "", *rest) for funder, *rest in rows)
    return Flows(cells, tuple(transfers_of(mapped, {body.code for body in bodies_of(mapped)})))

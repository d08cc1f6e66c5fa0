"""The figures of a place's reconciliation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from mapping.charts.inputs import FOOTING_WORDS, Body, CountedBody, Footing, LeftOut, ReconciliationFigures, SpendCell
from mapping.models import Scenario
from pilots.models import SpendLine, Version
from totalplace.money import listed

from .figures_of_place import gaps_of
from .footing import sum_footings
from .mapped import mapped_version
from .provenance import other_years, provenance_of
from .spend import bodies_of, spend_cells
from .sums import NOTHING
from .transfers import transfers_of
from .tree import branches_of


def reconciliation_figures(version: Version) -> ReconciliationFigures:
    """From what the sources of a version say to what is counted, and beside it what was published."""
    mapped = mapped_version(version)
    bodies, spend = bodies_of(mapped), spend_cells([mapped])
    others = other_years(mapped.year, place=mapped.place_id)
    left_out = Version.objects.values_list("left_out", flat=True).get(pk=mapped.version_id)
    return ReconciliationFigures(
        slug=mapped.slug,
        name=mapped.name,
        provenance=provenance_of([mapped], mapped.year, Scenario.CENTRAL.value, others),
        counted=_counted(bodies, spend, _wholes(mapped.version_id)),
        rests_on=sum_footings((cell.footing, cell.amount) for cell in spend),
        transfers=tuple(transfers_of(mapped, {body.code for body in bodies})),
        left_out=_left_out(left_out),
        capital=_capital(mapped.version_id),
        gaps=gaps_of(mapped, bodies, branches_of(mapped.programme_id, [mapped]), others),
    )


def _counted(
    bodies: Iterable[Body], spend: Iterable[SpendCell], wholes: Mapping[str, Decimal]
) -> tuple[CountedBody, ...]:
    """The bodies by what is counted of them, most first."""
    counted: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    footings: dict[str, set[Footing]] = defaultdict(set)
    for cell in spend:
        counted[cell.body] += cell.amount
        footings[cell.body].add(cell.footing)
    rows = [
        CountedBody(
            body,
            wholes.get(body.code),
            counted[body.code],
            listed([FOOTING_WORDS[footing] for footing in Footing if footing in footings[body.code]]),
        )
        for body in bodies
    ]
    return tuple(sorted(rows, key=lambda row: (-row.counted, row.body.code)))


def _wholes(version_id: int) -> dict[str, Decimal]:
    """The whole amount of each body of which only a share is counted."""
    revenue = SpendLine.objects.filter(version=version_id, is_transfer=False, is_capital=False)
    bodies = revenue.values_list("agency__code").annotate(
        whole=Sum(Coalesce("whole_amount", "amount")), shared=Count("pk", filter=Q(share__lt=1))
    )
    return {code: whole for code, whole, shared in bodies.order_by("agency__code") if shared}


def _left_out(items: Iterable[Mapping[str, Any]]) -> tuple[LeftOut, ...]:
    """What the sources hold beside, over all bodies, in the order of the source."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for item in items:
        sums[item["what"], item["why"]] += Decimal(item["amount"])
    return tuple(LeftOut(what, amount, why) for (what, why), amount in sums.items() if amount)


def _capital(version_id: int) -> Decimal:
    capital = SpendLine.objects.filter(version=version_id, is_transfer=False, is_capital=True)
    return capital.aggregate(capital=Sum("amount"))["capital"] or NOTHING

"""Quality beside the savings of a summary: what went the wrong way, and which rows it tells of.

Quality is what it is now, beside the savings of an earlier map too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pilots.models import Place
from pilots.quality.flags import quality_flags_of
from pilots.quality.worsened import QualityFlags, together

from .mapped import Mapped
from .shapes import LeverRow, PlaceSummary, ProgrammeSummary, ServiceRow, WorseMeasure

MESSAGE = "Quality fell: a measure that tells of savings here went the wrong way. See worse_quality."


def flags_of(versions: Iterable[Mapped]) -> dict[str, QualityFlags]:
    """What worsened in the places of some versions, by slug. One query."""
    return quality_flags_of(Place.objects.filter(pk__in=[mapped.place_id for mapped in versions]))


def with_quality[Summary: (PlaceSummary, ProgrammeSummary)](
    summary: Summary, of_places: Mapping[str, QualityFlags]
) -> Summary:
    """A summary with its rows flagged and the measures named; `of_places` are the flags of its places, by slug."""
    flags: QualityFlags = together(of_places[slug] for slug in sorted(of_places))
    savings = summary.savings
    changes: dict[str, Any] = {
        "by_service": _services(summary.by_service, flags),
        "savings": savings and replace(savings, by_lever=_levers(savings.by_lever, flags)),
        "worse_quality": _measures(flags),
        "messages": [*summary.messages, *([MESSAGE] if flags else [])],
    }
    if isinstance(summary, ProgrammeSummary):
        rows = summary.by_place
        changes["by_place"] = [replace(row, is_quality_worse=row.slug in of_places) for row in rows]
    return replace(summary, **changes)


def _services(rows: Iterable[ServiceRow], flags: QualityFlags) -> list[ServiceRow]:
    return [replace(row, is_quality_worse=bool(flags.of(service_line=row.code))) for row in rows]


def _levers(rows: Iterable[LeverRow], flags: QualityFlags) -> list[LeverRow]:
    return [replace(row, is_quality_worse=bool(flags.of(lever=row.code))) for row in rows]


def _measures(flags: QualityFlags) -> list[WorseMeasure]:
    return [
        WorseMeasure(
            place=measure.slug,
            indicator=measure.indicator,
            unit=measure.unit,
            baseline=f"{measure.baseline.normalize():f}",
            baseline_on=measure.baseline_on,
            actual=f"{measure.actual.normalize():f}",
            measured_on=measure.measured_on,
            service_lines=sorted(measure.services),
            levers=sorted(measure.levers),
        )
        for measure in flags.worsened
    ]

"""Where the figures of a page come from, and what they leave out."""

from collections.abc import Sequence
from typing import Any

from mapping.charts.inputs import OtherYear, Provenance, PublishedFigure
from pilots.models import ControlTotal, Count
from pilots.register.counts import OFFICIAL_RETURN

from .mapped import Mapped, all_missing, maps_reference, stale_since


def provenance_of(
    versions: Sequence[Mapped], year: str, scenario: str, years: Sequence[OtherYear], lagging: Sequence[str] = ()
) -> Provenance:
    """The provenance of some versions of one year; `years` are the others that were counted."""
    reference = maps_reference(versions)
    return Provenance(
        year=year,
        scenario=scenario,
        version=_versions_in_words(versions),
        assumption_set=reference.assumption_set if reference else None,
        computed_at=reference.computed_at if reference else None,
        is_stale=bool(reference and reference.is_stale),
        cannot_be_made=tuple(f"{mapped.name}: {mapped.failure}" for mapped in versions if mapped.failure),
        stale_since=stale_since(versions),
        missing=tuple(all_missing(versions, lagging)),
        is_illustrative=any(mapped.is_illustrative for mapped in versions),
        map_id=versions[0].map_id if len(versions) == 1 else None,
        years=tuple(sorted({year, *(other.year for other in years)})),
    )


def version_in_words(mapped: Mapped) -> str:
    """Official returns, snapshot 1; else the snapshot's own label, or the working version."""
    if mapped.is_working:
        return "Working version"
    label = "Official returns" if mapped.label == OFFICIAL_RETURN else mapped.label
    return f"{label}, snapshot {mapped.number}" if label else f"Snapshot {mapped.number}"


def _versions_in_words(versions: Sequence[Mapped]) -> str:
    words = {version_in_words(mapped) for mapped in versions}
    if not words:
        return "Nothing published"
    return words.pop() if len(words) == 1 else "Published snapshots"


def other_years(year: str, **counted: Any) -> tuple[OtherYear, ...]:
    """The other years in which a published count is found, with the kinds of body that any of them lacks."""
    counts = Count.objects.filter(published__isnull=False, place__retired_on=None, **counted).exclude(year__label=year)
    rows = counts.values_list("year__label", "published__missing").distinct().order_by("year__label")
    missing: dict[str, dict[str, None]] = {}
    for label, kinds in rows:
        missing.setdefault(label, {}).update(dict.fromkeys(kinds))
    return tuple(OtherYear(label, tuple(kinds)) for label, kinds in missing.items())


def published_totals(programme_id: int, place_id: int | None) -> tuple[PublishedFigure, ...]:
    """What was published of a place's public spending in all, or of the programme's where `place_id` is None."""
    totals = ControlTotal.objects.filter(programme=programme_id, place=place_id, agency=None, is_total=True)
    rows = totals.values_list("subject", "measure", "amount", "financial_year", "note", "source")
    return tuple(PublishedFigure(*row) for row in rows.order_by("position", "id"))

"""The summary of a programme."""

from collections.abc import Sequence
from decimal import Decimal

from pilots.models import FinancialYear, Programme

from .mapped import Mapped, all_missing, mapped_places, maps_reference
from .messages import messages_of
from .quality import flags_of, with_quality
from .savings import savings_rows, totals_by_case
from .shapes import PlaceRow, ProgrammeSummary
from .sums import Sums, sums_of


def programme_summary(
    programme: Programme,
    year: FinancialYear,
    scenario: str,
    kind: str | None = None,
    found: Sequence[Mapped] | None = None,
    factor: Decimal | None = None,
    lagging: Sequence[str] = (),
) -> ProgrammeSummary:
    """The published counts of active places in a year and a case, of one kind or all.

    Five queries, one of them for quality, and one less where `found` are the versions with their maps already: those
    of now, or of then. With a factor amounts are in other prices, for one query more.
    Places without a map yet are in the spend and not in the savings; a message says so. `lagging` says which places
    the year lacks (pilots.spend.years.lagging_places).
    """
    versions = mapped_places(programme, year, kind) if found is None else found
    sums = sums_of(versions, scenario, factor)
    missing = all_missing(versions, lagging)
    summary = ProgrammeSummary(
        programme=programme.slug,
        year=year.label,
        scenario=scenario,
        kind=kind,
        is_partial=bool(missing),
        missing=missing,
        spend_total=sums.spend,
        by_place=[_place_row(mapped, sums) for mapped in versions],
        by_agency=sums.by_agency,
        by_service=sums.by_service,
        savings=savings_rows(versions, scenario, sums, factor),
        range=None,
        map=maps_reference(versions),
        messages=messages_of(versions, totals_by_case(versions, factor), lagging),
    )
    return with_quality(summary, flags_of(versions))


def _place_row(mapped: Mapped, sums: Sums) -> PlaceRow:
    place = sums.by_version.get(mapped.version_id)
    has_map = place is not None and mapped.map_id is not None
    return PlaceRow(
        slug=mapped.slug,
        name=mapped.name,
        kind=mapped.kind,
        region=mapped.region,
        spend=place.spend if place else sums.spend * 0,
        saving=place.saving if place and has_map else None,
        joined=place.joined if place and has_map else None,
        map_id=mapped.map_id,
        is_stale=mapped.is_stale,
    )

"""The summary of a place."""

from decimal import Decimal

from pilots.models import Version
from pilots.people.asking import asking_page

from .mapped import Mapped, map_reference, mapped_version
from .messages import messages_of
from .quality import flags_of, with_quality
from .savings import savings_rows, totals_by_case
from .shapes import PlaceSummary
from .sums import sums_of


def place_summary(
    version: Version, scenario: str, pinned: Mapped | None = None, factor: Decimal | None = None
) -> PlaceSummary:
    """A version of a place's count in a case, with the savings of its current map, or a pinned one. Five queries.

    With a factor its amounts are in other prices, for one query more.
    """
    mapped = pinned or mapped_version(version)
    sums = sums_of([mapped], scenario, factor)
    summary = PlaceSummary(
        place=mapped.slug,
        year=mapped.year,
        scenario=scenario,
        is_partial=bool(mapped.missing),
        missing=mapped.missing,
        spend_total=sums.spend,
        by_agency=sums.by_agency,
        by_service=sums.by_service,
        savings=savings_rows([mapped], scenario, sums, factor),
        range=None,
        map=map_reference(mapped),
        whom_to_ask=asking_page(mapped.slug),
        messages=messages_of([mapped], totals_by_case([mapped], factor)),
    )
    return with_quality(summary, flags_of([mapped]))

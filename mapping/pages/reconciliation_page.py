"""What the reconciliation page shows: from the source to what is counted, beside what was published.

`reconciliation_page` gives the template: `reconciliation` (the figures), `title`, `counted` rows with
`counted_total`, `footing` (a bar of the whole), `published` rows with their difference, and the totals of
what is not counted.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts.blocks import whole_bar
from mapping.charts.inputs import PublishedFigure, ReconciliationFigures, partial_years, total
from mapping.charts.names import body_name
from totalplace import money


@dataclass(frozen=True)
class PublishedRow:
    """A published total and how far the counted one is from it, in words."""

    figure: PublishedFigure
    difference: str


def reconciliation_page(figures: ReconciliationFigures) -> dict[str, Any]:
    """The template's context."""
    counted = total(row.counted for row in figures.counted)
    published = [
        PublishedRow(figure, difference(counted, figure.amount))
        for figure in figures.gaps.published
        if figure.amount is not None
    ]
    return {
        "reconciliation": figures,
        "provenance": figures.provenance,
        "title": title(figures, counted),
        "counted": [(body_name(row.body), row) for row in figures.counted],
        "counted_total": counted,
        "footing": whole_bar(figures.rests_on),
        "published": published,
        "transfers_total": total(transfer.amount for transfer in figures.transfers),
        "left_out_total": total(item.amount for item in figures.left_out),
        "nowhere_total": total(transfer.amount for transfer in figures.transfers if not transfer.is_counted_there),
        "gaps": figures.gaps,
        "partial_years": partial_years(figures.provenance, figures.gaps),
    }


def title(figures: ReconciliationFigures, counted: Decimal) -> str:
    """Kent: £8.26bn counted, £8.30bn published for 2008-09."""
    name, amounts = figures.name, [figure for figure in figures.gaps.published if figure.amount is not None]
    if not figures.counted:
        return f"Nothing has been recorded yet for {name}"
    words = f"{name}: {money.headline(counted)} counted"
    if not amounts or amounts[0].amount is None:
        return f"{words}; no published total was found"
    year = f" for {amounts[0].year}" if amounts[0].year else ""
    return f"{words}, {money.headline(amounts[0].amount)} published{year}"


def difference(counted: Decimal, published: Decimal) -> str:
    """How far the counted total is from a published one: £41m less, 0.5%."""
    gap = counted - published
    if gap == 0:
        return "the same"
    words = "more" if gap > 0 else "less"
    return f"{money.headline(abs(gap))} {words}, {money.percent(abs(gap), published, 1)}"

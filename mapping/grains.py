"""Grains: the sets of columns that spend is summed to beside the roll-up, so that most sums read few rows.

A roll-up has nearly as many rows as there are lines. Any two of its columns stand together in one of the grains, which
have a few rows for each version of a count.
"""

from collections.abc import Set

# What a grain may tell apart, in the order in which PostgreSQL's grouping() has it. Version, capital and transfers are
# told apart in each.
TOLD_APART = ("agency_id", "funder_id", "service_line_id", "spend_type_id", "basis")
EACH = ("version_id", "is_capital", "is_transfer")
Grain = frozenset[str]
# Those with fewer rows first.
GRAINS: tuple[Grain, ...] = (
    frozenset({"agency_id", "service_line_id", "basis"}),
    frozenset({"agency_id", "funder_id", "spend_type_id", "basis"}),
    frozenset({"service_line_id", "funder_id"}),
    frozenset({"service_line_id", "spend_type_id"}),
)


def grain_for(columns: Set[str]) -> Grain | None:
    """The first grain that tells some columns apart; None where only the roll-up itself does."""
    return next((grain for grain in GRAINS if columns <= {*EACH, *grain}), None)


def number_of(grain: Grain) -> int:
    """What grouping() says of its rows: a bit for each column that is not told apart, the first one highest."""
    return sum(1 << place for place, column in enumerate(reversed(TOLD_APART)) if column not in grain)


def grouping_sets() -> str:
    """The grains as GROUP BY has them."""
    return ", ".join(f"({', '.join([*EACH, *sorted(grain)])})" for grain in GRAINS)

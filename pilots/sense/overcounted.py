"""A body whose lines over all places exceed its whole amount, or what was published for it as a whole."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from totalplace import money

from .rows import NOTHING, Facts
from .warned import Warned, of_cell

CODE = "more-than-whole"
# Each place's line is rounded to the penny by itself.
ROUNDING = Decimal("0.01")


def check(facts: Facts) -> Iterator[Warned]:
    """Lines whose places together have more than the whole, and bodies with more than their control total."""
    totals: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    for row in facts.counted:
        totals[row.agency] += row.everywhere
        if row.whole and row.everywhere > row.whole + ROUNDING * row.places:
            whole = f"more than its whole amount of {money.in_full(row.whole)}"
            text = (
                f"{money.in_full(row.everywhere)} is counted here, {whole}. Correct the one that is out of date."
                if row.places == 1
                else f"{money.in_full(row.everywhere)} is counted over {money.counted(row.places, 'place')}, {whole}. "
                "Some of it stands in two places."
            )
            yield of_cell(CODE, facts.bodies[row.agency], facts.services[row.service], text)
    for control in facts.controls:
        if control.is_of_place or control.agency not in totals or control.year != facts.year:
            continue
        counted = totals[control.agency]
        if counted > control.amount:
            body = facts.bodies[control.agency]
            text = (
                f"{body.name}: {money.in_full(counted)} is counted over all places, more than the published "
                f"{money.in_full(control.amount)} ({control.measure}, {control.year})."
            )
            yield Warned(CODE, f"{body.code} {control.id}", text, body.id)

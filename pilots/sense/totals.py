"""Totals that do not reconcile with a published control total."""

from collections.abc import Iterator
from decimal import Decimal

from totalplace import money

from .rows import Control, Facts
from .warned import Warned

CODE = "control-total"
# The part by which a total of the same year, or of another one, may differ before it is asked about.
SAME_YEAR, ANOTHER_YEAR = Decimal("0.01"), Decimal("0.10")


def check(facts: Facts) -> Iterator[Warned]:
    """The count, or a body's part of it, beside what was published for the place."""
    for control in facts.controls:
        if not control.is_of_place or not control.amount:
            continue
        if control.agency is not None and control.agency not in facts.bodies:
            continue
        counted = facts.total if control.agency is None else facts.total_of(control.agency)
        allowed = SAME_YEAR if control.year == facts.year else ANOTHER_YEAR
        if abs(counted - control.amount) > allowed * abs(control.amount):
            yield _warned(facts, control, counted)


def _warned(facts: Facts, control: Control, counted: Decimal) -> Warned:
    body = facts.bodies.get(control.agency) if control.agency else None
    ours, theirs, apart = money.together([counted, control.amount, abs(counted - control.amount)])
    more = "more" if counted > control.amount else "less"
    words = (
        f"{f'{body.name} ({body.code})' if body else facts.place}: the lines add up to {ours}, {apart} "
        f"({money.percent(abs(counted - control.amount), control.amount)}) {more} than the published {theirs} "
        f"({control.measure}{f', {control.year}' if control.year else ', year not stated'})."
    )
    return Warned(CODE, f"{body.code if body else ''} {control.id}".strip(), words, body.id if body else None)

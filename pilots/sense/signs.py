"""Figures below zero where other bodies of the kind report them above zero."""

from collections.abc import Iterator

from totalplace import money

from .rows import Facts
from .warned import Warned, of_cell

CODE = "below-zero"
MIN_PEERS = 5
# At most one in so many others is below zero too.
ONE_IN = 20


def check(facts: Facts) -> Iterator[Warned]:
    """Negative figures that hardly any other body of the kind has, unless they were published as they are."""
    for key, figure in facts.figures.items():
        usual = facts.usual_of(key)
        if figure.amount >= 0 or usual is None or figure.amount == facts.last.get(key):
            continue
        if usual.above_zero >= MIN_PEERS and usual.below_zero * ONE_IN <= usual.above_zero:
            text = (
                f"{money.in_full(figure.amount)} is below zero, and {usual.above_zero} of the "
                f"{usual.above_zero + usual.below_zero} other bodies of its kind report it above zero."
            )
            yield of_cell(CODE, facts.bodies[key[0]], facts.services[key[1]], text)

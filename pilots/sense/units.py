"""Pounds against thousands against millions: a figure that fits when a thousand or a million is put on or off."""

from collections.abc import Iterator
from decimal import Decimal
from math import log

from totalplace import money

from .rows import Facts, Key
from .warned import Warned, a_head, of_cell

CODE = "units"
# What the figure would have to be multiplied by, and how it then stands to what is usual.
STEPS = {
    1_000: ("a thousandth of", "Returns are in thousands"),
    1_000_000: ("a millionth of", "It seems to be in millions"),
    -1_000: ("a thousand times", "It seems to be in pounds where thousands were meant, three noughts too many"),
    -1_000_000: ("a million times", "It has six noughts too many"),
}
# How near the corrected figure comes to the last one, and to other bodies' in the spread of theirs.
NEAR = log(1.5)
NEAR_PEERS = log(4)
FAR_SPREADS = 6
MIN_PEERS = 5
LEAST_SPREAD = log(1.2)


def check(facts: Facts) -> Iterator[Warned]:
    """Figures that are in the wrong unit, by the last published figure or by other bodies' figures a head."""
    for key in facts.figures:
        text = _by_last(facts, key) or _by_peers(facts, key)
        if text:
            yield of_cell(CODE, facts.bodies[key[0]], facts.services[key[1]], text)


def _by_last(facts: Facts, key: Key) -> str:
    amount, last = facts.figures[key].amount, facts.last.get(key)
    step = step_between(amount, last)
    if not step or not last:
        return ""
    words, why = STEPS[step]
    nearly = "" if _times(amount, step) == last else "about "
    return f"{money.in_full(amount)} is {nearly}{words} what was {facts.last_label} ({money.in_full(last)}). {why}."


def _by_peers(facts: Facts, key: Key) -> str:
    pounds, usual = facts.pounds_a_head(key), facts.usual_of(key)
    if not pounds or pounds < 0 or usual is None or usual.middle is None or usual.spread is None:
        return ""
    away = usual.middle - log(pounds)
    if usual.above_zero < MIN_PEERS or abs(away) < FAR_SPREADS * max(usual.spread, LEAST_SPREAD):
        return ""
    step = _step(away, NEAR_PEERS)
    if not step:
        return ""
    amount = facts.figures[key].amount
    _, why = STEPS[step]
    return (
        f"{money.in_full(amount)} is {a_head(pounds)}, where {money.counted(usual.above_zero, 'other body', 'others')} "
        f"of its kind spend about {a_head(2.718281828459045**usual.middle)}. {why}: "
        f"{money.in_full(_times(amount, step))} would fit."
    )


def step_between(amount: Decimal, last: Decimal | None) -> int:
    """What an amount would have to be multiplied by (below zero: divided) to come near the last one; else 0."""
    if not last or not amount or (amount < 0) != (last < 0):
        return 0
    return _step(log(last / amount), NEAR)


def _step(away: float, near: float) -> int:
    """The step of STEPS that brings a figure which is `away`, in logarithms, near to what is expected; else 0."""
    for step in STEPS:
        if abs(away - (log(step) if step > 0 else -log(-step))) <= near:
            return step
    return 0


def _times(amount: Decimal, step: int) -> Decimal:
    return amount * step if step > 0 else amount / -step

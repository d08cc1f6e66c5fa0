"""Figures far from the body's last published one, or from other bodies' a head, by median absolute deviations."""

from collections.abc import Iterator, Sequence
from math import exp, log
from statistics import median

from totalplace import money

from .rows import Facts, Key
from .warned import Warned, a_head, of_cell

CODE, CODE_PEERS = "changed-much", "unlike-others"
# A median absolute deviation times this is a standard deviation, were the figures normal.
NORMAL = 1.4826
DEVIATIONS = 5
# Never asked about: less than twice or more than half of what is usual, or a difference of less pounds than this.
LEAST_FACTOR = log(2)
MATERIAL = 250_000
MIN_PEERS = 10
MIN_MOVES = 8
# Where all agree, small differences would be far away.
LEAST_SPREAD = log(1.2)


def check(facts: Facts) -> Iterator[Warned]:
    """Figures that moved far since they were last published, and figures unlike those of bodies of the same kind."""
    moves = _moves(facts)
    middle, limit = _usual_move(list(moves.values()))
    for key in facts.figures:
        if key in moves and abs(moves[key] - middle) > limit and _is_material(facts, key):
            yield _warned(facts, key, CODE, _moved(facts, key))
        elif text := _unlike(facts, key):
            yield _warned(facts, key, CODE_PEERS, text)
    for key, last in facts.last.items():
        if (
            key not in facts.figures
            and abs(last) >= MATERIAL
            and set(key) <= facts.bodies.keys() | facts.services.keys()
        ):
            yield _warned(facts, key, CODE, f"nothing is recorded, and {money.in_full(last)} was {facts.last_label}.")


def _warned(facts: Facts, key: Key, code: str, text: str) -> Warned:
    return of_cell(code, facts.bodies[key[0]], facts.services[key[1]], text)


def _moves(facts: Facts) -> dict[Key, float]:
    """By how much figures moved, as logarithms of their ratios, where both are of one sign."""
    found = {}
    for key, figure in facts.figures.items():
        last = facts.last.get(key)
        if last and figure.amount and (last < 0) == (figure.amount < 0):
            found[key] = log(figure.amount / last)
    return found


def _usual_move(moves: Sequence[float]) -> tuple[float, float]:
    """By how much figures moved in the middle, and how far from that one may be; of few figures nothing is usual."""
    if len(moves) < MIN_MOVES:
        return 0.0, LEAST_FACTOR
    middle = median(moves)
    spread = median(abs(move - middle) for move in moves)
    return middle, max(LEAST_FACTOR, DEVIATIONS * NORMAL * spread)


def _is_material(facts: Facts, key: Key) -> bool:
    return abs(facts.figures[key].amount - facts.last[key]) >= MATERIAL


def _moved(facts: Facts, key: Key) -> str:
    amount, last = facts.figures[key].amount, facts.last[key]
    times = float(amount / last)
    how = f"{times:.1f} times" if times >= 1 else f"{money.percent(abs(amount), abs(last))} of"
    return f"{money.in_full(amount)} is {how} what was {facts.last_label} ({money.in_full(last)})."


def _unlike(facts: Facts, key: Key) -> str:
    pounds, usual = facts.pounds_a_head(key), facts.usual_of(key)
    if key in facts.last and facts.last[key] == facts.figures[key].amount:
        return ""  # published as it is, and asked about then
    if not pounds or pounds < 0 or usual is None or usual.middle is None or usual.spread is None:
        return ""
    away = log(pounds) - usual.middle
    limit = max(LEAST_FACTOR, DEVIATIONS * NORMAL * max(usual.spread, LEAST_SPREAD))
    usually = exp(usual.middle)
    material = abs(pounds - usually) * (facts.bodies[key[0]].people or 0) >= MATERIAL
    if usual.above_zero < MIN_PEERS or abs(away) <= limit or not material:
        return ""
    return (
        f"{money.in_full(facts.figures[key].amount)} is {a_head(pounds)}, where {usual.above_zero} other bodies of "
        f"its kind spend {a_head(usually)} in the middle."
    )

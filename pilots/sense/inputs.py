"""What spending was shared out by has changed since: the lines say so until they are shared out again."""

from collections.abc import Iterator

from totalplace import money

from .rows import Facts
from .warned import Warned

CODE = "inputs-changed"
PAGE = "apportion/"


def check(facts: Facts) -> Iterator[Warned]:
    """One warning of the whole count, with how many lines would move and by how much in all."""
    if facts.moves:
        moved = sum(facts.moves)
        lines = money.counted(len(facts.moves), "line")
        text = f"Inputs changed: {lines} would move by {money.in_full(moved)} in all if shared out again."
        yield Warned(CODE, "", text, page=PAGE)

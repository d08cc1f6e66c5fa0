"""The words that pages use in a meaning of their own, each with that meaning in a sentence or two."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """A word, what it means here, and the step of the method that says more."""

    code: str
    term: str
    meaning: str
    more: str


@cache
def terms() -> dict[str, Term]:
    """Every term by its code, in the order in which a reader meets them."""
    with Path(__file__).with_name("terms.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: Term(**row) for row in csv.DictReader(file)}

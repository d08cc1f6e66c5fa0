"""What the page of ways to save shows: an assumption set with each way's rates in words.

`levers_page` gives the template: `assumption_set` and `levers` (rows). The set's levers and rules are read by
the caller, so that the page asks the database once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pilots.quality.worsened import HELD, QualityFlags, Worsened
from totalplace import money

EQUAL_BODIES = 5


@dataclass(frozen=True)
class SaidCases:
    """A rate in each case, in words."""

    low: str
    central: str
    high: str


@dataclass(frozen=True)
class LeverRow:
    lever: Any
    five_equal: SaidCases
    own: SaidCases
    rules: Sequence[Any]
    flags: tuple[Worsened, ...]
    """What went the wrong way in places, of measures that name this way to save."""


def levers_page(assumption_set: Any, levers: Iterable[Any], flags: QualityFlags = HELD) -> dict[str, Any]:
    """The template's context, from an `AssumptionSet` and its `Lever`s with their rules; `flags` are of all places."""
    return {
        "assumption_set": assumption_set,
        "levers": [
            LeverRow(
                lever,
                SaidCases(*(equal_bodies_save(beta) for beta in betas(lever))),
                SaidCases(*(money.percent(rate, 1, 1) for rate in own_rates(lever))),
                list(lever.rules.all()),
                flags.of(lever=lever.code),
            )
            for lever in levers
        ],
    }


def betas(lever: Any) -> tuple[Decimal, Decimal, Decimal]:
    """The scale exponent in the low, central and high case."""
    return lever.beta_low, lever.beta_central, lever.beta_high


def own_rates(lever: Any) -> tuple[Decimal, Decimal, Decimal]:
    """The rate that a body reaches alone, in the low, central and high case."""
    return lever.own_low, lever.own_central, lever.own_high


def equal_bodies_save(beta: Decimal, bodies: int = EQUAL_BODIES) -> str:
    """What so many equal bodies save by joining up, in per cent: 14.9% for five at 0.9."""
    rate = 1 - Decimal(bodies) ** (beta - 1)
    return money.percent(rate, 1, 1)

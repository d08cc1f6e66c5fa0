"""What the method page computes: the headline sum of the time, and the same sum on what has been counted.

A uniform efficiency of a part of a base saves that part of it every year (method, The headline check).
"""

from dataclasses import dataclass
from decimal import Decimal

HEADLINE_BASE = Decimal(60_000_000_000)
"""Locally controlled spending, as given at the time: two per cent of it is more than £1.2bn."""
RATES = (Decimal("0.01"), Decimal("0.20"))


@dataclass(frozen=True)
class UniformSaving:
    """What a uniform efficiency saves of a base, a year and over the three years of a review."""

    rate: Decimal
    base: Decimal
    a_year: Decimal
    three_years: Decimal


def uniform_saving(rate: Decimal, base: Decimal) -> UniformSaving:
    """`rate` of `base` pounds, the same in each of three years."""
    a_year = (base * rate).quantize(Decimal("0.01"))
    return UniformSaving(rate, base, a_year, 3 * a_year)


def headline_sums(base: Decimal) -> list[UniformSaving]:
    """One per cent and twenty per cent of a base."""
    return [uniform_saving(rate, base) for rate in RATES]

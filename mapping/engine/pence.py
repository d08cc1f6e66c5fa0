"""Rounding results to the penny, as the method says: from the float's shortest decimal, half to even."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

PENNY = Decimal("0.01")


def penny(value: float) -> int:
    """One amount in pounds to whole pence: Decimal(repr(x)) rounded half to even."""
    return int(Decimal(repr(float(value))).quantize(PENNY, ROUND_HALF_EVEN).scaleb(2))


def to_pence(pounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Amounts in pounds to whole pence, any shape, exactly as `penny` does one by one.

    Multiplying by 100 is off by less than one part in 2^52, so only what lies that close to half a penny
    needs the exact way.
    """
    scaled = np.asarray(pounds, dtype=np.float64) * 100
    rounded = np.rint(scaled)
    unsure = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) <= np.maximum(1e-9, np.abs(scaled) * 2**-50)
    pence = rounded.astype(np.int64)
    for index in np.argwhere(unsure):
        place = tuple(index)
        pence[place] = penny(pounds[place])
    return pence


def round_half_even(value: Decimal) -> int:
    """Pence to a whole number of pence, half to even."""
    return int(value.quantize(Decimal(1), ROUND_HALF_EVEN))

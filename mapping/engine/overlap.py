"""No pound saved twice: several levers on one cell (method, No pound saved twice)."""

import numpy as np
from numpy.typing import NDArray


def capped_rates(joining: NDArray[np.float64], own: float, cap: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Rates with own effort, cut at the cap, and whether the cap bound."""
    whole = 1 - (1 - joining) * (1 - own)
    return np.minimum(cap, whole), whole > cap


def credited_savings(amount: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each lever is credited with on each cell, in pounds.

    `amount` is (n,), above zero; `q` is (levers, n), share times rate, each below 1. The cell saves
    amount * (1 - product of (1 - q)), and lever k gets the part ln(1 - q[k]) / sum of ln(1 - q[j]) of it.
    """
    logs = np.log1p(-q)
    total = logs.sum(axis=0)
    part = np.divide(logs, total, out=np.zeros_like(logs), where=total < 0)
    return part * (amount * -np.expm1(total))


def joined_part(joining: NDArray[np.float64], own: float) -> NDArray[np.float64]:
    """The fraction of a saving that comes from joining up; 0 where r is 0.

    ln(1 - r) / (ln(1 - r) + ln(1 - own))
    """
    log_joining = np.log1p(-joining)
    whole = log_joining + np.log1p(-own)
    return np.divide(log_joining, whole, out=np.zeros_like(joining), where=joining > 0)

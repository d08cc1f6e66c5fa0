"""The scale curve: what agencies save by joining up a pool (method, Cross-agency saving)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assumptions import Assumptions, Lever
from .spend import Spend


@dataclass(frozen=True)
class Pooled:
    """One lever's addressable spend by pool and agency.

    `spend` is (pools, agencies) in pounds, `pool_of_cell` the pool of each of the n cells.
    """

    pools: tuple[str, ...]
    spend: NDArray[np.float64]
    pool_of_cell: NDArray[np.int64]


def pool_spend(lever: Lever, assumptions: Assumptions, spend: Spend, addressable: NDArray[np.float64]) -> Pooled:
    """Sums the addressable pounds of the n cells to (pool, agency): B of the method."""
    if lever.pool == "place":
        names = ["" for _ in spend.service_lines]
    elif lever.pool == "service_group":
        names = [assumptions.group(code) for code in spend.service_lines]
    else:
        names = list(spend.service_lines)
    pools = tuple(sorted(set(names)))
    of_line = np.array([pools.index(name) for name in names], dtype=np.int64)
    of_cell = of_line[spend.service_line] if len(spend) else np.zeros(0, dtype=np.int64)
    size = len(pools) * len(spend.agencies)
    flat = np.bincount(of_cell * len(spend.agencies) + spend.agency, weights=addressable, minlength=size)
    # Of no cells at all numpy's sums are whole numbers.
    flat = flat.astype(np.float64)
    return Pooled(pools, flat.reshape(len(pools), len(spend.agencies)), of_cell)


def joined_cost(spend: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    """M: what the agencies of each row would pay joined up, (sum of B^p)^(1/p) with p = 1 / beta.

    Divided by the largest B first, so that nothing overflows. Rows of zeros give 0.
    """
    largest = spend.max(axis=-1, keepdims=True, initial=0.0)
    scaled = np.divide(spend, largest, out=np.zeros_like(spend), where=largest > 0)
    return largest[..., 0] * np.sum(scaled ** (1 / beta), axis=-1) ** beta


def joining_rates(spend: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    """r = 1 - (B / M)^(p - 1) for each (pool, agency); 0 for an agency alone in its pool."""
    together = (spend > 0).sum(axis=-1, keepdims=True) > 1
    cost = joined_cost(spend, beta)[..., None]
    part = np.divide(spend, cost, out=np.ones_like(spend), where=together & (spend > 0))
    return np.where(together & (spend > 0), 1 - part ** (1 / beta - 1), 0.0)


def pair_savings(spend: NDArray[np.float64], beta: float) -> NDArray[np.float64]:
    """G: what each two agencies would save if only they joined, over all pools: (agencies, agencies)."""
    first, second = spend[:, :, None], spend[:, None, :]
    both = (first > 0) & (second > 0)
    pairs = np.stack(np.broadcast_arrays(first, second), axis=-1)
    saved = np.where(both, first + second - joined_cost(pairs, beta), 0.0)
    return saved.sum(axis=0)

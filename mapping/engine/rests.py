"""What a saving rests on: its pence by the basis of the spend under it (method, How sure)."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def divide_by_basis(saving: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Divides each saving over its four bases by absolute amounts, the last penny to the largest part.

    `saving` is (n,) pence, `weights` (n, 4) pence; the result is (n, 4) pence whose rows add to the saving.
    """
    parts = np.zeros_like(weights)
    largest = weights.argmax(axis=1)
    parts[np.arange(len(saving)), largest] = saving
    # Most cells rest on one basis alone; the others are divided in exact fractions.
    for row in np.flatnonzero((weights > 0).sum(axis=1) > 1):
        total = int(weights[row].sum())
        exact = [round(Fraction(int(saving[row]) * int(weight), total)) for weight in weights[row]]
        exact[largest[row]] += int(saving[row]) - sum(exact)
        parts[row] = exact
    return parts

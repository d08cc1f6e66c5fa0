"""What a saving rests on: its pence by the basis of the spend under it (method, How sure)."""

import numpy as np
from numpy.typing import NDArray


def divide_by_basis(saving: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Divides each saving over its four bases by absolute amounts, the last penny to the largest part.

    `saving` is (n,) pence, `weights` (n, 4) pence; the result is (n, 4) pence whose rows add to the saving.
    """
    parts = np.zeros_like(weights)
    largest = weights.argmax(axis=1)
    parts[np.arange(len(saving)), largest] = saving
    # Most cells rest on one basis alone; the others are divided in whole numbers of any size.
    mixed = np.flatnonzero((weights > 0).sum(axis=1) > 1)
    columns = (mixed, saving[mixed], weights[mixed], largest[mixed])
    for row, pence, by_basis, most in zip(*(column.tolist() for column in columns), strict=True):
        total = sum(by_basis)
        exact = [_divided(pence * weight, total) for weight in by_basis]
        exact[most] += pence - sum(exact)
        parts[row] = exact
    return parts


def _divided(amount: int, by: int) -> int:
    """A quotient to the nearest whole number, half to even."""
    quotient, rest = divmod(amount, by)
    return quotient + (2 * rest > by or (2 * rest == by and quotient % 2 == 1))

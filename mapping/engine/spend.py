"""What the engine reads of a count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASES = ("actual", "budget", "estimate", "apportioned")


@dataclass(frozen=True)
class Spend:
    """One place and year: revenue without transfers, netted to (agency, service line, spend type).

    The names are tuples; the cells are parallel arrays of length n that index into them.
    """

    agencies: tuple[str, ...]
    # The type of each agency, parallel to `agencies`.
    agency_types: tuple[str, ...]
    service_lines: tuple[str, ...]
    spend_types: tuple[str, ...]
    agency: NDArray[np.int64]
    service_line: NDArray[np.int64]
    spend_type: NDArray[np.int64]
    # Pounds, netted; below zero nothing is addressable.
    amount: NDArray[np.float64]
    # (n, 4): sums of absolute amounts in pence, by basis in the order of BASES.
    by_basis: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.amount)

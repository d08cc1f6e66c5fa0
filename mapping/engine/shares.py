"""Which share of a cell a lever can address: the most specific rule that fits wins (method, Levers)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .assumptions import Assumptions, Lever, Rule
from .spend import Spend


def specificity(rule: Rule, path: tuple[str, ...]) -> tuple[int, bool, bool] | None:
    """How closely a rule fits a service line by its path: depth, then spend type, then agency type.

    Blank is shallower than the root, which is 0. None where the rule speaks of another branch.
    """
    if rule.service_line is None:
        depth = -1
    elif rule.service_line in path:
        depth = path.index(rule.service_line)
    else:
        return None
    return depth, rule.spend_type is not None, rule.agency_type is not None


def shares(lever: Lever, assumptions: Assumptions, spend: Spend) -> NDArray[np.float64]:
    """The share 0 to 1 of each of the n cells that a lever can address; 0 where no rule fits."""
    table = np.zeros((len(spend.service_lines), len(spend.spend_types), len(spend.agencies)))
    kinds = {name: index for index, name in enumerate(spend.spend_types)}
    types = np.array(spend.agency_types, dtype=object)
    bodies = {name: np.flatnonzero(types == name) for name in set(spend.agency_types)}
    everything = slice(None)
    for index, code in enumerate(spend.service_lines):
        for rule in _from_vague_to_specific(lever, assumptions.path(code)):
            kind = everything if rule.spend_type is None else kinds.get(rule.spend_type)
            body = everything if rule.agency_type is None else bodies.get(rule.agency_type)
            if kind is not None and body is not None:
                table[index, kind, body] = float(rule.share)
    return table[spend.service_line, spend.spend_type, spend.agency]


def _from_vague_to_specific(lever: Lever, path: tuple[str, ...]) -> Iterator[Rule]:
    ranked = ((specificity(rule, path), rule) for rule in lever.rules)
    fitting = [(rank, rule) for rank, rule in ranked if rank is not None]
    return (rule for _, rule in sorted(fitting, key=lambda pair: pair[0]))

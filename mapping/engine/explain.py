"""A savings map laid open: every number between the spend and the stored cell, for one case (pure, like the rest)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assumptions import Assumptions, Lever, Rule
from .overlap import capped_rates, credited_savings, joined_part
from .scale import Pooled, joined_cost, joining_rates, pool_spend
from .shares import shares, specificity
from .spend import Spend

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LeverWorking:
    """One lever over a place: by pool and agency, and by cell of the spend (n,).

    `cost` is M by pool; `joining`, `whole`, `rate` and `is_capped` are (pools, agencies): r, with own effort, and cut
    at the cap. Of each cell: the share of it, the rate of its agency in its pool, and the fraction that joins.
    """

    lever: Lever
    beta: float
    own: float
    pooled: Pooled
    cost: Floats
    joining: Floats
    whole: Floats
    rate: Floats
    is_capped: NDArray[np.bool_]
    share: Floats
    joined_fraction: Floats


@dataclass(frozen=True)
class Working:
    """All levers over a place, and what they come to together: (levers, n), before rounding, in pounds.

    `left` (n,) is the product of 1 - q over the levers on a cell: what of it stays.
    """

    levers: tuple[LeverWorking, ...]
    q: Floats
    left: Floats
    saving: Floats
    joined: Floats


def explain_map(spend: Spend, assumptions: Assumptions, case: str) -> Working:
    """What `compute_map` computes on its way to the cells of a case, in the same order and so to the same floats."""
    positive = np.maximum(spend.amount, 0.0)
    levers = tuple(_lever(lever, assumptions, spend, positive, case) for lever in assumptions.levers)
    shape = len(levers), len(spend)
    rates = [one.rate[one.pooled.pool_of_cell, spend.agency] for one in levers]
    q = np.array([one.share for one in levers]).reshape(shape) * np.array(rates).reshape(shape)
    saving = credited_savings(positive, q)
    joined = np.array([saving[index] * one.joined_fraction for index, one in enumerate(levers)]).reshape(shape)
    return Working(levers, q, np.exp(np.log1p(-q).sum(axis=0)), saving, joined)


def _lever(lever: Lever, assumptions: Assumptions, spend: Spend, positive: Floats, case: str) -> LeverWorking:
    beta, own = float(getattr(lever.beta, case)), float(getattr(lever.own, case))
    share = shares(lever, assumptions, spend)
    pooled = pool_spend(lever, assumptions, spend, share * positive)
    joining = joining_rates(pooled.spend, beta)
    rate, is_capped = capped_rates(joining, own, float(lever.cap))
    return LeverWorking(
        lever=lever,
        beta=beta,
        own=own,
        pooled=pooled,
        cost=joined_cost(pooled.spend, beta),
        joining=joining,
        whole=1 - (1 - joining) * (1 - own),
        rate=rate,
        is_capped=is_capped,
        share=share,
        joined_fraction=joined_part(joining[pooled.pool_of_cell, spend.agency], own),
    )


def winning_rule(
    lever: Lever, assumptions: Assumptions, service_line: str, spend_type: str, agency_type: str
) -> Rule | None:
    """The rule that says which share of a cell the lever can address; None where no rule fits, and the share is 0."""
    path = assumptions.path(service_line)
    fitting = [
        (rank, rule)
        for rule in lever.rules
        if (rank := specificity(rule, path)) is not None
        and rule.spend_type in (None, spend_type)
        and rule.agency_type in (None, agency_type)
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

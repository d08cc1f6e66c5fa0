"""From spend and assumptions to a savings map, in the order of the method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .assumptions import Assumptions, Cases, Lever
from .overlap import capped_rates, credited_savings, joined_part
from .pence import to_pence
from .rests import divide_by_basis
from .results import Cells, MapResult, Pairs, Pools, ScenarioResult
from .scale import Pooled, joining_rates, pair_savings, pool_spend
from .shares import shares
from .spend import Spend
from .years import lever_years, place_years


@dataclass(frozen=True)
class Menu:
    """What the cases have in common: shares (levers, n), and each lever's pooled addressable spend."""

    shares: NDArray[np.float64]
    pooled: tuple[Pooled, ...]


@dataclass(frozen=True)
class Rates:
    """One case's rates of one lever, by cell (n,): from joining up, in all, and whether capped."""

    joining: NDArray[np.float64]
    whole: NDArray[np.float64]
    is_capped: NDArray[np.bool_]


def compute_map(spend: Spend, assumptions: Assumptions) -> MapResult:
    """The savings map of one place and year in the three cases.

    Raises KeyError where a service line of the spend is not in the tree of the assumptions.
    """
    positive = np.maximum(spend.amount, 0.0)
    share = np.array([shares(lever, assumptions, spend) for lever in assumptions.levers])
    share = share.reshape(len(assumptions.levers), len(spend))
    pooled = tuple(
        pool_spend(lever, assumptions, spend, share[index] * positive) for index, lever in enumerate(assumptions.levers)
    )
    menu = Menu(share, pooled)
    return MapResult(*(_scenario(spend, assumptions, menu, case) for case in Cases._fields))


def _scenario(spend: Spend, assumptions: Assumptions, menu: Menu, case: str) -> ScenarioResult:
    rates = [_rates(lever, pooled, spend, case) for lever, pooled in zip(assumptions.levers, menu.pooled, strict=True)]
    cells = _cells(spend, assumptions, menu, rates, case)
    full_years = np.bincount(cells.lever, weights=cells.saving, minlength=len(assumptions.levers))
    by_lever = tuple(
        lever_years(lever, int(full_years[index]), assumptions.horizon_years, assumptions.discount_rate)
        for index, lever in enumerate(assumptions.levers)
    )
    return ScenarioResult(
        cells=cells,
        pairs=_pairs(spend, assumptions, menu, case),
        pools=_pools(assumptions, menu, case),
        lever_years=by_lever,
        place_years=place_years(by_lever, assumptions.horizon_years),
    )


def _case(values: Cases, case: str) -> float:
    return float(getattr(values, case))


def _rates(lever: Lever, pooled: Pooled, spend: Spend, case: str) -> Rates:
    joining = joining_rates(pooled.spend, _case(lever.beta, case))[pooled.pool_of_cell, spend.agency]
    whole, is_capped = capped_rates(joining, _case(lever.own, case), float(lever.cap))
    return Rates(joining, whole, is_capped)


def _cells(spend: Spend, assumptions: Assumptions, menu: Menu, rates: list[Rates], case: str) -> Cells:
    positive = np.maximum(spend.amount, 0.0)
    addressable = menu.shares * positive
    q = menu.shares * np.array([rate.whole for rate in rates]).reshape(menu.shares.shape)
    saving = credited_savings(positive, q)
    joined = np.array(
        [
            saving[index] * joined_part(rate.joining, _case(lever.own, case))
            for index, (lever, rate) in enumerate(zip(assumptions.levers, rates, strict=True))
        ]
    ).reshape(saving.shape)

    # Sum over spend types: one cell of the result is (lever, agency, service line).
    lines, agencies = len(spend.service_lines), len(spend.agencies)
    size = agencies * lines
    place = spend.agency * lines + spend.service_line

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([np.bincount(place, weights=row, minlength=size) for row in values]).reshape(len(values), size)

    in_pounds = summed(addressable)
    lever, cell = np.nonzero(in_pounds > 0)
    capped = summed(np.array([rate.is_capped for rate in rates]).reshape(addressable.shape) * (addressable > 0))
    saving_pence = to_pence(summed(saving)[lever, cell])
    return Cells(
        agency=cell // lines if lines else cell,
        service_line=cell % lines if lines else cell,
        lever=lever,
        addressable=to_pence(in_pounds[lever, cell]),
        saving=saving_pence,
        joined=to_pence(summed(joined)[lever, cell]),
        is_capped=capped[lever, cell] > 0,
        rests_on=divide_by_basis(saving_pence, _weights(spend, menu, place, size)[lever, cell]),
    )


def _weights(spend: Spend, menu: Menu, place: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """(levers, size, 4): absolute pence by basis of the lines whose spend type a lever addresses."""
    weights = np.zeros((len(menu.shares), size, spend.by_basis.shape[1]), dtype=np.int64)
    for index, share in enumerate(menu.shares):
        addressed = share > 0
        np.add.at(weights[index], place[addressed], spend.by_basis[addressed])
    return weights


def _pairs(spend: Spend, assumptions: Assumptions, menu: Menu, case: str) -> Pairs:
    order = np.argsort(np.array(spend.agencies, dtype=object)) if spend.agencies else np.zeros(0, dtype=np.int64)
    upper = np.triu_indices(len(spend.agencies), k=1)
    first, second = order[upper[0]], order[upper[1]]
    parts = []
    for index, (lever, pooled) in enumerate(zip(assumptions.levers, menu.pooled, strict=True)):
        together = pair_savings(pooled.spend, _case(lever.beta, case))[first, second]
        meets = ((pooled.spend > 0).T.astype(np.int64) @ (pooled.spend > 0).astype(np.int64))[first, second] > 0
        parts.append(
            (
                first[meets],
                second[meets],
                np.full(meets.sum(), index, dtype=np.int64),
                to_pence(together[meets]),
            )
        )
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Pairs(empty, empty, empty, empty)
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _pools(assumptions: Assumptions, menu: Menu, case: str) -> Pools:
    levers: list[int] = []
    names: list[str] = []
    rows: list[tuple[int, float, float, float]] = []
    for index, (lever, pooled) in enumerate(zip(assumptions.levers, menu.pooled, strict=True)):
        own = _case(lever.own, case)
        joining = joining_rates(pooled.spend, _case(lever.beta, case))
        before = 1 - (1 - joining) * (1 - own)
        after, _ = capped_rates(joining, own, float(lever.cap))
        for name, spent, uncut, cut in zip(pooled.pools, pooled.spend, before, after, strict=True):
            if spent.any():
                levers.append(index)
                names.append(name)
                rows.append((int((spent > 0).sum()), spent.sum(), spent @ uncut, spent @ cut))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Pools(
        lever=np.array(levers, dtype=np.int64),
        pool=tuple(names),
        agencies=table[:, 0].astype(np.int64),
        addressable=to_pence(table[:, 1]),
        saving_before_cap=to_pence(table[:, 2]),
        saving_after_cap=to_pence(table[:, 3]),
    )

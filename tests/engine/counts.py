"""Small counts and menus, written so that a test shows only what it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from mapping.engine import BASES, Assumptions, Cases, Lever, MapResult, Rule, Spend

# The root, two groups, and leaves below them; `libraries` is a group of its own.
TREE = {
    "all": None,
    "care": "all",
    "home-care": "care",
    "day-care": "care",
    "roads": "all",
    "repairs": "roads",
    "lighting": "roads",
    "libraries": "all",
}
ANY_RULE = Rule(None, None, None, Decimal(1))


def cases(low: str, central: str | None = None, high: str | None = None) -> Cases:
    return Cases(Decimal(low), Decimal(central or low), Decimal(high or low))


def three(*values: str) -> tuple[Decimal, Decimal, Decimal]:
    first, second, third = map(Decimal, values)
    return first, second, third


def lever(code: str = "sharing", **changes: Any) -> Lever:
    """A lever on all spend, joined up over the place at beta 0.9, without own effort and hardly capped."""
    plain = Lever(
        code=code,
        pool="place",
        beta=cases("0.9"),
        own=cases("0"),
        cap=Decimal("0.99"),
        ramp=three("0.2", "0.6", "1"),
        cost_multiple=Decimal(1),
        cost_profile=three("0.7", "0.3", "0"),
        effort_profile=three("1", "0", "0"),
        rules=(ANY_RULE,),
    )
    return replace(plain, **changes)


def rule(
    share: str, service_line: str | None = None, spend_type: str | None = None, agency_type: str | None = None
) -> Rule:
    return Rule(service_line, spend_type, agency_type, Decimal(share))


def assumptions(*levers: Lever, **changes: Any) -> Assumptions:
    plain = Assumptions(levers or (lever(),), TREE, horizon_years=10, discount_rate=Decimal("0.035"))
    return replace(plain, **changes)


Cell = tuple[str, str, str]


def spend(
    amounts: Mapping[Cell, float | str],
    types: Mapping[str, str] | None = None,
    by_basis: Mapping[Cell, Iterable[int]] | None = None,
) -> Spend:
    """A count from pounds by (agency, service line, spend type), of actual figures unless said otherwise.

    `types` gives an agency's type, "council" where it says nothing; `by_basis` absolute pence by basis.
    """
    agencies, lines, kinds = (tuple(sorted({key[part] for key in amounts})) for part in range(3))
    pence = {cell: [round(abs(float(amount)) * 100), 0, 0, 0] for cell, amount in amounts.items()}
    pence |= {cell: list(parts) for cell, parts in (by_basis or {}).items()}
    index = np.array(
        [[agencies.index(a), lines.index(s), kinds.index(t)] for a, s, t in amounts], dtype=np.int64
    ).reshape(-1, 3)
    return Spend(
        agencies=agencies,
        agency_types=tuple((types or {}).get(agency, "council") for agency in agencies),
        service_lines=lines,
        spend_types=kinds,
        agency=index[:, 0],
        service_line=index[:, 1],
        spend_type=index[:, 2],
        amount=np.array([float(amount) for amount in amounts.values()], dtype=np.float64),
        by_basis=np.array([pence[cell] for cell in amounts], dtype=np.int64).reshape(-1, len(BASES)),
    )


def simple(**agencies: float | str) -> Spend:
    """Each agency's spend of one kind on one service line."""
    return spend({(agency, "home-care", "employees"): amount for agency, amount in agencies.items()})


def stored(spent: Spend, menu: Assumptions, result: MapResult, field: str = "saving", case: str = "central") -> dict:
    """A field of the cells by (agency, service line, lever): pence for amounts."""
    cells = getattr(result, case).cells
    values = getattr(cells, field).tolist()
    keys = zip(cells.agency.tolist(), cells.service_line.tolist(), cells.lever.tolist(), strict=True)
    return {
        (spent.agencies[a], spent.service_lines[s], menu.levers[k].code): value
        for (a, s, k), value in zip(keys, values, strict=True)
    }

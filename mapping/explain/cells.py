"""Cells of a map laid open: what each was made of, in plain data whose numbers lead to the stored pence."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from mapping.engine import Rule
from mapping.engine.explain import LeverWorking, winning_rule
from mapping.engine.pence import PENNY, penny
from mapping.models import SavingsCell
from pilots.models import SpendLine

from .opened import Opened
from .steps import steps_of

Rows = list[dict[str, Any]]
Lines = Mapping[tuple[int, int], list[dict[str, Any]]]
# What a cell is read with.
NAMES = ("agency__code", "agency__name", "service_line__code", "service_line__name", "lever__code", "lever__name")
STORED = ("addressable", "saving", "joined", "is_capped")
BASES = ("actual", "budget", "estimate", "apportioned")
KEYS = ("agency_id", "service_line_id")
FIELDS = (*KEYS, *NAMES, *STORED, *(f"rests_on_{basis}" for basis in BASES))
LINE = (
    "id",
    "spend_type__code",
    "funder__code",
    "amount",
    "whole_amount",
    "share",
    "basis",
    "method",
    "source",
    "note",
)


def number(value: float) -> str:
    """A float in full, as a plain decimal."""
    return format(Decimal(repr(float(value))), "f")


def explain_cells(opened: Opened, cells: Sequence[Mapping[str, Any]]) -> tuple[Rows, Rows]:
    """Stored cells (by FIELDS) laid open, and the pools that they are in. Two queries: their lines, and reasons."""
    lines = _lines_under(opened, cells)
    explained = [_explained(opened, cell, lines) for cell in cells]
    wanted = dict.fromkeys((cell["lever"], cell["pool"]) for cell in explained if cell["pool"] is not None)
    return explained, [_pool(opened, lever, pool) for lever, pool in wanted]


def _explained(opened: Opened, cell: Mapping[str, Any], lines: Lines) -> dict[str, Any]:
    key = cell["agency_id"], cell["service_line_id"]
    index = next(at for at, lever in enumerate(opened.menu.assumptions.levers) if lever.code == cell["lever__code"])
    found = {
        "agency": cell["agency__code"],
        "agency_name": cell["agency__name"],
        "service_line": cell["service_line__code"],
        "service_line_name": cell["service_line__name"],
        "lever": cell["lever__code"],
        "lever_name": cell["lever__name"],
        "stored": {name: cell[name] for name in STORED},
        "rests_on": {basis: cell[f"rests_on_{basis}"] for basis in BASES},
        "lines": lines.get(key, []),
    }
    if not opened.is_whole:
        return {**found, "pool": None, "rate": None, "spend_types": [], "unrounded": None, "rounded": None, "steps": []}
    at = opened.cell_at[key]
    working = opened.working.levers[index]
    parts = [_part(opened, index, place) for place in at]
    unrounded = {
        "addressable": _sum(working.share[at] * np.maximum(opened.counted.spend.amount[at], 0.0)),
        "saving": _sum(opened.working.saving[index, at]),
        "joined": _sum(opened.working.joined[index, at]),
    }
    rate = _rate(working, int(working.pooled.pool_of_cell[at[0]]), int(opened.counted.spend.agency[at[0]]))
    opened_cell = {
        **found,
        "pool": working.pooled.pools[int(working.pooled.pool_of_cell[at[0]])],
        "rate": rate,
        "spend_types": parts,
        "unrounded": {name: number(value) for name, value in unrounded.items()},
        "rounded": {name: PENNY * penny(value) for name, value in unrounded.items()},
    }
    return {**opened_cell, "steps": steps_of(opened_cell, opened.menu.assumptions.levers[index])}


def _sum(values: Iterable[float]) -> float:
    """Added one after the other, as the engine adds them."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


def _part(opened: Opened, index: int, at: int) -> dict[str, Any]:
    """One spend type of a cell: its amount, the rule that won, and what the levers on it take."""
    spend, working = opened.counted.spend, opened.working
    lever = opened.menu.assumptions.levers[index]
    service = spend.service_lines[spend.service_line[at]]
    kind = spend.spend_types[spend.spend_type[at]]
    body = int(spend.agency[at])
    rule = winning_rule(lever, opened.menu.assumptions, service, kind, spend.agency_types[body])
    positive = max(float(spend.amount[at]), 0.0)
    logs = np.log1p(-working.q[:, at])
    on_it = [other for other in range(len(working.levers)) if working.q[other, at] > 0]
    return {
        "spend_type": kind,
        "amount": PENNY * round(float(spend.amount[at]) * 100),
        "rule": _rule(opened, lever.code, rule) if rule else None,
        "share": number(working.levers[index].share[at]),
        "addressable": number(working.levers[index].share[at] * positive),
        "q": number(working.q[index, at]),
        "levers": [{"lever": working.levers[other].lever.code, "q": number(working.q[other, at])} for other in on_it],
        "left": number(working.left[at]),
        "saved_by_all": number(positive * -np.expm1(logs.sum())),
        "credit": number(logs[index] / logs.sum() if logs.sum() < 0 else 0.0),
        "saving": number(working.saving[index, at]),
        "joined_fraction": number(working.levers[index].joined_fraction[at]),
        "joined": number(working.joined[index, at]),
    }


def _rule(opened: Opened, lever: str, rule: Rule) -> dict[str, Any]:
    key = lever, rule.service_line, rule.spend_type, rule.agency_type
    return {
        "service_line": rule.service_line or "",
        "spend_type": rule.spend_type or "",
        "agency_type": rule.agency_type or "",
        "share": number(float(rule.share)),
        "why": opened.reasons.get(key, ""),
    }


def _rate(working: LeverWorking, pool: int, body: int) -> dict[str, Any]:
    """The rate of a body in a pool, and what it is made of."""
    return {
        "beta": number(working.beta),
        "brought": number(working.pooled.spend[pool, body]),
        "together": number(working.cost[pool]),
        "joining": number(working.joining[pool, body]),
        "own": number(working.own),
        "whole": number(working.whole[pool, body]),
        "cap": number(float(working.lever.cap)),
        "is_capped": bool(working.is_capped[pool, body]),
        "rate": number(working.rate[pool, body]),
    }


def _pool(opened: Opened, code: str, name: str) -> dict[str, Any]:
    """Everybody in a pool, the one that brings most first."""
    working = next(one for one in opened.working.levers if one.lever.code == code)
    pool = working.pooled.pools.index(name)
    brought = working.pooled.spend[pool]
    bodies = sorted(np.flatnonzero(brought > 0).tolist(), key=lambda body: (-brought[body], body))
    return {
        "lever": code,
        "level": working.lever.pool,
        "pool": name,
        "beta": number(working.beta),
        "addressable": number(brought.sum()),
        "together": number(working.cost[pool]),
        "saving_of_joining": number(brought.sum() - working.cost[pool]),
        "agencies": [{"agency": opened.counted.spend.agencies[body], **_rate(working, pool, body)} for body in bodies],
    }


def _lines_under(opened: Opened, cells: Sequence[Mapping[str, Any]]) -> Lines:
    """The spend lines that each cell was made from; none where they have changed since."""
    if opened.map.version.revision != opened.map.revision:
        return {}
    keys = {(cell["agency_id"], cell["service_line_id"]) for cell in cells}
    lines = SpendLine.objects.filter(
        version=opened.map.version_id,
        agency__in={agency for agency, _ in keys},
        service_line__in={line for _, line in keys},
        is_capital=False,
        is_transfer=False,
    )
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for row in lines.order_by("pk").values(*KEYS, *LINE):
        key = row.pop("agency_id"), row.pop("service_line_id")
        if key in keys:
            found.setdefault(key, []).append(
                {
                    "id": row["id"],
                    "spend_type": row["spend_type__code"],
                    "funder": row["funder__code"],
                    **{
                        name: row[name]
                        for name in ("amount", "whole_amount", "share", "basis", "method", "source", "note")
                    },
                }
            )
    return found


def stored_cells(opened_map: int, scenario: str) -> Any:
    """The stored cells of a map in a case, as `explain_cells` takes them, by code of body, leaf and lever."""
    cells = SavingsCell.objects.filter(map=opened_map, scenario=scenario)
    return cells.order_by("agency__code", "service_line__code", "lever__code").values(*FIELDS)

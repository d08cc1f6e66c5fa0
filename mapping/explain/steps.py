"""How a cell's saving comes about, step by step: the formula in words, and with its numbers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mapping.engine import Lever
from totalplace.money import exact

POOLS = {
    "service_line": "everybody who spends on this service",
    "service_group": "everybody who spends on this group of services",
    "place": "everybody in the place",
}


def steps_of(cell: Mapping[str, Any], lever: Lever) -> list[dict[str, str]]:
    """The steps from spend to the stored saving, each with its result; the last are the stored figures."""
    parts, rate, unrounded = cell["spend_types"], cell["rate"], cell["unrounded"]
    return [
        _step(
            "What the body spends",
            "the amounts of each spend type, netted; below zero nothing can be addressed",
            _added(parts, lambda part: exact(part["amount"])),
            exact(sum((max(part["amount"], Decimal(0)) for part in parts), Decimal(0))),
        ),
        _step(
            "What the lever can address",
            "the share of the rule that fits best, times the spend, over spend types",
            _added(parts, lambda part: f"{part['share']} × {exact(max(part['amount'], Decimal(0)))}"),
            _pounds(unrounded["addressable"]),
        ),
        _step(
            "What joining up costs",
            f"M: what {POOLS[lever.pool]} would pay joined up, the sum of B^(1/beta) to the power beta",
            f"beta {rate['beta']}, of which this body brings B = {_pounds(rate['brought'])}",
            _pounds(rate["together"]),
        ),
        _step(
            "The rate from joining up",
            "r = 1 - (B / M)^(1/beta - 1); 0 for a body alone in its pool",
            f"1 - ({rate['brought']} / {rate['together']})^(1/{rate['beta']} - 1)",
            rate["joining"],
        ),
        _step(
            "With own effort", "1 - (1 - r)(1 - own)", f"1 - (1 - {rate['joining']})(1 - {rate['own']})", rate["whole"]
        ),
        _step(
            "Cut at the cap",
            "the smaller of the rate and the cap",
            f"min({rate['cap']}, {rate['whole']})" + (": the cap binds" if rate["is_capped"] else ""),
            rate["rate"],
        ),
        _step(
            "No pound saved twice",
            "all levers on the cell together save x (1 - product of (1 - q)), where q is share times rate",
            _added(parts, lambda part: f"{exact(max(part['amount'], Decimal(0)))} × (1 - {part['left']})"),
            " + ".join(part["saved_by_all"] for part in parts),
        ),
        _step(
            "This lever’s credit",
            "ln(1 - q) over the sum of ln(1 - q) of all levers on the cell",
            _added(parts, lambda part: f"{part['credit']} × {part['saved_by_all']}"),
            unrounded["saving"],
        ),
        _step("The saving", "to the penny, half to even", unrounded["saving"], exact(cell["rounded"]["saving"])),
        _step(
            "The part from joining up",
            "the saving times ln(1 - r) / (ln(1 - r) + ln(1 - own)), to the penny",
            _added(parts, lambda part: f"{part['joined_fraction']} × {part['saving']}"),
            exact(cell["rounded"]["joined"]),
        ),
    ]


def _step(step: str, formula: str, numbers: str, result: str) -> dict[str, str]:
    return {"step": step, "formula": formula, "numbers": numbers, "result": result}


def _added(parts: Sequence[Mapping[str, Any]], said: Any) -> str:
    return " + ".join(said(part) for part in parts)


def _pounds(value: str) -> str:
    return exact(Decimal(value))

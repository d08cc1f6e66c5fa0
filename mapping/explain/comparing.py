"""Why two maps of a place differ: by the lines counted, the assumptions, and the register, in parts that add up.

The causes are taken in a fixed order, one after the other, each on top of those before: first the register as it is
now, then the lines, then the assumptions, and last what the second map knew of the register otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from mapping import engine
from mapping.engine.pence import PENNY
from mapping.inputs import CountedSpend, Menu, counted_spend, menu_of
from mapping.models import SavingsCell, SavingsMap
from mapping.summary.pinned import keeps_spend

FIGURES = ("saving", "joined")
# A figure of each lever, in pounds, by code.
ByLever = Mapping[str, Decimal]
NOTHING = Decimal("0.00")
NO_LONGER = (
    "The lines that one of these maps was made from have changed since, so that the difference cannot be told apart by "
    "its causes."
)


@dataclass(frozen=True, slots=True)
class Causes:
    """A difference in parts; they add to it."""

    lines: Decimal
    assumptions: Decimal
    register: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in two maps, and where it can be told what the difference comes from."""

    first: Decimal
    second: Decimal
    difference: Decimal
    causes: Causes | None


@dataclass(frozen=True, slots=True)
class LeverDifference:
    """A lever in two maps; nothing where a set has no such lever."""

    lever: str
    saving: Difference
    joined: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two maps in a case: the whole, and lever by lever."""

    saving: Difference
    joined: Difference
    by_lever: list[LeverDifference]
    is_told_apart: bool


def compare_maps(first: SavingsMap, second: SavingsMap, scenario: str) -> Comparison:
    """What two maps of one place save, and why it differs. Recomputes on mixed inputs where both are still kept."""
    stored = [_stored(one, scenario) for one in (first, second)]
    steps = _steps(first, second, scenario) if keeps_spend(first) and keeps_spend(second) else None
    levers = sorted({*stored[0]["saving"], *stored[1]["saving"]})

    def difference(figure: str, lever: str | None) -> Difference:
        def of(figures: Mapping[str, ByLever]) -> Decimal:
            return sum(figures[figure].values(), NOTHING) if lever is None else figures[figure].get(lever, NOTHING)

        before, after = of(stored[0]), of(stored[1])
        if steps is None:
            return Difference(before, after, after - before, None)
        today, with_lines, with_assumptions = (of(step) for step in steps)
        register = (today - before) + (after - with_assumptions)
        causes = Causes(with_lines - today, with_assumptions - with_lines, register)
        return Difference(before, after, after - before, causes)

    by_lever = [LeverDifference(lever, difference("saving", lever), difference("joined", lever)) for lever in levers]
    return Comparison(difference("saving", None), difference("joined", None), by_lever, steps is not None)


def _stored(savings_map: SavingsMap, scenario: str) -> dict[str, dict[str, Decimal]]:
    cells = SavingsCell.objects.filter(map=savings_map, scenario=scenario)
    rows = list(cells.values_list("lever__code").annotate(Sum("saving"), Sum("joined")).order_by("lever__code"))
    return {figure: {row[0]: row[at] for row in rows} for at, figure in enumerate(FIGURES, 1)}


def _steps(first: SavingsMap, second: SavingsMap, scenario: str) -> list[dict[str, dict[str, Decimal]]]:
    """With the register of now: the first map's lines and set, the second's lines, the second's set, too."""
    spend = counted_spend(sorted({first.version_id, second.version_id}))
    menus = {number: menu_of(number) for number in {first.assumption_set_id, second.assumption_set_id}}
    mixed = [
        (first.version_id, first.assumption_set_id),
        (second.version_id, first.assumption_set_id),
        (second.version_id, second.assumption_set_id),
    ]
    made = {inputs: _made(spend[inputs[0]], menus[inputs[1]], scenario) for inputs in dict.fromkeys(mixed)}
    return [made[inputs] for inputs in mixed]


def _made(counted: CountedSpend, menu: Menu, scenario: str) -> dict[str, dict[str, Decimal]]:
    cells = getattr(engine.compute_map(counted.spend, menu.assumptions), scenario).cells
    codes = [lever.code for lever in menu.assumptions.levers]

    def by_lever(pence: NDArray[np.int64]) -> dict[str, Decimal]:
        return {code: PENNY * int(pence[cells.lever == at].sum()) for at, code in enumerate(codes)}

    return {figure: by_lever(getattr(cells, figure)) for figure in FIGURES}

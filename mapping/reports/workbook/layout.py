"""Which row of which sheet holds what, found before the first is written: the sheets name each other's cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mapping.engine.explain import LeverWorking
from mapping.explain import Opened
from mapping.models import Scenario
from pilots.quality.worsened import HELD, QualityFlags

CASES = tuple(Scenario.values)
CASE_NAME, CASE_NUMBER = "chosen_case", "case_number"
Key = tuple[str, str, str]
"""Body, service line and lever, or spend type, by code."""


@dataclass(frozen=True)
class Part:
    """A row of Working: one lever on one cell of the spend. `at` is the cell's place in the spend."""

    lever: int
    pool: int
    agency: int
    line: int
    at: int


@dataclass
class Layout:
    """Which row of which sheet holds what."""

    opened: Opened
    names: Mapping[str, str]
    parts: list[Part] = field(default_factory=list)
    flags: QualityFlags = HELD
    lever_rows: list[int] = field(default_factory=list)
    rule_rows: dict[tuple[str, Any], int] = field(default_factory=dict)
    amount_rows: list[int] = field(default_factory=list)
    pool_rows: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """(lever, pool, agency) to its row of Pools."""
    part_rows: dict[tuple[int, int], int] = field(default_factory=dict)
    """(lever, place in the spend) to its row of Working."""
    first_cell: int = 0
    last_cell: int = 0

    @property
    def levers(self) -> tuple[LeverWorking, ...]:
        return self.opened.working.levers

    def codes(self, at: int) -> Key:
        """Body, service line and spend type of a cell of the spend."""
        spend = self.opened.counted.spend
        return (
            spend.agencies[spend.agency[at]],
            spend.service_lines[spend.service_line[at]],
            spend.spend_types[spend.spend_type[at]],
        )


def parts_of(opened: Opened) -> list[Part]:
    """Every lever on every cell that it can address, in the order of lever, pool, body, service line, spend type."""
    spend, parts = opened.counted.spend, []
    for index, lever in enumerate(opened.working.levers):
        for at in np.flatnonzero(lever.share > 0).tolist():
            pool = int(lever.pooled.pool_of_cell[at])
            parts.append(Part(index, pool, int(spend.agency[at]), int(spend.service_line[at]), at))
    return sorted(parts, key=lambda part: (part.lever, part.pool, part.agency, part.line, part.at))


def lay_out(layout: Layout, first: int = 2) -> None:
    """Finds the row of every amount, pool and part before the first is written: they name each other."""
    layout.amount_rows = list(range(first, first + len(layout.opened.counted.spend)))
    for row, part in enumerate(layout.parts, first):
        layout.part_rows[part.lever, part.at] = row
        key = part.lever, part.pool, part.agency
        layout.pool_rows.setdefault(key, first + len(layout.pool_rows))

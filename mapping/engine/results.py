"""What the engine gives back: parallel arrays of indexes and whole pence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """The stored cells: (agency, service line, lever) over spend types, where addressable is above 0."""

    agency: Whole
    service_line: Whole
    lever: Whole
    addressable: Whole
    saving: Whole
    joined: Whole
    is_capped: NDArray[np.bool_]
    # (cells, 4), by basis; each row adds to the saving.
    rests_on: Whole

    def __len__(self) -> int:
        return len(self.saving)


@dataclass(frozen=True)
class Pairs:
    """What two agencies would save if only they joined up; agency_a's code comes before agency_b's."""

    agency_a: Whole
    agency_b: Whole
    lever: Whole
    saving: Whole


@dataclass(frozen=True)
class Pools:
    """A pool's saving before overlap with other levers, before and after the cap."""

    lever: Whole
    pool: tuple[str, ...]
    agencies: Whole
    addressable: Whole
    saving_before_cap: Whole
    saving_after_cap: Whole


@dataclass(frozen=True)
class LeverYears:
    """Pence in review years 1, 2, 3, net present value in pence, and the year of payback."""

    saving_by_year: tuple[int, ...]
    cost_by_year: tuple[int, ...]
    net_present_value: int
    payback: int | None
    payback_status: str


@dataclass(frozen=True)
class ScenarioResult:
    """A map in one case. `lever_years` is parallel to the levers; `place_years` is all of them together."""

    cells: Cells
    pairs: Pairs
    pools: Pools
    lever_years: tuple[LeverYears, ...]
    place_years: LeverYears


@dataclass(frozen=True)
class MapResult:
    low: ScenarioResult
    central: ScenarioResult
    high: ScenarioResult

"""Labels on a map: each where it covers least, with a line to its place that crosses as little as possible.

Everything is in the units of the map's plane, y growing downwards. The same labels always come out the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from pilots.register.boundaries import Bounds

SIZE = 255
"""The size of the type that labels are placed for; smaller type fits a fortiori."""
WIDTH_OF_A_LETTER = 0.51
"""Of the size of the type, on average."""
GAP = 70
"""Between a leader line and its words."""
DISTANCES = (140, 350, 650, 1000, 1400, 1900, 2500, 3200)
STEPS = tuple(range(-1950, 1951, 195))
"""How far from its place a label may stand, to either side and up or down."""

OVER_LABEL, OVER_POINT, OVER_LINE, LINES_CROSS = 20_000, 9_000, 5_000, 4_000
OVER_PLACES, OVER_LAND = 4_000, 900
"""What it costs, beside the length of the line, to cover something or to cross a line."""
ROUNDS, POINTS = 8, 7


@dataclass(frozen=True)
class Wanted:
    """Words that belong to a point."""

    x: float
    y: float
    letters: int


@dataclass(frozen=True)
class Label:
    """Where words stand: their start or, where `is_left` of the point, their end; and where the line to them ends."""

    x: float
    y: float
    line_x: float
    is_left: bool


@dataclass(frozen=True)
class _Candidates:
    """The positions that one label could take, all at once."""

    wanted: Wanted
    starts: np.ndarray
    heights: np.ndarray
    is_left: np.ndarray

    @cached_property
    def boxes(self) -> Any:
        width = self.wanted.letters * WIDTH_OF_A_LETTER * SIZE
        left = np.where(self.is_left, self.starts - width, self.starts)
        half = SIZE * 0.6
        return shapely.box(left, self.heights - half, left + width, self.heights + half)

    @cached_property
    def lines(self) -> Any:
        ends = self.starts + np.where(self.is_left, GAP, -GAP)
        points = np.stack([np.full_like(ends, self.wanted.x), np.full_like(ends, self.wanted.y), ends, self.heights])
        return shapely.linestrings(points.T.reshape(-1, 2, 2))

    def label(self, number: int) -> Label:
        x, is_left = float(self.starts[number]), bool(self.is_left[number])
        return Label(round(x), round(float(self.heights[number])), round(x + (GAP if is_left else -GAP)), is_left)


def place_labels(
    wanted: Sequence[Wanted], places: Sequence[Bounds], land: Any, taken: Sequence[Bounds], within: Bounds
) -> list[Label]:
    """A label for each of `wanted`, inside `within`, clear of `taken`, best off `places` and off the `land`.

    Each in turn takes its cheapest position, given the others', until none would move.
    """
    candidates = [_candidates(one, within) for one in wanted]
    costs = [_own_costs(one, places, land, taken) for one in candidates]
    points = [shapely.Point(one.x, one.y).buffer(SIZE / 4) for one in wanted]
    chosen = [int(np.argmin(cost)) for cost in costs]
    for _ in range(ROUNDS):
        before = list(chosen)
        for number, one in enumerate(candidates):
            cost = costs[number].copy()
            for other, position in enumerate(chosen):
                if other != number:
                    cost += _shared_costs(one, points[number], candidates[other], position, points[other])
            chosen[number] = int(np.argmin(cost))
        if chosen == before:
            break
    return [one.label(position) for one, position in zip(candidates, chosen, strict=True)]


def _candidates(wanted: Wanted, within: Bounds) -> _Candidates:
    """Positions to both sides of the point that stay inside; the nearest one where none does."""
    width = wanted.letters * WIDTH_OF_A_LETTER * SIZE
    across, down, left = (grid.ravel() for grid in np.meshgrid(DISTANCES, STEPS, [False, True], indexing="ij"))
    starts = wanted.x + np.where(left, -across, across).astype(float)
    heights = wanted.y + down.astype(float)
    first = np.where(left, starts - width, starts)
    inside = (
        (first >= within.left)
        & (first + width <= within.left + within.width)
        & (heights >= within.top + SIZE / 2)
        & (heights <= within.top + within.height - SIZE / 2)
    )
    if not inside.any():
        inside = across + abs(down) == min(across + abs(down))
    return _Candidates(wanted, starts[inside], heights[inside], left[inside])


def _own_costs(one: _Candidates, places: Sequence[Bounds], land: Any, taken: Sequence[Bounds]) -> np.ndarray:
    """What each position costs whatever the other labels do."""
    size = shapely.area(one.boxes)
    cost = shapely.length(one.lines) + OVER_LAND * _part_over(one.boxes, land)
    for bounds in places:
        cost += OVER_PLACES * shapely.area(shapely.intersection(one.boxes, _box(bounds))) / size
    for bounds in taken:
        cost += OVER_LABEL * shapely.intersects(one.boxes, _box(bounds))
        if not shapely.intersects(_box(bounds), shapely.Point(one.wanted.x, one.wanted.y)):
            cost += OVER_LINE * shapely.intersects(one.lines, _box(bounds))
    return cost


def _part_over(boxes: Any, land: Any) -> np.ndarray:
    """How much of each box lies over the land, from a few points along it; `land` is prepared."""
    left, bottom, right, top = shapely.bounds(boxes).T
    along = np.linspace(left, right, POINTS)
    return shapely.contains_xy(land, along, np.broadcast_to((bottom + top) / 2, along.shape)).mean(axis=0)


def _shared_costs(one: _Candidates, point: Any, other: _Candidates, position: int, other_point: Any) -> np.ndarray:
    """What each position costs because of another label where it stands now."""
    box, line = other.boxes[position], other.lines[position]
    return (
        OVER_LABEL * shapely.intersects(one.boxes, box)
        + OVER_POINT * shapely.intersects(one.boxes, other_point)
        + OVER_POINT * shapely.intersects(box, point)
        + OVER_LINE * shapely.intersects(one.boxes, line)
        + OVER_LINE * shapely.intersects(one.lines, box)
        + LINES_CROSS * shapely.intersects(one.lines, line)
    )


def _box(bounds: Bounds) -> Any:
    return shapely.box(bounds.left, bounds.top, bounds.left + bounds.width, bounds.top + bounds.height)

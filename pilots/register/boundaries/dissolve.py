"""Outlines dissolved from the shipped districts, as SVG paths in the plane of the map.

The plane is the British National Grid in units of 100 metres, turned so that y grows to the south. Everything
here is whole units, so places that touch share their border point for point.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import LinearRing, MultiPolygon, Polygon

DATA = Path(__file__).with_name("districts.json")
NORTH = 6600
"""The northing, in units, that is the top of the plane."""
LONDON_PREFIX = "E09"
"""Codes of London boroughs and the City begin so."""

type Area = Polygon | MultiPolygon


@dataclass(frozen=True)
class Bounds:
    """A rectangle of the plane."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, other: "Bounds") -> bool:
        """Whether the other rectangle lies inside this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.left + other.width <= self.left + self.width
            and other.top + other.height <= self.top + self.height
        )


PLANE = Bounds(870, 15, 5700, 6505)
"""All of England."""
LONDON = Bounds(5030, 4585, 590, 460)
"""The cut-out of the plane that the map shows enlarged."""


@dataclass(frozen=True)
class Outline:
    """An area on the plane: its SVG path, its bounds, and a point well inside it to put a label to."""

    path: str
    bounds: Bounds
    label_x: float
    label_y: float


class UnknownAreas(LookupError):
    """Codes of areas that the shipped boundaries do not have."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(sorted(codes))
        listed = ", ".join(self.codes)
        super().__init__(f"The shipped boundaries of 2013 have no area with the code {listed}.")


@cache
def _contents() -> dict[str, Any]:
    return json.loads(DATA.read_text(encoding="utf-8"))


@cache
def districts() -> dict[str, Area]:
    """Every district on the plane, by its code."""
    return {code: _area(polygons) for code, _, polygons in _contents()["districts"]}


@cache
def known_codes() -> dict[str, str]:
    """The codes of all districts and their names."""
    return {code: name for code, name, _ in _contents()["districts"]}


def attribution() -> str:
    """What a page that shows the boundaries has to say of them."""
    return _contents()["attribution"]


def made_from(codes: Iterable[str]) -> str:
    """A digest of a set of areas and of the boundaries as shipped: the same outline follows from it."""
    return hashlib.sha256(" ".join([_digest(), *sorted(set(codes))]).encode()).hexdigest()


@cache
def _digest() -> str:
    return hashlib.sha256(DATA.read_bytes()).hexdigest()


def dissolve(codes: Iterable[str]) -> Area:
    """One area from the districts with these codes, at least one.

    Raises UnknownAreas, naming the codes that the shipped boundaries do not have.
    """
    wanted = set(codes)
    if unknown := wanted - districts().keys():
        raise UnknownAreas(unknown)
    return shapely.coverage_union_all([districts()[code] for code in sorted(wanted)])


def outline_of(codes: Iterable[str]) -> Outline:
    """The outline of the districts with these codes, at least one. Raises UnknownAreas."""
    area = dissolve(codes)
    left, top, right, bottom = area.bounds
    largest = max(_parts(area), key=lambda part: part.area)
    label_x, label_y = shapely.maximum_inscribed_circle(largest, tolerance=2).coords[0]
    return Outline(
        path=_path(area),
        bounds=Bounds(left, top, right - left, bottom - top),
        label_x=round(label_x, 1),
        label_y=round(label_y, 1),
    )


@cache
def whole_path() -> str:
    """The path of all districts together: what lies behind the places."""
    return _path(dissolve(districts()))


@cache
def london_path() -> str:
    """The path of London, to lie behind its places where it is shown enlarged."""
    return _path(dissolve(code for code in districts() if code.startswith(LONDON_PREFIX)))


def _area(polygons: list[list[list[int]]]) -> Area:
    rings = [[_ring(steps) for steps in polygon] for polygon in polygons]
    return MultiPolygon([Polygon(outer, holes) for outer, *holes in rings])


def _ring(steps: list[int]) -> LinearRing:
    """A ring from its first point, in units east and north, and the steps from point to point."""
    points = np.cumsum(np.reshape(steps, (-1, 2)), axis=0)
    points[:, 1] = NORTH - points[:, 1]
    return LinearRing(points)


def _parts(area: Area) -> list[Polygon]:
    return list(area.geoms) if isinstance(area, MultiPolygon) else [area]


def _path(area: Area) -> str:
    return "".join(_ring_path(ring) for part in _parts(area) for ring in (part.exterior, *part.interiors))


def _ring_path(ring: LinearRing) -> str:
    """A closed line of relative steps, as few characters as it takes; it begins at its own first point."""
    points = np.asarray(ring.coords)[:-1].astype(int)
    steps = np.diff(points, axis=0).ravel().tolist()
    written = "".join(f"{step}" if step < 0 else f" {step}" for step in steps)
    return f"M{points[0][0]} {points[0][1]}l{written.lstrip()}z"

"""Where: the map of England, each place an area that leads to its page, filled by its saving a head.

Places that are summed on the page are filled in five classes of what joining up saves a head; the other places
are grey. London is drawn a second time, larger, beside the coast. A template draws what stands here as SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import shapely

from mapping.charts.inputs import PlaceRow
from mapping.charts.map_labels import Label, Wanted, place_labels
from pilots.register import boundaries
from pilots.register.boundaries import LONDON, PLANE, Bounds
from pilots.register.boundaries.dissolve import dissolve
from totalplace import money

VIEW = Bounds(PLANE.left - 480, PLANE.top - 90, PLANE.width + 980, PLANE.height + 160)
"""What is shown: England with room for words at its sides."""
ENLARGED = 2.6
INSET = Bounds(5480, 1640, LONDON.width * ENLARGED, LONDON.height * ENLARGED)
"""Where London stands enlarged, on the North Sea."""
CAPTION = Bounds(VIEW.left + VIEW.width - 2150, INSET.top - 320, 2150, 280)
"""The line of words above it, which ends at the edge."""
CLASSES = 5
MOST_LABELS, AT_EACH_END = 16, 3
"""Where more places are filled, only so many of the largest and of the smallest savings a head are labelled."""

BELOW_ZERO, COMPUTING, OTHER, CANDIDATE = "below-zero", "map-computing", "map-other", "map-candidate"


@dataclass(frozen=True)
class Shape:
    """The outline of a place on the plane."""

    slug: str
    path: str
    bounds: Bounds
    label_x: float
    label_y: float

    @property
    def is_in_london(self) -> bool:
        return LONDON.holds(self.bounds)


@dataclass(frozen=True)
class Area:
    """A place on the map: a link, its outline, the token that fills it, and what it says in words."""

    slug: str
    path: str
    fill: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Named:
    """A label with its words: the name and the saving a head."""

    name: str
    a_head: str
    x: float
    y: float
    at: Label

    @property
    def middle(self) -> float:
        """The base line that puts the words at half their height."""
        return self.at.y + 85


@dataclass(frozen=True)
class England:
    """All that the template draws."""

    areas: tuple[Area, ...]
    london: tuple[Area, ...]
    labels: tuple[Named, ...]
    key: tuple[tuple[str, str], ...]
    """(token, words) of each fill that occurs or could."""
    unit: str
    sentence: str

    view = VIEW
    cut_out = LONDON
    inset = INSET
    caption = CAPTION
    inset_transform = (
        f"translate({INSET.left - LONDON.left * ENLARGED:g} {INSET.top - LONDON.top * ENLARGED:g}) scale({ENLARGED})"
    )

    caption_x = VIEW.left + VIEW.width - 20
    caption_y = INSET.top - 100

    @property
    def land(self) -> str:
        return boundaries.whole_path()

    @property
    def london_land(self) -> str:
        return boundaries.london_path()


def england(places: Sequence[PlaceRow], kind: str, shapes: Sequence[Shape], scenario: str) -> England | None:
    """The map of the places that have an outline, those of `kind` filled; None where no place has one."""
    rows = {place.slug: place for place in places}
    shown = [shape for shape in shapes if shape.slug in rows]
    if not shown:
        return None
    chosen = [place for place in places if kind in ("all", place.kind)]
    limits = class_limits([pounds for place in chosen if (pounds := a_head(place, scenario)) is not None])
    areas = [
        (shape, _area(rows[shape.slug], shape, kind, scenario, limits))
        for shape in sorted(shown, key=lambda shape: (kind in ("all", rows[shape.slug].kind), shape.slug))
    ]
    return England(
        areas=tuple(area for shape, area in areas if not shape.is_in_london),
        london=tuple(area for shape, area in areas if shape.is_in_london),
        labels=_labels(rows, [shape for shape in shown if kind in ("all", rows[shape.slug].kind)], scenario),
        key=_key(kind, limits, {area.fill for _, area in areas}),
        unit="£ a head",
        sentence=f"Map of England, {len(shown)} places; the table of places below says the same.",
    )


def a_head(place: PlaceRow, scenario: str) -> Decimal | None:
    """The saving from joining up in whole pounds a head, as it is printed; None where it is not known."""
    if place.joined is None or not place.population:
        return None
    return money.rounded(place.joined.at(scenario) / place.population, 0)


def class_limits(amounts: Sequence[Decimal]) -> tuple[int, ...]:
    """Where each class after the first begins: four round numbers that spread the amounts."""
    least, most = min(amounts, default=Decimal(0)), max(amounts, default=Decimal(0))
    spread = (most - least) / (CLASSES - 1) or most / CLASSES
    step = _round_step(spread)
    first = max(1, int((least / step).to_integral_value(ROUND_FLOOR))) * step
    return tuple(first + number * step for number in range(CLASSES - 1))


def _round_step(spread: Decimal) -> int:
    """The least of 1, 2, 5, 10, 20, 50 ... that is not below the spread."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step >= spread:
                return step
        size *= 10


def _area(place: PlaceRow, shape: Shape, kind: str, scenario: str, limits: Sequence[int]) -> Area:
    is_chosen = kind in ("all", place.kind)
    fill = _fill(place, scenario, limits) if is_chosen else CANDIDATE if _is_candidate(place) else OTHER
    return Area(place.slug, shape.path, fill, _words(place, scenario), is_chosen)


def _is_candidate(place: PlaceRow) -> bool:
    return place.participation == "candidate"


def _fill(place: PlaceRow, scenario: str, limits: Sequence[int]) -> str:
    pounds = a_head(place, scenario)
    if pounds is None:
        return COMPUTING
    if pounds < 0:
        return BELOW_ZERO
    return f"saving-{1 + sum(pounds >= limit for limit in limits)}"


def _words(place: PlaceRow, scenario: str) -> str:
    """Kent: £60 a head by joining up."""
    if place.spend is None:
        state = "nothing counted yet"
    elif place.joined is None:
        state = "being computed"
    elif not place.population:
        state = f"{money.headline(place.joined.at(scenario))} by joining up, population not known"
    else:
        state = f"{money.per_head(place.joined.at(scenario), place.population)} by joining up"
    return f"{place.name}: {state}{' (candidate)' if _is_candidate(place) else ''}"


def _key(kind: str, limits: Sequence[int], fills: set[str]) -> tuple[tuple[str, str], ...]:
    """The five classes, and of the other fills those that occur."""
    between = [f"{low:,} to {high - 1:,}" if high - 1 > low else f"{low:,}" for low, high in pairwise(limits)]
    classes = [f"under {limits[0]:,}", *between, f"{limits[-1]:,} or more"]
    other = "pilot" if kind == "parallel" else "parallel place"
    others = {
        BELOW_ZERO: "below zero",
        COMPUTING: "no figure yet",
        OTHER: other,
        CANDIDATE: f"{other}, candidate",
    }
    return (
        *((f"saving-{number}", words) for number, words in enumerate(classes, 1)),
        *((token, words) for token, words in others.items() if token in fills),
    )


def _labels(rows: dict[str, PlaceRow], shapes: Sequence[Shape], scenario: str) -> tuple[Named, ...]:
    """The labels of the filled places, from the north to the south."""

    def size(shape: Shape) -> tuple[Decimal, str]:
        return -(a_head(rows[shape.slug], scenario) or Decimal(0)), shape.slug

    labelled = sorted(shapes, key=size)
    if len(labelled) > MOST_LABELS:
        labelled = [*labelled[:AT_EACH_END], *labelled[-AT_EACH_END:]]
    labelled.sort(key=lambda shape: (shape.label_y, shape.slug))
    named = [(rows[shape.slug].short_name, _said(rows[shape.slug], scenario), *_point(shape)) for shape in labelled]
    wanted = tuple(Wanted(x, y, len(f"{name} {said}".strip())) for name, said, x, y in named)
    placed = _placed(wanted, tuple(_on_view(shape) for shape in labelled))
    return tuple(Named(*words, at) for words, at in zip(named, placed, strict=True))


def _said(place: PlaceRow, scenario: str) -> str:
    known = place.joined is not None and place.population
    return money.pounds_a_head(place.joined.at(scenario), place.population) if place.joined and known else ""


@lru_cache(maxsize=64)
def _placed(wanted: tuple[Wanted, ...], places: tuple[Bounds, ...]) -> list[Label]:
    """Positions do not change from page to page, so they are worked out once."""
    return place_labels(wanted, places, _land(), (INSET, CAPTION), VIEW)


@cache
def _land() -> Any:
    land = dissolve(boundaries.districts())
    shapely.prepare(land)
    return land


def _point(shape: Shape) -> tuple[float, float]:
    """Where a place's line begins; in London on the enlarged drawing."""
    if not shape.is_in_london:
        return shape.label_x, shape.label_y
    return (
        round(INSET.left + (shape.label_x - LONDON.left) * ENLARGED, 1),
        round(INSET.top + (shape.label_y - LONDON.top) * ENLARGED, 1),
    )


def _on_view(shape: Shape) -> Bounds:
    if not shape.is_in_london:
        return shape.bounds
    bounds = shape.bounds
    return Bounds(
        INSET.left + (bounds.left - LONDON.left) * ENLARGED,
        INSET.top + (bounds.top - LONDON.top) * ENLARGED,
        bounds.width * ENLARGED,
        bounds.height * ENLARGED,
    )

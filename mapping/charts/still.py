"""A chart as it stands before any script has run: the marks and words of its figure, placed by the server.

The browser shows it at once and in either theme; Plotly draws the same figure over it once the reader does
something, so nothing moves. Along the chart places are parts of its width, in per cent; down it they are pixels.
Only what the charts here use is known: bars, lines with ends, dots, straight shapes and annotations.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

LETTER = 0.5
"""About how wide a letter is, in parts of its size."""
STEP = 40
"""Words on a bar are shown from a width of the chart in steps of so many pixels."""
PADDING = 3
DRAWN = {"bar", "scatter"}


@dataclass(frozen=True)
class Rect:
    """A bar, or a part of one."""

    x: str
    y: str
    width: str
    height: str
    fill: str
    line: str
    kind: str = "rect"


@dataclass(frozen=True)
class Line:
    x1: str
    y1: str
    x2: str
    y2: str
    colour: str
    width: str
    kind: str = "line"


@dataclass(frozen=True)
class Tick:
    """The end of a range: a short stroke across it."""

    x: str
    y: str
    half: str
    colour: str
    kind: str = "tick"


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    radius: str
    fill: str
    line: str
    kind: str = "dot"


@dataclass(frozen=True)
class Run:
    """Words of one weight and colour."""

    text: str
    is_strong: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Words:
    """A line of words from, around or up to a point; `step` is the least width at which they fit, in `STEP`s."""

    x: str
    y: str
    dx: str
    anchor: str
    size: str
    colour: str
    runs: tuple[Run, ...]
    has_ground: bool = False
    step: int = 0
    kind: str = "words"


Mark = Rect | Line | Tick | Dot | Words


@dataclass(frozen=True)
class Still:
    """The marks on a wide chart and on a narrow one; the same where nothing differs."""

    wide: tuple[Mark, ...]
    narrow: tuple[Mark, ...] = ()


def still(figure: Mapping[str, Any]) -> Still | None:
    """The figure's data placed; None where it has a trace that only a script can lay out."""
    if any(trace["type"] not in DRAWN for trace in figure["data"]):
        return None
    wide = tuple(_marks(figure))
    if not figure["narrow"]:
        return Still(wide)
    return Still(wide, tuple(_marks(_narrowed(figure))))


def _narrowed(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The figure with what a narrow screen needs differently, by path as `figure_data` says."""
    copy = deepcopy({"data": figure["data"], "layout": figure["layout"]})
    for path, value in figure["narrow"].items():
        *steps, last = re.findall(r"\w+", path)
        inner: Any = copy if steps[0] == "data" else copy["layout"]
        for step in steps:
            inner = inner[int(step)] if step.isdigit() else inner.setdefault(step, {})
        inner[last] = value
    return copy


class Axes:
    """Where a value stands: along in per cent of the width, down in pixels."""

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.layout = layout
        margin = layout["margin"]
        self.top, self.height = margin["t"], layout["height"] - margin["t"] - margin["b"]

    def along(self, value: float, reference: str = "x") -> float:
        """Per cent of the width."""
        name, _, domain = reference.partition(" ")
        if name == "paper":
            return value * 100
        axis = self.layout["xaxis" + name.removeprefix("x")]
        start, end = axis.get("domain", (0, 1))
        low, high = (0, 1) if domain else axis["range"]
        return (start + (value - low) / (high - low) * (end - start)) * 100

    def down(self, value: float) -> float:
        """Pixels from the top."""
        low, high = self.layout["yaxis"]["range"]
        return self.top + (high - value) / (high - low) * self.height


def _marks(figure: Mapping[str, Any]) -> Iterator[Mark]:
    layout, axes = figure["layout"], Axes(figure["layout"])
    shapes = [_shape(axes, shape) for shape in layout.get("shapes", ())]
    below = [shape.get("layer") == "below" for shape in layout.get("shapes", ())]
    yield from (shape for shape, is_below in zip(shapes, below, strict=True) if is_below)
    ends: dict[Any, float] = defaultdict(float)
    for trace in figure["data"]:
        yield from _bars(axes, trace, ends) if trace["type"] == "bar" else _scattered(axes, trace)
    yield from (shape for shape, is_below in zip(shapes, below, strict=True) if not is_below)
    for annotation in layout.get("annotations", ()):
        if annotation.get("visible", True):
            yield from _annotation(axes, annotation)


def _bars(axes: Axes, trace: Mapping[str, Any], ends: dict[Any, float]) -> Iterator[Mark]:
    """The bars of a trace; where bars stack, each begins where the last one of its sign at its place ended."""
    is_across = trace.get("orientation") == "h"
    lengths, places = (trace["x"], trace["y"]) if is_across else (trace["y"], trace["x"])
    reference, stacks = trace.get("xaxis", "x"), axes.layout.get("barmode") != "overlay"
    half = trace["width"] / 2
    marker = trace["marker"]
    for index, (length, place) in enumerate(zip(lengths, places, strict=True)):
        start = trace["base"][index] if "base" in trace else ends[reference, place, length < 0] if stacks else 0.0
        end = start + length
        ends[reference, place, length < 0] = end
        low, high = min(start, end), max(start, end)
        if low == high:
            continue
        fill, line = _of(marker["color"], index), _of(marker["line"]["color"], index)
        if is_across:
            left, right = axes.along(low, reference), axes.along(high, reference)
            top, bottom = axes.down(place + half), axes.down(place - half)
        else:
            left, right = axes.along(place - half, reference), axes.along(place + half, reference)
            top, bottom = axes.down(high), axes.down(low)
        yield Rect(_percent(left), _pixels(top), _percent(right - left), _pixels(bottom - top), fill, line)
        if words := _of(trace.get("text", ""), index):
            yield from _on_bar(trace, index, words, left, right - left, (top + bottom) / 2)


def _on_bar(
    trace: Mapping[str, Any], index: int, words: str, left: float, width: float, middle: float
) -> Iterator[Words]:
    """The words on a bar, from the width of the chart at which they fit."""
    size, paint = trace["textfont"]["size"], _of(trace["textfont"]["color"], index)
    runs = _runs(words)[0]
    needed = sum(len(run.text) for run in runs) * LETTER * size + 2 * PADDING
    step = ceil(needed / width * 100 / STEP)
    yield Words(_percent(left), _baseline(middle, size), str(PADDING), "start", str(size), paint, runs, step=step)


def _scattered(axes: Axes, trace: Mapping[str, Any]) -> Iterator[Mark]:
    """Lines between neighbouring points and marks on them."""
    reference = trace.get("xaxis", "x")
    points = [
        None if x is None or y is None else (axes.along(x, reference), axes.down(y))
        for x, y in zip(trace["x"], trace["y"], strict=True)
    ]
    if "lines" in trace["mode"]:
        paint, width = trace["line"]["color"], str(trace["line"]["width"])
        for start, end in pairwise(points):
            if start and end:
                (x1, y1), (x2, y2) = start, end
                yield Line(_percent(x1), _pixels(y1), _percent(x2), _pixels(y2), paint, width)
    if "markers" in trace["mode"]:
        marker = trace["marker"]
        for index, point in enumerate(points):
            if point is None:
                continue
            x, y, radius = _percent(point[0]), _pixels(point[1]), _of(marker["size"], index) / 2
            if marker.get("symbol") == "line-ns-open":
                yield Tick(x, y, f"{radius + 1:g}", marker["color"])
            else:
                yield Dot(x, y, f"{radius:g}", _of(marker["color"], index), _of(marker["line"]["color"], index))


def _shape(axes: Axes, shape: Mapping[str, Any]) -> Line:
    reference = shape.get("xref", "x")
    x1, x2 = (_percent(axes.along(shape[end], reference)) for end in ("x0", "x1"))
    y1, y2 = (_pixels(axes.down(shape[end])) for end in ("y0", "y1"))
    return Line(x1, y1, x2, y2, shape["line"]["color"], str(shape["line"]["width"]))


def _annotation(axes: Axes, said: Mapping[str, Any]) -> Iterator[Words]:
    """The lines of an annotation, around the height it is at."""
    font = {**axes.layout["font"], **said.get("font", {})}
    size = font["size"]
    lines = _runs(said["text"])
    middle = axes.down(said["y"]) - said.get("yshift", 0)
    anchor = {"left": "start", "center": "middle", "right": "end"}[said["xanchor"]]
    for index, runs in enumerate(lines):
        at = middle + (index - (len(lines) - 1) / 2) * size * 1.3
        yield Words(
            _percent(axes.along(said["x"], said.get("xref", "x"))),
            _baseline(at, size),
            str(said.get("xshift", 0)),
            anchor,
            str(size),
            font["color"],
            runs,
            has_ground="bgcolor" in said,
        )


MARKS = re.compile(r"<(?P<mark>/?b|/span|br)>|<span style=\"color:(?P<colour>[^\"]+)\">")


def _runs(text: str) -> list[tuple[Run, ...]]:
    """Words with Plotly's marks as lines of runs."""
    lines: list[list[Run]] = [[]]
    is_strong, paint, position = False, "", 0

    def say(words: str) -> None:
        if words:
            lines[-1].append(Run(words, is_strong, paint))

    for found in MARKS.finditer(text):
        say(text[position : found.start()])
        position = found.end()
        match found["mark"]:
            case "b" | "/b":
                is_strong = found["mark"] == "b"
            case "br":
                lines.append([])
            case _:
                paint = found["colour"] or ""
    say(text[position:])
    return [tuple(line) for line in lines]


def _of(values: Any, index: int) -> Any:
    """One for all, or each its own."""
    return values[index] if isinstance(values, Sequence) and not isinstance(values, str) else values


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"


def _baseline(middle: float, size: float) -> str:
    return _pixels(middle + size * 0.34)

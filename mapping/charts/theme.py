"""One look for every chart: one layout, one way to name a colour, one way to hand a figure over.

A colour is named by its token (`static/css/tokens.json`), as `var(--joined)`: the browser fills in what it
is in the light or the dark theme. Words stand in annotations and on the bars, so that a chart has one layout
on a desktop and on a phone; what a narrow screen needs differently goes along beside the figure.
"""

import json
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go


def colour(token: str, solid: str = "") -> str:
    """A colour of the design by its token; `solid` is how solid it is, in hexadecimal of FF, all where empty."""
    return f"var(--{token},{solid})" if solid else f"var(--{token})"


SANS = '"Source Sans 3 Variable", "Source Sans 3", arial, sans-serif'
LABEL, NOTE = 16, 15
"""Sizes of labels and notes, in pixels."""
LABEL_HEIGHT = 22
"""The line that a label above a bar takes, in pixels."""

LAYOUT: dict[str, Any] = {
    "font": {"family": SANS, "size": LABEL, "color": colour("text")},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 1, "r": 1, "t": 0, "b": 0, "pad": 0},
    "showlegend": False,
    "dragmode": False,
    "hovermode": "closest",
    "hoverlabel": {
        "bgcolor": colour("page"),
        "bordercolor": colour("text"),
        "font": {"family": SANS, "size": NOTE, "color": colour("text")},
        "align": "left",
    },
    "uniformtext": {"minsize": NOTE, "mode": "hide"},
    "xaxis": {"visible": False, "fixedrange": True},
    "yaxis": {"visible": False, "fixedrange": True},
}


def new_figure(height: int, **layout: Any) -> go.Figure:
    """An empty figure in the one look, `height` pixels high and as wide as its box."""
    return go.Figure(layout=_merged(LAYOUT, {"height": height, **layout}))


def label(text: str, *, x: float, y: float, **options: Any) -> dict[str, Any]:
    """Words at a point of the chart, from their left end unless told otherwise."""
    place = {"x": x, "y": y, "xanchor": "left", "yanchor": "middle"}
    return {"text": text, **place, "align": "left", "showarrow": False, "borderpad": 0, **options}


def quiet(text: str) -> str:
    """Part of a label in the colour of secondary text."""
    return f'<span style="color:{colour("secondary")}">{text}</span>'


def number(amount: Decimal) -> float:
    """Pounds as the float a chart draws; what a chart says is written from the exact amount."""
    return float(amount)


def figure_data(figure: go.Figure, narrow: dict[str, Any] | None = None) -> dict[str, Any]:
    """The figure as plain data for the page; `narrow` holds what a narrow screen needs
    differently, by its path in the layout, or in the whole figure where the path begins with data."""
    data = json.loads(figure.to_json())
    data["layout"].pop("template", None)
    return {**data, "narrow": narrow or {}}


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`, folder by folder."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged

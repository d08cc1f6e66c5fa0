"""The districts of England on the plane of the map, and what they are dissolved into."""

from .dissolve import (
    LONDON,
    PLANE,
    Bounds,
    Outline,
    UnknownAreas,
    attribution,
    districts,
    known_codes,
    london_path,
    made_from,
    outline_of,
    whole_path,
)

__all__ = [
    "LONDON",
    "PLANE",
    "Bounds",
    "Outline",
    "UnknownAreas",
    "attribution",
    "districts",
    "known_codes",
    "london_path",
    "made_from",
    "outline_of",
    "whole_path",
]

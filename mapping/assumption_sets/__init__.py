"""Assumption sets: read from their folders, stored and published once, given to the engine."""

from .loading import Loaded, load_assumption_sets, make_current
from .reading import FOLDER, AssumptionsRefused, Problem
from .stored import canonical, engine_assumptions

__all__ = [
    "FOLDER",
    "AssumptionsRefused",
    "Loaded",
    "Problem",
    "canonical",
    "engine_assumptions",
    "load_assumption_sets",
    "make_current",
]

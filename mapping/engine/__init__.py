"""The savings method as pure functions over arrays: money in as pounds, results out as whole pence.

Nothing here knows of Django or of a database. `compute_map` is the way in.
"""

from .assumptions import Assumptions, Cases, Lever, Rule
from .compute import compute_map
from .results import Cells, LeverYears, MapResult, Pairs, Pools, ScenarioResult
from .spend import BASES, Spend
from .validate import AssumptionProblem, problems_of

SCENARIOS = Cases._fields

__all__ = [
    "BASES",
    "SCENARIOS",
    "AssumptionProblem",
    "Assumptions",
    "Cases",
    "Cells",
    "Lever",
    "LeverYears",
    "MapResult",
    "Pairs",
    "Pools",
    "Rule",
    "ScenarioResult",
    "Spend",
    "compute_map",
    "problems_of",
]

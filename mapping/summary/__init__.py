"""Queries that make a summary: stored cells and roll-ups in, plain data out.

For the API, in the shapes of `shapes`:

`place_summary(version, scenario)`, `programme_summary(programme, year, scenario, kind)`
`savings_cells(version, scenario, lever, agency)`, `all_savings_cells(programme, year, scenario, ...)`: `Rows` of a list
`sharing_pairs(version, scenario, lever)`: the rows themselves, most first

For the pages, in the shapes of `mapping.charts.inputs`:

`place_figures(version, scenario)`, `programme_figures(programme, year, scenario, kind)`,
`pool_figures(version, scenario)`, `reconciliation_figures(version)`, `flows_of(version)`,
`alike(programme, year, place)`, `levers_of_part(version, scenario, levers, body, leaves)`

A `scenario` is low, central or high. Amounts are pounds. The number of queries of a function never grows with rows.
"""

from .cells import CELL_COLUMNS, all_savings_cells, savings_cells, sharing_pairs
from .figures_of_place import levers_of_part, place_figures, pool_figures
from .figures_of_programme import alike, programme_figures
from .figures_of_reconciliation import reconciliation_figures
from .flows import flows_of
from .place import place_summary
from .programme import programme_summary

__all__ = [
    "CELL_COLUMNS",
    "alike",
    "all_savings_cells",
    "flows_of",
    "levers_of_part",
    "place_figures",
    "place_summary",
    "pool_figures",
    "programme_figures",
    "programme_summary",
    "reconciliation_figures",
    "savings_cells",
    "sharing_pairs",
]

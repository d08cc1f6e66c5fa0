"""Opening a saving to what it was made of: inputs, rules, rates, pool, steps, and the spend lines below it.

`Opened(savings_map, scenario)` reads a map with what it was made from; `explain_cells(opened, chosen)` opens cells.
"""

from .cells import explain_cells
from .opened import Opened, open_map

__all__ = ["Opened", "explain_cells", "open_map"]

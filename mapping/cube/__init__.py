"""The cube: sums of spend and savings by any dimensions, from roll-ups and stored cells.

`read_question(asked, scenario)` reads what a request asks, `choose(question, ...)` which versions and maps it is about,
`Cells(question, chosen)` answers it. `dimensions` holds everything that can be asked.
"""

from .answer import Cells
from .chosen import Chosen, Which, choose
from .question import Question, read_question

__all__ = ["Cells", "Chosen", "Question", "Which", "choose", "read_question"]

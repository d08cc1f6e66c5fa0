"""Sense checks of a count while it is entered: what does not look right, in words. Nothing here blocks.

`reading` reads plain rows, one module a check judges them with pure functions, `warnings` gathers what they say.
"""

from .coverage import Matrix, matrix_of
from .warned import Warned
from .warnings import facts_of, warned, warnings_of

__all__ = ["Matrix", "Warned", "facts_of", "matrix_of", "warned", "warnings_of"]

"""What the sense checks say of a version."""

from collections.abc import Callable, Iterable, Sequence

from pilots.models import Version

from . import coverage, inputs, outliers, overcounted, passed_on, signs, totals, units
from .reading import facts_of
from .rows import Facts
from .warned import Warned

Check = Callable[[Facts], Iterable[Warned]]
# A cell that an earlier check asks about is left alone by the later ones of the same kind.
OF_CELLS: Sequence[Check] = (units.check, signs.check, outliers.check)
OF_THE_WHOLE: Sequence[Check] = (
    coverage.check,
    totals.check,
    overcounted.check,
    passed_on.check,
    inputs.check,
)


def warnings_of(version: Version) -> list[Warned]:
    """Everything that does not look right in a version; a constant number of queries."""
    return warned(facts_of(version))


def warned(facts: Facts) -> list[Warned]:
    """The same of facts that were read already: cells first, then what concerns bodies, services and totals."""
    cells: dict[str, Warned] = {}
    for check in OF_CELLS:
        for warning in check(facts):
            cells.setdefault(warning.subject, warning)
    return [*cells.values(), *(warning for check in OF_THE_WHOLE for warning in check(facts))]

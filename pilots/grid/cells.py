"""The cells of a grid: what stands in each and what it may become."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from pilots.models import SpendLine, Version
from totalplace import money

from .slice import Slice

# Ids of a body and a service line.
Key = tuple[int, int]


def shown(amount: Decimal | None) -> str:
    """Pounds as a grid shows them, with pence where there are any: 1,180,308,000, −93.50; blank for none."""
    return "" if amount is None else money.exact_number(amount).removesuffix(".00")


# A branch has over a thousand of both, and tuples are made fastest.
class Line(NamedTuple):
    """What a cell keeps of a spend line under it."""

    id: int
    row_version: int
    amount: Decimal
    # How it was shared out of a wider figure; blank where it was not.
    method: str = ""


class Cell(NamedTuple):
    """What is recorded of one body and one service line within a slice."""

    lines: tuple[Line, ...] = ()

    @property
    def amount(self) -> Decimal | None:
        """Pounds; none where nothing is recorded, which is not the same as 0."""
        if len(self.lines) == 1:
            return self.lines[0].amount
        return sum((line.amount for line in self.lines), Decimal(0)) if self.lines else None

    @property
    def line(self) -> Line | None:
        """The one line that typing changes; none where there is no line yet, or where there are several."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def is_several(self) -> bool:
        return len(self.lines) > 1

    @property
    def is_shared(self) -> bool:
        """Whether any of it was shared out of a wider figure."""
        return any(line.method for line in self.lines)


NOTHING = Cell()


def read_cells(
    version: Version,
    chosen: Slice,
    services: Collection[int] | None = None,
    agencies: Collection[int] | None = None,
) -> dict[Key, Cell]:
    """The cells that hold something, in one query; of some service lines and bodies only, where given."""
    lines = chosen.lines(SpendLine.objects.filter(version=version))
    if services is not None:
        lines = lines.filter(service_line__in=services)
    if agencies is not None:
        lines = lines.filter(agency__in=agencies)
    return _gathered(lines.order_by("id").values_list("agency_id", "service_line_id", *Line._fields))


def _gathered(rows: Iterable[tuple[Any, ...]]) -> dict[Key, Cell]:
    found: dict[Key, Cell] = {}
    for agency, service, *values in rows:
        key, line = (agency, service), Line(*values)
        found[key] = Cell((*found[key].lines, line) if key in found else (line,))
    return found

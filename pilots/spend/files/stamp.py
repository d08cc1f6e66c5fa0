"""Where a filled workbook came from: the hidden sheet that every template carries."""

from collections.abc import Sequence
from dataclasses import dataclass

SHEET, CHOICES, STAMP = "Spend", "Choices", "Version"
WORDS = ("version", "revision")
# What each row below the first begins with: a line that was in the workbook, its id and row version.
LINE = "line"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The version that a workbook was downloaded from, its revision at that moment, and ids of the lines it held."""

    version: int
    revision: int
    lines: frozenset[int] = frozenset()

    def row(self) -> list[object]:
        """The first row of the hidden sheet."""
        return [WORDS[0], self.version, WORDS[1], self.revision]


def stamp_of(rows: Sequence[Sequence[object]]) -> Stamp | None:
    """The stamp that the rows of the hidden sheet hold, as a spreadsheet may have kept them; None for none."""
    first = rows[0] if rows else ()
    if len(first) < 4 or (first[0], first[2]) != WORDS:
        return None
    version, revision = _number(first[1]), _number(first[3])
    if version is None or revision is None:
        return None
    ids = (_number(row[1]) for row in rows[1:] if len(row) > 1 and row[0] == LINE)
    return Stamp(version, revision, frozenset(one for one in ids if one is not None))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value == int(value) >= 0 else None

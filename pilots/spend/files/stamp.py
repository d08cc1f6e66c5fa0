"""Where a filled workbook came from: the hidden sheet that every template carries."""

from collections.abc import Sequence
from dataclasses import dataclass

SHEET, CHOICES, STAMP = "Spend", "Choices", "Version"
WORDS = ("version", "revision")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The version that a workbook was downloaded from, and its revision at that moment."""

    version: int
    revision: int

    def row(self) -> list[object]:
        """The first row of the hidden sheet."""
        return [WORDS[0], self.version, WORDS[1], self.revision]


def stamp_of(row: Sequence[object]) -> Stamp | None:
    """The stamp that a first row holds, as a spreadsheet may have kept it; None where it holds none."""
    if len(row) < 4 or (row[0], row[2]) != WORDS:
        return None
    numbers = [value for value in (row[1], row[3]) if isinstance(value, int | float) and value == int(value) >= 0]
    return Stamp(int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else None

"""What is wrong with a return, and exactly where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing found in a return. One that `refuses` stops the whole file; the others are reported.

    `row` counts from 1 as a spreadsheet does, `column` is its letters; either is empty where it says nothing.
    """

    found: str
    advice: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    refuses: bool = True

    @property
    def where(self) -> str:
        """The place in the file: sheet "RS LA Data 2010-11 (1)", row 8, column F."""
        parts = [
            f'sheet "{self.sheet}"' if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.found} {self.advice}" if self.where else f"{self.found} {self.advice}"


class ReturnRefused(ValueError):
    """A return that cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

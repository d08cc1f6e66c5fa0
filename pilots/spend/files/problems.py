"""What is wrong with a file, and exactly where: sheet, row, column, what was found and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from unicodedata import category

# Characters of a cell that its problem repeats, problems that are kept of one file, and those in its message.
SHOWN, KEPT, TOLD = 60, 10_000, 20


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong. `row` counts from 1 as a spreadsheet does, `column` is its letters, `heading` its words."""

    code: str
    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    heading: str = ""
    found: str = ""

    @property
    def where(self) -> str:
        """The place in the file: sheet "Count", row 8, column F (Amount)."""
        column = f"column {self.column}" if self.column else ""
        parts = [
            f'sheet "{self.sheet}"' if self.sheet else "",
            f"row {self.row}" if self.row else "",
            f"{column} ({self.heading})" if column and self.heading else column,
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message

    def as_data(self) -> dict:
        """Plain data for a report."""
        return asdict(self)


class Problems:
    """Gathers problems: all are counted, the first KEPT are kept, so that a bad file of any size stays small."""

    def __init__(self, some: Iterable[FileProblem] = ()) -> None:
        self.kept: list[FileProblem] = []
        self.number = 0
        for one in some:
            self.add(one)

    def add(self, problem: FileProblem) -> None:
        self.number += 1
        if len(self.kept) < KEPT:
            self.kept.append(problem)

    def sort(self) -> None:
        """Puts those that are kept in the order of the file: of rows, and in a row of columns."""
        self.kept.sort(key=lambda one: (one.row or 0, len(one.column), one.column))

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[FileProblem]:
        return iter(self.kept)


class FileRefused(ValueError):
    """A file that cannot be used; `problems` says what is wrong with it. Nothing was stored."""

    def __init__(self, problems: Problems | Iterable[FileProblem]) -> None:
        self.problems = problems if isinstance(problems, Problems) else Problems(problems)
        said = [str(problem) for problem in self.problems.kept[:TOLD]]
        if len(self.problems) > TOLD:
            said.append(f"... and {len(self.problems) - TOLD:,} more.")
        super().__init__("\n".join(said))


def refused(code: str, message: str, **where) -> FileRefused:
    """A refusal for one reason."""
    return FileRefused([FileProblem(code, message, **where)])


def shown(value: object) -> str:
    """A cell's value as a problem repeats it: short, on one line, nothing invisible."""
    text = "" if value is None else str(value)
    text = "".join(" " if category(character)[0] in "CZ" else character for character in text[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

"""Timing with a comparison: two things are run in turn in one go, since machines are noisy and ratios are not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """One line of the table: what took how long, what it is compared with, and how many times that it is."""

    name: str
    measured: float
    compared_with: str
    comparison: float
    unit: str = "s"
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.measured / self.comparison if self.comparison else float("nan")


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turn(first: Callable[[], object], second: Callable[[], object], times: int) -> tuple[float, float]:
    """The median seconds of each, run one after the other so many times."""
    pairs = [(seconds(first), seconds(second)) for _ in range(times)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def table(results: list[Result]) -> str:
    """The results as text in columns."""
    rows = [("what", "measured", "compared with", "measured", "ratio", "")]
    rows += [
        (
            result.name,
            f"{result.measured:,.4g} {result.unit}",
            result.compared_with,
            f"{result.comparison:,.4g} {result.unit}",
            f"{result.ratio:.2f}",
            result.note,
        )
        for result in results
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)

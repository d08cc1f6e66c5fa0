"""What an upload's page shows of a refused file: what is wrong, and how each thing can be put right on the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pilots.models import Upload, Version
from pilots.outturn.sheet import column_letter
from pilots.spend.files.alike import Alike, alike
from pilots.spend.files.exporting import Bodies
from pilots.spend.files.template import LISTED_AS, choices_of
from totalplace.money import starting

from .upload_shapes import SHOWN

CELL, LEAVE, ADD = "cell-", "leave-", "add-"
# Characters of a correction that are kept.
LONGEST = 10_000
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class ShownProblem:
    """One thing wrong in one row or in many alike, by number, and how it can be put right on the page.

    `cell` names the field for what should stand there, with `value` in it now (its beginning where it is long);
    `leave` names the box that leaves the rows out. Both are empty where there is nothing to put right, or where an
    earlier problem of the page offers it. `field` is what the column holds. `add` names the box that adds the row's
    amount to that of the row `first`.
    """

    number: int
    problem: Mapping[str, Any]
    rows: Sequence[int]
    about: str
    field: str
    cell: str
    value: str
    leave: str
    add: str = ""
    first: int = 0

    @property
    def place(self) -> str:
        """Where on the page it is put right, to lead there."""
        return self.cell or self.leave or f"problem-{self.number}"

    @property
    def where(self) -> str:
        """Its rows and column in words; empty for the whole file."""
        several = f"{len(self.rows):,} rows from row {self.problem['row']}"
        row = f"row {self.problem['row']}" if self.problem["row"] else ""
        column = f"column {self.problem['column']}" if self.problem["column"] else ""
        return starting(", ".join(part for part in (several if len(self.rows) > 1 else row, column) if part))

    @property
    def is_amount(self) -> bool:
        """Whether its cell counts in the unit that the file is read in."""
        return self.field in ("amount", "whole_amount")

    @property
    def listed_as(self) -> str:
        """The list of codes that its column is picked from."""
        return LISTED_AS.get(self.field, self.field)


def problems_of(upload: Upload) -> list[ShownProblem]:
    """The first problems of a refused upload, each with what can be corrected."""
    report = upload.report
    about, duplicates = report.get("rows_with_problems", {}), report.get("duplicates", {})
    fields = {column_letter(index): field for field, index in report.get("mapped", {}).items()}
    shown, offered = [], {""}
    problems = alike(report.get("problems", []), report.get("mapped", {}))
    for number, one in enumerate(problems[:SHOWN], 1):
        problem, row = one.problem, str(one.problem["row"] or "")
        # Headings are put right by choosing columns, not by correcting cells.
        can_be_corrected = row in about
        cell = f"{CELL}{row}-{problem['column']}" if can_be_corrected and problem["column"] else ""
        leave = _leave(one) if can_be_corrected else ""
        cell, leave = (name if name not in offered else "" for name in (cell, leave))
        field = fields.get(problem["column"], "")
        twin = duplicates.get(row) if leave and problem["code"] == "duplicate-key" else None
        adding = (f"{ADD}{row}", twin["first"]) if twin else ("", 0)
        described = (problem, one.rows, about.get(row, ""), field)
        shown.append(ShownProblem(number, *described, cell, problem["found"], leave, *adding))
        offered |= {cell, leave}
    return shown


def _leave(one: Alike) -> str:
    row = one.problem["row"]
    return f"{LEAVE}{row}" if len(one.rows) == 1 else f"{LEAVE}{row}-{one.problem['column']}"


def choices_for(problems: Iterable[ShownProblem], version: Version, bodies: Bodies) -> Choices:
    """The codes and names to pick from, by what the columns to be corrected hold."""
    wanted = {one.listed_as for one in problems if one.cell}
    if not wanted & {"agency", "funder", "service_line", "spend_type", "basis", "method", "is_capital"}:
        return {}
    return {name: choices for name, choices in choices_of(version, bodies).items() if name in wanted}


def corrections_in(posted: Mapping[str, str], upload: Upload) -> dict[str, dict[str, str] | None]:
    """What was put right of the problems shown: cells whose text is another now, rows left out or added to others."""
    corrections: dict[str, dict[str, str] | None] = {}
    problems = problems_of(upload)
    for one in problems:
        text = posted.get(one.cell, one.value)[:LONGEST]
        is_left_out = one.leave and posted.get(one.leave)
        for row in map(str, one.rows if is_left_out or text != one.value else ()):
            cells = corrections.setdefault(row, {})
            if is_left_out:
                corrections[row] = None
            elif cells is not None:
                cells[one.problem["column"]] = text
    _add_rows([one for one in problems if one.add and posted.get(one.add)], upload.report, corrections)
    return corrections


def undo_name(entry: Mapping[str, Any]) -> str:
    """What the button says that undoes one thing that was corrected."""
    return f"{entry['rows'][0]}-{entry['column']}"


def _add_rows(
    chosen: Iterable[ShownProblem], report: Mapping[str, Any], corrections: dict[str, dict[str, str] | None]
) -> None:
    """Adds the amounts of rows to the first ones like them, exactly, and leaves the rows out."""
    sums: dict[str, Decimal] = {}
    for one in chosen:
        row, first = str(one.problem["row"]), str(one.first)
        twin = report["duplicates"][row]
        sums[first] = sums.get(first, Decimal(twin["first_amount"])) + Decimal(twin["amount"])
        corrections[row] = None
        corrections[first] = {column_letter(report["mapped"]["amount"]): format(sums[first], "f")}

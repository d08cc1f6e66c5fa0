"""What a column of the return is, found by its heading alone.

Headings change spelling and spacing from year to year, so they are compared in one normal form and looked up;
nothing is guessed by likeness.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

LINE_RANGE = re.compile(r"\(\s*total of [^)]*\)", re.IGNORECASE)
NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^a-z0-9]")

CODE = "ecode"
NAME = "localauthority"
TOTAL_SERVICE_EXPENDITURE = "totalserviceexpenditure"
NET_CURRENT_EXPENDITURE = "netcurrentexpenditure"
LAST = "levyenvironmentagencyflooddefence"


class Use(StrEnum):
    """What becomes of a column's amounts."""

    LABEL = "label"
    SPEND = "spend"
    TRANSFER = "transfer"
    LEFT_OUT = "left out"
    CHECK = "check"


def normalise(heading: object) -> str:
    """The form in which headings are compared: lower case, letters and digits, without "(total of ...)"."""
    return NEITHER_LETTER_NOR_DIGIT.sub("", LINE_RANGE.sub("", str(heading)).lower())


@dataclass(frozen=True, slots=True)
class Column:
    """A heading the product knows: what to do with it, and in which financial years returns have it."""

    heading: str
    use: Use
    service_line: str = ""
    # The kind of body that the money is passed on to, where the heading says so.
    receiver_type: str = ""
    first_year: str = ""
    last_year: str = ""
    note: str = ""

    @property
    def key(self) -> str:
        return normalise(self.heading)

    def is_expected_in(self, year: str) -> bool:
        """Whether a return of this financial year (2010-11) should have the column."""
        return self.first_year <= year and (not self.last_year or year <= self.last_year)


def read_columns(path: Path) -> dict[str, Column]:
    """The lookup of headings from its file (outturn_columns.csv), by normal form."""
    with path.open(encoding="utf-8", newline="") as file:
        columns = [Column(row.pop("heading"), Use(row.pop("use")), **row) for row in csv.DictReader(file)]
    return {column.key: column for column in columns}

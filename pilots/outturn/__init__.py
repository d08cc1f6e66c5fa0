"""Official revenue outturn returns of English authorities: reading, checking, and sharing out over places.

Plain values in, plain values out: nothing here knows of a database or of Django.
"""

from .apportion import (
    LeftOut,
    Line,
    Member,
    NationalFigure,
    Place,
    Receivers,
    left_out_of_place,
    lines_of_place,
    national_left_out,
    national_lines,
    succession,
)
from .headings import Column, Use, normalise, read_columns
from .keeping import kept_part
from .problems import Problem, ReturnRefused
from .reading import Return, read_return
from .sheet import Sheet, column_letter, read_csv, read_workbook, write_csv

__all__ = [
    "Column",
    "LeftOut",
    "Line",
    "Member",
    "NationalFigure",
    "Place",
    "Problem",
    "Receivers",
    "Return",
    "ReturnRefused",
    "Sheet",
    "Use",
    "column_letter",
    "kept_part",
    "left_out_of_place",
    "lines_of_place",
    "national_left_out",
    "national_lines",
    "normalise",
    "read_columns",
    "read_csv",
    "read_return",
    "read_workbook",
    "succession",
    "write_csv",
]

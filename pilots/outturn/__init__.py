"""Official revenue outturn returns of English authorities: reading, checking, and sharing out over places.

Plain values in, plain values out: nothing here knows of a database or of Django.
"""

from .apportion import Line, Member, NationalFigure, Place, Receivers, lines_of_place, national_lines
from .headings import Column, Use, normalise, read_columns
from .keeping import kept_part
from .problems import Problem, ReturnRefused
from .reading import Return, read_return
from .sheet import Sheet, column_letter, read_csv, read_workbook, write_csv

__all__ = [
    "Column",
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
    "lines_of_place",
    "national_lines",
    "normalise",
    "read_columns",
    "read_csv",
    "read_return",
    "read_workbook",
    "write_csv",
]

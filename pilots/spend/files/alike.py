"""Problems of a file that are alike: what is wrong in the same way in many rows is put right once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pilots.outturn.sheet import column_letter

from .headings import SYNONYMS

# Equal words of these need not mean the same: each amount, source and note is put right by itself.
APART = {"amount", "whole_amount", "share", "source", "note"}
# What ends the words of a cell that a problem repeats in part.
CUT = "…"


@dataclass(frozen=True, slots=True)
class Alike:
    """A problem of a report, and all rows that it is found in, as its first one; none where it is of no row."""

    problem: Mapping[str, Any]
    rows: Sequence[int]


def alike(problems: Iterable[Mapping[str, Any]], mapped: Mapping[str, int]) -> list[Alike]:
    """The problems of a report in order, those with the same words in a column of names or choices as one."""
    columns = {column_letter(index) for field, index in mapped.items() if field in SYNONYMS.keys() - APART}
    found: list[Alike] = []
    rows_of: dict[tuple, list[int]] = {}
    for one in problems:
        rows = [one["row"]] if one["row"] else []
        is_name = rows and one["column"] in columns and one["found"] and not one["found"].endswith(CUT)
        key = (one["column"], one["found"], one["code"], one["message"])
        if is_name and key in rows_of:
            rows_of[key] += rows
            continue
        if is_name:
            rows_of[key] = rows
        found.append(Alike(one, rows))
    return found

"""Cells and rows of a refused file put right on its page, so that nobody has to send it again for a few."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl.utils import column_index_from_string

from totalplace.money import counted, listed, starting

from .problems import shown
from .table import Cell, Row, Table

# By row number, as text since it is kept as JSON: cells by column letter, or nothing for a row that is left out.
Corrections = Mapping[str, Mapping[str, str] | None]
# Rows that a notice names.
NAMED = 20


def corrected(table: Table, corrections: Corrections) -> Table:
    """The same table with the corrections in the place of what was sent; what they settle is no problem any more."""
    if not corrections:
        return table

    def read() -> Iterator[Row]:
        for number, row in table.read():
            if (changed := corrections.get(str(number), {})) is not None:
                yield number, _with(row, changed)

    def left_out() -> Iterator[Row]:
        return (row for row in table.read() if corrections.get(str(row[0]), {}) is None)

    left = [one for one in table.problems if not _settles(corrections, one.row, one.column)]
    return replace(
        table,
        read=read,
        problems=tuple(left),
        notices=(*table.notices, *_notices(corrections)),
        left_out=left_out if None in corrections.values() else None,
    )


def merged(earlier: Corrections, more: Corrections) -> dict[str, Mapping[str, str] | None]:
    """Corrections of one time after those of another: of a cell the later one holds."""
    together = dict(earlier)
    for number, changed in more.items():
        before = together.get(number)
        together[number] = None if changed is None else {**(before or {}), **changed}
    return together


def undone(corrections: Corrections, entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, str] | None]:
    """Corrections without those that these entries of `told` tell of."""
    left = dict(corrections)
    for entry in entries:
        for number in map(str, entry["rows"]):
            cells = dict(left.pop(number, None) or {})
            cells.pop(entry["column"], None)
            if cells:
                left[number] = cells
    return left


def told(table: Table, corrections: Corrections) -> list[dict[str, Any]]:
    """What was put right of a table as it was sent, for a report: the same change of several cells is told once.

    A row that was left out has no column; what it holds is then what it was.
    """
    entries: dict[tuple, dict[str, Any]] = {}
    for number, row in table.read() if corrections else ():
        if str(number) not in corrections:
            continue
        changed = corrections[str(number)]
        if changed is None:
            was = shown(", ".join(str(cell) for cell in row if cell not in (None, "")))
            entries[number, ""] = {"rows": [number], "column": "", "heading": "", "was": was, "now": ""}
            continue
        for column, now in changed.items():
            index = column_index_from_string(column) - 1
            was = shown(row[index]) if index < len(row) else ""
            heading = shown(table.headings[index]) if index < len(table.headings) else ""
            entry = {"rows": [], "column": column, "heading": heading, "was": was, "now": shown(now)}
            entries.setdefault((column, was, now), entry)["rows"].append(number)
    return list(entries.values())


def _with(row: Sequence[Cell], changed: Mapping[str, str]) -> Sequence[Cell]:
    if not changed:
        return row
    cells = list(row)
    for letters, text in changed.items():
        index = column_index_from_string(letters) - 1
        cells += [""] * (index + 1 - len(cells))
        cells[index] = text
    return cells


def _settles(corrections: Corrections, row: int | None, column: str) -> bool:
    changed = corrections.get(str(row), {})
    return changed is None or column in changed


def _notices(corrections: Corrections) -> Iterator[str]:
    """What was put right, so that whoever looks at the difference knows that it is not the file alone."""
    cells = sum(len(changed) for changed in corrections.values() if changed)
    if cells:
        were = "was" if cells == 1 else "were"
        yield starting(f"{counted(cells, 'cell')} of the file {were} corrected on this page.")
    rows = sorted(int(number) for number, changed in corrections.items() if changed is None)
    if rows:
        named = listed([str(row) for row in rows[:NAMED]])
        more = f" and {len(rows) - NAMED:,} more" if len(rows) > NAMED else ""
        yield f"Left out on this page: {'row' if len(rows) == 1 else 'rows'} {named}{more}."

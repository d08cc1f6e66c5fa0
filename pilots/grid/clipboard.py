"""Blocks of cells as spreadsheets put them on the clipboard: plain text, tabs between cells.

The page's script reads blocks by the same rules (static/js/grid/clipboard.js); both are tested with
tests/grid/paste_cases.json.
"""

import csv
import io
import re
from collections.abc import Sequence

ENDS = re.compile(r"\r\n|\r|\n")
QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\r\n]|\Z)')
PLAIN = re.compile(r"[^\t\r\n]*")
# Cells of one block: what is larger is a file.
LARGEST = 50_000


class BlockRefused(ValueError):
    """A text cannot be taken as a block; the message says why and what to do."""


def parse_block(text: str) -> list[list[str]]:
    """The rows of a block, each as long as the longest. A line end behind the last row begins no further one.

    Raises BlockRefused.
    """
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        if match := QUOTED.match(text, at):
            rows[-1].append(match[1].replace('""', '"'))
        else:
            match = PLAIN.match(text, at)
            assert match is not None
            rows[-1].append(match[0])
        at = match.end()
        if text[at : at + 1] == "\t":
            at += 1
            if at < len(text) and not ENDS.match(text, at):
                continue
            rows[-1].append("")
        if end := ENDS.match(text, at):
            rows.append([])
            at = end.end()
    if len(rows) > 1 and not rows[-1]:
        rows.pop()
    return _filled_up(rows)


def parse_pasted(text: str) -> list[list[str]]:
    """A block of a paste box: tabs between cells, or commas or semicolons where there is no tab at all.

    Raises BlockRefused.
    """
    if "\t" in text:
        return parse_block(text)
    delimiter = ";" if text.count(";") > text.count(",") else ","
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        raise BlockRefused(
            "One cell of this block is too long. Is there a quotation mark without its second?"
        ) from None
    return _filled_up(rows)


def _filled_up(rows: list[list[str]]) -> list[list[str]]:
    """Rows as long as the longest. How many cells that makes is looked at first: one wide row widens every other."""
    width = max((len(row) for row in rows), default=0)
    if (cells := len(rows) * width) > LARGEST:
        raise BlockRefused(
            f"This block has {cells:,} cells, and {LARGEST:,} can be pasted at once. Upload a file instead."
        )
    return [row + [""] * (width - len(row)) for row in rows]


def format_block(rows: Sequence[Sequence[str]]) -> str:
    """A block as text that `parse_block` reads as it was."""
    return "\r\n".join("\t".join(_field(text) for text in row) for row in rows)


def _field(text: str) -> str:
    if not any(character in text for character in '\t\r\n"'):
        return text
    return '"' + text.replace('"', '""') + '"'

"""The one place that keeps a spreadsheet from running what people typed."""

import re

NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(text: str) -> str:
    """Text for a cell of an export: what would be taken for a formula gets an apostrophe in front; numbers stay."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def as_typed(text: str) -> str:
    """The text behind `defused`, so that an export read back is what was recorded."""
    rest = text[1:]
    return rest if text.startswith("'") and defused(rest) != rest else text

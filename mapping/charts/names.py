"""Short names for headings, bars and sentences, where the register's full name would not fit.

The short names of the shipped service tree and levers stand in `short_names.csv`; another programme's own
names are used as they are. Codes are unique over services and levers.
"""

import csv
from functools import cache
from pathlib import Path

from mapping.charts.inputs import Body

COUNTY = "county council"
LARGE_COUNCILS = (COUNTY, "unitary authority", "metropolitan district", "London borough")
"""Councils that run schools and social care: a county, unitary, metropolitan or London borough council."""


@cache
def _short_names() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("short_names.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def heading(code: str, name: str) -> str:
    """A service or lever as a column heading or on a bar: "Public order"."""
    row = _short_names().get(code)
    return row["heading"] if row else name


def in_sentence(code: str, name: str) -> str:
    """A service or lever inside a sentence: "benefits", "shared back offices"."""
    row = _short_names().get(code)
    return row["sentence"] if row else name[:1].lower() + name[1:]


def body_name(body: Body) -> str:
    """A body's name; a county council's is told from its county's."""
    if body.kind == COUNTY and "council" not in body.name.lower():
        return f"{body.name} County Council"
    return body.name


def body_in_sentence(body: Body) -> str:
    """A body inside a sentence: "the NHS", "Kent County Council"."""
    return "the NHS" if body.kind == "NHS commissioner" else body_name(body)


def plural(kind: str) -> str:
    """Several of a kind: district councils, fire and rescue authorities."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"

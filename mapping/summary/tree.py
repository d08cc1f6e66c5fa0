"""The service tree with what is reported on it."""

from collections.abc import Sequence
from typing import NamedTuple

from mapping.charts.inputs import Service
from mapping.charts.names import in_sentence

from .counted import COUNTED, ask, parameters
from .mapped import Mapped

UNDIVIDED = "-undivided"
SERVICES = f"""
    WITH {COUNTED}
    SELECT l.code, l.name, p.code, l.cofog, p.parent_id IS NULL,
        EXISTS (SELECT FROM pilots_serviceline child WHERE child.parent_id = l.id), c.service_line_id IS NOT NULL
    FROM pilots_serviceline l
        JOIN pilots_serviceline p ON p.id = l.parent_id
        LEFT JOIN (SELECT DISTINCT service_line_id FROM counted) c ON c.service_line_id = l.id
    WHERE l.programme_id = %(programme)s
    ORDER BY l.position, l.code
"""  # noqa: S608 - our own column names


class Branch(NamedTuple):
    """A service below the root, and whether anybody reports anything on it."""

    code: str
    name: str
    parent: str
    cofog: str
    is_below_root: bool
    has_children: bool
    is_reported: bool


def branches_of(programme_id: int, versions: Sequence[Mapped]) -> list[Branch]:
    """The service tree of a programme below its root, in its order, as some versions report on it."""
    return ask(Branch, SERVICES, parameters(versions, programme=programme_id))


def services(branches: Sequence[Branch]) -> tuple[Service, ...]:
    """The tree as pages read it."""
    return tuple(
        Service(branch.code, branch.name, None if branch.is_below_root else branch.parent) for branch in branches
    )


def not_reported(branches: Sequence[Branch]) -> tuple[str, ...]:
    """The leaves on which nobody reports, as a sentence names them.

    A leaf "x-undivided" holds what a return does not divide over the leaves beside it, so that one of the two is
    enough; so it is with leaves of one branch and one COFOG code, which a return may report as one; and what a
    sentence calls by the name of a reported leaf is not missed.
    """
    leaves = [branch for branch in branches if not branch.has_children]
    reported = [leaf for leaf in leaves if leaf.is_reported]
    divided = {leaf.parent for leaf in reported}
    undivided = {leaf.parent for leaf in reported if leaf.code == f"{leaf.parent}{UNDIVIDED}"}
    together = {(leaf.parent, leaf.cofog) for leaf in reported if leaf.cofog}
    said = {in_sentence(leaf.code, leaf.name) for leaf in reported}
    missed = [
        in_sentence(leaf.code, leaf.name)
        for leaf in leaves
        if not leaf.is_reported
        and leaf.parent not in undivided
        and (leaf.parent, leaf.cofog) not in together
        and not (leaf.code == f"{leaf.parent}{UNDIVIDED}" and leaf.parent in divided)
    ]
    return tuple(words for words in dict.fromkeys(missed) if words not in said)

"""What keeps typed cells from being saved, as a list above the grid."""

from collections.abc import Iterator
from dataclasses import dataclass

from .edits import State
from .reading import GridReader


@dataclass(frozen=True)
class Problem:
    """One bad cell: where it is, in words and as an element of the page, what is wrong and what to do."""

    cell_id: str
    where: str
    state: str
    message: str


def problems_of(reader: GridReader) -> list[Problem]:
    """The refused and the conflicting cells of a form that was sent."""
    return list(_problems(reader))


def _problems(reader: GridReader) -> Iterator[Problem]:
    bodies = {body.pk: body.name for body in reader.bodies}
    services = {leaf.id: leaf.name for branch in reader.tree.branches for leaf in reader.tree.leaves(branch)}
    for (agency, service), outcome in reader.unsaved.items():
        if outcome.is_good:
            continue
        message = outcome.message
        if outcome.state is State.CONFLICT:
            message += f" You typed {outcome.shown or 'nothing'}. Save again to keep yours, or type theirs."
        where = f"{bodies.get(agency, 'A body')}, {services.get(service, 'a service line')}"
        yield Problem(f"{agency}-{service}", where, outcome.state.value, message)

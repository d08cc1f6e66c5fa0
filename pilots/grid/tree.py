"""The service tree as a grid walks it: branches just below the root, and the leaves under each."""

from dataclasses import dataclass
from functools import cached_property

from pilots.models import ServiceLine


@dataclass(frozen=True)
class Service:
    """A service line in its tree; `depth` counts from 1 just below the root."""

    id: int
    code: str
    name: str
    depth: int
    is_leaf: bool


class Tree:
    """A programme's service tree, read once, in the order in which it is shown."""

    def __init__(self, programme_id: int) -> None:
        self._children: dict[int | None, list[tuple[int, str, str]]] = {}
        lines = ServiceLine.objects.filter(programme=programme_id).order_by("position", "code")
        for pk, code, parent, name in lines.values_list("id", "code", "parent_id", "name"):
            self._children.setdefault(parent, []).append((pk, code, name))

    @cached_property
    def branches(self) -> list[Service]:
        """What stands just below the root."""
        return [self._service(child, 1) for root in self._children.get(None, []) for child in self._below(root[0])]

    def under(self, service: Service) -> list[Service]:
        """A service's descendants in order, each branch before what is below it; a leaf alone is its own."""
        if service.is_leaf:
            return [service]
        found = []
        for child in self._below(service.id):
            below = self._service(child, service.depth + 1)
            found.append(below)
            if not below.is_leaf:
                found += self.under(below)
        return found

    def leaves(self, service: Service) -> list[Service]:
        """The leaves of a branch."""
        return [below for below in self.under(service) if below.is_leaf]

    @cached_property
    def leaf_count(self) -> int:
        return sum(len(self.leaves(branch)) for branch in self.branches)

    def branch_of(self, code: str) -> Service | None:
        """The branch just below the root that a code names or that holds the line it names."""
        for branch in self.branches:
            if code == branch.code or any(code == below.code for below in self.under(branch)):
                return branch
        return None

    def _below(self, pk: int) -> list[tuple[int, str, str]]:
        return self._children.get(pk, [])

    def _service(self, row: tuple[int, str, str], depth: int) -> Service:
        return Service(*row, depth, row[0] not in self._children)

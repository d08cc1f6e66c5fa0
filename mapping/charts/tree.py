"""The service tree as pages read it: which branch holds a leaf, and which branches have their own colour."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from mapping.charts.inputs import NOTHING, Service

CATEGORY_ORDER = ("social-protection", "health", "education", "public-order", "environment")
"""Branches of the shipped tree that keep one colour on every page."""
MOST_COLOURS = 4
REST = "category-rest"


class Tree:
    """A service tree below its root, from the services in their order."""

    def __init__(self, services: Sequence[Service]) -> None:
        self.services = {service.code: service for service in services}

    @cached_property
    def branches(self) -> list[Service]:
        """The branches just below the root."""
        return [service for service in self.services.values() if service.parent not in self.services]

    @cached_property
    def parents(self) -> set[str]:
        """Codes of everything that has something below it."""
        return {service.parent for service in self.services.values() if service.parent}

    def path(self, code: str) -> list[str]:
        """From the branch just below the root down to the service itself."""
        path = [code]
        while (parent := self.services[path[0]].parent) in self.services:
            path.insert(0, str(parent))
        return path

    def branch(self, code: str) -> str:
        """The branch just below the root that holds a service."""
        return self.path(code)[0]

    def leaves(self, branch: str) -> list[Service]:
        """The leaves below a branch, or the branch itself if nothing is below it."""
        return [
            service
            for service in self.services.values()
            if service.code not in self.parents and branch in self.path(service.code)
        ]

    def family(self, code: str) -> str:
        """What a sentence calls a service by: its branch, or one step down where the branch has branches.

        Benefits and social care are told apart; the services of education are not.
        """
        path = self.path(code)
        steps = [child for child in self.parents if self.services[child].parent == path[0]]
        return path[1] if steps and len(path) > 1 else path[0]

    def coloured(self, amounts: Iterable[tuple[str, Decimal]]) -> list[str]:
        """The branches with a colour of their own, at most four, given (leaf, amount) of what is shown.

        The largest of the known ones; in a tree of other codes the four largest of all.
        """
        sizes = dict.fromkeys((branch.code for branch in self.branches), NOTHING)
        for leaf, amount in amounts:
            sizes[self.branch(leaf)] += amount
        known = [code for code in CATEGORY_ORDER if sizes.get(code, NOTHING) > 0]
        chosen = known or [code for code, size in sizes.items() if size > 0]
        largest = sorted(chosen, key=lambda code: -sizes[code])[:MOST_COLOURS]
        return [code for code in chosen if code in largest]


def category_token(branch: str, coloured: Sequence[str]) -> str:
    """The token of a branch's colour among the `coloured` ones; the rest share one."""
    if branch not in coloured:
        return REST
    known = branch in CATEGORY_ORDER
    return f"category-{(CATEGORY_ORDER.index(branch) if known else list(coloured).index(branch)) + 1}"

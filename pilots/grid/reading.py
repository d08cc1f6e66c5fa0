"""Reading a branch of a count as a grid: rows, columns, cells and totals, ready to be shown."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.utils.timezone import localtime

from pilots.models import Agency, History, Membership, SpendLine, Version
from pilots.permissions import Action, Anyone, Reach, reach, visible_agencies
from pilots.review.conversation import commented_cells
from pilots.spend.write import why_locked

from .cells import NOTHING, Cell, Key, read_cells, shown
from .edits import Outcome, who_did
from .expected import Expected
from .shown import Across, Grid, Heading, Mark, Row, Section, ShownCell
from .slice import Slice
from .totals import Sums, difference_in_words, in_words, sums_of
from .tree import Service, Tree

# A tree of so few leaves is opened whole.
SMALL_TREE = 60


class Lines(StrEnum):
    """Which service lines are shown: all, those that hold something, or besides those that last year had."""

    ALL = "all"
    RECORDED = "recorded"
    EXPECTED = "expected"


@dataclass
class GridReader:
    """Reads one version's grid for one person. `branch` is the open one; None opens a small tree whole."""

    version: Version
    person: Anyone
    chosen: Slice
    tree: Tree
    branch: Service | None
    across: Across = Across.BODIES
    # Which lines were asked for; blank for what suits the count.
    asked_lines: str = ""
    # The code of the one body that is shown; blank for all.
    only: str = ""
    # Typed and not saved: what became of it, by cell.
    unsaved: Mapping[Key, Outcome] = field(default_factory=dict)

    @cached_property
    def all_bodies(self) -> list[Agency]:
        """Those whose spending the person may read: wider bodies first, then areas, then national figures."""
        return bodies_of(self.version, self.person, self.expected.bodies)

    @cached_property
    def bodies(self) -> list[Agency]:
        """Those that are shown: all of them, or the one that was asked for."""
        return [body for body in self.all_bodies if body.code == self.only] or self.all_bodies

    @cached_property
    def expected(self) -> Expected:
        return Expected(self.version, self.chosen)

    @property
    def lines(self) -> Lines:
        """Which lines are shown; of a year that was started, those of the last one."""
        if self.asked_lines in set(Lines) and (self.asked_lines != Lines.EXPECTED or self.expected.lines):
            return Lines(self.asked_lines)
        return Lines.EXPECTED if self.expected.lines else Lines.ALL

    @cached_property
    def editable(self) -> Reach:
        return reach(self.person, Action.EDIT_SPEND)

    @cached_property
    def open_branches(self) -> list[Service]:
        return [self.branch] if self.branch else self.tree.branches

    @cached_property
    def leaves(self) -> list[Service]:
        """The service lines of the open branches that are shown."""
        leaves = [leaf for branch in self.open_branches for leaf in self.tree.leaves(branch)]
        if self.lines is Lines.ALL:
            return leaves
        kept = {service for _, service in self.cells} | self._awaited
        return [leaf for leaf in leaves if leaf.id in kept]

    @cached_property
    def _awaited(self) -> set[int]:
        """The service lines that are shown because last year had them."""
        return self.expected.services if self.lines is Lines.EXPECTED else set()

    @cached_property
    def cells(self) -> dict[Key, Cell]:
        services = None
        if self.branch:
            services = [leaf.id for leaf in self.tree.leaves(self.branch)]
        return read_cells(self.version, self.chosen, services, [body.pk for body in self.bodies])

    @cached_property
    def sums(self) -> Sums:
        return sums_of(self.version, self.chosen, [body.pk for body in self.bodies], self.cells)

    @cached_property
    def said(self) -> dict[str, str]:
        return in_words(self.sums)

    def totals(self) -> dict[str, str]:
        """Every total of the page by name, what became of the whole in words, and the state of the version."""
        status = Version.Status(self.version.status).label
        return {**self.said, "difference": self.difference(), "status": str(status)}

    def difference(self) -> str:
        bodies = [body.pk for body in self.bodies]
        return difference_in_words(self.version, self.chosen, bodies, self.sums.get("all", Decimal(0)))

    def grid(self) -> Grid:
        """The whole table."""
        by_body = self.across is Across.BODIES
        columns = (
            [_body(body, "c") for body in self.bodies] if by_body else [_service(leaf, "c") for leaf in self.leaves]
        )
        sections = list(self._branches()) if by_body else [Section(None, True, rows=list(self._body_rows()))]
        whole = f"b{self.branch.id}" if self.branch and not by_body else "all"
        names = [f"a{body.pk}" for body in self.bodies] if by_body else [f"s{leaf.id}" for leaf in self.leaves]
        return Grid(
            columns,
            sections,
            self._named(names),
            whole,
            self.said.get(whole, ""),
            self.across,
            self.difference(),
            len(self.bodies),
            self.tree.leaf_count,
            [mark for mark in Mark if mark in self._seen],
        )

    def _named(self, names: Sequence[str]) -> list[tuple[str, str]]:
        return [(name, self.said.get(name, "")) for name in names]

    def _branches(self) -> Iterator[Section]:
        """Every branch with its totals, and the open ones with their rows."""
        for branch in self.tree.branches:
            is_open = branch in self.open_branches
            rows = list(self._service_rows(branch)) if is_open else []
            if self.lines is not Lines.ALL and not rows and not self._has_something(branch):
                continue
            name = f"b{branch.id}"
            totals = self._named([f"{name}-{body.pk}" for body in self.bodies])
            yield Section(_service(branch, "b"), is_open, totals, name, self.said.get(name, ""), rows)

    def _has_something(self, branch: Service) -> bool:
        awaited = self._awaited
        return f"b{branch.id}" in self.sums or any(leaf.id in awaited for leaf in self.tree.leaves(branch))

    def _service_rows(self, branch: Service) -> Iterator[Row]:
        shown_leaves = {leaf.id for leaf in self.leaves}
        for service in self.tree.under(branch):
            heading = _service(service, "r")
            if not service.is_leaf:
                if any(leaf.id in shown_leaves for leaf in self.tree.leaves(service)):
                    yield Row(heading, service.depth)
            elif service.id in shown_leaves:
                cells = self._shown_cells((body.pk, service.id) for body in self.bodies)
                name = f"s{service.id}"
                yield Row(heading, service.depth, cells, name, self.said.get(name, ""))

    def _body_rows(self) -> Iterator[Row]:
        for body in self.bodies:
            cells = self._shown_cells((body.pk, leaf.id) for leaf in self.leaves)
            name = f"b{self.branch.id}-{body.pk}" if self.branch else f"a{body.pk}"
            yield Row(_body(body, "r"), 1, cells, name, self.said.get(name, ""))

    def _shown_cells(self, keys: Iterable[Key]) -> list[ShownCell]:
        """The cells of a row. There are over a thousand in a branch, so what all have in common is looked up once."""
        cells, unsaved, commented, expected = self.cells, self.unsaved, self._commented, self.expected.lines
        found = []
        for key in keys:
            cell = cells.get(key, NOTHING)
            typed = unsaved.get(key)
            marks: tuple[Mark, ...] = ()
            if key in commented or key in expected or cell.is_shared:
                marks = self._marks(key, cell)
            found.append(
                ShownCell(
                    *key,
                    typed.shown if typed else shown(cell.amount),
                    cell.line,
                    self._why_not(key[0], cell),
                    marks,
                    typed.state.value if typed else "",
                )
            )
        return found

    def _marks(self, key: Key, cell: Cell) -> tuple[Mark, ...]:
        marks: tuple[Mark, ...] = (Mark.COMMENT,) if key in self._commented else ()
        if not cell.lines and key in self.expected.lines:
            marks += (Mark.EXPECTED,)
        elif cell.is_shared:
            marks += (Mark.SHARED,)
        self._seen.update(marks)
        return marks

    @cached_property
    def _seen(self) -> set[Mark]:
        """The marks of the cells that were made."""
        return set()

    @cached_property
    def _commented(self) -> set[Key]:
        return commented_cells(self.version.count)

    def _why_not(self, body: int, cell: Cell) -> str:
        if self._is_locked:
            return "locked"
        if body not in self._own:
            return "body"
        return "several" if cell.is_several else ""

    @cached_property
    def _is_locked(self) -> bool:
        return self.version.is_locked

    @cached_property
    def _own(self) -> set[int]:
        """The bodies whose spending the person may change."""
        place = self.version.count.place
        return {body.pk for body in self.bodies if self.editable.covers(place, body)}

    @property
    def may_edit(self) -> bool:
        return bool(self._own) and not self.version.is_locked

    @property
    def why_not(self) -> str:
        """Why nothing at all can be typed; empty where something can."""
        if self.version.is_locked:
            return locked_in_words(self.version)
        if not self._own:
            return "You can read this count. Its place lead and the bodies' contributors change it."
        return ""


def locked_in_words(version: Version) -> str:
    """Why nobody may change a version now, and who saw to that when."""
    rows = History.objects.filter(table_name="pilots_version", row_id=version.pk, after__status=version.status)
    row = rows.exclude(before__status=version.status).order_by("-id").first()
    if row is None:
        return why_locked(version)
    return f"{why_locked(version)} {who_did(row)}, {localtime(row.at):%-d %B %Y, %H:%M}."


def bodies_of(version: Version, person: Anyone, expected: Collection[int] = ()) -> list[Agency]:
    """The columns that a person may read: members of the place, and bodies that left it and have lines or are
    expected to."""
    place = version.count.place
    members = Membership.objects.filter(place=place).values("agency")
    recorded = SpendLine.objects.filter(version=version).values("agency")
    found = Agency.objects.filter(Q(pk__in=members) | Q(pk__in=recorded) | Q(pk__in=expected))
    found = visible_agencies(person, Action.READ_WORKING, place, found)
    return sorted(found, key=lambda body: (bool(body.apportioned_by), body.is_lowest_tier, body.name))


def _service(service: Service, letter: str) -> Heading:
    return Heading(service.id, service.code, service.name, f"{letter}{service.id}")


def _body(body: Agency, letter: str) -> Heading:
    return Heading(body.pk, body.code, body.name, f"{letter}{body.pk}")


def branch_to_open(tree: Tree, asked: str) -> Service | None:
    """The branch that an address names; without one the whole of a small tree, else its first branch."""
    named = tree.branch_of(asked) if asked else None
    if named or tree.leaf_count <= SMALL_TREE:
        return named
    return tree.branches[0]

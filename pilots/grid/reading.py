"""Reading a branch of a count as a grid: rows, columns, cells and totals, ready to be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.db.models import Q
from django.utils.timezone import localtime

from pilots.models import Agency, History, Membership, SpendLine, Version
from pilots.permissions import Action, Anyone, Reach, reach, visible_agencies
from pilots.spend.write import why_locked

from .cells import NOTHING, Cell, Key, read_cells, shown
from .edits import Outcome, who_did
from .slice import Slice
from .totals import Sums, difference_in_words, in_words, sums_of
from .tree import Service, Tree

# A tree of so few leaves is opened whole.
SMALL_TREE = 60


class Across(StrEnum):
    """What the columns of a grid are."""

    BODIES = "bodies"
    SERVICES = "services"


@dataclass(frozen=True)
class Heading:
    """What a row or a column is about: a body, a service line or a branch. `name_id` is the element that names it."""

    id: int
    code: str
    name: str
    name_id: str


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page writes it. `why` names what keeps it from being typed over: "" (nothing), "locked", "body",
    "several"."""

    id: str
    labels: str
    shown: str
    # Text, which templates write as it is: they would dress numbers for a reader.
    line: str
    row_version: str
    why: str
    state: str = ""


@dataclass(frozen=True)
class Row:
    """A row of cells with its total, or only a heading within a branch."""

    heading: Heading
    depth: int
    cells: Sequence[ShownCell] = ()
    total_name: str = ""
    total: str = ""


@dataclass(frozen=True)
class Section:
    """A branch: its totals by column, and its rows where it is open."""

    heading: Heading | None
    is_open: bool
    totals: Sequence[tuple[str, str]] = ()
    total_name: str = ""
    total: str = ""
    rows: Sequence[Row] = ()


@dataclass(frozen=True)
class Grid:
    """One branch of a count, or all of a small one, as a table."""

    columns: Sequence[Heading]
    sections: Sequence[Section]
    # The bottom edge: (name, text) by column, and of all.
    totals: Sequence[tuple[str, str]]
    total_name: str
    total: str
    across: Across
    difference: str = ""
    bodies: int = 0
    leaves: int = 0


@dataclass
class GridReader:
    """Reads one version's grid for one person. `branch` is the open one; None opens a small tree whole."""

    version: Version
    person: Anyone
    chosen: Slice
    tree: Tree
    branch: Service | None
    across: Across = Across.BODIES
    only_recorded: bool = False
    # Typed and not saved: what became of it, by cell.
    unsaved: Mapping[Key, Outcome] = field(default_factory=dict)

    @cached_property
    def bodies(self) -> list[Agency]:
        """Those whose spending the person may read: wider bodies first, then areas, then national figures."""
        return bodies_of(self.version, self.person)

    @cached_property
    def editable(self) -> Reach:
        return reach(self.person, Action.EDIT_SPEND)

    @cached_property
    def open_branches(self) -> list[Service]:
        return [self.branch] if self.branch else self.tree.branches

    @cached_property
    def leaves(self) -> list[Service]:
        """The service lines of the open branches; with `only_recorded` those that hold something."""
        leaves = [leaf for branch in self.open_branches for leaf in self.tree.leaves(branch)]
        if not self.only_recorded:
            return leaves
        recorded = {service for _, service in self.cells}
        return [leaf for leaf in leaves if leaf.id in recorded]

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
        )

    def _columns(self, by_body: bool) -> Iterator[Heading]:
        if by_body:
            yield from (_body(body, "c") for body in self.bodies)
        else:
            yield from (_service(leaf, "c") for leaf in self.leaves)

    def _named(self, names: Sequence[str]) -> list[tuple[str, str]]:
        return [(name, self.said.get(name, "")) for name in names]

    def _branches(self) -> Iterator[Section]:
        """Every branch with its totals, and the open ones with their rows."""
        for branch in self.tree.branches:
            is_open = branch in self.open_branches
            rows = list(self._service_rows(branch)) if is_open else []
            if self.only_recorded and not rows and f"b{branch.id}" not in self.sums:
                continue
            name = f"b{branch.id}"
            totals = self._named([f"{name}-{body.pk}" for body in self.bodies])
            yield Section(_service(branch, "b"), is_open, totals, name, self.said.get(name, ""), rows)

    def _service_rows(self, branch: Service) -> Iterator[Row]:
        shown_leaves = {leaf.id for leaf in self.leaves}
        for service in self.tree.under(branch):
            heading = _service(service, "r")
            if not service.is_leaf:
                if any(leaf.id in shown_leaves for leaf in self.tree.leaves(service)):
                    yield Row(heading, service.depth)
            elif service.id in shown_leaves:
                cells = [self._cell(body, service.id, f"r{service.id} c{body.pk}") for body in self.bodies]
                name = f"s{service.id}"
                yield Row(heading, service.depth, cells, name, self.said.get(name, ""))

    def _body_rows(self) -> Iterator[Row]:
        for body in self.bodies:
            cells = [self._cell(body, leaf.id, f"r{body.pk} c{leaf.id}") for leaf in self.leaves]
            name = f"b{self.branch.id}-{body.pk}" if self.branch else f"a{body.pk}"
            yield Row(_body(body, "r"), 1, cells, name, self.said.get(name, ""))

    def _cell(self, body: Agency, service: int, labels: str) -> ShownCell:
        cell = self.cells.get((body.pk, service), NOTHING)
        line = cell.line
        why = self._why_not(body, cell)
        unsaved = self.unsaved.get((body.pk, service))
        return ShownCell(
            f"{body.pk}-{service}",
            labels,
            unsaved.shown if unsaved else shown(cell.amount),
            str(line.id) if line else "",
            str(line.row_version) if line else "",
            why,
            unsaved.state.value if unsaved else "",
        )

    def _why_not(self, body: Agency, cell: Cell) -> str:
        if self.version.is_locked:
            return "locked"
        if body.pk not in self._own:
            return "body"
        return "several" if cell.is_several else ""

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


def bodies_of(version: Version, person: Anyone) -> list[Agency]:
    """The columns: members of the place, and bodies that left it and still have lines, that a person may read."""
    place = version.count.place
    members = Membership.objects.filter(place=place).values("agency")
    recorded = SpendLine.objects.filter(version=version).values("agency")
    found = Agency.objects.filter(Q(pk__in=members) | Q(pk__in=recorded))
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

"""Exactly where: bodies down, services across, as a table whose cells are filled by fixed classes.

It reads aloud, prints and shows amounts below zero. One branch of the service tree can be open at a time, beside
all others in one column, and the cells can say the spend or the saving from joining up in £ million, or the spend
to the penny.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from mapping.charts.blocks import Column, Table, pounds, words
from mapping.charts.inputs import NOTHING, SHARED_OUT, Body, PlaceFigures, total
from mapping.charts.names import body_name, heading
from mapping.charts.part import Part
from mapping.charts.quality import Flagged, flagged_services
from mapping.charts.spend_by_body import GROUP_FROM
from mapping.charts.tree import Tree
from totalplace import money

SPEND, SAVING, EXACT = "spend", "saving", "exact"
OTHERS = "others"
"""The column of all branches but the open one."""
SHOWS = {SPEND: "Spend", SAVING: "Saving", EXACT: "£ exact"}

SPEND_CLASSES = (5, 25, 100, 500, 1500)
SAVING_CLASSES = (Decimal("0.1"), Decimal("0.5"), 2, 10)
"""Where a class ends and the next begins, in £ million."""


@dataclass(frozen=True)
class HeatColumn:
    """A service across the top; `opens` is what pressing it opens, none where one leaf has it all."""

    code: str
    heading: str
    opens: str | None = None
    is_in_open_branch: bool = False


@dataclass(frozen=True)
class HeatCell:
    """What a cell says and the class that fills it; both blank where nothing is recorded."""

    text: str = ""
    fill: str = ""
    part: Part | None = None
    """The part of the place that pressing it chooses."""


@dataclass(frozen=True)
class HeatRow:
    name: str
    cells: tuple[HeatCell, ...]
    total: str
    is_shared_out: bool
    """Whether all of the body's spend was shared out by population."""
    part: Part | None = None
    """The body; None in the last row."""


@dataclass(frozen=True)
class HeatMap:
    show: str
    unit: str
    columns: tuple[HeatColumn, ...]
    groups: tuple[tuple[HeatRow, ...], ...]
    """Single bodies, then each kind of which there are several."""
    total: HeatRow
    key: tuple[tuple[str, str], ...]
    open_branch: str | None
    open_heading: str
    flagged: tuple[Flagged, ...] = ()
    """The services whose saving is shown and of which quality fell."""

    @property
    def columns_before_open(self) -> int:
        return next((n for n, column in enumerate(self.columns) if column.is_in_open_branch), 0)

    @property
    def open_columns(self) -> int:
        return sum(column.is_in_open_branch for column in self.columns)

    @property
    def columns_after_open(self) -> int:
        return len(self.columns) - self.columns_before_open - self.open_columns


def said_millions(amount: Decimal) -> Decimal:
    """An amount in £ million as a cell says it, to one decimal, so that its fill and its words agree."""
    return money.rounded(amount / 1_000_000, 1)


def class_of(millions: Decimal, limits: Sequence[Decimal | int]) -> int:
    """The class of an amount in £ million, from 1."""
    return 1 + sum(millions >= limit for limit in limits)


def class_words(limits: Sequence[Decimal | int]) -> list[str]:
    """Each class in words: under 5, 5 to 24, ..., 1,500 or more."""
    step = Decimal("0.1") if any(limit != int(limit) for limit in limits) else 1
    between = [f"{low:,} to {high - step:,}" for low, high in pairwise(limits)]
    return [f"under {limits[0]:,}", *between, f"{limits[-1]:,} or more"]


def heat_map(figures: PlaceFigures, show: str = SPEND, open_branch: str | None = None) -> HeatMap:
    """The table for a place. An unknown `show` or branch is taken as the default."""
    show = show if show in SHOWS else SPEND
    amounts = _amounts(figures, show)
    tree = Tree(figures.services)
    columns = _columns(tree, amounts, open_branch)
    is_open = any(column.is_in_open_branch for column in columns)
    shared = _shared_out_bodies(figures)
    sums = _by_column(tree, columns, amounts)
    cell = _cell_writer(show)

    def row(name: str, codes: Sequence[str], is_shared_out: bool, fill: bool) -> HeatRow:
        cells = []
        for column in columns:
            found = [sums[code, column.code] for code in codes if (code, column.code) in sums]
            written = cell(total(found)) if found else HeatCell()
            branch = None if column.code == OTHERS else tree.branch(column.code)
            part = Part(codes[0] if fill else None, branch)
            cells.append(HeatCell(written.text, written.fill if fill else "", part if found else None))
        whole = total(amount for (body, _), amount in amounts.items() if body in codes)
        return HeatRow(name, tuple(cells), cell(whole).text, is_shared_out, Part(codes[0]) if fill else None)

    present = {body for body, _ in amounts}
    groups = [
        tuple(row(body_name(body), [body.code], body.code in shared, True) for body in group)
        for group in _groups([body for body in figures.bodies if body.code in present], amounts)
    ]
    return HeatMap(
        show=show,
        unit="£" if show == EXACT else "£ million",
        columns=tuple(columns),
        groups=tuple(groups),
        total=row(f"All {len(present)} bodies" if len(present) != 1 else "In all", sorted(present), False, False),
        key=_key(show),
        open_branch=open_branch if is_open else None,
        open_heading=heading(open_branch, tree.services[open_branch].name) if is_open and open_branch else "",
        flagged=_flagged(figures, tree, columns) if show == SAVING else (),
    )


def _flagged(figures: PlaceFigures, tree: Tree, columns: Sequence[HeatColumn]) -> tuple[Flagged, ...]:
    return flagged_services(figures.flags, tree, [(column.code, column.heading) for column in columns])


def table_of(figures: PlaceFigures, show: str) -> Table:
    """Every cell of the heat map by body and leaf, to the penny."""
    what = "Saving by joining up" if show == SAVING else "Spend"
    bodies = {body.code: body_name(body) for body in figures.bodies}
    services = {service.code: service.name for service in figures.services}
    amounts = _amounts(figures, show)
    return Table(
        caption=f"{what} by body and service, {figures.provenance.year}, £",
        columns=(Column("Body", is_number=False), Column("Service", is_number=False), Column(what)),
        rows=tuple(
            (words(bodies[body]), words(services[leaf]), pounds(amount)) for (body, leaf), amount in amounts.items()
        ),
    )


Amounts = dict[tuple[str, str], Decimal]


def _amounts(figures: PlaceFigures, show: str) -> Amounts:
    """(body, leaf) to what the table shows of it."""
    amounts: Amounts = defaultdict(lambda: NOTHING)
    if show == SAVING:
        for cell in figures.saving_cells:
            amounts[cell.body, cell.service] += cell.joined
    else:
        for spend in figures.spend:
            amounts[spend.body, spend.service] += spend.amount
    return dict(amounts)


def _columns(tree: Tree, amounts: Amounts, open_branch: str | None) -> list[HeatColumn]:
    """Branches with amounts, the largest first; where one is open its leaves, and all others in one."""
    leaves: dict[str, set[str]] = defaultdict(set)
    sizes: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (_, leaf), amount in amounts.items():
        leaves[tree.branch(leaf)].add(leaf)
        sizes[tree.branch(leaf)] += amount
    if open_branch in leaves and len(leaves[open_branch]) > 1:
        opened = [
            HeatColumn(leaf.code, heading(leaf.code, leaf.name), is_in_open_branch=True)
            for leaf in tree.leaves(open_branch)
            if leaf.code in leaves[open_branch]
        ]
        return [*opened, HeatColumn(OTHERS, "Other services")] if len(sizes) > 1 else opened
    return [
        HeatColumn(branch, heading(branch, tree.services[branch].name), branch if len(leaves[branch]) > 1 else None)
        for branch in sorted(sizes, key=lambda code: -sizes[code])
    ]


def _by_column(tree: Tree, columns: Sequence[HeatColumn], amounts: Amounts) -> Amounts:
    """(body, column) to its amount."""
    shown = {column.code for column in columns}
    sums: Amounts = defaultdict(lambda: NOTHING)
    for (body, leaf), amount in amounts.items():
        column = next((code for code in reversed(tree.path(leaf)) if code in shown), OTHERS)
        sums[body, column] += amount
    return dict(sums)


def _shared_out_bodies(figures: PlaceFigures) -> set[str]:
    """Bodies of whose spend every pound was shared out by population."""
    own = {cell.body for cell in figures.spend if cell.footing not in SHARED_OUT}
    return {cell.body for cell in figures.spend} - own


def _groups(bodies: Sequence[Body], amounts: Amounts) -> list[list[Body]]:
    """Single bodies by spend, then the bodies of each kind with several, by name."""
    sizes: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (code, _), amount in amounts.items():
        sizes[code] += amount
    kinds: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        kinds[body.kind].append(body)
    several = [sorted(kind, key=lambda body: body.name) for kind in kinds.values() if len(kind) >= GROUP_FROM]
    single = [body for kind in kinds.values() if len(kind) < GROUP_FROM for body in kind]
    return [group for group in [sorted(single, key=lambda body: -sizes[body.code]), *several] if group]


def _cell_writer(show: str) -> Callable[[Decimal], HeatCell]:
    """How an amount is said and filled."""
    limits = SAVING_CLASSES if show == SAVING else SPEND_CLASSES
    prefix = "heat-saving-" if show == SAVING else "heat-"

    def write(amount: Decimal) -> HeatCell:
        text = money.exact_number(amount) if show == EXACT else money.millions(amount)
        if amount < 0:
            return HeatCell(text, "heat-below")
        return HeatCell(text, f"{prefix}{class_of(said_millions(amount), limits)}")

    return write


def _key(show: str) -> tuple[tuple[str, str], ...]:
    """(token, words) of each class."""
    if show == SAVING:
        names = [f"saving-{number}" for number in range(1, 6)]
        return tuple(zip(names, class_words(SAVING_CLASSES), strict=True))
    names = [f"spend-{number}" for number in range(1, 7)]
    return tuple(zip(names, class_words(SPEND_CLASSES), strict=True))

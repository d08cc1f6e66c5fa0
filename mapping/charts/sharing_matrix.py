"""Who with whom: what each two bodies would save if only they joined up, as a table whose cells are filled.

Each pair stands once, below the diagonal. Pairs overlap, so there is no total.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mapping.charts.blocks import Column, Table, pounds, words
from mapping.charts.heat_map import SAVING_CLASSES, HeatCell, class_of, class_words, said_millions
from mapping.charts.inputs import NOTHING, Body, Pair, PlaceFigures
from mapping.charts.names import body_in_sentence, body_name
from totalplace import money

LARGEST = 10
"""So many of the largest pairs the finding looks at."""


@dataclass(frozen=True)
class MatrixRow:
    """A body, by its number, and what it would save with each body before it."""

    number: int
    name: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class SharingMatrix:
    """Bodies against bodies, the largest spender first."""

    names: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    key: tuple[tuple[str, str], ...]
    title: str
    table: Table


def sharing_matrix(figures: PlaceFigures) -> SharingMatrix | None:
    """The matrix of a place; None where no two bodies would save."""
    shown = [pair for pair in figures.pairs if pair.saving > 0]
    if not shown:
        return None
    saving = {frozenset((pair.body_a, pair.body_b)): pair.saving for pair in shown}
    bodies = bodies_by_spend(figures)

    def cell(one: str, other: str) -> HeatCell:
        amount = saving.get(frozenset((one, other)))
        if amount is None:
            return HeatCell()
        fill = f"heat-saving-{class_of(said_millions(amount), SAVING_CLASSES)}"
        return HeatCell(money.millions(amount), fill)

    rows = tuple(
        MatrixRow(number, body_name(body), tuple(cell(body.code, other.code) for other in bodies[: number - 1]))
        for number, body in enumerate(bodies, 1)
    )
    return SharingMatrix(
        names=tuple(body_name(body) for body in bodies),
        rows=rows,
        key=tuple(zip([f"saving-{n}" for n in range(1, 6)], class_words(SAVING_CLASSES), strict=True)),
        title=finding(figures, shown),
        table=pair_table(figures, shown),
    )


def bodies_by_spend(figures: PlaceFigures) -> list[Body]:
    """The bodies that could share with another, the largest spender first."""
    spend: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for spent in figures.spend:
        spend[spent.body] += spent.amount
    paired = {code for pair in figures.pairs if pair.saving > 0 for code in (pair.body_a, pair.body_b)}
    known = [body for body in figures.bodies if body.code in paired]
    return sorted(known, key=lambda body: (-spend[body.code], body.name))


def finding(figures: PlaceFigures, pairs: Sequence[Pair]) -> str:
    """Kent County Council is one of the two in nine of the ten largest pairs."""
    largest = pairs[:LARGEST]
    counts = Counter(code for pair in largest for code in (pair.body_a, pair.body_b))
    code, count = min(counts.items(), key=lambda item: (-item[1], item[0]))
    body = next(body for body in figures.bodies if body.code == code)
    if len(largest) == 1:
        return "Two bodies would save by joining up"
    whole = money.number_word(len(largest))
    name = money.starting(body_in_sentence(body))
    return f"{name} is one of the two in {money.number_word(count)} of the {whole} largest pairs"


def pair_table(figures: PlaceFigures, pairs: Sequence[Pair]) -> Table:
    """Every pair to the penny, most first. It has no total: pairs overlap."""
    names = {body.code: body_name(body) for body in figures.bodies}
    return Table(
        caption="What two bodies would save if only they joined up, £; pairs overlap and are never added up",
        columns=(Column("Body", is_number=False), Column("And", is_number=False), Column("Saving")),
        rows=tuple((words(names[pair.body_a]), words(names[pair.body_b]), pounds(pair.saving)) for pair in pairs),
    )

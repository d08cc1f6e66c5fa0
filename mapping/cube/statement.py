"""The one statement that answers a question, built from what `dimensions` holds and never from what was said.

Facts are first summed to the columns that the dimensions need, then joined to their names, then summed to cells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal, Placeholder

from mapping import grains
from mapping.summary.priced import OF_CELLS

from .chosen import Chosen
from .dimensions import BESIDE, DIMENSIONS, JOINS, Dimension, Fact, Measure
from .question import Question

COMMA, AND, BREAK = SQL(", "), SQL(" AND "), SQL("\n")
READ = (*grains.EACH, *grains.TOLD_APART)
# What a map's results by lever know.
OF_LEVERS = frozenset({"version_id", "lever_id", "scenario"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its values. Its columns are the keys and labels of the drilldown, then the measures."""

    text: Composable
    values: dict[str, Any]


def cells_statement(question: Question, chosen: Chosen, start: int, size: int) -> Statement:
    """A page of cells, each row led by the number of all cells and the sum of each measure over all of them.

    With no cell on the page there is one row, whose cell is all null.
    """
    cells, values = _cells(question, chosen)
    sums: list[Composable] = [SQL("count(*)")]
    if question.has_summary:
        sums += [SQL("sum({})").format(Identifier(measure.name)) for measure in question.measures]
    order = _order(question)
    names = COMMA.join(SQL("{} AS {}").format(total, Identifier(f"total {at}")) for at, total in enumerate(sums))
    text = SQL(
        "{cells}, totals AS (SELECT {names} FROM cells),"
        " page AS (SELECT * FROM cells{order} LIMIT %(size)s OFFSET %(start)s)"
        " SELECT totals.*, page.* FROM totals LEFT JOIN page ON true{order}"
    ).format(cells=cells, names=names, order=order)
    return Statement(text, {**values, "start": start, "size": size})


def all_cells_statement(question: Question, chosen: Chosen) -> Statement:
    """Every cell."""
    cells, values = _cells(question, chosen)
    return Statement(SQL("{} SELECT * FROM cells{}").format(cells, _order(question)), values)


def _cells(question: Question, chosen: Chosen) -> tuple[Composable, dict[str, Any]]:
    """`WITH ... cells AS (...)` and its values."""
    dimensions = _dimensions(question)
    columns = tuple(dict.fromkeys(column for dimension in dimensions for column in dimension.columns))
    values: dict[str, Any] = {
        "versions": [mapped.version_id for mapped in chosen.versions],
        "mapped": [mapped.version_id for mapped in chosen.versions if mapped.map_id is not None],
        "unmapped": [mapped.version_id for mapped in chosen.versions if mapped.map_id is None],
        "maps": [mapped.map_id for mapped in chosen.versions if mapped.map_id is not None],
        "cases": list(question.cases),
        "programme": chosen.programme.pk,
        "level": question.level,
        "themes": list(question.cuts.get("theme", ())),
        **{f"cut {name}": [one for one in kept if one is not None] for name, (_, kept) in chosen.kept.items()},
    }
    if chosen.factors is not None:
        values["factors"] = [chosen.factors[mapped.year] for mapped in chosen.versions]
    facts = [_facts(fact, columns, question, chosen) for fact in Fact if question.asks_for(fact)]
    text = SQL("WITH facts AS ({facts}), cells AS (SELECT {asked} FROM facts f {joins}{where}{group})").format(
        facts=SQL(" UNION ALL ").join(facts),
        asked=COMMA.join([*_names(question), *(_measure(measure, question) for measure in question.measures)]),
        joins=_joins(question, dimensions),
        where=_where_theme(question),
        group=_group(question),
    )
    return text, values


def _dimensions(question: Question) -> list[Dimension]:
    """Those whose names are read; a cut theme weighs what it takes, so it is one of them."""
    dimensions = [drill.dimension for drill in question.drilldown]
    if "theme" in question.cuts and not question.drills("theme"):
        dimensions.append(DIMENSIONS["theme"])
    return dimensions


def _names(question: Question) -> Iterable[Composable]:
    for drill in question.drilldown:
        dimension = drill.dimension
        yield SQL("{} AS {}").format(SQL(dimension.key), Identifier(dimension.name))
        yield SQL("{} AS {}").format(SQL(dimension.label), Identifier(f"{dimension.name}.label"))


def _measure(measure: Measure, question: Question) -> Composable:
    """A sum over facts; of money under a theme each fact by the theme's share of its service."""
    value = SQL("f.{}").format(Identifier(measure.column))
    if question.names("theme") and measure.is_money:
        total = SQL("round(sum({} * h.share), 2)").format(value)
    else:
        total = SQL("sum({})").format(value)
    return SQL("coalesce({}, 0) AS {}").format(total, Identifier(measure.name))


def _joins(question: Question, dimensions: Sequence[Dimension]) -> Composable:
    named = {join for dimension in dimensions for join in dimension.joins}
    if question.level is not None and "service_line" in named:
        named = named - {"service_line"} | {"service_level"}
    return BREAK.join(SQL(text) for name, text in JOINS.items() if name in named)


def _where_theme(question: Question) -> Composable:
    if "theme" not in question.cuts:
        return SQL("")
    return SQL(" WHERE {} = ANY(%(themes)s)").format(SQL(DIMENSIONS["theme"].key))


def _group(question: Question) -> Composable:
    """Without a drilldown there is one cell, whatever there is."""
    if not question.drilldown:
        return SQL("")
    return SQL(" GROUP BY {}").format(COMMA.join(SQL(str(at + 1)) for at in range(2 * len(question.drilldown))))


def _order(question: Question) -> Composable:
    """The order asked for, and then the keys, so that no two cells can change places."""
    descending = {drill.dimension.name: False for drill in question.drilldown}
    asked = {order.name: order.is_descending for order in question.order}
    parts = [
        SQL("{}{}{}").format(
            Identifier(name),
            SQL(' COLLATE "C"') if name in DIMENSIONS else SQL(""),
            SQL(" DESC") if is_descending else SQL(""),
        )
        for name, is_descending in {**asked, **{key: asked.get(key, up) for key, up in descending.items()}}.items()
    ]
    return SQL(" ORDER BY {}").format(COMMA.join(parts)) if parts else SQL("")


def _facts(fact: Fact, columns: Sequence[str], question: Question, chosen: Chosen) -> Composable:
    """The sums of one kind of fact to some columns; the measures of the other kind are null."""
    sums = [
        SQL("{} AS {}").format(
            SQL("sum({})").format(_priced(measure, chosen)) if measure.fact is fact else SQL("NULL::numeric"),
            Identifier(measure.column),
        )
        for measure in question.measures
    ]
    source = (_spend if fact is Fact.SPEND else _saving)(columns, question, chosen)
    kept = [_cut(name, column, values) for name, (column, values) in chosen.kept.items() if name != "case"]
    wanted = [Identifier(column) for column in columns]
    return SQL("SELECT {asked} FROM {source} x{where}{group}").format(
        asked=COMMA.join([*wanted, *sums]),
        source=source,
        where=SQL(" WHERE {}").format(AND.join(kept)) if kept else SQL(""),
        group=SQL(" GROUP BY {}").format(COMMA.join(wanted)) if wanted else SQL(""),
    )


def _cut(name: str, column: str, values: Sequence[Any]) -> Composable:
    of = SQL("{} = ANY({})").format(Identifier(column), Placeholder(f"cut {name}"))
    return SQL("({} OR {} IS NULL)").format(of, Identifier(column)) if None in values else of


def _priced(measure: Measure, chosen: Chosen) -> Composable:
    """A column of the facts in the prices asked for: each row to the penny, so that sums add up any way."""
    column = Identifier(measure.column)
    if chosen.factors is None or not measure.is_money:
        return column
    return SQL("round({} * factor, 2)").format(column)


WITH_FACTORS = (
    " JOIN unnest(%(versions)s::bigint[], %(factors)s::numeric[]) AS d(version_id, factor) USING (version_id)"
)


def _spend(columns: Sequence[str], question: Question, chosen: Chosen) -> Composable:
    """The roll-up of the versions, summed to a grain where one will do; of versions without any yet their lines.

    Prices are set row by row of the roll-up, so that what is asked in them adds up any way.
    """
    read = {*columns, *(column for column, _ in chosen.kept.values())}
    grain = grains.grain_for(read) if chosen.factors is None else None
    names = COMMA.join(map(Identifier, READ))
    counted = SQL("").join(SQL(" AND NOT {}").format(Identifier(name)) for name in BESIDE if not question.names(name))
    rolled_up: Composable = SQL("mapping_rollup WHERE true")
    if grain is not None:
        rolled_up = SQL("mapping_countedsum WHERE grain = {}").format(Literal(grains.number_of(grain)))
    parts = [
        SQL("SELECT {names}, amount, lines FROM {source} AND version_id = ANY(%(mapped)s){counted}").format(
            names=names, source=rolled_up, counted=counted
        )
    ]
    if any(mapped.map_id is None for mapped in chosen.versions):
        lines = "SELECT {names}, amount, 1 FROM pilots_spendline WHERE version_id = ANY(%(unmapped)s){counted}"
        parts.append(SQL(lines).format(names=names, counted=counted))
    source = SQL("({})").format(SQL(" UNION ALL ").join(parts))
    return source if chosen.factors is None else SQL("(SELECT * FROM {} r{})").format(source, SQL(WITH_FACTORS))


def _saving(columns: Sequence[str], question: Question, chosen: Chosen) -> Composable:
    """The stored cells of the maps in the cases asked for, with the version that each map is of.

    Where neither body nor service is asked by, the results of levers, which are the sums of their cells.
    """
    read = {*columns, *(column for column, _ in chosen.kept.values())}
    measures = {measure.column for measure in question.measures if measure.fact is Fact.SAVING}
    is_of_levers = read <= OF_LEVERS and measures <= set(OF_CELLS) and chosen.factors is None
    source = SQL("mapping_leverresult" if is_of_levers else "mapping_savingscell")
    factors = SQL(WITH_FACTORS) if chosen.factors is not None else SQL("")
    return SQL(
        "(SELECT * FROM {source}"
        " JOIN unnest(%(maps)s::bigint[], %(mapped)s::bigint[]) AS m(map_id, version_id) USING (map_id){factors}"
        " WHERE map_id = ANY(%(maps)s) AND scenario = ANY(%(cases)s) AND addressable > 0)"
    ).format(source=source, factors=factors)

"""The staging table: a file's checked lines beside the stored ones, compared and written as sets."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import connection

from pilots.models import SpendLine
from pilots.spend.columns import COLUMNS, KEY, VALUES

from .rows import StagedLine

BATCH = 10_000
STORED = ("version_id", *COLUMNS)

STAGE = """
    DROP TABLE IF EXISTS pg_temp.staged_lines;
    CREATE TEMPORARY TABLE staged_lines ON COMMIT DROP AS
        SELECT 0 AS row_number, {columns}, NULL::bigint AS line_id FROM pilots_spendline LIMIT 0
"""


def same_key(one: str, other: str) -> str:
    """SQL: two rows are of one key. Null keys are alike: 0 is no id. (IS NOT DISTINCT FROM can use no hash.)"""
    return " AND ".join(
        f"coalesce({one}.{name}, 0) = coalesce({other}.{name}, 0)"
        if name in ("funder_id", "receiver_id")
        else f"{one}.{name} = {other}.{name}"
        for name in ("version_id", *KEY)
    )


KIND = "CASE WHEN {0}.is_transfer THEN 'transfers' WHEN {0}.is_capital THEN 'capital' ELSE 'revenue' END"
REACHED = (
    "(l.version_id = ANY(%(whole)s) OR (l.version_id, l.agency_id) IN"
    " (SELECT * FROM unnest(%(part_versions)s::bigint[], %(part_bodies)s::bigint[])))"
)
NOT_STAGED = "NOT EXISTS (SELECT FROM staged_lines s WHERE s.line_id = l.id)"
REMOVED = f"%(replace)s AND {REACHED} AND {NOT_STAGED}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an import may touch: bodies by version (None: all of them), and whether lines not in the file go."""

    bodies: Mapping[int, Collection[int] | None]
    replace: bool

    def parameters(self) -> dict:
        """For the statements below: versions open as a whole, and pairs of version and body for the others."""
        pairs = [(version, body) for version, bodies in self.bodies.items() for body in bodies or ()]
        return {
            "versions": list(self.bodies),
            "whole": [version for version, bodies in self.bodies.items() if bodies is None],
            "part_versions": [version for version, _ in pairs],
            "part_bodies": [body for _, body in pairs],
            "replace": self.replace,
        }


@dataclass(frozen=True, slots=True)
class Lines:
    """How many lines of one version an import adds, changes, removes and leaves as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class TotalChange:
    """A body's total of one kind (revenue, capital, transfers) in a version, before and after, in pounds."""

    version_id: int
    agency: str
    name: str
    kind: str
    before: Decimal
    after: Decimal


def stage(lines: Iterable[StagedLine]) -> int:
    """Fills a new staging table, which lives until the end of the transaction; returns the number of lines.

    `lines` may query the database: they are made before each part of the COPY goes out.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAGE.format(columns=", ".join(STORED)))
        return _copy(cursor, "staged_lines", lines)


def _copy(cursor: Any, table: str, lines: Iterable[StagedLine]) -> int:
    number = 0
    for some in batched(lines, BATCH):
        with cursor.copy(f"COPY {table} (row_number, {', '.join(STORED)}) FROM STDIN") as copy:
            for number_of_row, version, line in some:
                copy.write_row((number_of_row, version, *line))
        number += len(some)
        del some  # before the next part is made
    return number


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row of the same key as an earlier one, and the amounts of both in pounds.

    `is_plain` where none of the rows of the key states a whole amount or a share that its amount should follow from.
    """

    row: int
    first: int
    amount: Decimal
    first_amount: Decimal
    is_plain: bool


def duplicates(most: int) -> Iterator[Duplicate]:
    """Rows that are of one key with the first one like them."""
    keys = ", ".join(("version_id", *KEY))
    for row in rows_of(
        f"""
        SELECT row_number, first, amount, first_amount, is_plain FROM (
            SELECT row_number, amount, first_value(row_number) OVER ordered AS first,
                first_value(amount) OVER ordered AS first_amount,
                bool_and(whole_amount IS NULL AND share IS NULL) OVER same AS is_plain
            FROM staged_lines
            WINDOW same AS (PARTITION BY {keys}), ordered AS (PARTITION BY {keys} ORDER BY row_number)
        ) r WHERE row_number > first ORDER BY row_number LIMIT %(most)s
        """,  # noqa: S608 - our own names
        {"most": most},
    ):
        yield Duplicate(*row)


def match(scope: Scope) -> None:
    """Notes the stored line of the same key beside each staged one."""
    with connection.cursor() as cursor:
        # Lines that were just imported have no statistics yet: whatever the planner believes of them, this index
        # keeps what follows fast. Made after the update it would not count within the transaction.
        cursor.execute("CREATE INDEX ON staged_lines (line_id)")
        cursor.execute("ANALYZE staged_lines")
        # The index is by the key's first columns, and thousands of lines may share those: a hash of all is sure.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            f"UPDATE staged_lines s SET line_id = l.id FROM pilots_spendline l"  # noqa: S608
            f" WHERE l.version_id = ANY(%(versions)s) AND {same_key('s', 'l')}",
            scope.parameters(),
        )
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("ANALYZE staged_lines")


def keep(lines: Iterable[StagedLine], scope: Scope) -> None:
    """Stages what is recorded of the keys of these lines as it is, so that it does not go with what a file lacks."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.kept_lines")
        cursor.execute("CREATE TEMPORARY TABLE kept_lines (LIKE staged_lines) ON COMMIT DROP")
        _copy(cursor, "kept_lines", lines)
    stage_recorded(f"EXISTS (SELECT FROM kept_lines k WHERE {same_key('k', 'l')})", scope)


def stage_recorded(test: str, scope: Scope, joined: str = "", parameters: Mapping[str, Any] | None = None) -> None:
    """Stages recorded lines that pass a test (SQL, of l) as they are, where they may be touched and are not staged."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO staged_lines (row_number, line_id, {', '.join(STORED)})"  # noqa: S608
            f" SELECT 0, l.id, {', '.join(f'l.{name}' for name in STORED)} FROM pilots_spendline l {joined}"
            f" WHERE {REACHED} AND {NOT_STAGED} AND ({test})",
            {**scope.parameters(), **(parameters or {})},
        )


def count_lines(scope: Scope, changing: Collection[str]) -> dict[int, Lines]:
    """What the staged lines would do, by version; `changing` names the columns that the file holds."""
    counts = {
        version: Lines(added, changed, matched - changed)
        for version, added, matched, changed in rows_of(
            f"SELECT s.version_id, count(*) FILTER (WHERE l.id IS NULL), count(l.id), count(l.id)"  # noqa: S608
            f" FILTER (WHERE {differs(changing)}) FROM staged_lines s LEFT JOIN pilots_spendline l ON l.id = s.line_id"
            " GROUP BY s.version_id",
            scope.parameters(),
        )
    }
    removed = rows_of(
        f"SELECT l.version_id, count(*) FROM pilots_spendline l WHERE {REMOVED} GROUP BY l.version_id",  # noqa: S608
        scope.parameters(),
    )
    for version, number in removed:
        found = counts.get(version, Lines())
        counts[version] = Lines(found.added, found.changed, found.unchanged, number)
    return counts


def total_changes(scope: Scope) -> Iterator[TotalChange]:
    """The totals of bodies that would change, by version, body and kind."""
    for row in rows_of(
        f"""
        SELECT t.version_id, a.code, a.name, t.kind, sum(t.before), sum(t.after) FROM (
            SELECT l.version_id, l.agency_id, {KIND.format("l")} AS kind, l.amount AS before,
                CASE WHEN s.line_id IS NOT NULL OR (%(replace)s AND {REACHED}) THEN 0 ELSE l.amount END AS after
            FROM pilots_spendline l LEFT JOIN staged_lines s ON s.line_id = l.id
            WHERE {REACHED}
            UNION ALL
            SELECT s.version_id, s.agency_id, {KIND.format("s")}, 0, s.amount FROM staged_lines s
        ) t JOIN pilots_agency a ON a.id = t.agency_id
        GROUP BY t.version_id, a.code, a.name, t.kind HAVING sum(t.before) <> sum(t.after)
        ORDER BY t.version_id, a.code, t.kind
        """,  # noqa: S608
        scope.parameters(),
    ):
        yield TotalChange(*row)


def totals(scope: Scope) -> dict[tuple[int, str], Decimal]:
    """The stored totals by version and kind, of the bodies that may be changed."""
    rows = rows_of(
        f"SELECT l.version_id, {KIND.format('l')}, sum(l.amount) FROM pilots_spendline l"  # noqa: S608
        f" WHERE {REACHED} GROUP BY 1, 2",
        scope.parameters(),
    )
    return {(version, kind): total for version, kind, total in rows}


def write(scope: Scope, changing: Collection[str]) -> None:
    """Removes, changes and adds lines, one statement each. The versions' rows must be locked."""
    columns = ", ".join(STORED)
    table = SpendLine._meta.db_table
    assigned = ", ".join(f"{name} = s.{name}" for name in values_changing(changing))
    with connection.cursor() as cursor:
        if scope.replace:
            cursor.execute(f"DELETE FROM {table} l WHERE {REMOVED}", scope.parameters())  # noqa: S608
        cursor.execute(
            f"UPDATE {table} l SET {assigned} FROM staged_lines s WHERE l.id = s.line_id AND {differs(changing)}"  # noqa: S608
        )
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM staged_lines"  # noqa: S608
            " WHERE line_id IS NULL ORDER BY row_number"
        )


def values_changing(changing: Collection[str]) -> list[str]:
    """What a line says beside its key, of which only a file's columns are changed."""
    return [name for name in VALUES if name == "amount" or name in changing]


def differs(changing: Collection[str]) -> str:
    """SQL: a staged line s says something else than the recorded line l."""
    names = values_changing(changing)
    old, new = (", ".join(f"{of}.{name}" for name in names) for of in ("l", "s"))
    return f"({old}) IS DISTINCT FROM ({new})"


def rows_of(sql: str, parameters: dict) -> Iterator[tuple]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        yield from cursor.fetchall()

"""Removing the demonstration with everything that belongs to it.

Sealed snapshots and published assumption sets are never removed otherwise; an illustrative programme is nobody's
record, so its rows go with the triggers that keep records switched off, in one transaction.
"""

from typing import NamedTuple

from django.db import connection
from psycopg import sql

from pilots.models import Programme

REFERENCES = """
    SELECT c.conrelid::regclass::text, a.attname, a.attnotnull, c.confrelid::regclass::text, f.attname
    FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND c.conrelid <> c.confrelid
    ORDER BY 1, 2
"""


class Reference(NamedTuple):
    """A column of a table that names a row of another one; one that is required is never blank."""

    table: str
    column: str
    is_required: bool
    target: str
    key: str


def remove_programme(programme: Programme) -> None:
    """Removes an illustrative programme; call it inside `acting`. Raises ValueError for any other."""
    if not programme.is_illustrative:
        raise ValueError(f"{programme} is no illustrative programme, and is not removed.")
    doomed = _doomed(programme)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in doomed:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        # What refers to others goes first, and references are checked at the end.
        for table, condition in reversed(doomed.items()):
            cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), condition))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in doomed:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _doomed(programme: Programme) -> dict[str, sql.Composable]:
    """Tables that may hold rows of the programme, the nearest first, and which rows those are."""
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        references = [Reference(*row) for row in cursor.fetchall()]
    top = Programme._meta.db_table
    distance = {top: 0}
    for table in (reached := [top]):
        for one in references:
            if one.target == table and one.table not in distance:
                distance[one.table] = distance[table] + 1
                reached.append(one.table)
    conditions: dict[str, sql.Composable] = {top: sql.SQL("id = {}").format(sql.Literal(programme.pk))}

    def condition(table: str) -> sql.Composable:
        """By the nearest reference that is never blank; where there is none, by any of the others."""
        if table not in conditions:
            those = sorted((one for one in references if one.table == table and one.target in distance), key=order)
            chosen = those[:1] if those[0].is_required else those
            conditions[table] = sql.SQL("({})").format(sql.SQL(" OR ").join(map(among, chosen)))
        return conditions[table]

    def among(one: Reference) -> sql.Composable:
        return sql.SQL("{} IN (SELECT {} FROM {} WHERE {})").format(
            sql.Identifier(one.column), sql.Identifier(one.key), sql.Identifier(one.target), condition(one.target)
        )

    def order(one: Reference) -> tuple[bool, int]:
        return not one.is_required, distance[one.target]

    return {table: condition(table) for table in reached}

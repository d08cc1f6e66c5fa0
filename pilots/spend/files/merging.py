"""Filled copies of one workbook, merged three ways: what it said when it was downloaded, the copy, and the count now.

What changed only in the copy is taken, what changed only here is kept, the same on both sides is fine, and where
both differ somebody chooses. It works on the staged lines: afterwards they hold what is to be recorded.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection

from pilots.models import History, Person

from .staging import BATCH, NOT_STAGED, REACHED, VALUES, Scope, same_key, stage_recorded
from .stamp import Stamp

FILE, OURS = "file", "ours"
# What a line says where the version downloaded had none; and how many conflicts are listed one by one.
BLANK = {"basis": "'actual'", "method": "''", "source": "''", "note": "''"}
LISTED = 1_000
KEY_AND_VALUES = (
    *("id", "version_id", "agency_id", "funder_id", "service_line_id", "spend_type_id"),
    *("is_capital", "is_transfer", "receiver_id"),
    *VALUES,
)
LINES = "pilots_spendline"
BASE = f"""
    DROP TABLE IF EXISTS pg_temp.base_lines;
    CREATE TEMPORARY TABLE base_lines ON COMMIT DROP AS
        WITH touched AS (
            SELECT DISTINCT ON (row_id) row_id, before FROM pilots_history
            WHERE version_id = %(version)s AND id > %(revision)s AND table_name = '{LINES}'
            ORDER BY row_id, id
        )
        SELECT {", ".join(f"l.{name}" for name in KEY_AND_VALUES)} FROM {LINES} l
            WHERE l.version_id = %(version)s AND l.id = ANY(%(lines)s)
                AND NOT EXISTS (SELECT FROM touched t WHERE t.row_id = l.id)
        UNION ALL
        SELECT {", ".join(f"r.{name}" for name in KEY_AND_VALUES)}
            FROM touched t CROSS JOIN LATERAL jsonb_populate_record(NULL::{LINES}, t.before) r
            WHERE t.before IS NOT NULL AND t.row_id = ANY(%(lines)s);
    ANALYZE base_lines
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell, or a whole line, that the copy and somebody here changed differently since the download.

    `field` is empty for a whole line. Values are in words, "" for blank; `id` is what a choice is kept by.
    """

    id: str
    row: int
    agency: str
    service_line: str
    spend_type: str
    field: str
    base: str
    file: str
    ours: str
    who: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """What became of cells: taken from the copy, kept as they are here, and conflicts; `open` wait for a choice."""

    revision: int
    taken: int = 0
    kept: int = 0
    conflicts: tuple[Conflict, ...] = ()
    open: int = 0
    bodies_aside: int = 0

    def as_data(self) -> dict:
        return {**asdict(self), "conflicts": [asdict(one) for one in self.conflicts]}


@dataclass(slots=True)
class Copy:
    """The staged lines of one copy, beside the lines it was made from."""

    stamp: Stamp
    scope: Scope
    changing: Collection[str]
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """The fields that the copy has columns for."""
        return [name for name in VALUES if name == "amount" or name in self.changing]

    def recall(self) -> None:
        """Makes base_lines: the lines that were in the copy, as they were when it was downloaded, from the history.

        A line that was never in it, since whoever downloaded it may not change it, can neither be left alone nor be
        taken out.
        """
        stamp = self.stamp
        with connection.cursor() as cursor:
            cursor.execute(BASE, {"version": stamp.version, "revision": stamp.revision, "lines": list(stamp.lines)})

    def set_aside(self, bodies: Collection[int]) -> int:
        """Leaves out lines of other bodies than these that say what was downloaded, and returns how many."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM staged_lines s USING base_lines b WHERE {same_key('s', 'b')}"  # noqa: S608
                f" AND NOT s.agency_id = ANY(%(bodies)s) AND {self._same('s', 'b')}",
                {"bodies": list(bodies)},
            )
            return cursor.rowcount

    def foreign(self, bodies: Collection[int]) -> list[tuple[int, str]]:
        """Rows that are still of other bodies: (row, code of the body)."""
        return self._rows(
            "SELECT s.row_number, a.code FROM staged_lines s JOIN pilots_agency a ON a.id = s.agency_id"
            " WHERE NOT s.agency_id = ANY(%(bodies)s) ORDER BY s.row_number LIMIT %(most)s",
            {"bodies": list(bodies), "most": BATCH},
        )

    def merge(self, aside: int = 0) -> Merge:
        """Merges the matched staged lines with those of now. The version's row should be locked to write."""
        self._rows("SELECT set_config('enable_nestloop', 'off', true)")
        conflicts = [*self._cells(), *self._removed_here(), *self._removed_in_copy()]
        taken, kept = self._counts()
        self._keep_ours(conflicts)
        self._rows("SELECT set_config('enable_nestloop', 'on', true)")
        waiting = [one for one in conflicts if self._chosen(one) not in (FILE, OURS)]
        return Merge(self.stamp.revision, taken, kept, tuple(self._named(conflicts[:LISTED])), len(waiting), aside)

    def _chosen(self, conflict: Conflict) -> str:
        return self.choices.get(conflict.id) or self.choices.get("all", "")

    def _cells(self) -> Iterator[Conflict]:
        """Cells with three values; a line that both sides added counts from blank."""
        clash = {
            name: f"({_differ(f's.{name}', _base(name))} AND {_differ(f'l.{name}', _base(name))}"
            f" AND {_differ(f's.{name}', f'l.{name}')})"
            for name in self.fields
        }
        columns = ", ".join(f"{clash[name]}, {_base(name)}::text, s.{name}::text, l.{name}::text" for name in clash)
        for line_id, row, agency, service, kind, *values in self._rows(
            f"SELECT l.id, s.row_number, a.name, v.name, t.name, {columns} FROM staged_lines s"  # noqa: S608
            f" JOIN {LINES} l ON l.id = s.line_id LEFT JOIN base_lines b ON {same_key('s', 'b')} {_names('s')}"
            f" WHERE {' OR '.join(clash.values())} ORDER BY s.row_number"
        ):
            for index, name in enumerate(clash):
                is_clash, base, file, ours = values[4 * index : 4 * index + 4]
                if is_clash:
                    cell = (row, agency, service, kind, name, base or "", file or "", ours or "")
                    yield Conflict(f"line-{line_id}-{name}", *cell)

    def _removed_here(self) -> Iterator[Conflict]:
        """Lines that somebody removed here and the copy changed; those that it left alone stay removed."""
        for row, agency, service, kind, base_id, base, file in self._rows(
            f"SELECT s.row_number, a.name, v.name, t.name, b.id, b.amount::text, s.amount::text"  # noqa: S608
            f" FROM staged_lines s JOIN base_lines b ON {same_key('s', 'b')} {_names('s')}"
            f" WHERE s.line_id IS NULL AND NOT {self._same('s', 'b')} ORDER BY s.row_number"
        ):
            yield Conflict(f"removed-{base_id}", row, agency, service, kind, "", base, file, "")

    def _removed_in_copy(self) -> Iterator[Conflict]:
        """Lines that the copy lacks and somebody changed here, where lines that it lacks go."""
        if not self.scope.replace:
            return
        for line_id, agency, service, kind, base, ours in self._rows(
            f"SELECT l.id, a.name, v.name, t.name, b.amount::text, l.amount::text"  # noqa: S608
            f" FROM {LINES} l JOIN base_lines b ON {same_key('l', 'b')} {_names('l')}"
            f" WHERE {REACHED} AND {NOT_STAGED} AND NOT {self._same('l', 'b')} ORDER BY l.id",
            self.scope.parameters(),
        ):
            yield Conflict(f"gone-{line_id}", 0, agency, service, kind, "", base, "", ours)

    def _counts(self) -> tuple[int, int]:
        """Cells that changed only in the copy, and only here."""
        one, other = [], []
        for name in self.fields:
            theirs, ours = _differ(f"s.{name}", _base(name)), _differ(f"l.{name}", _base(name))
            one.append(f"count(*) FILTER (WHERE {theirs} AND NOT {ours})")
            other.append(f"count(*) FILTER (WHERE {ours} AND NOT {theirs})")
        ((taken, kept),) = self._rows(
            f"SELECT {' + '.join(one)}, {' + '.join(other)} FROM staged_lines s"  # noqa: S608
            f" JOIN {LINES} l ON l.id = s.line_id LEFT JOIN base_lines b ON {same_key('s', 'b')}"
        )
        return taken, kept

    def _keep_ours(self, conflicts: Collection[Conflict]) -> None:
        """Makes of the staged lines what is to be recorded; an open conflict keeps what is here."""
        ours = [one.id for one in conflicts if self._chosen(one) != FILE]
        keeps = {
            name: f"NOT {_differ(f's.{name}', _base(name))} OR ('line-' || l.id || '-{name}') = ANY(%(ours)s)"
            for name in self.fields
        }
        taken = ", ".join(f"{name} = CASE WHEN {test} THEN l.{name} ELSE s.{name} END" for name, test in keeps.items())
        values = {**self.scope.parameters(), "ours": ours}
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE staged_lines s SET {taken} FROM {LINES} l"  # noqa: S608
                f" LEFT JOIN base_lines b ON {same_key('l', 'b')} WHERE l.id = s.line_id",
                values,
            )
            cursor.execute(
                f"DELETE FROM staged_lines s USING base_lines b WHERE {same_key('s', 'b')} AND s.line_id IS NULL"  # noqa: S608
                f" AND ({self._same('s', 'b')} OR 'removed-' || b.id = ANY(%(ours)s))",
                values,
            )
        if self.scope.replace:
            # What was recorded here since, or was never in it, is no line that the copy took out.
            joined = f"LEFT JOIN base_lines b ON {same_key('l', 'b')}"
            stage_recorded("b.id IS NULL OR 'gone-' || l.id = ANY(%(ours)s)", self.scope, joined, {"ours": ours})

    def _same(self, one: str, other: str) -> str:
        return "NOT (" + " OR ".join(_differ(f"{one}.{name}", f"{other}.{name}") for name in self.fields) + ")"

    def _named(self, conflicts: Collection[Conflict]) -> Iterator[Conflict]:
        """With who changed each here, and when."""
        ids = {int(one.id.split("-")[1]) for one in conflicts}
        changes = History.objects.filter(table_name=LINES, row_id__in=ids, id__gt=self.stamp.revision).order_by("id")
        newest: dict[tuple[str, str], History] = {}
        for one_change in changes:
            old, new = one_change.before or {}, one_change.after or {}
            for name in (*VALUES, ""):
                if not name or old.get(name) != new.get(name):
                    newest[str(one_change.row_id), name] = one_change
        people = Person.objects.in_bulk({one.actor_id for one in newest.values() if one.actor_id})
        for one in conflicts:
            last = newest.get((one.id.split("-")[1], one.field))
            person = people.get(last.actor_id) if last and last.actor_id else None
            who = person.name if person else "The system"
            at = last.at.isoformat() if last else ""
            yield Conflict(**{**asdict(one), "who": who, "at": at})

    @staticmethod
    def _rows(sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


def _base(name: str) -> str:
    """SQL: what was downloaded, or blank where there was no line."""
    return f"coalesce(b.{name}, {BLANK[name]})" if name in BLANK else f"b.{name}"


def _differ(one: str, other: str) -> str:
    """SQL: two values of a field differ, as a cell that people fill can tell."""
    if one.endswith((".source", ".note")):
        one, other = (f"replace(btrim({value}, E' \\t\\r\\n'), E'\\r', '')" for value in (one, other))
    return f"{one} IS DISTINCT FROM {other}"


def _names(of: str) -> str:
    return (
        f"JOIN pilots_agency a ON a.id = {of}.agency_id JOIN pilots_serviceline v ON v.id = {of}.service_line_id"
        f" JOIN pilots_spendtype t ON t.id = {of}.spend_type_id"
    )

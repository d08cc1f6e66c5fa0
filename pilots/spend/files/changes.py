"""The lines that a file adds, changes and removes, one by one, so that nothing cancels out unseen."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TextIO

from totalplace.formulas import defused

from .staging import KIND, REMOVED, Scope, differs, rows_of, values_changing

# Changes that are kept of one file, the largest.
LISTED = 5_000
COLUMNS = (
    *("what", "row", "agency", "agency_name", "service_line", "service_line_name", "spend_type"),
    *("kind", "funder", "receiver", "before", "after", "change", "fields"),
)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is added, changed or removed. `row` is the file's, 0 where it is not in it; amounts are pounds.

    `fields` are those that change beside the amount.
    """

    version_id: int
    what: str
    row: int
    agency: str
    agency_name: str
    service_line: str
    service_line_name: str
    spend_type: str
    kind: str
    funder: str
    receiver: str
    before: Decimal | None
    after: Decimal | None
    fields: Sequence[str]

    def as_data(self) -> dict[str, Any]:
        """Plain data for a report."""
        amounts = {name: None if (said := getattr(self, name)) is None else str(said) for name in ("before", "after")}
        return asdict(self) | amounts | {"fields": list(self.fields)}


def line_changes(scope: Scope, changing: Collection[str]) -> Iterator[LineChange]:
    """The changes of each version, the largest first and at most LISTED; the staged lines should be matched."""
    key = "{0}.version_id, {0}.agency_id, {0}.funder_id, {0}.service_line_id, {0}.spend_type_id, {0}.receiver_id"
    others = [name for name in values_changing(changing) if name != "amount"]
    fields = ", ".join(f"CASE WHEN l.{name} IS DISTINCT FROM s.{name} THEN '{name}' END" for name in others)
    for row in rows_of(
        f"""
        WITH changed AS (
            SELECT 'changed' AS what, s.row_number, {key.format("l")}, {KIND.format("l")} AS kind, l.amount AS before,
                s.amount AS after, array_remove(ARRAY[{fields}]::text[], NULL) AS fields
            FROM staged_lines s JOIN pilots_spendline l ON l.id = s.line_id WHERE {differs(changing)}
            UNION ALL
            SELECT 'added', s.row_number, {key.format("s")}, {KIND.format("s")}, NULL, s.amount, ARRAY[]::text[]
            FROM staged_lines s WHERE s.line_id IS NULL
            UNION ALL
            SELECT 'removed', 0, {key.format("l")}, {KIND.format("l")}, l.amount, NULL, ARRAY[]::text[]
            FROM pilots_spendline l WHERE {REMOVED}
        ), ranked AS (
            SELECT *, row_number() OVER (
                PARTITION BY version_id ORDER BY abs(coalesce(after, 0) - coalesce(before, 0)) DESC, row_number,
                    agency_id, service_line_id, spend_type_id
            ) AS place FROM changed
        )
        SELECT r.version_id, r.what, r.row_number, a.code, a.name, v.code, v.name, t.name, r.kind,
            coalesce(f.name, ''), coalesce(e.name, ''), r.before, r.after, r.fields
        FROM ranked r JOIN pilots_agency a ON a.id = r.agency_id JOIN pilots_serviceline v ON v.id = r.service_line_id
            JOIN pilots_spendtype t ON t.id = r.spend_type_id
            LEFT JOIN pilots_agency f ON f.id = r.funder_id LEFT JOIN pilots_agency e ON e.id = r.receiver_id
        WHERE r.place <= %(most)s ORDER BY r.version_id, r.place
        """,  # noqa: S608 - our own names
        {**scope.parameters(), "most": LISTED},
    ):
        yield LineChange(*row)


def write_changes(changes: Iterable[Mapping[str, Any]], file: TextIO) -> None:
    """The changes of an upload's report as CSV."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for one in changes:
        change = Decimal(one["after"] or 0) - Decimal(one["before"] or 0)
        said = {**one, "row": one["row"] or "", "change": change, "fields": ", ".join(one["fields"])}
        writer.writerow(["" if said[name] is None else defused(str(said[name])) for name in COLUMNS])

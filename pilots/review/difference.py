"""What differs between two versions of a count: lines added, changed and removed, and the change of every total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from pilots.models import Version

NOTHING = Decimal(0)


@dataclass(frozen=True)
class LineChange:
    """A line that only one version has, or that both have with other values; amounts in pounds."""

    agency_code: str
    agency: str
    service_code: str
    service_line: str
    spend_type: str
    funder: str
    receiver: str
    is_capital: bool
    is_transfer: bool
    before: Decimal | None
    after: Decimal | None
    # Which other fields differ, by name: basis, source, note ...
    fields: Sequence[str]

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def other_fields(self) -> tuple[str, ...]:
        """What differs besides the amount, in words."""
        return tuple(name.replace("_", " ") for name in self.fields if name != "amount")

    @property
    def change(self) -> Decimal:
        """What the amount rose by."""
        return (self.after or NOTHING) - (self.before or NOTHING)


@dataclass(frozen=True)
class TotalChange:
    """One total of a body before and after: revenue without what is passed on, passed on, or capital."""

    agency: str
    total: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before

    @property
    def fall(self) -> Decimal:
        """What it fell by."""
        return -self.change


@dataclass(frozen=True)
class Difference:
    """All that differs, and how many lines are alike."""

    lines: tuple[LineChange, ...]
    alike: int
    totals: tuple[TotalChange, ...]

    def number(self, kind: str) -> int:
        """How many lines were added, removed or changed."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def revenue(self) -> TotalChange:
        """The place's revenue without what is passed on."""
        rows = [row for row in self.totals if row.total == REVENUE]
        return TotalChange(
            "", REVENUE, sum((row.before for row in rows), NOTHING), sum((row.after for row in rows), NOTHING)
        )


REVENUE, PASSED_ON, CAPITAL = "revenue", "passed on", "capital"

# The two versions' lines side by side by what makes a line unique; 0 stands for none, which no id is.
PAIRED = """
    WITH earlier AS (SELECT * FROM pilots_spendline WHERE version_id = %(before)s),
        later AS (SELECT * FROM pilots_spendline WHERE version_id = %(after)s),
        paired AS (
            SELECT b AS b, a AS a,
                coalesce(a.agency_id, b.agency_id) AS agency_id, coalesce(a.funder_id, b.funder_id) AS funder_id,
                coalesce(a.service_line_id, b.service_line_id) AS service_line_id,
                coalesce(a.spend_type_id, b.spend_type_id) AS spend_type_id,
                coalesce(a.receiver_id, b.receiver_id) AS receiver_id,
                coalesce(a.is_capital, b.is_capital) AS is_capital,
                coalesce(a.is_transfer, b.is_transfer) AS is_transfer,
                b.amount AS before, a.amount AS after
            FROM earlier b FULL JOIN later a
                ON a.agency_id = b.agency_id AND a.service_line_id = b.service_line_id
                AND a.spend_type_id = b.spend_type_id AND a.is_capital = b.is_capital
                AND a.is_transfer = b.is_transfer AND coalesce(a.funder_id, 0) = coalesce(b.funder_id, 0)
                AND coalesce(a.receiver_id, 0) = coalesce(b.receiver_id, 0)
        )
"""

COMPARED = ("amount", "whole_amount", "share", "basis", "method", "source", "note")
FIELDS = " || ".join(
    f"CASE WHEN (p.a).{name} IS DISTINCT FROM (p.b).{name} THEN ARRAY['{name}'] ELSE '{{}}'::text[] END"
    for name in COMPARED
)
CHANGES = f"""
    {PAIRED}
    SELECT * FROM (
        SELECT g.code, g.name AS agency, s.code AS service_code, s.name AS service_line, t.name, coalesce(f.name, ''),
            coalesce(r.name, ''), p.is_capital, p.is_transfer, p.before, p.after,
            CASE WHEN p.before IS NULL OR p.after IS NULL THEN '{{}}'::text[] ELSE {FIELDS} END AS fields
        FROM paired p
            JOIN pilots_agency g ON g.id = p.agency_id
            JOIN pilots_serviceline s ON s.id = p.service_line_id
            JOIN pilots_spendtype t ON t.id = p.spend_type_id
            LEFT JOIN pilots_agency f ON f.id = p.funder_id
            LEFT JOIN pilots_agency r ON r.id = p.receiver_id
    ) c
    WHERE before IS NULL OR after IS NULL OR fields <> '{{}}'
    ORDER BY abs(coalesce(after, 0) - coalesce(before, 0)) DESC, agency, service_line, service_code
"""  # noqa: S608 - our own column names

TOTALS = f"""
    {PAIRED}
    SELECT g.name, CASE WHEN p.is_capital THEN '{CAPITAL}' WHEN p.is_transfer THEN '{PASSED_ON}' ELSE '{REVENUE}' END
            AS total, coalesce(sum(p.before), 0), coalesce(sum(p.after), 0),
        count(*) FILTER (WHERE p.before IS NOT NULL AND p.after IS NOT NULL)
    FROM paired p JOIN pilots_agency g ON g.id = p.agency_id
    GROUP BY g.id, total ORDER BY g.name, total DESC
"""  # noqa: S608 - our own words


def difference(before: Version | None, after: Version) -> Difference:
    """What differs between two versions of a count; without `before` every line is added. Largest changes first."""
    pair = {"before": before.pk if before else None, "after": after.pk}
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, pair)
        lines = tuple(LineChange(*row) for row in cursor.fetchall())
        cursor.execute(TOTALS, pair)
        rows = cursor.fetchall()
    changed = sum(line.kind == "changed" for line in lines)
    totals = tuple(TotalChange(*row[:4]) for row in rows)
    return Difference(lines, sum(row[4] for row in rows) - changed, totals)

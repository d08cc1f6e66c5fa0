"""Importing a large file of spend lines through every check, against COPY of the same rows into the same table."""

import csv
import tempfile
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from pilots.models import SpendLine, Version

from .measure import Result, seconds

DEMO = "demo"
EXPORT = f"""
    COPY (
        SELECT p.slug AS place, y.label AS year, a.code AS agency, f.code AS funder, s.code AS service_line,
            t.code AS spend_type, l.is_capital::text, l.is_transfer::text, r.code AS receiver, l.amount, l.basis
        FROM pilots_spendline l
            JOIN pilots_version v ON v.id = l.version_id JOIN pilots_count c ON c.published_id = v.id
            JOIN pilots_place p ON p.id = c.place_id JOIN pilots_programme m ON m.id = p.programme_id
            JOIN pilots_financialyear y ON y.id = c.year_id
            JOIN pilots_agency a ON a.id = l.agency_id JOIN pilots_serviceline s ON s.id = l.service_line_id
            JOIN pilots_spendtype t ON t.id = l.spend_type_id
            LEFT JOIN pilots_agency f ON f.id = l.funder_id LEFT JOIN pilots_agency r ON r.id = l.receiver_id
        WHERE m.slug = '{DEMO}'
    ) TO STDOUT (FORMAT csv, HEADER)
"""
STORED = [field.column for field in SpendLine._meta.concrete_fields if field.name not in ("id", "row_version")]


def run(lines: int) -> list[Result]:
    call_command("seed_demo", places=93, lines=lines, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        rows = _export(file)
        _make_working_versions_empty()
        ours = seconds(lambda: call_command("load_counts", str(file), "--replace", verbosity=0))
        copied = _copy_again(Path(folder) / "rows")
    return [Result(f"load_counts of {rows:,} rows, every one checked", ours, "COPY of the same rows", copied)]


def _export(file: Path) -> int:
    """The demonstration's lines as a file that anybody might send; how many rows it has."""
    with file.open("wb") as target, connection.cursor() as cursor, cursor.copy(EXPORT) as copy:
        for block in copy:
            target.write(block)
    with file.open(encoding="utf-8", newline="") as source:
        return sum(1 for _ in csv.reader(source)) - 1


def _make_working_versions_empty() -> None:
    """Every row of the file is new then."""
    SpendLine.objects.filter(version__kind=Version.Kind.WORKING, version__count__place__programme__slug=DEMO).delete()


def _copy_again(file: Path) -> float:
    """Seconds to COPY the imported rows into an empty table of the same columns, keys and indexes."""
    columns = ", ".join(STORED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (LIKE pilots_spendline INCLUDING ALL) ON COMMIT DROP")
        chosen = f"""
            COPY (
                SELECT {", ".join(f"l.{column}" for column in STORED)} FROM pilots_spendline l
                    JOIN pilots_version v ON v.id = l.version_id JOIN pilots_count c ON c.id = v.count_id
                    JOIN pilots_place p ON p.id = c.place_id JOIN pilots_programme m ON m.id = p.programme_id
                WHERE m.slug = '{DEMO}' AND v.kind = 'working'
            ) TO STDOUT
        """
        with file.open("wb") as target, cursor.copy(chosen) as copy:
            for block in copy:
                target.write(block)

        def into_table() -> None:
            with file.open("rb") as source, cursor.copy(f"COPY copied ({columns}) FROM STDIN") as copy:
                while block := source.read(1 << 20):
                    copy.write(block)

        return seconds(into_table)

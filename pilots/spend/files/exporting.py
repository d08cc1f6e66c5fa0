"""A version's spend lines as files: CSV, a workbook to fill in, and a Fiscal Data Package. All read back the same."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple, TextIO

from django.db import connection

from pilots.models import Version
from pilots.spend.ratios import ratio_in_words
from totalplace.formulas import defused

# The columns of every export, in order; names of the contract, with the words for the codes beside them.
COLUMNS = (
    *("id", "row_version", "place", "year", "agency", "agency_name", "funder", "service_line", "service_line_name"),
    *("spend_type", "is_capital", "is_transfer", "receiver", "amount", "whole_amount", "share"),
    *("basis", "method", "source", "note", "shared_by"),
)
LINES = """
    SELECT l.id, l.row_version, p.slug, y.label, a.code, a.name, coalesce(f.code, ''), s.code, s.name, t.code,
        l.is_capital, l.is_transfer, coalesce(r.code, ''), l.amount, l.whole_amount, trim_scale(l.share),
        l.basis, l.method, l.source, l.note, l.ratio::text
    FROM pilots_spendline l
        JOIN pilots_version v ON v.id = l.version_id
        JOIN pilots_count c ON c.id = v.count_id
        JOIN pilots_place p ON p.id = c.place_id
        JOIN pilots_financialyear y ON y.id = c.year_id
        JOIN pilots_agency a ON a.id = l.agency_id
        JOIN pilots_serviceline s ON s.id = l.service_line_id
        JOIN pilots_spendtype t ON t.id = l.spend_type_id
        LEFT JOIN pilots_agency f ON f.id = l.funder_id
        LEFT JOIN pilots_agency r ON r.id = l.receiver_id
    WHERE l.version_id = ANY(%(versions)s) AND (%(bodies)s::bigint[] IS NULL OR l.agency_id = ANY(%(bodies)s))
    ORDER BY p.slug, a.code, s.position, s.code, t.position, l.id
"""
AT_A_TIME = 5_000
# Ids of the bodies whose lines are wanted; None for all.
Bodies = Collection[int] | None


class ExportLine(NamedTuple):
    """One line; the fields are COLUMNS. Amounts are Decimal pounds or None, texts as recorded."""

    id: int
    row_version: int
    place: str
    year: str
    agency: str
    agency_name: str
    funder: str
    service_line: str
    service_line_name: str
    spend_type: str
    is_capital: bool
    is_transfer: bool
    receiver: str
    amount: object
    whole_amount: object
    share: object
    basis: str
    method: str
    source: str
    note: str
    shared_by: str


def export_lines(version: Version, bodies: Bodies = None) -> Iterator[ExportLine]:
    """A version's lines, of all bodies or of some, in a stable order, a few thousand at a time."""
    return lines_of_versions([version.pk], bodies)


def lines_of_versions(version_ids: Sequence[int], bodies: Bodies = None) -> Iterator[ExportLine]:
    """The same of several versions, by place."""
    wanted = {"versions": list(version_ids), "bodies": None if bodies is None else list(bodies)}
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINES, wanted)
        while rows := cursor.fetchmany(AT_A_TIME):
            for *line, ratio in rows:
                yield ExportLine._make((*line, ratio_in_words(json.loads(ratio) if ratio else None)))


def write_csv(version: Version, file: TextIO, bodies: Bodies = None) -> int:
    """The lines as CSV, and their number. The file should be UTF-8 opened with newline=""."""
    writer, number = csv.writer(file), 0
    writer.writerow(COLUMNS)
    for line in export_lines(version, bodies):
        writer.writerow(_text(value) for value in line)
        number += 1
    return number


def _text(value: object) -> str:
    """A value as text of a CSV: amounts with their pence, yes and no as true and false, no formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defused(str(value))


FIELDS = {
    "id": ("integer", "", "The line's number in this system"),
    "row_version": ("integer", "", "Rises with every change of the line"),
    "place": ("string", "geo:target:name", "The place, by its name in addresses"),
    "year": ("string", "date:fiscal-year", "The financial year, such as 2010-11"),
    "agency": ("string", "administrative-classification:generic:level1:code", "The body that delivers, by code"),
    "agency_name": ("string", "administrative-classification:generic:level1:label", "The body that delivers"),
    "funder": ("string", "", "The body whose money it is, by code; blank if not stated"),
    "service_line": ("string", "functional-classification:generic:level1:code", "The service line, by code"),
    "service_line_name": ("string", "functional-classification:generic:level1:label", "The service line"),
    "spend_type": ("string", "economic-classification:generic:level1:code", "CIPFA's subjective analysis"),
    "is_capital": ("boolean", "", "Capital is in no total"),
    "is_transfer": ("boolean", "", "Money passed on to another body is in no total"),
    "receiver": ("string", "", "The body that a transfer goes to, by code"),
    "amount": ("number", "value", "What is counted in the place, in pounds"),
    "whole_amount": ("number", "", "The whole amount of the body, in pounds"),
    "share": ("number", "", "The part of the whole that counts in the place"),
    "basis": ("string", "", "actual, budget, estimate or apportioned"),
    "method": ("string", "", "How an apportioned amount was shared out"),
    "source": ("string", "", "Where the figure comes from"),
    "note": ("string", "", "Anything else"),
    "shared_by": ("string", "", "The numbers by which an apportioned amount was shared out"),
}


def write_package(version: Version, file: BinaryIO, bodies: Bodies = None) -> int:
    """The lines as a Fiscal Data Package in a zip, and their number."""
    text = io.StringIO(newline="")
    number = write_csv(version, text, bodies)
    content = text.getvalue().encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/spend.csv", content)
        archive.writestr("datapackage.json", json.dumps(_described(version, content), indent=2, ensure_ascii=False))
    return number


def _described(version: Version, content: bytes) -> dict:
    place, year = version.count.place, version.count.year
    return {
        "profile": "tabular-data-package",
        "name": f"{place.slug}-{year.label}",
        "title": f"Public spending in {place.name}, {year.label}",
        "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "description": f"{version}. Amounts are pounds."
        + (" Illustrative data, made up." if place.programme.is_illustrative else ""),
        "resources": [
            {
                "name": "spend",
                "path": "data/spend.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {
                    "fields": [described_field(name) for name in COLUMNS],
                    "missingValues": [""],
                    "primaryKey": ["id"],
                },
            }
        ],
    }


def described_field(name: str) -> dict:
    """A column as a data package describes it."""
    kind, column_type, description = FIELDS[name]
    field: dict = {"name": name, "type": kind, "description": description}
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field | ({"columnType": column_type} if column_type else {})

"""Contents as a Fiscal Data Package: CSV tables in a zip, with a description that machines check them by.

Its profile is `tabular-data-package`, as the fiscal profile's own schema wants it, with the fiscal members beside it.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, get_type_hints

from mapping.api import words  # noqa: F401 - what savings columns mean, also where no address was asked yet
from pilots.api.formats import csv_pieces
from pilots.api.tables import plain_type
from pilots.api.typed import Part, columns_of
from pilots.api.words import word
from pilots.spend.files.exporting import FIELDS, described_field

from .contents import Contents, Counting, Table
from .readme import licence, readme

TYPES: Mapping[Any, str] = {Decimal: "number", Part: "number", int: "integer", bool: "boolean"}
KEYS: Mapping[str, list[str]] = {
    "summary": ["place"],
    "spend": ["id"],
    "savings": ["place", "agency", "service_line", "lever"],
    "agencies": ["code"],
    "service-lines": ["code"],
    "places": ["slug"],
}
# Columns that name a row of another table, by that table and its key.
NAMED = {"agency": ("agencies", "code"), "service_line": ("service-lines", "code"), "place": ("places", "slug")}


def write_package(contents: Contents, file: IO[bytes], counting: Counting) -> None:
    """Writes the package."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        resources = [_write_table(archive, table, counting) for table in contents.tables()]
        archive.writestr("README.md", readme(contents))
        described = {**_described(contents), "resources": resources}
        archive.writestr("datapackage.json", json.dumps(described, indent=2, ensure_ascii=False))


def _write_table(archive: zipfile.ZipFile, table: Table, counting: Counting) -> dict[str, Any]:
    """Writes a table, and returns its description."""
    path, columns = f"data/{table.name}.csv", columns_of(table.shape)
    digest, size = hashlib.sha256(), 0
    with archive.open(path, "w", force_zip64=True) as member:
        for piece in csv_pieces(columns, counting(table)):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return {
        "name": table.name,
        "title": table.about,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
        "schema": {
            "fields": [_field(table, name) for name in columns],
            "missingValues": [""],
            "primaryKey": KEYS[table.name],
            **_foreign_keys(table.name, columns),
        },
    }


def _field(table: Table, name: str) -> dict[str, Any]:
    if table.name == "spend" and name in FIELDS:
        return described_field(name)
    kind = TYPES.get(plain_type(get_type_hints(table.shape, include_extras=True)[name]), "string")
    field: dict[str, Any] = {"name": name, "type": kind, "description": word(table.shape.__name__, name).about}
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field


def _foreign_keys(table: str, columns: Iterable[str]) -> dict[str, Any]:
    keys = [
        {"fields": [name], "reference": {"resource": NAMED[name][0], "fields": [NAMED[name][1]]}}
        for name in columns
        if name in NAMED and table != NAMED[name][0]
    ]
    return {"foreignKeys": keys} if keys else {}


def _described(contents: Contents) -> dict[str, Any]:
    start = int(contents.year.label[:4])
    return {
        "profile": "tabular-data-package",
        "name": contents.name,
        "title": contents.title,
        "description": readme(contents),
        "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "licenses": [licence(contents)],
        "countryCode": "GB",
        "granularity": "aggregated",
        "fiscalPeriod": {"start": f"{start}-04-01", "end": f"{start + 1}-03-31"},
        "model": {"measures": MEASURES, "dimensions": DIMENSIONS},
    }


def _measure(resource: str, source: str, **more: str) -> dict[str, Any]:
    return {"source": source, "resource": resource, "currency": "GBP", "factor": 1, **more}


def _dimension(kind: str, resource: str, sources: Mapping[str, str], **more: str) -> dict[str, Any]:
    """A dimension whose first attribute is its key, and whose second is the words for it."""
    key, *labels = sources
    attributes: dict[str, dict[str, str]] = {key: {"source": sources[key], "resource": resource}}
    attributes |= {label: {"source": sources[label], "resource": resource, "labelfor": key} for label in labels}
    return {"dimensionType": kind, "attributes": attributes, "primaryKey": key, **more}


MEASURES = {
    "amount": _measure("spend", "amount", direction="expenditure"),
    "saving": _measure("savings", "saving"),
    "joined": _measure("savings", "joined"),
}
DIMENSIONS = {
    "year": _dimension("datetime", "spend", {"year": "year"}),
    "place": _dimension("location", "spend", {"slug": "place"}),
    "agency": _dimension(
        "classification", "spend", {"code": "agency", "name": "agency_name"}, classificationType="administrative"
    ),
    "funder": _dimension("entity", "spend", {"code": "funder"}),
    "receiver": _dimension("entity", "spend", {"code": "receiver"}),
    "service": _dimension(
        "classification",
        "spend",
        {"code": "service_line", "name": "service_line_name"},
        classificationType="functional",
    ),
    "spend_type": _dimension("classification", "spend", {"code": "spend_type"}, classificationType="economic"),
    "is_capital": _dimension("other", "spend", {"is_capital": "is_capital"}),
    "is_transfer": _dimension("other", "spend", {"is_transfer": "is_transfer"}),
    "lever": _dimension("other", "savings", {"code": "lever"}),
}

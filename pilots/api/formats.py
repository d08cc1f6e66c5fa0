"""What goes over the wire: JSON and CSV out, JSON in, and choosing between them.

A `Decimal` in an answer is pounds and becomes a string with two decimals; shares and rates are made strings by
`plain` before they get here.
"""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from totalplace.formulas import defused
from totalplace.problems import TOO_LARGE, Problem

from .parameters import refuse_value

ROWS_AT_A_TIME = 500


def plain(value: Decimal | None) -> str | None:
    """A share or rate as a string without trailing zeros: 0.354, 1."""
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def timestamp(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(value: Any) -> Any:
    """What `json` cannot write by itself: pounds, times, and the plain data of summaries."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {member.name: getattr(value, member.name) for member in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=as_json)


def encode(value: Any) -> bytes:
    """A whole answer as JSON."""
    return ENCODER.encode(value).encode()


def json_pieces(envelope: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """An envelope with `results` as its last member, a piece at a time."""
    yield ENCODER.encode(envelope)[:-1].encode() + b',"results":['
    before = b""
    for some in _batches(rows):
        yield before + ",".join(map(ENCODER.encode, some)).encode()
        before = b","
    yield b"]}"


# By this Excel tells that a file is UTF-8 and not Windows-1252, which would spoil every pound sign and dash.
BYTE_ORDER_MARK = "\ufeff".encode()


def is_browser(request: Request) -> bool:
    """Whether a browser asks for a file to keep, which somebody will open in a spreadsheet; programs ask otherwise."""
    return "text/html" in request.headers.get("Accept", "")


def csv_pieces(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], for_spreadsheet: bool = False
) -> Iterator[bytes]:
    """A header row and the rows as CSV, a piece at a time. For a spreadsheet a byte order mark goes before them."""
    yield (BYTE_ORDER_MARK if for_spreadsheet else b"") + _csv_text([columns])
    for some in _batches(rows):
        yield _csv_text([[csv_cell(row[column]) for column in columns] for row in some])


def csv_cell(value: Any) -> str:
    """One value as CSV text that no spreadsheet takes for a formula; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value)) if all(isinstance(one, str) for one in value) else ENCODER.encode(value)
    elif isinstance(value, Mapping):
        value = ENCODER.encode(value)
    return defused(value if isinstance(value, str) else str(as_json(value) if not isinstance(value, int) else value))


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    some: list[Mapping[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == ROWS_AT_A_TIME:
            yield some
            some = []
    if some:
        yield some


def _csv_text(rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


class Json(BaseRenderer):
    """Stands for JSON when a format is chosen; answers write themselves (listing)."""

    media_type = "application/json"
    format = "json"


class Csv(BaseRenderer):
    """Stands for CSV when a format is chosen."""

    media_type = "text/csv"
    format = "csv"


class Xlsx(BaseRenderer):
    """Stands for a workbook."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"


class Parquet(BaseRenderer):
    """Stands for Parquet."""

    media_type = "application/vnd.apache.parquet"
    format = "parquet"


class Arrow(BaseRenderer):
    """Stands for a stream of Arrow record batches (Arrow IPC)."""

    media_type = "application/vnd.apache.arrow.stream"
    format = "arrow"


class Negotiation(DefaultContentNegotiation):
    """By `Accept`, or by `?format=`, which names what there is when it is misspelt."""

    def filter_renderers(self, renderers, format):
        fitting = [renderer for renderer in renderers if renderer.format == format]
        if not fitting:
            known = " or ".join(renderer.format for renderer in renderers)
            raise refuse_value("format", f'"format" is {known} here, not "{format}".')
        return fitting

    def select_renderer(self, request, renderers, format_suffix=None):
        """A `?format=` wins over whatever `Accept` says, as a link in a browser needs."""
        said = request.query_params.get(self.settings.URL_FORMAT_OVERRIDE)
        if said:
            renderer = self.filter_renderers(renderers, said)[0]
            return renderer, renderer.media_type
        return super().select_renderer(request, renderers, format_suffix)


class JsonObject(JSONParser):
    """A body that is one JSON object, of a limited size, with text that can be stored."""

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > most:
            raise Problem(TOO_LARGE, f"The body may have {most:,} bytes at most.")
        try:
            body = super().parse(stream, media_type, parser_context)
            json.dumps(body, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError("It is nested too deeply.") from None
        except UnicodeError:
            raise ParseError("It holds text that is not Unicode.") from None
        if not isinstance(body, dict):
            raise ParseError('It should be one object, such as {"amount": "1234.50"}.')
        return body

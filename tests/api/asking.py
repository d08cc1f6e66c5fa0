"""Asking the API as a client does, and holding every answer against the published schema."""

import csv
import io
import json
import re
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema_rs
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, encode_multipart
from django.test.utils import CaptureQueriesContext

from pilots.api.schema import document

V1 = "/api/v1/"


class Answer:
    """What came back."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.body = b"".join(response.streaming_content) if response.streaming else response.content

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.data["results"]

    @property
    def csv_rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.body.decode(), newline="")))

    @property
    def detail(self) -> str:
        return self.data["detail"]

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


class Api:
    """A client of the API: anonymous, with a token, or with the session of the pages."""

    def __init__(self, token: str | None = None, session_of: Any = None) -> None:
        self.client = Client(
            headers={"authorization": f"Token {token}"} if token else {}, raise_request_exception=False
        )
        if session_of is not None:
            self.client.force_login(session_of)

    def get(self, address: str, **headers: str) -> Answer:
        return self._checked("get", address, headers)

    def post(self, address: str, body: Any, **headers: str) -> Answer:
        return self._checked("post", address, headers, body)

    def patch(self, address: str, body: Any, **headers: str) -> Answer:
        return self._checked("patch", address, headers, body)

    def delete(self, address: str, **headers: str) -> Answer:
        return self._checked("delete", address, headers)

    def _checked(self, method: str, address: str, headers: dict[str, str], body: Any = None) -> Answer:
        sent = {} if body is None else {"data": body if isinstance(body, str | bytes) else json.dumps(body)}
        if body is not None:
            sent["content_type"] = headers.pop("content_type", "application/json")
        ask = getattr(self.client, method)
        answer = Answer(
            ask(f"{V1}{address}", **sent, headers={name.replace("_", "-"): v for name, v in headers.items()})
        )
        hold_against_schema(method, f"{V1}{address}".partition("?")[0], answer)
        return answer


def queries_of(connection: Any) -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def total(rows: list[dict[str, Any]], name: str) -> Decimal:
    """The sum of a column of pounds."""
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def hold_against_schema(method: str, path: str, answer: Answer) -> None:
    """The status, the media type and every member of an answer are what the schema says; nothing more."""
    template = next((known for known, pattern in _paths().items() if pattern.fullmatch(path)), None)
    assert template, f"the schema has no path for {path}"
    operation = document()["paths"][template].get(method)
    assert operation, f"the schema has no {method} of {template}"
    described = operation["responses"].get(str(answer.status))
    assert described, f"{method} {path} answered {answer.status}, which the schema does not have: {answer.body[:300]!r}"
    if "content" not in described:
        assert not answer.body
        return
    media_type = answer.headers["Content-Type"].partition(";")[0]
    assert media_type in described["content"], f"{media_type} is not in the schema of {path}"
    if media_type.endswith("json"):
        validator = _validator(template, method, str(answer.status), media_type)
        faults = [f"{list(error.instance_path)}: {error.message[:300]}" for error in validator.iter_errors(answer.data)]
        assert not faults, faults[:5]


@cache
def _paths() -> dict[str, re.Pattern]:
    """The schema's paths, as patterns of addresses."""
    return {path: re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in document()["paths"]}


@cache
def _validator(template: str, method: str, status: str, media_type: str) -> Any:
    content = document()["paths"][template][method]["responses"][status]["content"]
    schema = {**_closed(content[media_type]["schema"]), "components": _closed(document()["components"])}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _closed(schema: Any) -> Any:
    """The schema with every object refusing members that it does not name."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        closed["additionalProperties"] = False
    return closed


def post_file(api: Api, address: str, content: bytes, name: str = "count.csv", **headers: str) -> Answer:
    """A file as its own body, by its name in the address."""
    both = "&" if "?" in address else "?"
    return api.post(f"{address}{both}file_name={name}", content, content_type="text/csv", **headers)


def post_form(api: Api, address: str, content: bytes, name: str = "count.csv", **fields: str) -> Answer:
    """A file as a form sends it."""
    sent = {"file": SimpleUploadedFile(name, content), **fields}
    return api.post(address, encode_multipart(BOUNDARY, sent), content_type=f"multipart/form-data; boundary={BOUNDARY}")

"""Version 1 only grows: what it once promised stays, and what is new is written down where a review sees it.

version_1.txt holds a line for each operation, parameter, value that one takes, answer, and member of a shape.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pilots.api.schema import document

PROMISED = Path(__file__).with_name("version_1.txt")


def promises() -> set[str]:
    """What the OpenAPI document promises, a line each, so that any change of it is a line of a difference."""
    found: set[str] = set()
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            found |= {f"{method.upper()} {path} {promise}" for promise in _of_operation(operation)}
    for name, shape in document()["components"]["schemas"].items():
        found |= {f"{name}{promise}" for promise in _of_shape(shape)}
    return found


def _of_operation(operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"is {operation['operationId']}"
    for parameter in operation["parameters"]:
        name, schema = f"{parameter['in']} {parameter['name']}", parameter["schema"]
        yield f"takes {name}"
        yield from (f"takes {name}={value}" for value in schema.get("enum", ()))
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"takes {media_type}: {_kind(body['schema'])}"
    for status, answer in operation["responses"].items():
        # Whatever is refused is refused in one shape.
        yield f"answers {status}"
        for media_type, body in answer.get("content", {}).items() if status < "400" else ():
            yield f"answers {status} {media_type}: {_kind(body['schema'])}"


def _of_shape(shape: Mapping[str, Any]) -> Iterator[str]:
    if "properties" not in shape:
        yield f" is {_kind(shape)}"
    for name, member in shape.get("properties", {}).items():
        yield f".{name}: {_kind(member)}"
        if name not in shape.get("required", ()):
            yield f".{name} may be left out"


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: its name, or what it is made of."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    for words in ("anyOf", "oneOf", "allOf"):
        if words in schema:
            return " | ".join(_kind(one) for one in schema[words])
    if "items" in schema:
        return f"{_kind(schema['items'])}[]"
    if "properties" in schema:
        return "{" + ", ".join(f"{name}: {_kind(one)}" for name, one in schema["properties"].items()) + "}"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kinds = schema.get("type", "anything")
    return " | ".join(kinds) if isinstance(kinds, list) else kinds


def test_what_version_1_promised_is_still_there():
    assert sorted(set(PROMISED.read_text(encoding="utf-8").splitlines()) - promises()) == []


def test_what_is_new_in_version_1_is_written_down():
    new = sorted(promises() - set(PROMISED.read_text(encoding="utf-8").splitlines()))
    assert new == [], "Add these lines to tests/api/version_1.txt, sorted:\n" + "\n".join(new)


def test_a_member_that_vanishes_is_found_out(monkeypatch):
    before = promises()
    monkeypatch.delitem(document()["components"]["schemas"]["Agency"]["properties"], "region")
    assert before - promises() == {"Agency.region: string | null"}

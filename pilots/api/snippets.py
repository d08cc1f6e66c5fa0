"""How each operation is asked from the tools that people have, to copy: curl, Python, R and Excel's Power Query."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

TOKEN = "Token YOUR-TOKEN"  # noqa: S105 - what stands in examples
JSON, CSV, FORM = "application/json", "text/csv", "multipart/form-data"
EXAMPLE_FILE = "count.csv"


@dataclass(frozen=True)
class Asking:
    """An operation as an example asks it. `body` is None where there is none; `saves_as` names a file that comes."""

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    sends_file: bool
    is_list: bool
    saves_as: str

    @classmethod
    def of(cls, path: str, method: str, operation: Mapping[str, Any], here: str) -> "Asking":
        """The example of an operation of the schema."""
        for one in operation["parameters"]:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", str(one["example"]))
        headers = {} if {} in operation["security"] else {"Authorization": TOKEN}
        headers |= {
            one["name"]: one["example"] for one in operation["parameters"] if one["in"] == "header" and one["required"]
        }
        sent = operation.get("requestBody", {}).get("content", {})
        given = _given(operation)
        return cls(
            method=method.upper(),
            url=f"{here}{path}",
            query=operation.get("x-example-query", {}),
            headers=headers,
            body=sent[JSON]["example"] if JSON in sent else None,
            sends_file=FORM in sent,
            is_list=CSV in given,
            saves_as="" if JSON in given or not given else "export.zip",
        )


def _given(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """What types of answer an operation gives when all goes well."""
    good: Mapping[str, Any] = next((one for status, one in operation["responses"].items() if status < "3"), {})
    return good.get("content", {})


def snippets(asking: Asking) -> list[dict[str, str]]:
    """The same question in each tool that can ask it: its name, and what to copy."""
    said = [("curl", curl(asking)), ("Python", python(asking)), ("R", r(asking))]
    if asking.method == "GET" and not asking.saves_as:
        said.append(("Excel: Power Query", power_query(asking)))
    return [{"tool": tool, "text": text} for tool, text in said]


def curl(asking: Asking) -> str:
    """A command of a shell."""
    words = ["curl"]
    if asking.method != "GET":
        words += ["-X", asking.method]
    for name, value in asking.headers.items():
        words += ["-H", f"{name}: {value}"]
    if asking.body is not None:
        words += ["-H", f"Content-Type: {JSON}", "-d", json.dumps(asking.body, ensure_ascii=False)]
    if asking.sends_file:
        words += ["-F", f"file=@{EXAMPLE_FILE}"]
    if asking.saves_as:
        words += ["-o", asking.saves_as]
    words.append(asking.url + (f"?{urlencode(asking.query)}" if asking.query else ""))
    return shlex.join(words)


def python(asking: Asking) -> str:
    """A few lines of Python with requests, and pandas where there are rows."""
    reads_rows = asking.is_list and asking.method == "GET"
    query = {name: value for name, value in asking.query.items() if name != "format"}
    arguments = [repr(asking.url)]
    if query:
        arguments.append(f"params={dict(query)!r}")
    if asking.headers:
        arguments.append(f"headers={dict(asking.headers)!r}")
    if asking.body is not None:
        arguments.append(f"json={asking.body!r}")
    if asking.sends_file:
        arguments.append(f"files={{'file': open({EXAMPLE_FILE!r}, 'rb')}}")
    call = f"requests.{asking.method.lower()}(\n    " + ",\n    ".join(arguments) + ",\n)"
    lines = ["import requests", *(["import pandas"] if reads_rows else []), "", f"answer = {call}"]
    lines.append("answer.raise_for_status()")
    if reads_rows:
        lines.append('table = pandas.DataFrame(answer.json()["results"])')
    elif asking.saves_as:
        lines.append(f"open({asking.saves_as!r}, 'wb').write(answer.content)")
    elif asking.method != "DELETE":
        lines.append("print(answer.json())")
    return "\n".join(lines)


def r(asking: Asking) -> str:
    """A pipe of R with httr2."""
    steps = [f"request({_quoted(asking.url)})"]
    query = {name: value for name, value in asking.query.items() if name != "format"}
    if query:
        steps.append(f"req_url_query({_named(query)})")
    if asking.headers:
        steps.append(f"req_headers({_named(asking.headers)})")
    if asking.body is not None:
        steps.append(f"req_body_raw({_quoted(json.dumps(asking.body, ensure_ascii=False))}, {_quoted(JSON)})")
    if asking.sends_file:
        steps.append(f"req_body_multipart(file = curl::form_file({_quoted(EXAMPLE_FILE)}))")
    if asking.method not in ("GET", "POST") or (asking.method == "POST" and asking.body is None):
        steps.append(f"req_method({_quoted(asking.method)})")
    steps.append(f"req_perform({f'path = {_quoted(asking.saves_as)}' if asking.saves_as else ''})")
    if not asking.saves_as and asking.method != "DELETE":
        steps.append("resp_body_json(simplifyVector = TRUE)")
    return "library(httr2)\n\nanswer <- " + " |>\n  ".join(steps)


def power_query(asking: Asking) -> str:
    """A query for Excel's advanced editor: Data, Get data, From other sources, Blank query."""
    query = {**asking.query, **({"format": "csv"} if asking.is_list else {})}
    options = []
    if query:
        options.append(f"Query = [{', '.join(f'{name} = {_m(value)}' for name, value in query.items())}]")
    if asking.headers:
        named = ", ".join(f'#"{name}" = {_m(value)}' for name, value in asking.headers.items())
        options.append(f"Headers = [{named}]")
    asked = f"Web.Contents({_m(asking.url)}{', [' + ', '.join(options) + ']' if options else ''})"
    if not asking.is_list:
        return f"let\n    Answer = Json.Document({asked})\nin\n    Answer"
    return (
        f"let\n    Lines = Csv.Document({asked}, [Encoding = 65001]),\n"
        "    Table = Table.PromoteHeaders(Lines)\nin\n    Table"
    )


def _quoted(text: str) -> str:
    """Text of R."""
    return json.dumps(text, ensure_ascii=False)


def _named(values: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}` = {_quoted(value)}" for name, value in values.items())


def _m(text: str) -> str:
    """Text of Power Query."""
    return '"' + text.replace('"', '""') + '"'

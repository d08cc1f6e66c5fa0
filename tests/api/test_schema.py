"""The OpenAPI document, and the pages made from it."""

import html
import json
import re
import shlex

import jsonschema_rs
import pytest
import yaml
from django.test import Client
from drf_spectacular.validation import validate_schema

from pilots.api.schema import document

OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
]


def test_it_is_openapi_3_1():
    assert document()["openapi"].startswith("3.1")
    validate_schema(document())


def test_it_is_served_as_json_and_as_yaml(client, db):
    served = client.get("/api/schema/")
    assert (served["Content-Type"], served.json()) == ("application/json", document())
    as_yaml = client.get("/api/schema/?format=yaml")
    assert (as_yaml["Content-Type"], yaml.safe_load(as_yaml.content)) == ("application/yaml", document())
    assert client.get("/api/schema/", headers={"if-none-match": served["ETag"]}).status_code == 304
    assert client.get("/api/schema/?format=xml").status_code == 400


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_has_words_and_an_example_that_its_schema_accepts(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    contents = [answer["content"] for answer in operation["responses"].values() if "content" in answer]
    contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
    assert contents
    for content in contents:
        for media_type, described in content.items():
            assert described["example"]
            if media_type.endswith("json"):
                schema = {**described["schema"], "components": document()["components"]}
                validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                assert not [error.message for error in validator.iter_errors(described["example"])]
    for parameter in operation["parameters"]:
        assert parameter["description"].endswith(".")
        if "example" in parameter:
            assert jsonschema_rs.is_valid(parameter["schema"], parameter["example"])


def test_every_member_of_every_shape_says_what_it_means():
    silent = [
        f"{name}.{member}"
        for name, schema in document()["components"]["schemas"].items()
        for member, described in schema.get("properties", {}).items()
        if not described.get("description")
    ]
    assert silent == []


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for methods in document()["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.fixture
def page(client, db):
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_reference_has_every_operation_and_needs_nothing_from_elsewhere(page):
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            assert f'id="{operation["operationId"]}"' in page
            assert f"{method.upper()} {path}" in page.replace("<wbr>", "")
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page


def test_every_command_of_the_reference_does_what_it_says(page, lead):
    commands = [shlex.split(html.unescape(found)) for found in re.findall(r"<code>(curl .*?)</code>", page, re.DOTALL)]
    assert len(commands) == len(OPERATIONS)
    for words in commands:
        method = words[words.index("-X") + 1].lower() if "-X" in words else "get"
        headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
        address = words[-1].removeprefix("http://testserver")
        if method == "get" and "Authorization" not in headers:
            status = Client().get(address).status_code
            # Numbers of lines, maps and jobs are made up: there may be none, or one of a working version.
            assert status == 200 or (status in (401, 404) and re.search(MADE_UP, address)), address
        elif method == "post" and "-d" in words:
            body = json.loads(words[words.index("-d") + 1])
            assert lead.post(address.removeprefix("/api/v1/"), body).status in (201, 202, 403, 422)
        elif method == "post":
            assert words[words.index("-F") + 1] == "file=@count.csv"
        assert headers.get("Authorization", "Token").startswith("Token")


MADE_UP = r"/(spend|maps|jobs)/[0-9a-f-]+/(file/|compare/[0-9]+/)?$"


def test_each_operation_can_be_copied_for_python_and_r_and_each_reading_for_excel(page):
    tools = re.findall(r'summary-text">(curl|Python|R|Excel: Power Query)<', page)
    reads = sum("get" in methods and "/file/" not in path for path, methods in document()["paths"].items())
    assert {tool: tools.count(tool) for tool in tools} == {
        "curl": len(OPERATIONS),
        "Python": len(OPERATIONS),
        "R": len(OPERATIONS),
        "Excel: Power Query": reads,
    }


def test_the_lines_of_python_are_python_and_ask_what_curl_asks(page):
    lines = [html.unescape(found) for found in re.findall(r"<code>(import requests.*?)</code>", page, re.DOTALL)]
    assert len(lines) == len(OPERATIONS)
    for text in lines:
        compile(text, "snippet", "exec")
        assert "http://testserver/api/v1/" in text

"""The schema itself, and the reference that people read: plain pages made from it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from totalplace.problems import KINDS

from .formats import Json
from .parameters import Parameter, read_query
from .schema import document
from .snippets import Asking, snippets
from .views import conditional, etag_of

AS_YAML = "application/yaml"
FORMAT = Parameter("format", "json (the default) or yaml.", choices=("json", "yaml"))
METHODS = ("get", "post", "patch", "delete")


class Yaml(BaseRenderer):
    """Stands for YAML when a format is chosen."""

    media_type = AS_YAML
    format = "yaml"


class SchemaView(APIView):
    """GET /api/schema/: OpenAPI 3.1, as JSON or YAML."""

    renderer_classes = [Json, Yaml]

    def get(self, request: Request) -> HttpResponseBase:
        read_query(request.query_params, [FORMAT])
        media_type = AS_YAML if request.accepted_renderer.format == "yaml" else "application/json"
        text = written(media_type)
        response = conditional(
            request, etag_of(request, text), None, lambda: HttpResponse(text, content_type=media_type)
        )
        response["Cache-Control"] = "public, no-cache"
        return response


@cache
def written(media_type: str) -> str:
    """The document as text; it changes with the code alone."""
    if media_type == AS_YAML:
        return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True)
    return json.dumps(document(), ensure_ascii=False)


def reference(request: HttpRequest) -> HttpResponse:
    """GET /api/docs/: every operation with its parameters, its answers and how each tool asks it."""
    here = f"{request.scheme}://{request.get_host()}"
    schema = document()
    by_tag: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in schema["tags"]}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                by_tag[methods[method]["tags"][0]].append(_described(path, method, methods[method], here))
    groups = [(tag, by_tag[tag["name"]]) for tag in schema["tags"]]
    return render(request, "api/reference.html", {"info": schema["info"], "groups": groups, "here": here})


def problems(request: HttpRequest) -> HttpResponse:
    """GET /api/docs/problems/: every kind of problem, with what a client can do."""
    return render(request, "api/problems.html", {"kinds": KINDS})


def _described(path: str, method: str, operation: Mapping[str, Any], here: str) -> dict[str, Any]:
    """An operation as its part of the page shows it."""
    answers = [
        {"status": status, "description": typeset(answer["description"])}
        for status, answer in operation["responses"].items()
    ]
    content: Mapping[str, Any] = next(
        (one["content"] for one in operation["responses"].values() if "content" in one), {}
    )
    example = content.get("application/json", {}).get("example")
    return {
        "id": operation["operationId"],
        "summary": typeset(operation["summary"]),
        "description": typeset(operation["description"]),
        "method": method.upper(),
        # A long address breaks behind its slashes on a narrow page.
        "path_parts": [f"{part}/" for part in path.split("/")[:-1]],
        "parameters": [
            {**one, "kind": _kind(one["schema"]), "description": typeset(one["description"])}
            for one in operation["parameters"]
        ],
        "answers": answers,
        "snippets": snippets(Asking.of(path, method, operation, here)),
        "example": json.dumps(example, ensure_ascii=False, indent=2) if example else "",
        "has_csv": "text/csv" in content,
    }


def typeset(text: str) -> SafeString:
    """Words of the schema as a page has them: what stands between backticks is code."""
    parts = text.replace("'", "’").split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in enumerate(parts))
    )


def _kind(schema: Mapping[str, Any]) -> str:
    """What values a parameter takes, in words."""
    if "enum" in schema:
        return " or ".join(schema["enum"])
    return {"integer": "a whole number", "string": "text"}.get(schema.get("type", ""), "")

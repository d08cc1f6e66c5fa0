"""The OpenAPI document, from what views declare: parameters, typed shapes, and what may be refused."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import uritemplate
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from totalplace import problems
from totalplace.problems import Kind

from . import shapes
from .formats import Arrow, Parquet, Xlsx, as_json, csv_pieces
from .operations import Described
from .parameters import Parameter
from .typed import body_schema_of, columns_of, example_of, schema_of
from .views import ApiView, ListView
from .words import word

JSON, CSV, FORM, FILE = "application/json", "text/csv", "multipart/form-data", "application/octet-stream"
# What any operation may be refused with.
ALWAYS = (
    problems.BAD_PARAMETER,
    problems.SIGN_IN,
    problems.NOT_ALLOWED,
    problems.NOT_FOUND,
    problems.NO_SUCH_FORMAT,
    problems.TOO_MANY_REQUESTS,
    problems.UNAVAILABLE,
)
REPEATS = (problems.KEY_REUSED, problems.KEY_IN_USE)
BODIES = (problems.BAD_BODY, problems.TOO_LARGE, problems.WRONG_MEDIA_TYPE)
IN_ADDRESSES: Mapping[str, tuple[Parameter, dict[str, Any]]] = {
    "place": (Parameter("place", "The place's slug.", example="kent"), {"type": "string"}),
    "line": (Parameter("line", "The line's number.", example="4711"), {"type": "integer", "minimum": 0}),
    "number": (Parameter("number", "The set's number.", example="1"), {"type": "integer", "minimum": 0}),
    "dimension": (Parameter("dimension", "The dimension.", example="service_line"), {"type": "string"}),
    "other": (
        Parameter("other", "The number of the map to set beside it.", example="2"),
        {"type": "integer", "minimum": 0},
    ),
    "job": (
        Parameter("job", "The job's id.", example="0f1d6c2a-b34a-4c8b-8f5b-5c0e2a8d4b1e"),
        {"type": "string", "format": "uuid"},
    ),
    "webhook": (Parameter("webhook", "The webhook's number.", example="1"), {"type": "integer", "minimum": 0}),
    "map": (Parameter("map", "The map's number.", example="1"), {"type": "integer", "minimum": 0}),
}
TOKEN: Mapping[str, list] = {"token": []}
SESSION: Mapping[str, list] = {"session": []}


def only_version_1(endpoints: list[tuple], **kwargs: Any) -> list[tuple]:
    """Leaves out the schema itself and pages."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


@cache
def document() -> Mapping[str, Any]:
    """The whole OpenAPI document; it changes with the code alone."""
    return SchemaGenerator().get_schema(request=None, public=True)


def _security(is_public: bool) -> list[Mapping[str, list]]:
    return [*([{}] if is_public else []), TOKEN, SESSION]


class Operation(AutoSchema):
    """One operation of the document."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        self.registry, self.path, self.method = registry, path, method.upper()
        action = getattr(self.view, method.lower())
        described: Described = action.described
        summary, _, about = (action.__doc__ or "").strip().partition("\n")
        return {
            "operationId": described.name,
            "summary": summary,
            "description": " ".join(about.split()),
            "tags": [described.tag],
            "parameters": self._parameters(described),
            **self._body(described),
            "security": _security(described.is_for_anybody(self.method)),
            "responses": {**self._answers(described), **self._refusals(described)},
            **({"x-example-query": dict(described.query)} if described.query else {}),
        }

    def _keep(self, hint: Any, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Stores a named schema once and refers to it. Raises TypeError where two shapes have one name."""
        name = hint.__name__
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, {}, object=hint)
        known = self.registry._components.setdefault(component.key, component)
        if known.object is not hint:
            raise TypeError(f"{known.object!r} and {hint!r} would share the name {name} in the schema")
        if known is component:
            component.schema = build()
        return {"$ref": f"#/components/schemas/{name}"}

    def _parameters(self, described: Described) -> list[dict[str, Any]]:
        said = [_path_parameter(name) for name in uritemplate.variables(self.path)]
        said += [_query_parameter(one) for one in cast(ApiView, self.view).query_parameters(self.method)]
        if described.if_match:
            said.append(IF_MATCH)
        if described.repeats:
            said.append(IDEMPOTENCY_KEY)
        return said

    def _body(self, described: Described) -> dict[str, Any]:
        if described.takes_file:
            return {"requestBody": {"required": True, "content": FILE_BODY}}
        if not described.takes:
            return {}
        schema = body_schema_of(described.takes, self._keep)
        return {
            "requestBody": {"required": True, "content": {JSON: {"schema": schema, "example": dict(described.sends)}}}
        }

    def _answers(self, described: Described) -> dict[str, Any]:
        if described.gives_files:
            content = dict.fromkeys(described.gives_files, A_FILE)
            return {str(described.status): {"description": "The file.", "content": content}}
        if not described.gives:
            return {str(described.status): {"description": "Done."}}
        is_list = isinstance(self.view, ListView) and self.method == "GET"
        content = self._list(described) if is_list else self._object(described)
        headers = {**(ANSWER_HEADERS if described.status != 202 else JOB_HEADERS)}
        if described.repeats:
            headers["Idempotency-Replayed"] = REPLAYED
        answers = {str(described.status): {"description": "The answer.", "headers": headers, "content": content}}
        if self.method == "GET":
            answers["304"] = {"description": "What the client holds is still right."}
        return answers

    def _object(self, described: Described) -> dict[str, Any]:
        schema = schema_of(described.gives, self._keep)
        content = {JSON: {"schema": schema, "example": plain_data(example_of(described.gives))}}
        if described.example_csv:
            content[CSV] = {"schema": {"type": "string"}, "example": described.example_csv}
        return content | self._files()

    def _files(self) -> dict[str, Any]:
        """The files with columns that an answer is to be had as."""
        formats = (Xlsx, Parquet, Arrow)
        return {one.media_type: A_FILE for one in cast(ApiView, self.view).renderer_classes if one in formats}

    def _list(self, described: Described) -> dict[str, Any]:
        row = plain_data(example_of(described.gives))
        address = {"type": ["string", "null"], "format": "uri"}
        members = {
            "count": {"type": "integer", "description": word("", "count").about},
            "next": {**address, "description": word("", "next").about},
            "previous": {**address, "description": word("", "previous").about},
            **{
                name: {**schema_of(hint, self._keep), "description": word("", name).about}
                for name, hint in described.about.items()
            },
            "results": {"type": "array", "items": schema_of(described.gives, self._keep)},
        }
        schema = {"type": "object", "properties": members, "required": list(members)}
        example = {name: word("", name).example for name in members} | {"results": [row]}
        written = b"".join(csv_pieces(columns_of(described.gives), [row])).decode()
        return {
            JSON: {"schema": schema, "example": example},
            CSV: {"schema": {"type": "string"}, "example": written},
            **self._files(),
        }

    def _refusals(self, described: Described) -> dict[str, Any]:
        has_body = described.takes or described.takes_file
        kinds = [*ALWAYS, *(BODIES if has_body else ()), *(REPEATS if described.repeats else ()), *described.refuses]
        by_status: dict[int, list[Kind]] = {}
        for kind in kinds:
            by_status.setdefault(kind.status, []).append(kind)
        return {str(status): self._refusal(some) for status, some in sorted(by_status.items())}

    def _refusal(self, kinds: list[Kind]) -> dict[str, Any]:
        example = {
            name: value
            for name, value in example_of(shapes.ProblemDocument).items()
            if name not in ("errors", "error_count", "current", "changed_by")
        } | {"type": kinds[0].address, "title": kinds[0].title, "status": kinds[0].status, "detail": kinds[0].advice}
        schema = schema_of(shapes.ProblemDocument, self._keep)
        return {
            "description": " Or: ".join(f"{kind.title}." for kind in kinds),
            "content": {problems.MEDIA_TYPE: {"schema": schema, "example": example}},
        }


ANSWER_HEADERS = {
    "ETag": {"description": "For `If-None-Match`, and of a line for `If-Match`.", "schema": {"type": "string"}},
    "Last-Modified": {
        "description": "When the answer last changed, once that second is over; for `If-Modified-Since`.",
        "schema": {"type": "string"},
    },
}
JOB_HEADERS = {
    "Location": {"description": "The job's address.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until it is worth looking there.", "schema": {"type": "integer"}},
}
REPLAYED = {
    "description": "true where the answer is that to an earlier request with the same key.",
    "schema": {"type": "string", "enum": ["true"]},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your own, new for each request. Sent again within a day, it is not done twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "import-2010-11-kent-1",
}
A_FILE = {"schema": {"type": "string", "format": "binary"}, "example": "(a file)"}
FILE_BODY = {
    FORM: {
        "schema": {
            "type": "object",
            "properties": {
                "file": {"type": "string", "format": "binary", "description": "CSV, XLSX, ODS or a data package."}
            },
            "required": ["file"],
            "additionalProperties": False,
        },
        "example": {"file": "count.csv"},
    },
    FILE: {
        "schema": {"type": "string", "format": "binary", "minLength": 1},
        "example": "agency,service_line,amount\nE2221,police,1234.50\n",
    },
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The ETag of the line as it was read: its row version in quotes, such as "3".',
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "example": '"3"',
}


def _path_parameter(name: str) -> dict[str, Any]:
    parameter, schema = IN_ADDRESSES[name]
    example: Any = int(parameter.example) if schema["type"] == "integer" else parameter.example
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": parameter.about,
        "schema": schema,
        "example": example,
    }


def _query_parameter(parameter: Parameter) -> dict[str, Any]:
    example = {"example": parameter.example} if parameter.example else {}
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema(),
        **example,
    }


def plain_data(value: Any) -> Any:
    """An example as JSON has it."""
    if isinstance(value, dict):
        return {name: plain_data(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain_data(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else as_json(value)

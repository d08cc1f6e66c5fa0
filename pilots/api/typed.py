"""From typed shapes to their JSON schema and to an example: the code that answers says what it answers."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NotRequired, TypeAliasType, Union, get_args, get_origin, get_type_hints
from typing import is_typeddict as is_typed_dict

from .words import word

type Pounds = Annotated[str, {"pattern": r"^-?[0-9]+\.[0-9]{2}$", "description": "Pounds and pence."}]
type Year = Annotated[str, {"pattern": r"^[0-9]{4}-[0-9]{2}$", "description": "A financial year."}]
type Part = Annotated[
    str, {"pattern": r"^[0-9]+(\.[0-9]+)?$", "description": "A share or a rate, as a decimal number."}
]

PLAIN: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}

Keep = Callable[[Any, Callable[[], dict[str, Any]]], dict[str, Any]]


def members_of(shape: Any) -> dict[str, Any]:
    """The members of a typed dictionary or a dataclass, with their types."""
    return get_type_hints(shape, include_extras=True)


def columns_of(shape: Any) -> tuple[str, ...]:
    """The names of a shape's members: the columns of its CSV."""
    return tuple(members_of(shape))


def is_shape(hint: Any) -> bool:
    return is_typed_dict(hint) or dataclasses.is_dataclass(hint)


def schema_of(hint: Any, keep: Keep) -> dict[str, Any]:
    """The JSON schema of a type. `keep(hint, build)` stores a named one once and returns a reference to it."""
    if hint is Decimal:
        hint = Pounds
    if isinstance(hint, TypeAliasType):
        return keep(hint, lambda: schema_of(hint.__value__, keep))
    if is_shape(hint):
        return keep(hint, lambda: _object(hint, keep))
    return dict(PLAIN[hint]) if get_origin(hint) is None else _composed(hint, keep)


def _composed(hint: Any, keep: Keep) -> dict[str, Any]:
    """The schema of a type made of others."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return {**schema_of(arguments[0], keep), **arguments[1]}
    if origin is NotRequired:
        return schema_of(arguments[0], keep)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin in (Union, UnionType):
        return _one_of([schema_of(one, keep) for one in arguments])
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], keep)}
    raise TypeError(f"{hint!r} has no JSON schema")


def body_schema_of(shape: Any, keep: Keep) -> dict[str, Any]:
    """The same of a body that is sent to us, in which an unknown member is refused."""
    return keep(shape, lambda: {**_object(shape, keep), "additionalProperties": False})


def _one_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """A plain type or null by one list of types; anything else as alternatives."""
    if all(set(schema) == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"anyOf": schemas}


def _object(shape: Any, keep: Keep) -> dict[str, Any]:
    properties = {}
    for name, hint in members_of(shape).items():
        about = word(shape.__name__, name).about
        properties[name] = {**schema_of(hint, keep), **({"description": about} if about else {})}
    required = [name for name in properties if name in getattr(shape, "__required_keys__", properties)]
    schema = {"type": "object", "properties": properties, "required": required}
    if not required:
        del schema["required"]
    about = " ".join((shape.__doc__ or "").split())
    return {"description": about, **schema} if about and not about.startswith("dict(") else schema


def example_of(hint: Any, shape: str = "", name: str = "") -> Any:
    """An example of a type: of each member the word's own."""
    if is_shape(hint):
        return {member: example_of(inner, hint.__name__, member) for member, inner in members_of(hint).items()}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return example_of(arguments[0], shape, name)
    if origin in (Union, UnionType):
        shapes = [one for one in arguments if is_shape(one) or get_origin(one) is list]
        if shapes:
            return example_of(shapes[0], shape, name)
    if origin is list and (is_shape(arguments[0])):
        return [example_of(arguments[0])]
    return word(shape, name).example

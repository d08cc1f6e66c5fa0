"""Reading a body by the very schema that is published for it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from totalplace.problems import BAD_BODY, Problem

from .typed import body_schema_of

SHOWN = 60


@cache
def _validator(shape: Any) -> Draft202012Validator:
    kept: dict[str, dict[str, Any]] = {}

    def keep(hint: Any, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        if hint.__name__ not in kept:
            kept[hint.__name__] = build()
        return {"$ref": f"#/$defs/{hint.__name__}"}

    return Draft202012Validator({**body_schema_of(shape, keep), "$defs": kept})


def read_body(body: Any, shape: Any) -> dict[str, Any]:
    """The members of a body that has a shape. Raises Problem with every fault, by pointer."""
    faults = sorted(
        (fault for error in _validator(shape).iter_errors(body) for fault in _faults(error)),
        key=lambda fault: fault["pointer"],
    )
    if faults:
        raise Problem(BAD_BODY, " ".join(fault["detail"] for fault in faults), faults)
    return dict(body)


def pointer(*path: Any) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _faults(error: ValidationError) -> Iterator[dict[str, Any]]:
    where = list(error.absolute_path)
    match error.validator:
        case "additionalProperties":
            for name in sorted(set(error.instance) - set(error.schema["properties"])):
                yield _fault([*where, name], f"There is no member {_shown(name)} here.")
        case "required":
            name = next(name for name in error.validator_value if f"'{name}'" in error.message)
            yield _fault([*where, name], f'"{name}" is missing.')
        case _:
            yield _fault(where, f'"{where[-1] if where else "body"}": {_expected(error)}')


def _expected(error: ValidationError) -> str:
    """What would be accepted in the place of a value."""
    if error.validator == "anyOf":
        # The alternative that is not null says what is wanted.
        closest = [inner for inner in error.context or () if inner.validator != "type"] or list(error.context or ())
        if closest:
            return _expected(closest[0])
    said, wanted = _shown(error.instance), error.validator_value
    match error.validator:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"{said} should be {' or '.join(kinds)}."
        case "enum":
            return f"{said} is none of {', '.join(value for value in wanted if value)}."
        case "pattern":
            return f"{said} is not written as expected. {error.schema.get('description', '')}".strip()
        case "maxLength":
            return f"This has {len(error.instance):,} characters; {wanted:,} are kept at most."
        case "minLength":
            return "This should not be empty."
    return f"{said} is out of range. {error.schema.get('description', '')}".strip()


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _fault(where: list[Any], detail: str) -> dict[str, Any]:
    return {"pointer": pointer(*where), "detail": detail}

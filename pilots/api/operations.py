"""What the schema and the reference pages say of each operation, declared beside the method that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rest_framework.permissions import SAFE_METHODS

from totalplace.problems import Kind


@dataclass(frozen=True)
class Described:
    """An operation: its name for programs, its group, and the typed shapes of what it takes and gives.

    `gives` is the shape of a whole answer, or of one row where the view is a list. `query` is an example.
    """

    name: str
    tag: str
    gives: Any = None
    takes: Any = None
    status: int = 200
    refuses: tuple[Kind, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    # An example of the body.
    sends: Mapping[str, Any] = field(default_factory=dict)
    # Whether `If-Match` has to say what was read.
    if_match: bool = False
    # Members beside the rows of a list, by name: their shape.
    about: Mapping[str, Any] = field(default_factory=dict)
    # Whether the body is a file, and what type of file an answer may be.
    takes_file: bool = False
    gives_files: tuple[str, ...] = ()
    # Whether anybody may do it; without a word reading is for anybody, and nothing else is.
    is_public: bool | None = None
    # Whether it may be sent again under the same `Idempotency-Key`.
    repeats: bool = False
    # The CSV of an answer that is to be had as one and is no list.
    example_csv: str = ""

    def is_for_anybody(self, method: str) -> bool:
        """Whether nobody need sign in for it."""
        return method in SAFE_METHODS if self.is_public is None else self.is_public


def operation[Method: Callable](name: str, tag: str, **more: Any) -> Callable[[Method], Method]:
    """Describes a view's method; the first line of its docstring is the summary."""

    def describe(method: Method) -> Method:
        method.described = Described(name, tag, **more)  # type: ignore[attr-defined]
        return method

    return describe

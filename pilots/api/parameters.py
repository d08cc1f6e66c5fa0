"""Query parameters: declared once by each operation, read strictly, and described in the schema.

Nothing is ignored: an unknown name, an unreadable value or a parameter given twice is refused by name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from totalplace.problems import BAD_PARAMETER, Problem, nearest

LONGEST_VALUE = 200
# The largest page number that can be reached: rows are counted in 63 bits.
LARGEST_NUMBER = 10**12
YEAR = r"^[0-9]{4}-[0-9]{2}$"
# At least one character that is seen, and none that is not.
READABLE = r"^[^\x00-\x1f\x7f-\xa0]*[^\x00-\x20\x7f-\xa0][^\x00-\x1f\x7f-\xa0]*$"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter. With `choices` it takes one of them; a number has `least` and `most`."""

    name: str
    about: str
    choices: tuple[str, ...] = ()
    example: str = ""
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    longest: int = LONGEST_VALUE

    @property
    def is_number(self) -> bool:
        return self.least is not None

    def read(self, said: str) -> str:
        """The value, or ValueError with what is accepted."""
        if self.choices and said not in self.choices:
            near = nearest(said, self.choices)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise ValueError(f'"{self.name}" is one of {", ".join(self.choices)}, not "{said}".{hint}')
        if self.is_number:
            return str(self._number(said))
        if len(said) > self.longest:
            raise ValueError(f'"{self.name}" has {len(said):,} characters; {self.longest:,} are read at most.')
        if not re.fullmatch(READABLE, said):
            raise ValueError(f'"{self.name}" holds a character that cannot be read.')
        if self.pattern and not re.fullmatch(self.pattern, said):
            raise ValueError(f'"{self.name}" is written like {self.example}, not "{said}".')
        return said

    def _number(self, said: str) -> int:
        least, most = self.least or 0, self.most or LARGEST_NUMBER
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 20 else -1
        if least <= number <= most:
            return number
        limit = f" from {least:,} to {most:,}" if self.most else f" from {least:,}"
        raise ValueError(f'"{self.name}" is a whole number{limit}, not "{said}".')

    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        if self.is_number:
            return {"type": "integer", "minimum": self.least, "maximum": self.most or LARGEST_NUMBER}
        if self.choices:
            return {"type": "string", "enum": list(self.choices)}
        pattern = self.pattern or READABLE
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": pattern}


@dataclass
class Asked:
    """What a request asks for: the values given, and messages of what was taken by default."""

    values: Mapping[str, str]
    messages: list[str] = field(default_factory=list)
    # Whether the programme asked about is made up, which every answer and file then says.
    is_illustrative: bool = False

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def number(self, name: str, default: int) -> int:
        return int(self.values.get(name, default))


def read_query(query: QueryDict, parameters: Sequence[Parameter]) -> Asked:
    """The query's values by name. Raises Problem with every fault; a blank value is one."""
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, str] = {}
    faults = []
    for name, said in query.lists():
        if name not in known:
            faults.append(_unknown_name(name, known))
        elif len(said) > 1:
            faults.append(_fault(name, f'"{name}" is given {len(said)} times; give it once.'))
        elif not said[0].strip(" "):
            faults.append(_fault(name, f'"{name}" is blank. Give a value, or leave it out.'))
        else:
            try:
                values[name] = known[name].read(said[0])
            except ValueError as refused:
                faults.append(_fault(name, str(refused)))
    if faults:
        raise Problem(BAD_PARAMETER, " ".join(fault["detail"] for fault in faults), faults)
    return Asked(values)


def refuse_value(name: str, detail: str) -> Problem:
    """The problem of a value that is well formed and stands for nothing known."""
    return Problem(BAD_PARAMETER, detail, [_fault(name, detail)])


def _fault(name: str, detail: str) -> dict[str, Any]:
    return {"parameter": name, "detail": detail}


def _unknown_name(name: str, known: Iterable[str]) -> dict[str, Any]:
    names = sorted(known)
    near = nearest(name, names)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
    return {**_fault(name, f'There is no parameter "{name}" here. {hint}'), "nearest": near or names}


YEAR_PARAMETER = Parameter(
    "year", "A financial year. The default is the newest complete published one.", example="2010-11", pattern=YEAR
)
VERSION = Parameter(
    "version",
    "The newest published snapshot (the default), or the working version, for those who may read it.",
    choices=("published", "working"),
)
PROGRAMME = Parameter("programme", "The slug of a programme, where an installation has several.", example="total-place")
AGENCY = Parameter("agency", "The code of a body.", example="E2221")
SERVICE_LINE = Parameter(
    "service_line", "The code of a service line; a branch takes all lines below it.", example="highways-transport"
)
PAGE = Parameter("page", "Which page, from 1.", least=1)
PAGE_SIZE = Parameter("page_size", "Rows on a page, at most 1,000, which is also the default.", least=1, most=1000)
PAGING = (PAGE, PAGE_SIZE)

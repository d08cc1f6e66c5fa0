"""Recording what spending is shared out by: one number, or a file of them, all or nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pilots.acting import acting
from pilots.models import Agency, ApportionmentInput, Person, Place, Programme
from pilots.permissions import Action, require
from pilots.spend.amounts import AmountRefused, parse_amount
from pilots.spend.files import FileProblem, FileRefused, Table

Errors = dict[str, list[str]]
COLUMNS = ("measure", "place", "agency", "year", "value", "source")
YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
LONGEST_SOURCE = 300
# A file of more is none of this kind.
MOST_ROWS = 20_000


class InputRefused(Exception):
    """An input cannot be recorded as given: `errors` has messages by field."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(" ".join(message for messages in errors.values() for message in messages))
        self.errors = errors


@dataclass(frozen=True)
class GivenInput:
    """A number as typed: of a place (slug or name) or of a body (code or name), in a financial year."""

    measure: str = ""
    place: str = ""
    agency: str = ""
    year: str = ""
    value: object = ""
    source: str = ""


class _Known:
    """The places and bodies of a programme, by what people call them."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        places = Place.objects.filter(programme=programme).values_list("pk", "slug", "name")
        bodies = Agency.objects.filter(programme=programme).values_list("pk", "code", "name")
        self.places, self.bodies = _by_words(places), _by_words(bodies)

    def read(self, given: GivenInput) -> ApportionmentInput:
        """The number as it can be stored. Raises InputRefused."""
        errors: Errors = {}
        measure = _plain(given.measure)
        if measure not in ApportionmentInput.Measure.values:
            known = " or ".join(ApportionmentInput.Measure.values)
            errors["measure"] = [f'"{given.measure}" is no measure. Write {known}; people are kept in the register.']
        place, body = _plain(given.place), _plain(given.agency)
        if bool(place) == bool(body):
            errors["place"] = ["Name a place, or a body for all that it serves: one of the two."]
        elif place and place not in self.places:
            errors["place"] = [f'There is no place "{given.place}".']
        elif body and body not in self.bodies:
            errors["agency"] = [f'There is no body "{given.agency}". Use a code or a full name of the register.']
        year = given.year.strip()
        match = YEAR.fullmatch(year)
        if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
            errors["year"] = [f'"{given.year}" is no financial year. Write it as 2010-11.']
        value = _value(given.value, errors)
        source = " ".join(given.source.split())
        if not source or len(source) > LONGEST_SOURCE:
            errors["source"] = [f"Say where the number comes from, in at most {LONGEST_SOURCE} characters."]
        if errors or value is None:
            raise InputRefused(errors)
        return ApportionmentInput(
            programme=self.programme,
            measure=measure,
            place_id=self.places.get(place),
            agency_id=self.bodies.get(body),
            financial_year=year,
            value=value,
            source=source,
        )


def record_input(programme: Programme, given: GivenInput, person: Person, via: str) -> ApportionmentInput:
    """Records a number, in place of an earlier one of the same measure, place or body, and year.

    Raises NotAllowed, InputRefused.
    """
    require(person, Action.EDIT_REGISTER)
    read = _Known(programme).read(given)
    with acting(person, via):
        _store([read])
    return read


def remove_input(number: ApportionmentInput, person: Person, via: str) -> None:
    """Removes a number; the history keeps it, and lines that rest on it stay as they are. Raises NotAllowed."""
    require(person, Action.EDIT_REGISTER)
    with acting(person, via):
        number.delete()


def load_inputs(programme: Programme, table: Table, person: Person, via: str) -> int:
    """Records the numbers of a file with the columns COLUMNS, all or nothing, and returns how many.

    Raises NotAllowed, and FileRefused with every row that is wrong.
    """
    require(person, Action.EDIT_REGISTER)
    known, problems = _Known(programme), []
    read: dict[tuple[object, ...], tuple[int, ApportionmentInput]] = {}
    for number, given in _rows(table):
        try:
            row = known.read(given)
        except InputRefused as refused:
            for name, messages in refused.errors.items():
                problems += [FileProblem("input", message, row=number, heading=name) for message in messages]
            continue
        key = (row.measure, row.place_id, row.agency_id, row.financial_year)
        if key in read:
            problems.append(FileProblem("twice", f"This number is in row {read[key][0]} already.", row=number))
        read[key] = (number, row)
    if problems or not read:
        raise FileRefused(problems or [FileProblem("empty", "There is no row below the headings.")])
    with acting(person, via):
        _store([row for _, row in read.values()])
    return len(read)


def _rows(table: Table) -> Iterator[tuple[int, GivenInput]]:
    headings = [heading.strip().casefold() for heading in table.headings]
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        raise FileRefused([FileProblem("columns", f"There is no column {', '.join(missing)}.", row=table.heading_row)])
    at: Mapping[str, int] = {name: headings.index(name) for name in COLUMNS}
    for seen, (number, cells) in enumerate(table.read()):
        if seen >= MOST_ROWS:
            raise FileRefused([FileProblem("too-many-rows", f"A file has at most {MOST_ROWS:,} rows. Split it.")])
        values = {name: cells[index] if index < len(cells) else "" for name, index in at.items()}
        if any(value not in (None, "") for value in values.values()):
            value = values.pop("value")
            texts = {name: "" if cell is None else str(cell).strip() for name, cell in values.items()}
            yield number, GivenInput(**texts, value=value)


def _store(rows: list[ApportionmentInput]) -> None:
    ApportionmentInput.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["programme", "measure", "place", "agency", "financial_year"],
        update_fields=["value", "source"],
    )


def _value(typed: object, errors: Errors) -> Decimal | None:
    try:
        number = parse_amount(typed).pounds
    except AmountRefused as problem:
        errors["value"] = [str(problem)]
        return None
    if number is None or number <= 0:
        errors["value"] = ["Write a number above nought."]
        return None
    return number


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _by_words(rows) -> dict[str, int]:
    """Ids by code, and by name where only one has it."""
    names: dict[str, list[int]] = {}
    for pk, _, name in rows:
        names.setdefault(_plain(name), []).append(pk)
    found = {name: pks[0] for name, pks in names.items() if len(pks) == 1}
    return found | {_plain(code): pk for pk, code, _ in rows}

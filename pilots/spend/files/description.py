"""What a Fiscal Data Package says of its columns: their fields, what amounts count, how numbers are written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from .exporting import FIELDS
from .headings import guess_mapping
from .problems import refused
from .table import Cell, Row, Table
from .units import Stated, Unit, spoken_unit

# The field of each kind of column, as our own packages describe them.
FIELD_OF_TYPE = {kind: field for field, (_, kind, _) in FIELDS.items() if kind and not kind.endswith(":label")}
UNIT_OF_FACTOR = {1: "", 10**Unit.THOUSANDS.places: Unit.THOUSANDS, 10**Unit.MILLIONS.places: Unit.MILLIONS}
POUNDS = {"", "gbp", "£"}
WHERE = "The package's description"
Columns = Mapping[str, Mapping[str, Any]]


def as_described(table: Table, package: Mapping[str, Any], resource: Mapping[str, Any]) -> Table:
    """A package's table with what its description says of it. Raises FileRefused for what amounts cannot count."""
    columns, measures = _columns(resource), _measures(package)
    described = replace(table, described=_fields(table.headings, columns, measures))
    mapping = guess_mapping(described)
    amounts = [table.headings[mapping[field]] for field in ("amount", "whole_amount") if field in mapping]
    units = {_unit(name, {**columns.get(name, {}), **measures.get(name, {})}) for name in amounts}
    if len(units) > 1:
        raise refused("two-units", f"{WHERE} gives the columns of amounts different units. Give them the same.")
    stated = Stated(unit, WHERE) if (unit := "".join(units)) else None
    return replace(described, stated=stated or table.stated, read=lambda: _plain_numbers(table, columns))


def _columns(resource: Mapping[str, Any]) -> Columns:
    """The columns that a resource describes, by heading."""
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return {str(one.get("name")): one for one in _dicts(fields if isinstance(fields, list) else [])}


def _measures(package: Mapping[str, Any]) -> Columns:
    """The measures of a package's model, by the heading of the column that each stands in."""
    model = package.get("model")
    measures = model.get("measures") if isinstance(model, dict) else None
    named = measures.items() if isinstance(measures, dict) else ()
    return {str(one.get("source", name)): one for name, one in named if isinstance(one, dict)}


def _dicts(some: Sequence[Any]) -> Iterator[dict]:
    return (one for one in some if isinstance(one, dict))


def _fields(headings: Sequence[str], columns: Columns, measures: Columns) -> dict[str, int]:
    """The column of each field that one column alone is described as."""
    found: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        field = FIELD_OF_TYPE.get(str(columns.get(heading, {}).get("columnType")))
        if field is None and heading in measures and len(measures) == 1:
            field = "amount"
        if field:
            found.setdefault(field, []).append(index)
    return {field: indexes[0] for field, indexes in found.items() if len(indexes) == 1}


def _unit(name: str, column: Mapping[str, Any]) -> str:
    """What the amounts of a column count: thousands or millions, or empty for pounds."""
    currency, factor = str(column.get("currency") or ""), column.get("factor", 1)
    unit = spoken_unit(str(column.get("unit") or ""))
    if currency.casefold() not in POUNDS or (unit and unit not in Unit):
        said = currency if currency.casefold() not in POUNDS else unit
        raise refused("other-currency", f'{WHERE} says that "{name}" is in {said}. Send amounts in pounds.')
    try:
        of_factor = UNIT_OF_FACTOR[Decimal(str(factor))]
    except (KeyError, InvalidOperation):
        raise refused(
            "bad-factor",
            f'{WHERE} says that "{name}" is to be multiplied by {factor}. Send amounts in pounds, or in thousands or '
            "millions of them with a factor of 1000 or 1000000.",
        ) from None
    return of_factor or unit


def _plain_numbers(table: Table, columns: Columns) -> Iterator[Row]:
    """The rows, with a point for decimals in columns that are described with another sign for them."""
    forms = {index: form for index, heading in enumerate(table.headings) if (form := _form(columns.get(heading, {})))}
    for number, row in table.read():
        yield number, [_plain(cell, *forms[index]) if index in forms else cell for index, cell in enumerate(row)]


def _form(column: Mapping[str, Any]) -> tuple[re.Pattern[str], str, str] | None:
    """How the numbers of a column look, and its signs for decimals and between groups; None for the usual."""
    decimal, group = str(column.get("decimalChar") or "."), str(column.get("groupChar") or "")
    if decimal == ".":
        return None
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|" if group else ""
    return re.compile(rf"[-+]?(?:{grouped}[0-9]+)(?:{re.escape(decimal)}[0-9]+)?"), decimal, group


def _plain(cell: Cell, form: re.Pattern[str], decimal: str, group: str) -> Cell:
    if not isinstance(cell, str) or not form.fullmatch(cell.strip()):
        return cell
    return (cell.replace(group, "") if group else cell).replace(decimal, ".")

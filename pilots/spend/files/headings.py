"""Which column of a file is which field of a spend line, guessed from the headings."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pilots.outturn.sheet import column_letter
from pilots.spend.checking import FIELDS

from .cell_faults import IN_AMOUNTS
from .problems import FileProblem, FileRefused, shown
from .table import Table
from .units import IN_BRACKETS, POUNDS, Unit, spoken_unit, unclear_unit, without_unit

# Fields of a file beside those of a line: where the line belongs.
PLACE, YEAR = "place", "year"
# The column of each field, counted from 0.
Mapped = Mapping[str, int]

SYNONYMS: Mapping[str, str] = {
    PLACE: "place area pilot placeslug placename",
    YEAR: "year financialyear fy",
    "agency": "agency body organisation organization agencycode bodycode organisationcode authority authoritycode "
    "deliverer deliveredby deliveringagency deliveringbody provider council",
    "funder": "funder fundedby fundingagency fundingbody fundercode fundingsource",
    "service_line": "serviceline service servicecode servicelinecode servicelineid function",
    "spend_type": "spendtype spendtypecode typeofspend subjective subjectiveanalysis expendituretype",
    "is_capital": "iscapital capital",
    "is_transfer": "istransfer transfer",
    "receiver": "receiver receivedby receivingagency receivingbody receivercode recipient paidto",
    "amount": "amount amountgbp amountpounds amountinpounds value pounds gbp spend spending cost expenditure "
    "amountinplace",
    "whole_amount": "wholeamount whole wholeamountgbp totalamount amountofbody",
    "share": "share shareinplace shareofbody proportion",
    "basis": "basis basisoffigure status",
    "method": "method apportionedby sharedoutby apportionment",
    "source": "source sourceoffigure reference",
    "note": "note notes comment comments remark remarks",
}
FIELD_OF = {synonym: field for field, synonyms in SYNONYMS.items() for synonym in synonyms.split()}
# Columns of our own exports and templates that say nothing new.
KNOWN_ASIDE = {
    *("id", "rowversion", "placename", "agencyname", "fundername", "servicelinename", "spendtypename", "receivername"),
    *("agencytype", "region", "sharedby", "row"),
}
REQUIRED = ("agency", "service_line")
WORDS = {
    "agency": "the body",
    "service_line": "the service line",
    "amount": "the amount",
}


def guess_mapping(table: Table) -> dict[str, int]:
    """The column of each field that a package describes, or whose heading is recognised.

    A name of the field itself wins over a synonym; of two columns alike neither is taken (`mapping_problems`).
    """
    known = table.described
    guessed = {field: columns[0] for field, columns in _claims(table.headings).items() if len(columns) == 1}
    return {field: column for field, column in guessed.items() if column not in known.values()} | dict(known)


def mapping_of(table: Table, chosen: Mapping[str, str]) -> dict[str, int]:
    """The guess corrected by hand: `chosen` has fields by heading, or by column letter; "" leaves a column out.

    Raises FileRefused for a column or a field that there is not.
    """
    mapping, headings = guess_mapping(table), table.headings
    columns = {column_letter(index): index for index in range(len(headings))}
    columns |= {heading: index for index, heading in enumerate(headings) if heading}
    problems = [
        *(
            FileProblem("no-such-column", f'The file has no column "{shown(name)}". Its columns: {_listed(headings)}.')
            for name in chosen
            if name not in columns
        ),
        *(
            FileProblem("no-such-field", f'"{shown(field)}" is not a field. Fields: {", ".join(SYNONYMS)}.')
            for field in chosen.values()
            if field and field not in SYNONYMS
        ),
    ]
    if problems:
        raise FileRefused(problems)
    taken = {columns[name]: field for name, field in chosen.items()}
    mapping = {field: index for field, index in mapping.items() if index not in taken and field not in taken.values()}
    return mapping | {field: index for index, field in taken.items() if field}


def mapping_problems(table: Table, mapping: Mapped) -> list[FileProblem]:
    """Why a mapping will not do: a field without a column, two columns for one, amounts in another unit."""
    problems = []
    claimed = _claims(table.headings)
    for field, columns in claimed.items():
        if len(columns) > 1 and field not in mapping:
            letters = " and ".join(f'{column_letter(one)} "{shown(table.headings[one])}"' for one in columns)
            problems.append(
                _problem(table, "two-columns", f"Columns {letters} could both be {_words(field)}. Say which.")
            )
    problems += [
        _problem(table, "missing-column", _missing(table, field))
        for field in REQUIRED
        if field not in mapping and field not in claimed
    ]
    has_amount = "amount" in mapping or {"whole_amount", "share"} <= mapping.keys()
    if not has_amount and "amount" not in claimed:
        problems.append(_problem(table, "missing-column", _missing(table, "amount")))
    return [*problems, *_unit_problems(table, mapping)]


def opening_problems(table: Table, mapping: Mapped) -> list[FileProblem]:
    """What was found wrong with cells when the file was opened, where it matters: in columns that are read."""
    read = {column_letter(index): index for index in mapping.values()}
    amounts = {column_letter(mapping[field]) for field in ("amount", "whole_amount") if field in mapping}
    return [
        replace(one, heading=shown(table.headings[read[one.column]])) if one.column else one
        for one in table.problems
        if not one.column or one.column in (amounts if one.code in IN_AMOUNTS else read)
    ]


def spoken_units(table: Table, mapping: Mapped) -> dict[int, str]:
    """The unit that the file speaks of for each column of amounts, by column; empty for none."""
    columns = [mapping[field] for field in ("amount", "whole_amount") if field in mapping]
    stated = table.stated.unit if table.stated else ""
    return {column: spoken_unit(table.headings[column]) or stated for column in columns}


def _unit_problems(table: Table, mapping: Mapped) -> Iterator[FileProblem]:
    """Columns of amounts in another unit than the file is read in. Of several, one that is silent speaks of pounds."""
    spoken = spoken_units(table, mapping)
    for column, unit in spoken.items():
        heading = table.headings[column]
        says = f'The heading "{shown(heading)}"'
        if table.stated and not spoken_unit(heading):
            says = table.stated.where
        if what := _wrong_unit(table.unit, unit, any(spoken.values())):
            message = f"{says} {what}"
        elif not unit and table.unit is Unit.POUNDS and (words := unclear_unit(heading)):
            message = (
                f'{says} says "{shown(words)}". Say whether the amounts are in thousands or millions of pounds. If '
                'they are in pounds, write "(£)" in the heading.'
            )
        else:
            continue
        where = {"column": column_letter(column), "heading": shown(heading)}
        yield _problem(table, "unit-in-heading", message, **where)


def _wrong_unit(read_in: Unit, spoken: str, any_spoken: bool) -> str:
    """What is wrong with a column that speaks of a unit, or of none though another does; empty where it fits."""
    if not any_spoken or (spoken or Unit.POUNDS) == read_in:
        return ""
    if not spoken:
        return f"does not speak of {read_in}, and another column does. Give both the same unit."
    if spoken not in Unit:
        return f"speaks of {spoken}. Write amounts in full, in pounds, and say so there."
    if read_in is Unit.POUNDS:
        return (
            f"speaks of {spoken}. Say that the amounts are in {Unit(spoken).words}, and each is multiplied; or write "
            "them in full, in pounds, and say so there."
        )
    return f"speaks of {spoken}, and the amounts were said to be in {read_in.words}. Say which they are."


def unread_columns(table: Table, mapping: Mapped) -> list[str]:
    """The headings of columns that nothing is read from, our own names and labels aside."""
    read = set(mapping.values())
    return [
        heading
        for index, heading in enumerate(table.headings)
        if heading and index not in read and _plain(heading) not in KNOWN_ASIDE
    ]


def recognised(headings: Iterable[object]) -> int:
    """How many fields a row of cells names, to find the row of headings."""
    return len(_claims(["" if cell is None else str(cell) for cell in headings]))


def _claims(headings: Sequence[str]) -> dict[str, list[int]]:
    """The columns that could be each field."""
    claims: dict[str, list[int]] = {}
    exact: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        plain = _plain(heading)
        if field := FIELD_OF.get(plain):
            claims.setdefault(field, []).append(index)
            if plain == field.replace("_", ""):
                exact.setdefault(field, []).append(index)
    return claims | exact


def _plain(heading: str) -> str:
    """Lower case, letters and digits only, without units and what stands in brackets; £m alone is of pounds."""
    plain = re.sub(r"[^a-z0-9]", "", without_unit(IN_BRACKETS.sub("", heading)).lower())
    return plain or ("pounds" if POUNDS.search(heading) else "")


def _words(field: str) -> str:
    return WORDS.get(field, f'"{field}"')


def _missing(table: Table, field: str) -> str:
    also = " (or whole_amount and share)" if field == "amount" else ""
    return (
        f'There is no column for {_words(field)}: give one the heading "{field}"{also}, or say which it is. '
        f"The headings found: {_listed(table.headings)}."
    )


def _listed(headings: Sequence[str]) -> str:
    return ", ".join(shown(heading) for heading in headings if heading) or "none"


def _problem(table: Table, code: str, message: str, **where) -> FileProblem:
    return FileProblem(code, message, sheet=table.sheet, row=table.heading_row, **where)


assert set(FIELDS) < set(SYNONYMS)

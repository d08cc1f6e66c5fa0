"""Checking one spend line of a place before it is stored: the same for page, API and files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db import connection

from pilots.models import Agency, Place, ServiceLine, SpendLine, SpendType

from .amounts import LARGEST_WHOLE, AmountRefused, parse_amount, parse_share, share_of, worded
from .columns import LineColumns

AGENCIES = ("agency", "funder", "receiver")
FLAGS = ("is_capital", "is_transfer")
TEXTS = ("source", "note")
FIELDS = (
    *AGENCIES[:2],
    "service_line",
    "spend_type",
    *FLAGS,
    "receiver",
    "amount",
    "whole_amount",
    "share",
    "basis",
    "method",
    *TEXTS,
)
# Asked of every line of a file, and slow to ask of the choices themselves.
CHOICES = {choices: frozenset(choices.values) for choices in (SpendLine.Basis, SpendLine.Method)}
KNOWN_FIELDS = frozenset(FIELDS)
LONGEST_TEXT = 10_000
BLANK = (None, "")
YES, NO = {"true", "yes", "y", "1", "x"}, {"", "false", "no", "n", "0"}
# What exports write, looked at first.
SURE = {"true": True, "yes": True, "false": False, "no": False}

Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Named:
    """What a code or a name stands for."""

    id: int
    code: str
    name: str


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


def _by_code_and_name(rows: list[Named]) -> dict[str, Named]:
    """Rows by code, and by name where only one has it."""
    names: dict[str, list[Named]] = {}
    for row in rows:
        names.setdefault(_normal(row.name), []).append(row)
    found = {name: same[0] for name, same in names.items() if len(same) == 1}
    return found | {_normal(row.code): row for row in rows}


class Names:
    """What the lines of a programme may name, by code and by name, read once for as many lines as are checked."""

    def __init__(self, programme_id: int) -> None:
        self.programme_id = programme_id
        # What texts stood for as they were typed, by kind: a file names the same few again and again.
        self.met: dict[str, dict[str, Named]] = {}

    @cached_property
    def agencies(self) -> dict[str, Named]:
        """The bodies of the programme."""
        rows = Agency.objects.filter(programme=self.programme_id).values_list("id", "code", "name")
        return _by_code_and_name([Named(*row) for row in rows])

    @cached_property
    def service_lines(self) -> dict[str, Named]:
        """The whole service tree."""
        rows = ServiceLine.objects.filter(programme=self.programme_id).values_list("id", "code", "name")
        return _by_code_and_name([Named(*row) for row in rows])

    @cached_property
    def branches(self) -> set[int]:
        """The service lines that have others below them."""
        lines = ServiceLine.objects.filter(programme=self.programme_id, parent__isnull=False)
        return set(lines.values_list("parent_id", flat=True))

    @cached_property
    def spend_types(self) -> dict[str, Named]:
        """CIPFA's subjective analysis."""
        return _by_code_and_name([Named(*row) for row in SpendType.objects.values_list("id", "code", "name")])


class Recordable:
    """What the lines of one place may name; `names` are those of its programme, where they were read already."""

    def __init__(self, place: Place, names: Names | None = None) -> None:
        self.place = place
        self.names = names or Names(place.programme_id)

    @property
    def agencies(self) -> dict[str, Named]:
        return self.names.agencies

    @property
    def service_lines(self) -> dict[str, Named]:
        return self.names.service_lines

    @property
    def branches(self) -> set[int]:
        return self.names.branches

    @property
    def spend_types(self) -> dict[str, Named]:
        return self.names.spend_types

    @cached_property
    def members(self) -> set[int]:
        """The bodies that serve the place, and those that followed them."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH RECURSIVE members AS (
                    SELECT agency_id FROM pilots_membership WHERE place_id = %s
                    UNION
                    SELECT a.successor_id FROM members m JOIN pilots_agency a ON a.id = m.agency_id
                        WHERE a.successor_id IS NOT NULL
                ) SELECT agency_id FROM members
                """,
                [self.place.pk],
            )
            return {row[0] for row in cursor.fetchall()}


class Check:
    """Checks one line's values, as typed or as stored, and gathers what is wrong by field.

    `places` moves the point of its amounts, where they count thousands or millions of pounds.
    """

    def __init__(self, recordable: Recordable, values: Mapping[str, object], places: int = 0) -> None:
        self.recordable = recordable
        self.values = values
        self.places = places
        self.errors: Errors = {}

    def __call__(self) -> LineColumns | None:
        """The line, or None where `errors` says what is wrong."""
        self._refuse_unknown_fields()
        agency = self._agency("agency", required=True)
        funder, receiver = self._agency("funder"), self._agency("receiver")
        service_line = self._service_line()
        spend_type = self._named("spend_type", self.recordable.spend_types, "spend type", "unspecified")
        is_capital, is_transfer = self._flag("is_capital"), self._flag("is_transfer")
        if receiver and not is_transfer:
            self._refuse("receiver", "Only a transfer has a receiver. Mark the line as a transfer, or leave it out.")
        whole, share = self._whole_amount(), self._share()
        amount = self._amount(whole, share)
        basis = self._choice("basis", SpendLine.Basis, SpendLine.Basis.ACTUAL)
        method = self._choice("method", SpendLine.Method, SpendLine.Method.NONE)
        source, note = self._text("source"), self._text("note")
        if self.errors or agency is None or service_line is None or spend_type is None or amount is None:
            return None
        return LineColumns(
            agency.id,
            funder.id if funder else None,
            service_line.id,
            spend_type.id,
            is_capital,
            is_transfer,
            receiver.id if receiver else None,
            amount,
            whole,
            share,
            basis,
            method,
            source,
            note,
        )

    def _refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def _refuse_unknown_fields(self) -> None:
        for name in self.values.keys() - KNOWN_FIELDS:
            self._refuse(name, f'A spend line has no field "{name}".')

    def _said(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet keeps a code of digits as a number
        return "" if value is None else " ".join(str(value).split())

    def _named(
        self, name: str, known: Mapping[str, Named], kind: str, default: str = "", *, required: bool = True
    ) -> Named | None:
        value = self.values.get(name)
        if value in BLANK and not default and not required:
            return None
        met = self.recordable.names.met.setdefault(kind, {})
        if isinstance(value, str) and value in met:
            return met[value]
        said = self._said(name) or default
        if not said:
            if required:
                self._refuse(name, f"Say which {kind}.")
            return None
        found = known.get(_normal(said))
        if found is None:
            self._refuse(name, f'There is no {kind} "{said}". Use a code or a full name of the register.')
        elif isinstance(value, str):
            met[value] = found
        return found

    def _agency(self, name: str, *, required: bool = False) -> Named | None:
        found = self._named(name, self.recordable.agencies, "body", required=required)
        if found and required and found.id not in self.recordable.members:
            place = self.recordable.place.name
            self._refuse(
                name,
                f"{found.name} does not serve {place}. Record spending of members of the place.",
            )
            return None
        return found

    def _service_line(self) -> Named | None:
        found = self._named("service_line", self.recordable.service_lines, "service line")
        if found and found.id in self.recordable.branches:
            self._refuse(
                "service_line",
                f"{found.name} has lines below it. Record spending on one of those, not on the branch.",
            )
            return None
        return found

    def _flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value in BLANK:
            return False
        if isinstance(value, str) and value in SURE:
            return SURE[value]
        said = self._said(name).casefold()
        if said not in YES | NO:
            self._refuse(name, f'"{self._said(name)}" is neither yes nor no.')
        return said in YES

    def _read[T](self, name: str, read: Callable[[object], T]) -> T | None:
        try:
            return read(self.values.get(name))
        except AmountRefused as refused:
            self._refuse(name, str(refused))
            return None

    def _whole_amount(self) -> Decimal | None:
        if self.values.get("whole_amount") in BLANK:
            return None
        read = self._read("whole_amount", lambda typed: parse_amount(typed, LARGEST_WHOLE, self.places))
        return read.pounds if read else None

    def _share(self) -> Decimal | None:
        if self.values.get("share") in BLANK:
            return None
        return self._read("share", parse_share)

    def _amount(self, whole: Decimal | None, share: Decimal | None) -> Decimal | None:
        read = self._read("amount", lambda typed: parse_amount(typed, places=self.places))
        if read is None:
            return None
        if read.pounds is not None:
            return read.pounds
        if whole is not None and share is not None:
            return self._in_range(share_of(whole, share))
        words = worded("Say how much, in {counted}, or give the whole amount and the share.", self.places)
        self._refuse("amount", f"{words} {read.notice}".strip())
        return None

    def _in_range(self, amount: Decimal) -> Decimal | None:
        try:
            return parse_amount(amount).pounds
        except AmountRefused as refused:
            self._refuse("amount", str(refused))
            return None

    def _choice(self, name: str, choices: type[SpendLine.Basis] | type[SpendLine.Method], default: str) -> str:
        value = self.values.get(name)
        if value in BLANK:
            return default
        if isinstance(value, str) and value in CHOICES[choices]:
            return value
        said = self._said(name).casefold() or default
        if said not in CHOICES[choices]:
            known = ", ".join(value for value in choices.values if value)
            self._refuse(name, f'"{self._said(name)}" is none of {known}.')
        return str(said)

    def _text(self, name: str) -> str:
        value = self.values.get(name)
        if value in BLANK:
            return ""
        text = str(value).strip()
        if len(text) > LONGEST_TEXT:
            self._refuse(name, f"This has {len(text):,} characters; {LONGEST_TEXT:,} are kept at most.")
        if "\x00" in text:
            self._refuse(name, "This holds a character that cannot be stored (code 0).")
        return text

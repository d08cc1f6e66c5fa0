"""Which lines of a count a grid shows: what kind of money, of which spend type, from whom."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from django.db.models import QuerySet

from pilots.models import Agency, Place, SpendLine, SpendType

NOT_STATED = "none"


class Kind(StrEnum):
    """What an amount is: every line of a count is one of these."""

    REVENUE = "revenue"
    CAPITAL = "capital"
    PASSED_ON = "passed-on"

    @property
    def words(self) -> str:
        return KIND_WORDS[self]


KIND_WORDS = {
    Kind.REVENUE: "Revenue",
    Kind.CAPITAL: "Capital",
    Kind.PASSED_ON: "Money passed on to other bodies",
}


class UnknownSlice(ValueError):
    """An address asks for a kind, spend type or funder that there is not; the message says which."""


@dataclass(frozen=True)
class Slice:
    """The lines that a grid is about. Spend type and funder are codes; blank means any.

    A cell is all the lines of a body and a service line within it: none, one that can be typed over, or several.
    """

    kind: Kind = Kind.REVENUE
    spend_type: str = ""
    funder: str = ""

    @classmethod
    def asked(cls, parameters: Mapping[str, str], place: Place) -> "Slice":
        """The slice that an address or a form names. Raises UnknownSlice."""
        said = {field.name: str(parameters.get(field.name, "") or "") for field in fields(cls)}
        try:
            kind = Kind(said["kind"] or Kind.REVENUE)
        except ValueError:
            raise UnknownSlice(f'There is no kind of money "{said["kind"]}".') from None
        if said["spend_type"] and not SpendType.objects.filter(code=said["spend_type"]).exists():
            raise UnknownSlice(f'There is no spend type "{said["spend_type"]}".')
        if said["funder"] not in ("", NOT_STATED):
            known = Agency.objects.filter(programme=place.programme_id, code=said["funder"])
            if not known.exists():
                raise UnknownSlice(f'There is no body "{said["funder"]}".')
        return cls(kind, said["spend_type"], said["funder"])

    @classmethod
    def of(cls, line: SpendLine) -> "Slice":
        """The lines of the same kind of money as one of them."""
        return cls(Kind.PASSED_ON if line.is_transfer else Kind.CAPITAL if line.is_capital else Kind.REVENUE)

    def lines(self, lines: QuerySet[SpendLine]) -> QuerySet[SpendLine]:
        """Of some lines those of this slice."""
        if self.kind is Kind.PASSED_ON:
            lines = lines.filter(is_transfer=True)
        else:
            lines = lines.filter(is_transfer=False, is_capital=self.kind is Kind.CAPITAL)
        if self.spend_type:
            lines = lines.filter(spend_type__code=self.spend_type)
        if self.funder == NOT_STATED:
            lines = lines.filter(funder__isnull=True)
        elif self.funder:
            lines = lines.filter(funder__code=self.funder)
        return lines

    def values(self) -> dict[str, object]:
        """What a new line of this slice says of itself, as `pilots.spend.write.add_line` takes it."""
        return {
            "is_capital": self.kind is Kind.CAPITAL,
            "is_transfer": self.kind is Kind.PASSED_ON,
            "spend_type": self.spend_type or None,
            "funder": None if self.funder in ("", NOT_STATED) else self.funder,
        }

    @property
    def query(self) -> dict[str, str]:
        """The parameters that ask for it."""
        asked = {"kind": self.kind.value, "spend_type": self.spend_type, "funder": self.funder}
        if self.kind is Kind.REVENUE:
            del asked["kind"]
        return {name: value for name, value in asked.items() if value}

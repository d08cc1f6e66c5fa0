"""The part of a whole amount that counts in a place: an exact ratio, and what it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

PENNY = Decimal("0.01")
SHARE_PLACES = Decimal("1e-12")
# Room for the largest whole amount times a ratio of two sixteen-digit numbers.
EXACT = Context(prec=60)

POPULATION, GIVEN = "population", "given share"
NOUNS = {POPULATION: "people"}


@dataclass(frozen=True)
class Ratio:
    """`part` in the place of `of` in all that the body serves; a share that was given or registered is of 1.

    `measure` is population, claimants, pupils or "given share"; `year` is that of the numbers, blank for a share.
    """

    measure: str
    part: Decimal
    of: Decimal = Decimal(1)
    year: str = ""
    source: str = ""

    @property
    def exact(self) -> Fraction:
        return Fraction(self.part) / Fraction(self.of)

    @property
    def share(self) -> Decimal:
        """The ratio as it is kept beside the line: twelve places, half to even."""
        return EXACT.divide(self.part, self.of).quantize(SHARE_PLACES, ROUND_HALF_EVEN)

    def amount_of(self, whole: Decimal) -> Decimal:
        """The part of a whole amount, by the exact ratio, to the penny, half to even."""
        pence = round(Fraction(whole) * 100 * self.exact)  # of a fraction: exact, half to even
        return Decimal(pence).scaleb(-2)

    def as_data(self) -> dict[str, str]:
        """Plain data to keep with a line."""
        return {
            "measure": self.measure,
            "part": f"{self.part.normalize():f}",
            "of": f"{self.of.normalize():f}",
            "year": self.year,
            "source": self.source,
        }

    def __str__(self) -> str:
        """Pupils 2010-11: 210,000 of 640,000."""
        source = f" ({self.source})" if self.source else ""
        if self.of == 1:
            words = "A given share" if self.measure == GIVEN else "Share in the register"
            return f"{words}: {self.part.normalize():f}{source}"
        noun = NOUNS.get(self.measure, self.measure).capitalize()
        year = f" {self.year}" if self.year else ""
        return f"{noun}{year}: {_number(self.part)} of {_number(self.of)}{source}"


def ratio_from(data: Mapping[str, Any] | None) -> Ratio | None:
    """The ratio that is kept with a line, if one is."""
    if not data:
        return None
    return Ratio(data["measure"], Decimal(data["part"]), Decimal(data["of"]), data["year"], data["source"])


def ratio_in_words(data: Mapping[str, Any] | None) -> str:
    """The same in words, empty where none is kept: Pupils 2010-11: 210,000 of 640,000."""
    ratio = ratio_from(data)
    return str(ratio) if ratio else ""


def _number(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"

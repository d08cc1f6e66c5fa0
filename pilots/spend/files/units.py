"""The unit that a file's amounts are in: pounds, or thousands or millions of them where somebody says so."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from pilots.spend.amounts import COUNTED


class Unit(StrEnum):
    """What an amount of a file counts. Headings may hint at it; which it is, people say."""

    POUNDS = "pounds"
    THOUSANDS = "thousands"
    MILLIONS = "millions"

    @property
    def places(self) -> int:
        """How many places the decimal point moves to the right to make pounds."""
        return {Unit.POUNDS: 0, Unit.THOUSANDS: 3, Unit.MILLIONS: 6}[self]

    @property
    def words(self) -> str:
        """As it is said: thousands of pounds."""
        return COUNTED[self.places][0]


class Stated(NamedTuple):
    """The unit that a file speaks of outside its headings, and where: What stands above the headings, "£000",."""

    unit: str
    where: str


CURRENCY = r"(?:£|(?<![a-z0-9])(?:gbp|pounds?|sterling))"
# Of two spellings that begin alike the longer one comes first.
UNITS = (
    r"(?:(?P<millions>(?:1,?)?000,?000s?|millions?|mlns?|mill?|mio|mn?)|(?P<billions>billions?|blns?|bn)"
    r"|(?P<thousands>(?:1,?)?000s?|thousands?|thou|ths|k))(?!,?[a-z0-9])"
)
SPOKEN = re.compile(rf"(?:\bin )?(?:{CURRENCY}|(?<![a-z0-9])[x×*]|(?<![a-z0-9]))\s*['’`]?{UNITS}", re.IGNORECASE)
# Above the headings stand other words, too: there a unit goes with the currency or with "in", or stands alone.
ABOVE = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{CURRENCY}(?!\s*1)[\s'’`(]*{UNITS}",
        rf"\bin (?!1)['’`]?(?=000|thousand|million|billion){UNITS}",
        rf"(?<![0-9] )\b(?=thousand|million|billion){UNITS}(?= of (?:pounds|£))",
        rf"^[('’`]*(?=000|thousand|million){UNITS}\)?$",
    )
]
# Other things that an amount's heading may say it counts, where it does not speak of pounds.
OTHERS = {
    "another currency": re.compile(r"[€$¥₹]|\b(?:eur|euros?|usd|dollars?)\b", re.IGNORECASE),
    "per cent": re.compile(r"%|\bper ?cent\b", re.IGNORECASE),
    "pence": re.compile(r"\bpence\b", re.IGNORECASE),
}
POUNDS = re.compile(CURRENCY, re.IGNORECASE)
IN_BRACKETS = re.compile(r"\((.*?)\)|\[(.*?)\]")
# What stands beside the currency in a bracket and is no unit.
NO_UNIT = re.compile(
    r"\b(?:(?:19|20)[0-9]{2}(?:[-/][0-9]{2,4})?|net|gross|cash|real|nominal|current|constant|prices?|actuals?|budgets?"
    r"|estimates?|outturn|revenue|capital|total|only|in|of|the|and|per|annum|year|full|whole|uk|vat|excl|incl"
    r"|excluding|including|to|nearest|pound|pence|p)\b|[^a-z0-9]",
    re.IGNORECASE,
)


def spoken_unit(heading: str) -> str:
    """What a heading says its amounts count, if not pounds: thousands, millions, billions, another currency."""
    heading = _spaced(heading)
    if found := SPOKEN.search(heading):
        return found.lastgroup or ""
    if POUNDS.search(heading):
        return ""
    return next((what for what, words in OTHERS.items() if words.search(heading)), "")


def unclear_unit(heading: str) -> str:
    """What stands in a heading's brackets beside the currency and may be a unit that nobody knows."""
    for bracket in (one or other for one, other in IN_BRACKETS.findall(heading)):
        if POUNDS.search(bracket) and NO_UNIT.sub("", POUNDS.sub("", bracket)):
            return bracket
    return ""


def stated_above(rows: Iterable[Iterable[object]]) -> Stated | None:
    """The unit that the rows above the headings speak of, the nearest first."""
    for text in (cell.strip() for row in reversed(list(rows)) for cell in row if isinstance(cell, str)):
        for form in ABOVE:
            if found := form.search(text):
                return Stated(found.lastgroup or "", f'What stands above the headings, "{text[:60]}",')
    return None


def without_unit(heading: str) -> str:
    """A heading without the words of its unit."""
    return SPOKEN.sub("", _spaced(heading))


def _spaced(heading: str) -> str:
    """With spaces between words that were joined: amount_k, AmountThousands."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading.replace("_", " "))

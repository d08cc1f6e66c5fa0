"""The unit that a file's amounts are in: pounds, or thousands or millions of them where somebody says so."""

import re
from enum import StrEnum


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
        return "pounds" if self is Unit.POUNDS else f"{self.value} of pounds"


SPOKEN = re.compile(
    r"(?:\bin )?(?:£|\bgbp|\bpounds)?\s*'?\b"
    r"(?:(?P<thousands>000s?|k|thousands?)|(?P<millions>mn?|millions?)|(?P<billions>bn|billions?))\b",
    re.IGNORECASE,
)


def spoken_unit(heading: str) -> str:
    """The unit that a heading speaks of: thousands, millions, billions; empty where it speaks of none."""
    found = SPOKEN.search(heading)
    return (found.lastgroup or "") if found else ""


def without_unit(heading: str) -> str:
    """A heading without the words of its unit."""
    return SPOKEN.sub("", heading)

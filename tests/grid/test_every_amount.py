"""Every amount from £0.01 to £10,000.00 comes back exactly through pasted blocks.

By default a share of them with a fixed seed; all of them with `-m full`.
"""

import random
from collections.abc import Sequence
from itertools import batched

import pytest

from pilots.grid.clipboard import parse_pasted
from pilots.grid.pasting import Paste
from pilots.grid.slice import Slice
from pilots.models import Role, SpendLine, Version
from tests.grid.large import BODIES, leaf_codes, make_large_place, make_working_version
from tests.grid.people import make_person

ALL, SHARE = 1_000_000, 2_500
BLOCK = len(leaf_codes()) * BODIES


def as_copied(pence: int) -> str:
    """An amount as a spreadsheet copies it: some with separators, some with £, some with neither."""
    pounds, rest = divmod(pence, 100)
    return (f"{pounds:,}.{rest:02}", f"£{pounds:,}.{rest:02}", f"{pounds}.{rest:02}")[pence % 3]


def block_of(amounts: Sequence[int]) -> str:
    """Service lines down and all bodies across, as they stand on the clipboard."""
    heading = ["Code", *(f"D{body:03}" for body in range(1, BODIES + 1))]
    rows = zip(leaf_codes(), batched(amounts, BODIES), strict=False)
    lines = [heading, *([code, *map(as_copied, some)] for code, some in rows)]
    return "".join("\t".join(line) + "\r\n" for line in lines)


def stored(version: Version) -> list[int]:
    """The pence of each cell, service lines down and bodies across."""
    lines = SpendLine.objects.filter(version=version).order_by("service_line__position", "agency__code")
    return [int(amount * 100) for amount in lines.values_list("amount", flat=True)]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [SHARE, pytest.param(ALL, marks=[pytest.mark.full, pytest.mark.timeout(3_600)])])
def test_every_amount_comes_back_to_the_penny_through_pasted_blocks(number: int) -> None:
    place = make_large_place()
    version = make_working_version(place)
    lead = make_person("large-lead", Role.Kind.PLACE_LEAD, place)
    for some in batched(random.Random(2010).sample(range(1, ALL + 1), number), BLOCK):
        version.refresh_from_db()
        seen = Paste(version, Slice(), parse_pasted(block_of(some)), lead).write()
        assert (seen.bad, seen.faults) == ([], [])
        assert stored(version) == list(some)

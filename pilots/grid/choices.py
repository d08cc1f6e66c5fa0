"""What stands above a grid to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from pilots.models import Agency, SpendLine, SpendType

from .reading import SMALL_TREE, GridReader, Lines
from .slice import NOT_STATED, Kind


@dataclass(frozen=True)
class Choice:
    """One select: its parameter, label, options (value, words) and what is chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def choices_of(reader: GridReader) -> list[Choice]:
    """Branch, body, kind of money, spend type, funder, orientation and which lines."""
    chosen = reader.chosen
    branches = [(branch.code, branch.name) for branch in reader.tree.branches]
    if reader.tree.leaf_count <= SMALL_TREE:
        branches.insert(0, ("", "All services"))
    types = SpendType.objects.values_list("code", "name")
    choices = [
        Choice("branch", "Services", branches, reader.branch.code if reader.branch else ""),
        Choice("only", "Bodies", _bodies(reader), reader.only),
        Choice("kind", "Money", [(kind.value, kind.words) for kind in Kind], chosen.kind.value),
        Choice("spend_type", "Spend type", [("", "All types"), *types], chosen.spend_type),
        Choice("funder", "Money from", _funders(reader), chosen.funder),
        Choice("lines", "Lines", _lines(reader), reader.lines),
        Choice("across", "Across", [("bodies", "Bodies"), ("services", "Services")], reader.across.value),
    ]
    # Who reads a single body has nothing to choose there.
    return choices if len(reader.all_bodies) > 1 else [choice for choice in choices if choice.name != "only"]


def _bodies(reader: GridReader) -> list[tuple[str, str]]:
    return [("", "All bodies"), *((body.code, body.name) for body in reader.all_bodies)]


def _lines(reader: GridReader) -> list[tuple[str, str]]:
    """Of a year that was started the lines of the last one come first."""
    lines = [(Lines.ALL.value, "All lines"), (Lines.RECORDED.value, "With amounts")]
    return [(Lines.EXPECTED.value, "As last year"), *lines] if reader.expected.lines else lines


def _funders(reader: GridReader) -> list[tuple[str, str]]:
    """Nobody in particular, not stated, members of the place, and whoever else pays for a line."""
    funding = SpendLine.objects.filter(version=reader.version, funder__isnull=False).values("funder")
    others = Agency.objects.filter(pk__in=funding).values_list("code", "name")
    known = {body.code: body.name for body in reader.bodies} | dict(others)
    if reader.chosen.funder not in ("", NOT_STATED, *known):
        known |= dict(Agency.objects.filter(code=reader.chosen.funder).values_list("code", "name"))
    return [("", "Anybody"), (NOT_STATED, "Not stated"), *sorted(known.items(), key=lambda item: item[1])]


def what_totals_cover(reader: GridReader) -> str:
    """What the totals are of: Revenue of all spend types, whoever pays, of 17 bodies."""
    chosen = reader.chosen
    types = dict(SpendType.objects.values_list("code", "name"))
    what = f"{chosen.kind.words}, {types[chosen.spend_type] if chosen.spend_type else 'all spend types'}"
    funders = {"": "whoever pays", NOT_STATED: "where it is not stated who pays"}
    payer = funders.get(chosen.funder) or f"paid by {dict(_funders(reader))[chosen.funder]}"
    return f"{what}, {payer}"

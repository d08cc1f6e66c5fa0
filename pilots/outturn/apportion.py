"""Turning a return into the spend lines of a place (method, Counting each pound once).

A body wholly in the place counts in full; one that serves more than the place by its stored share; a national
figure by the exact ratio of populations. Each line is rounded once, to the penny, half to even.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import chain

from .headings import Column, Use
from .reading import Return

PENNY = Decimal("0.01")
SHARE_PLACES = Decimal("1e-12")
UNSPECIFIED = "unspecified"
ACTUAL, APPORTIONED = "actual", "apportioned"
POPULATION_SHARE, NATIONAL_AVERAGE = "population share", "national average"


@dataclass(frozen=True, slots=True)
class Member:
    """A body that serves a place, with the share of it that counts there."""

    code: str
    share: Decimal = Decimal(1)
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    slug: str
    population: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A spend line before it is stored, by codes and in pounds: revenue, its funder not stated."""

    agency: str
    service_line: str
    spend_type: str
    is_transfer: bool
    receiver: str
    amount: Decimal
    whole_amount: Decimal
    share: Decimal
    basis: str
    method: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a source holds and the count leaves out: pounds in the place, and why."""

    agency: str
    what: str
    amount: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class NationalFigure:
    """Spending of a national body that is known only for the whole population it serves."""

    agency: str
    figure: str
    service_line: str
    spend_type: str
    whole: Decimal
    population: int
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who receives a levy, where the register knows it for certain.

    `by_area` lists, for a lowest-tier area and a type of body, the bodies of that type that cover the area.
    """

    by_area: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)

    def of(self, payer: str, receiver_type: str, reporting: Collection[str]) -> str:
        """The one body that covers the payer, or the successor reporting in its stead; else blank."""
        covering = list(self.by_area.get((payer, receiver_type), ()))
        if len(covering) != 1:
            return ""
        return next((code for code in succession(covering[0], self.successors) if code in reporting), "")


def succession(code: str, successors: Mapping[str, str]) -> Iterator[str]:
    """A body and those that followed it, in order."""
    passed: set[str] = set()
    following: str | None = code
    while following and following not in passed:
        passed.add(following)
        yield following
        following = successors.get(following)


def lines_of_place(returned: Return, place: Place, receivers: Receivers) -> list[Line]:
    """The spend lines that a return gives a place, by code of agency, service line and receiver.

    Membership and share pass on to successors. Cells that fall on one line are added before rounding.
    """
    found = chain.from_iterable(
        _lines_of_body(returned, code, member, receivers)
        for code, member in _reporting(returned, place, receivers.successors)
    )
    return sorted(found, key=_order)


def left_out_of_place(returned: Return, place: Place, successors: Mapping[str, str]) -> list[LeftOut]:
    """What the bodies of a place report in columns that are left out, by their share."""
    return [
        LeftOut(code, column.heading, (amount * member.share).quantize(PENNY, ROUND_HALF_EVEN), column.note)
        for code, member in _reporting(returned, place, successors)
        for column, amount in returned.amounts[code].items()
        if column.use is Use.LEFT_OUT
    ]


def _reporting(returned: Return, place: Place, successors: Mapping[str, str]) -> Iterator[tuple[str, Member]]:
    """The bodies that report for the place's members: they themselves, or those that followed them."""
    for member in place.members:
        for code in succession(member.code, successors):
            if code in returned.amounts:
                yield code, member


def _order(line: Line) -> tuple[str, str, str, bool, str]:
    return line.agency, line.service_line, line.spend_type, line.is_transfer, line.receiver


def _lines_of_body(returned: Return, code: str, member: Member, receivers: Receivers) -> Iterator[Line]:
    cells: dict[tuple[str, bool, str], list[tuple[Column, Decimal]]] = {}
    for column, amount in returned.amounts[code].items():
        if column.use is Use.SPEND:
            cells.setdefault((column.service_line, False, ""), []).append((column, amount))
        elif column.use is Use.TRANSFER:
            receiver = receivers.of(code, column.receiver_type, returned.amounts)
            cells.setdefault((column.service_line, True, receiver), []).append((column, amount))
    for (service_line, is_transfer, receiver), parts in cells.items():
        whole = sum((amount for _, amount in parts), Decimal(0))
        if not whole:
            continue
        names = "; ".join(column.heading for column, _ in parts)
        yield Line(
            agency=code,
            service_line=service_line,
            spend_type=UNSPECIFIED,
            is_transfer=is_transfer,
            receiver=receiver,
            amount=(whole * member.share).quantize(PENNY, ROUND_HALF_EVEN),
            whole_amount=whole,
            share=member.share,
            basis=ACTUAL if member.share == 1 else APPORTIONED,
            method="" if member.share == 1 else POPULATION_SHARE,
            source=f"{returned.source}: {names}",
            note=_sum_of((column.heading, amount) for column, amount in parts) if len(parts) > 1 else "",
        )


def national_lines(figures: Iterable[NationalFigure], place: Place) -> list[Line]:
    """The spend lines of national bodies in a place: each figure times people here over people served."""
    grouped: dict[tuple[str, str, str], list[NationalFigure]] = {}
    for figure in figures:
        grouped.setdefault((figure.agency, figure.service_line, figure.spend_type), []).append(figure)
    return sorted((_national_line(parts, place) for parts in grouped.values()), key=_order)


def _national_line(parts: list[NationalFigure], place: Place) -> Line:
    first, whole = parts[0], sum((part.whole for part in parts), Decimal(0))
    sources = "; ".join(dict.fromkeys(part.source for part in parts))
    notes = [_sum_of((part.figure, part.whole) for part in parts)] if len(parts) > 1 else []
    notes += [part.note for part in parts if part.note]
    notes.append(f"Shared out by population: {place.population:,} of {first.population:,} people.")
    return Line(
        agency=first.agency,
        service_line=first.service_line,
        spend_type=first.spend_type,
        is_transfer=False,
        receiver="",
        amount=_shared_out(whole, place, first),
        whole_amount=whole,
        share=(Decimal(place.population) / first.population).quantize(SHARE_PLACES, ROUND_HALF_EVEN),
        basis=APPORTIONED,
        method=NATIONAL_AVERAGE,
        source=f"{sources}: {'; '.join(part.figure for part in parts)}",
        note=" ".join(notes),
    )


def national_left_out(figures: Iterable[NationalFigure], place: Place) -> list[LeftOut]:
    """A place's part of national figures that are left out."""
    return [
        LeftOut(figure.agency, figure.figure, _shared_out(figure.whole, place, figure), figure.note)
        for figure in figures
    ]


def _shared_out(whole: Decimal, place: Place, figure: NationalFigure) -> Decimal:
    return to_penny(Fraction(whole) * Fraction(place.population, figure.population))


def to_penny(pounds: Fraction) -> Decimal:
    """An exact amount rounded once to the penny, half to even."""
    return Decimal(round(pounds * 100)).scaleb(-2)


def _sum_of(parts: Iterable[tuple[str, Decimal]]) -> str:
    listed = "; ".join(f"{name} £{amount:,.0f}".replace("£-", "−£") for name, amount in parts)
    return f"The sum of: {listed}."

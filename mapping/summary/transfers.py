"""Money passed on: from whom, to whom, and whether the receiver reports it here.

A return names its receivers by the heading of a column; several columns that fall on one line are told apart by
the line's note, where its parts add to the whole.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path

from mapping.charts.inputs import Body, PassedOn, Transfer
from mapping.charts.names import body_name
from pilots.models import SpendLine
from pilots.outturn.apportion import PENNY
from totalplace.money import listed

from .mapped import Mapped
from .sums import NOTHING

PART = re.compile(r"(?:^The sum of: |; )(?P<name>[^;£]+?) (?P<minus>−?)£(?P<pounds>[\d,]+)")
Parts = list[tuple[str, Decimal]]


@cache
def _receivers() -> dict[str, str]:
    """Who receives what stands under a heading, in words."""
    with Path(__file__).with_name("receivers.csv").open(encoding="utf-8", newline="") as file:
        return {row["heading"]: row["receiver"] for row in csv.DictReader(file)}


def transfers_of(mapped: Mapped, reporting: Collection[str]) -> list[Transfer]:
    """What the bodies of a place pass on, the largest first; `reporting` are the bodies whose spend is counted."""
    names = [f"{body}__{name}" for body in ("agency", "receiver") for name in ("code", "name", "type__code")]
    lines = SpendLine.objects.filter(version=mapped.version_id, is_transfer=True, is_capital=False)
    found = [
        transfer
        for *bodies, amount, whole, source, note in lines.order_by("-amount", "agency__code", "id").values_list(
            *names, "amount", "whole_amount", "source", "note"
        )
        for transfer in _transfers(Body(*bodies[:3]), bodies[3:], _parts(amount, whole, source, note), reporting)
    ]
    return sorted(found, key=lambda transfer: -transfer.amount)


def passed_on(transfers: Sequence[Transfer]) -> tuple[PassedOn, ...]:
    """What goes to receivers that report nothing here, by receiver, most first."""
    sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for transfer in transfers:
        if not transfer.is_counted_there:
            sums[transfer.receiver or "bodies that are not named"] += transfer.amount
    return tuple(PassedOn(name, amount) for name, amount in sorted(sums.items(), key=lambda item: -item[1]))


def _transfers(
    payer: Body, receiver: Sequence[str | None], parts: Parts, reporting: Collection[str]
) -> Iterator[Transfer]:
    """A line's transfers: one to the receiver that is known, else one for each part."""
    code, name, kind = receiver
    if code and name and kind:
        total = sum((amount for _, amount in parts), NOTHING)
        yield Transfer(body_name(payer), body_name(Body(code, name, kind)), total, code in reporting)
        return
    for words, amount in parts:
        # Below zero the body itself is the receiver, and what it spends of it is counted with it.
        is_received = amount < 0 and payer.code in reporting
        yield Transfer(body_name(payer), body_name(payer) if is_received else words, amount, is_received)


def _parts(amount: Decimal, whole: Decimal | None, source: str, note: str) -> Parts:
    """(receiver in words, amount in the place) of one line; the last penny goes to the largest part."""
    named = [
        (part["name"], Decimal(part["pounds"].replace(",", "")) * (-1 if part["minus"] else 1))
        for part in PART.finditer(note)
    ]
    if not whole or sum(pounds for _, pounds in named) != whole or any(name not in _receivers() for name, _ in named):
        return [(listed([words for heading, words in _receivers().items() if heading in source]), amount)]
    share = amount / whole
    parts = [(pounds * share).quantize(PENNY, ROUND_HALF_EVEN) for _, pounds in named]
    largest = max(range(len(named)), key=lambda index: abs(named[index][1]))
    parts[largest] += amount - sum(parts, NOTHING)
    return [(_receivers()[name], part) for (name, _), part in zip(named, parts, strict=True)]

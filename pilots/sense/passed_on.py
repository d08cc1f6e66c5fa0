"""Money passed on that its receiver does not report: it is counted nowhere."""

from collections import defaultdict
from collections.abc import Iterator

from totalplace import money

from .rows import NOTHING, Facts, Transfer
from .warned import Warned, of_cell

CODE, CODE_UNNAMED = "not-received", "receiver-unnamed"
KIND = "passed-on"


def check(facts: Facts) -> Iterator[Warned]:
    """Transfers to bodies without a line in the place, and per body those to receivers that are not named."""
    unnamed: dict[int, list[Transfer]] = defaultdict(list)
    for transfer in facts.transfers:
        if transfer.receiver is None:
            # Below zero the body itself is the receiver, and what it spends of it is counted with it.
            if transfer.amount > 0:
                unnamed[transfer.agency].append(transfer)
        elif transfer.receiver not in facts.reporting:
            yield _not_received(facts, transfer)
    if unnamed:
        yield _unnamed(facts, unnamed)


def _not_received(facts: Facts, transfer: Transfer) -> Warned:
    body, service = facts.bodies[transfer.agency], facts.services[transfer.service]
    text = (
        f"{money.in_full(transfer.amount)} is passed on to {transfer.receiver_name}, which reports nothing here. "
        "It is counted nowhere."
    )
    said = of_cell(CODE, body, service, text, KIND)
    return Warned(CODE, f"{said.subject} {transfer.receiver_code}", said.text, body.id, service.id, said.branch, KIND)


def _unnamed(facts: Facts, unnamed: dict[int, list[Transfer]]) -> Warned:
    total = sum((transfer.amount for found in unnamed.values() for transfer in found), NOTHING)
    largest = max(unnamed, key=lambda agency: sum(transfer.amount for transfer in unnamed[agency]))
    who = facts.bodies[largest].name
    others = f" and {money.counted(len(unnamed) - 1, 'other body', 'other bodies')}" if len(unnamed) > 1 else ""
    verb = "pass" if len(unnamed) > 1 else "passes"
    text = (
        f"{who}{others} {verb} on {money.headline(total)} to receivers that are not named (parishes, levies). "
        "It is counted nowhere unless they report it."
    )
    return Warned(CODE_UNNAMED, "", text, kind=KIND)

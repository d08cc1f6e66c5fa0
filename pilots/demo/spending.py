"""Made-up spending: who spends what a head, divided into as many lines as are wanted. Pure: numbers from a seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from random import Random

from pilots.spend.amounts import share_of

# Pounds a head and year that all bodies together spend on a service: round numbers, of a plausible size.
PER_HEAD: Mapping[str, int] = {
    "education-services": 850,
    "nhs-commissioned": 1500,
    "public-health": 40,
    "adult-social-care": 280,
    "children-social-care": 120,
    "police": 210,
    "fire-and-rescue": 45,
    "highways-transport": 110,
    "housing": 60,
    "cultural": 60,
    "environmental-regulatory": 90,
    "planning-development": 40,
    "central-services": 70,
    "employment-skills": 55,
    "prisons-probation": 70,
    "benefits-administration": 35,
    "state-pension": 1100,
    "working-age-benefits": 420,
    "disability-carers-benefits": 300,
    "further-higher-education": 150,
}
LEAST_PER_HEAD = 5
# The part of a service that each kind of body delivers; what is not named is a thousandth.
DELIVERS: Mapping[str, Mapping[str, float]] = {
    "unitary authority": {
        "education-services": 1.0,
        "adult-social-care": 0.85,
        "children-social-care": 0.9,
        "highways-transport": 0.9,
        "housing": 0.9,
        "cultural": 1.0,
        "environmental-regulatory": 1.0,
        "planning-development": 1.0,
        "central-services": 0.6,
        "employment-skills": 0.25,
        "benefits-administration": 0.4,
        "public-health": 0.3,
    },
    "NHS commissioner": {
        "nhs-commissioned": 1.0,
        "public-health": 0.7,
        "adult-social-care": 0.15,
        "children-social-care": 0.08,
        "central-services": 0.15,
    },
    "police authority": {"police": 1.0, "prisons-probation": 0.1, "central-services": 0.1, "highways-transport": 0.05},
    "fire and rescue authority": {"fire-and-rescue": 1.0, "central-services": 0.05, "housing": 0.02},
    "central government": {
        "state-pension": 1.0,
        "working-age-benefits": 1.0,
        "disability-carers-benefits": 1.0,
        "employment-skills": 0.75,
        "benefits-administration": 0.6,
        "prisons-probation": 0.9,
        "further-higher-education": 0.9,
    },
}
SELDOM = 0.001
PAYS_PEOPLE = {"state-pension", "working-age-benefits", "disability-carers-benefits"}
SPEND_TYPES: Mapping[str, float] = {
    "employees": 0.48,
    "third-party payments": 0.2,
    "supplies and services": 0.12,
    "premises": 0.06,
    "support services": 0.06,
    "transport": 0.03,
    "capital charges": 0.05,
    "transfer payments": 0.04,
    "income": -0.04,
}
BASIS = {
    "unitary authority": "actual",
    "police authority": "actual",
    "fire and rescue authority": "budget",
    "NHS commissioner": "estimate",
    "central government": "apportioned",
}
# Every further funder pays so much of what the one before does.
NEXT_FUNDER = 0.3


@dataclass(frozen=True, slots=True)
class Body:
    """A body in a place: its id, its kind, and its share there (None where it is wholly inside)."""

    id: int
    kind: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of the service tree: its id, the shipped service it is a part of, and how large a part."""

    id: int
    service: str
    part: float


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One line: ids for keys, pounds in the place after the share."""

    agency: int
    funder: int | None
    service_line: int
    spend_type: int
    amount: Decimal
    whole_amount: Decimal | None
    share: Decimal | None
    basis: str
    method: str


def most_lines(bodies: int, leaves: int) -> int:
    """How many lines of different keys there can be in one count."""
    return bodies * leaves * len(SPEND_TYPES) * (bodies + 1)


def made_up_lines(
    bodies: Sequence[Body], leaves: Sequence[Leaf], types: Mapping[str, int], people: int, number: int, seed: object
) -> Iterator[MadeUp]:
    """So many lines of a place with so many people, the weightiest first; the same for the same seed."""
    return islice(_all_lines(bodies, leaves, types, people, Random(str(seed))), number)  # noqa: S311


def _all_lines(
    bodies: Sequence[Body], leaves: Sequence[Leaf], types: Mapping[str, int], people: int, random: Random
) -> Iterator[MadeUp]:
    pairs = [(_pounds(body, leaf, people), body, leaf) for body in bodies for leaf in leaves]
    pairs.sort(key=lambda pair: -pair[0])
    for step, funder in enumerate([None, *bodies]):
        for pounds, body, leaf in pairs:
            paid = pounds * NEXT_FUNDER**step * random.lognormvariate(0, 0.15)
            for name, part in _divided(leaf.service):
                amount = Decimal(round(paid * part * random.uniform(0.8, 1.2) * 100)).scaleb(-2)
                yield _line(body, funder.id if funder else None, leaf.id, types[name], amount)


def _pounds(body: Body, leaf: Leaf, people: int) -> float:
    per_head = PER_HEAD.get(leaf.service, LEAST_PER_HEAD) * leaf.part
    return per_head * DELIVERS[body.kind].get(leaf.service, SELDOM) * people


def _divided(service: str) -> list[tuple[str, float]]:
    """Spend types by weight, those first that matter; what is paid to people is nothing else."""
    if service in PAYS_PEOPLE:
        return [("transfer payments", 1.0), *((name, 0.001) for name in SPEND_TYPES if name != "transfer payments")]
    return list(SPEND_TYPES.items())


def _line(body: Body, funder: int | None, leaf: int, spend_type: int, amount: Decimal) -> MadeUp:
    basis = BASIS[body.kind]
    method = "population share" if basis == "apportioned" else ""
    if body.share is None:
        return MadeUp(body.id, funder, leaf, spend_type, amount, None, None, basis, method)
    whole = (amount / body.share).quantize(Decimal("0.01"))
    return MadeUp(body.id, funder, leaf, spend_type, share_of(whole, body.share), whole, body.share, basis, method)

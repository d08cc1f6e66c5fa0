"""The typed shapes of a saving laid open."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from mapping.api.shapes import Rule
from pilots.api.typed import Part, Year
from pilots.api.words import Word, tell

type Number = Annotated[
    str, {"pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "A number in full, as a decimal, not rounded."}
]


class ExplainedMap(TypedDict):
    """The map whose cells are laid open."""

    id: int
    assumption_set: int
    computed_at: datetime
    inputs_digest: str
    address: str


class SourceLine(TypedDict):
    """A spend line below a cell."""

    id: int
    spend_type: str
    funder: str | None
    amount: Decimal
    whole_amount: Decimal | None
    share: Part | None
    basis: Literal["actual", "budget", "estimate", "apportioned"]
    method: str
    source: str
    note: str


class LeverShare(TypedDict):
    """What another lever on the same pounds takes of them."""

    lever: str
    q: Number


class ExplainedPart(TypedDict):
    """One spend type of a cell."""

    spend_type: str
    amount: Decimal
    rule: Rule | None
    share: Number
    addressable: Number
    q: Number
    levers: list[LeverShare]
    left: Number
    saved_by_all: Number
    credit: Number
    saving: Number
    joined_fraction: Number
    joined: Number


class ExplainedRate(TypedDict):
    """The rate of a body in a pool, and what it is made of."""

    beta: Number
    brought: Number
    together: Number
    joining: Number
    own: Number
    whole: Number
    cap: Number
    is_capped: bool
    rate: Number


class PoolBody(ExplainedRate):
    """A body in a pool."""

    agency: str


class ExplainedPool(TypedDict):
    """A pool that cells are in, with everybody in it."""

    lever: str
    level: Literal["service_line", "service_group", "place"]
    pool: str
    beta: Number
    addressable: Number
    together: Number
    saving_of_joining: Number
    agencies: list[PoolBody]


class StoredFigures(TypedDict):
    """The cell as it is stored."""

    addressable: Decimal
    saving: Decimal
    joined: Decimal
    is_capped: bool


class Unrounded(TypedDict):
    """The cell before rounding, in pounds."""

    addressable: Number
    saving: Number
    joined: Number


class Rounded(TypedDict):
    """The same to the penny: the stored figures."""

    addressable: Decimal
    saving: Decimal
    joined: Decimal


class ExplainedBasis(TypedDict):
    """The saving by the basis of the spend under it; the four add to it."""

    actual: Decimal
    budget: Decimal
    estimate: Decimal
    apportioned: Decimal


class Step(TypedDict):
    """A step on the way from spend to the stored saving."""

    step: str
    formula: str
    numbers: str
    result: str


class ExplainedCell(TypedDict):
    """A stored cell laid open."""

    agency: str
    agency_name: str
    service_line: str
    service_line_name: str
    lever: str
    lever_name: str
    stored: StoredFigures
    rests_on: ExplainedBasis
    pool: str | None
    rate: ExplainedRate | None
    spend_types: list[ExplainedPart]
    unrounded: Unrounded | None
    rounded: Rounded | None
    steps: list[Step]
    lines: list[SourceLine]


class ExplainedTotal(TypedDict):
    """The sum of the stored figures over all cells of the question, not over the page."""

    saving: Decimal
    joined: Decimal


class Explanation(TypedDict):
    """Cells of a savings map laid open to what they were made of."""

    place: str
    year: Year
    scenario: Literal["low", "central", "high"]
    map: ExplainedMap
    is_whole: bool
    count: int
    page: int
    page_size: int
    next: str | None
    previous: str | None
    total: ExplainedTotal
    pools: list[ExplainedPool]
    whom_to_ask: str
    messages: list[str]
    cells: list[ExplainedCell]


NUMBER = "0.0416"
tell(
    {
        "is_whole": Word("Whether what the map was made from is still what it was, so that all can be shown.", True),
        "Explanation.map": Word("The map whose cells are laid open.", {}),
        "Explanation.count": Word("How many cells there are.", 12),
        "Explanation.cells": Word("The cells, by code of body, service and lever.", []),
        "ExplainedMap.id": Word("Its number.", 1),
        "total": Word("The sum of the stored figures over all cells of the question.", {}),
        "pools": Word("The pools that the cells on the page are in.", []),
        "agency_name": Word("The body's name.", "Kent"),
        "service_line_name": Word("The service's name.", "Highways and transport services"),
        "lever_name": Word("The lever's name.", "Shared back office"),
        "stored": Word("The cell as it is stored.", {}),
        "rate": Word("The rate of the body in its pool.", NUMBER),
        "ExplainedCell.rate": Word("The rate of the body in its pool; null where the map is not whole.", {}),
        "ExplainedCell.pool": Word("The pool; empty for the whole place, null where the map is not whole.", ""),
        "ExplainedPool.pool": Word("The service or group of services; empty for the whole place.", ""),
        "ExplainedPool.addressable": Word("The sum of B over everybody in it.", "9876543.21"),
        "level": Word("The level at which bodies can join up.", "service_line"),
        "spend_types": Word("The cell by spend type, on which levers work apart.", []),
        "unrounded": Word("The cell before rounding; null where the map is not whole.", {}),
        "rounded": Word("The same to the penny; null where the map is not whole.", {}),
        "Unrounded.addressable": Word("The spend that the lever can address.", "9876543.2099"),
        "Unrounded.saving": Word("The saving.", "1234567.8901"),
        "Unrounded.joined": Word("The part from joining up.", "1000000.0012"),
        "steps": Word("From spend to the stored saving.", []),
        "lines": Word("The spend lines below the cell; empty where they have changed since.", []),
        "SourceLine.share": Word("The share of the body that is counted in the place.", "1"),
        "rule": Word("The rule that won; null where none fits.", None),
        "ExplainedPart.amount": Word("x: the netted spend of this type.", "9876543.21"),
        "ExplainedPart.share": Word("The share that the lever can address.", "0.4"),
        "ExplainedPart.addressable": Word("That share of x, where x is above zero.", "3950617.284"),
        "ExplainedPart.saving": Word("What the lever is credited with.", "1234567.8901"),
        "ExplainedPart.joined": Word("The part of it from joining up.", "1000000.0012"),
        "ExplainedPart.levers": Word("The levers that take anything of the same pounds.", []),
        "q": Word("Share times rate.", NUMBER),
        "left": Word("The product of 1 - q over all levers: what stays.", "0.9"),
        "saved_by_all": Word("What all levers on it save together.", "987654.321"),
        "credit": Word("The lever's part: ln(1 - q) over the sum of all.", NUMBER),
        "joined_fraction": Word("The fraction of the saving that comes from joining up.", NUMBER),
        "ExplainedRate.beta": Word("The scale exponent in the case.", NUMBER),
        "ExplainedRate.own": Word("The rate that a body reaches alone.", NUMBER),
        "ExplainedRate.cap": Word("The highest rate allowed.", NUMBER),
        "ExplainedRate.rate": Word("The rate, cut at the cap.", NUMBER),
        **{
            f"{shape}.{name}": Word(about, NUMBER)
            for shape in ("ExplainedRate", "PoolBody")
            for name, about in {
                "beta": "The scale exponent in the case.",
                "own": "The rate that a body reaches alone.",
                "cap": "The highest rate allowed.",
                "rate": "The rate, cut at the cap.",
            }.items()
        },
        "ExplainedPool.beta": Word("The scale exponent in the case.", NUMBER),
        "brought": Word("B: the addressable spend that the body brings to the pool.", "9876543.21"),
        "together": Word("M: what everybody in the pool would pay joined up.", "19876543.21"),
        "joining": Word("r: the rate from joining up.", NUMBER),
        "whole": Word("The rate with own effort, before the cap.", NUMBER),
        "PoolBody.is_capped": Word("Whether the cap bound.", False),
        "saving_of_joining": Word("What joining up saves before own effort, cap and overlap.", "987654.32"),
        "ExplainedPool.agencies": Word("Everybody in it, the one that brings most first.", []),
        "step": Word("What the step does.", "The rate from joining up"),
        "formula": Word("How, in words.", "r = 1 - (B / M)^(1/beta - 1)"),
        "numbers": Word("The same with its numbers.", "1 - (50 / 86.6)^(1/0.9 - 1)"),
        "result": Word("What comes out.", "0.0592"),
    }
)

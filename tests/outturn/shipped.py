"""The shipped register as the pure functions take it."""

from collections import defaultdict
from decimal import Decimal

from pilots.outturn import Member, NationalFigure, Place, Receivers, read_columns
from pilots.register.facts import OUTTURN_COLUMNS, facts

LOOKUP = read_columns(OUTTURN_COLUMNS)
SUCCESSORS = {row["code"]: row["successor"] for row in facts("successors")}
BODIES = {row["code"] for row in facts("authorities")} | set(SUCCESSORS.values())


def receivers() -> Receivers:
    covering = defaultdict(set)
    for body in facts("authorities"):
        for area in body["covers"].split():
            covering[area, body["agency_type"]].add(body["code"])
    return Receivers({key: frozenset(codes) for key, codes in covering.items()}, SUCCESSORS)


def places() -> list[Place]:
    members = defaultdict(list)
    for row in facts("place_members"):
        members[row["place_slug"]].append(Member(row["authority_code"], Decimal(row["share"]), row["share_basis"]))
    return [Place(row["slug"], int(row["population_2011"]), tuple(members[row["slug"]])) for row in facts("places")]


def pilots() -> set[str]:
    return {row["slug"] for row in facts("places") if row["kind"] == "pilot"}


def national_figures() -> list[NationalFigure]:
    served = {row["code"]: int(row["population_2011"]) for row in facts("national_bodies")}
    return [
        NationalFigure(
            row["agency"],
            row["figure"],
            row["service_line"],
            row["spend_type"],
            Decimal(row["whole_gbp"] or int(row["per_head_gbp"]) * served[row["agency"]]),
            served[row["agency"]],
            row["source"],
        )
        for row in facts("national_figures")
        if row["use"] == "counted"
    ]

"""Refusing an assumption set that breaks a rule of the method, with the rule named."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .assumptions import Assumptions, Cases, Lever

POOLS = ("service_line", "service_group", "place")
QUALITIES = ("better", "neutral", "worse")
ONE = Decimal(1)


@dataclass(frozen=True)
class AssumptionProblem:
    """What is wrong with one lever or with the whole set, and the rule it breaks."""

    lever: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.lever or 'The whole set'}, {self.field}: {self.message}"


def problems_of(assumptions: Assumptions) -> list[AssumptionProblem]:
    """Everything that is wrong with a set; empty where it may be published."""
    return [
        *_set_problems(assumptions),
        *(p for lever in assumptions.levers for p in _lever_problems(lever, assumptions)),
    ]


def _set_problems(assumptions: Assumptions) -> Iterator[AssumptionProblem]:
    if not assumptions.levers:
        yield AssumptionProblem("", "levers", "a set has at least one lever")
    codes = [lever.code for lever in assumptions.levers]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield AssumptionProblem(code, "code", "two levers have this code")
    if assumptions.horizon_years < 3:
        yield AssumptionProblem("", "horizon_years", "the horizon is at least the three years of the review")
    if not 0 <= assumptions.discount_rate < 1:
        yield AssumptionProblem("", "discount_rate", "the discount rate is from 0 to below 1")


def _lever_problems(lever: Lever, assumptions: Assumptions) -> Iterator[AssumptionProblem]:
    def problem(field: str, message: str) -> AssumptionProblem:
        return AssumptionProblem(lever.code, field, message)

    for field, value, known in (("pool", lever.pool, POOLS), ("quality", lever.quality, QUALITIES)):
        if value not in known:
            yield problem(field, f"{value!r} is none of {', '.join(known)}")
    yield from _rate_problems(lever)
    if not all(0 <= share <= 1 for share in lever.ramp):
        yield problem("ramp", "each year's share of the full-year saving is from 0 to 1")
    if lever.cost_multiple < 0:
        yield problem("cost_multiple", "the cost is not below 0")
    for field, profile in (("cost_profile", lever.cost_profile), ("effort_profile", lever.effort_profile)):
        if min(profile) < 0 or sum(profile) != 1:
            yield problem(field, f"the years' shares are not below 0 and add to 1, not to {sum(profile)}")
    if min(lever.effort_fixed_months, lever.effort_months_per_agency) < 0:
        yield problem("effort", "months are not below 0")
    yield from _rule_problems(lever, assumptions)


def _rate_problems(lever: Lever) -> Iterator[AssumptionProblem]:
    if not all(0 < beta <= 1 for beta in lever.beta):
        yield AssumptionProblem(lever.code, "beta", "the scale exponent is above 0 and at most 1 in every case")
    elif not _falls(lever.beta):
        yield AssumptionProblem(
            lever.code, "beta", "the low case is the low saving, so beta is largest in the low case"
        )
    if not all(0 <= own < 1 for own in lever.own):
        yield AssumptionProblem(lever.code, "own", "the own saving rate is from 0 to below 1 in every case")
    elif not _falls(Cases(lever.own.high, lever.own.central, lever.own.low)):
        yield AssumptionProblem(lever.code, "own", "the low case is the low saving, so own is smallest in the low case")


def _rule_problems(lever: Lever, assumptions: Assumptions) -> Iterator[AssumptionProblem]:
    seen = set()
    for rule in lever.rules:
        named = ", ".join(part or "any" for part in (rule.service_line, rule.spend_type, rule.agency_type))
        if not 0 <= rule.share <= 1:
            yield AssumptionProblem(lever.code, "rules", f"the share of ({named}) is from 0 to 1")
        if rule.service_line is not None and rule.service_line not in assumptions.parents:
            yield AssumptionProblem(lever.code, "rules", f"({named}) names a service line that is not in the tree")
        key = (rule.service_line, rule.spend_type, rule.agency_type)
        if key in seen:
            yield AssumptionProblem(lever.code, "rules", f"two rules are alike in all three: ({named})")
        seen.add(key)
    largest = max((rule.share for rule in lever.rules), default=Decimal(0))
    if lever.cap < 0 or lever.cap > 1 or lever.cap * largest >= ONE:
        yield AssumptionProblem(
            lever.code, "cap", f"the cap ({lever.cap}) times the largest share ({largest}) stays below 1"
        )


def _falls(cases: Cases) -> bool:
    return cases.low >= cases.central >= cases.high

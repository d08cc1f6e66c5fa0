"""The saving of a place or a programme as pages show it: in three cases, over three years, by what it rests on."""

from collections.abc import Sequence
from decimal import Decimal

from mapping.charts.inputs import Cases, Footings, LeverFigures, Savings, YearFigures
from mapping.engine.years import payback_year
from mapping.models import Scenario

from .footing import lever_footings, sum_footings
from .mapped import Mapped
from .savings import YEARS, LeverSum, horizon, lever_sums, sum_years
from .sums import NOTHING

CASES = tuple(Scenario.values)


def savings_in_cases(versions: Sequence[Mapped], scenario: str) -> Savings | None:
    """The saving of some versions together; None while none of them has a map. Four queries."""
    rates = [mapped.discount_rate for mapped in versions if mapped.discount_rate is not None]
    if not rates:
        return None
    by_case = {case: {lever.code: lever for lever in lever_sums(versions, case)} for case in CASES}
    levers, rests_on = list(by_case[scenario].values()), lever_footings(versions, scenario)
    savings, costs = (sum_years(levers, f"{name}_by_year") for name in ("saving", "cost"))
    years = {case: _years(list(by_case[case].values())) for case in CASES}
    payback, status = payback_year(savings, costs, horizon(versions))
    figures = tuple(
        _lever_figures(lever, {case: by_case[case][lever.code] for case in CASES}, rests_on.get(lever.code, {}))
        for lever in levers
    )
    return Savings(
        saving=_sum(lever.saving for lever in figures),
        joined=_sum(lever.joined for lever in figures),
        levers=figures,
        years=years[scenario],
        net_present_value=sum((lever.npv for lever in levers), NOTHING),
        payback=payback,
        payback_status=status,
        horizon_years=horizon(versions),
        discount_rate=rates[0],
        rests_on=sum_footings(part for footings in rests_on.values() for part in footings.items()),
        years_in_cases=years,
    )


def _years(levers: Sequence[LeverSum]) -> tuple[YearFigures, ...]:
    """The three review years of all levers together."""
    savings, joined, costs = (sum_years(levers, f"{name}_by_year") for name in ("saving", "joined", "cost"))
    return tuple(YearFigures(year + 1, savings[year], joined[year], costs[year]) for year in YEARS)


def _lever_figures(lever: LeverSum, in_cases: dict[str, LeverSum], rests_on: Footings) -> LeverFigures:
    return LeverFigures(
        code=lever.code,
        name=lever.name,
        saving=Cases(*(in_cases[case].saving for case in CASES)),
        joined=Cases(*(in_cases[case].joined for case in CASES)),
        addressable=lever.addressable,
        net_present_value=lever.npv,
        payback=lever.payback,
        payback_status=lever.payback_status,
        rests_on=rests_on,
    )


def _sum(parts) -> Cases:
    listed: list[Cases] = list(parts)
    sums: list[Decimal] = [sum((part.at(case) for part in listed), NOTHING) for case in CASES]
    return Cases(*sums)

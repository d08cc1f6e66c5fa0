"""Years, cost and value, in exact decimals (method, Years, cost and value)."""

from collections.abc import Sequence
from decimal import Decimal

from .assumptions import Lever
from .pence import round_half_even
from .results import LeverYears

REVIEW_YEARS = 3
REACHED, BEYOND_HORIZON, NOTHING_SAVED = "reached", "beyond_horizon", "nothing_saved"


def lever_years(lever: Lever, full_year: int, horizon: int, discount_rate: Decimal) -> LeverYears:
    """One lever's review years, net present value and payback from its full-year saving in pence."""
    cost = lever.cost_multiple * full_year
    saving_by_year = tuple(round_half_even(share * full_year) for share in lever.ramp)
    cost_by_year = tuple(round_half_even(share * cost) for share in lever.cost_profile)
    # The full-year saving cancels out of payback, which is therefore the same in every place.
    payback, status = payback_year(lever.ramp, [lever.cost_multiple * share for share in lever.cost_profile], horizon)
    if full_year == 0:
        payback, status = None, NOTHING_SAVED
    value = net_present_value(saving_by_year, cost_by_year, horizon, discount_rate)
    return LeverYears(saving_by_year, cost_by_year, value, payback, status)


def place_years(levers: Sequence[LeverYears], horizon: int) -> LeverYears:
    """All levers together: sums of their years and values, and the payback of the summed rounded years."""
    saving_by_year = tuple(sum(lever.saving_by_year[year] for lever in levers) for year in range(REVIEW_YEARS))
    cost_by_year = tuple(sum(lever.cost_by_year[year] for lever in levers) for year in range(REVIEW_YEARS))
    payback, status = payback_year(saving_by_year, cost_by_year, horizon)
    value = sum(lever.net_present_value for lever in levers)
    return LeverYears(saving_by_year, cost_by_year, value, payback, status)


def net_present_value(
    saving_by_year: Sequence[int], cost_by_year: Sequence[int], horizon: int, discount_rate: Decimal
) -> int:
    """Pence over the horizon: year n discounted by (1 + rate)^-(n - 1), year 3's saving holding ever after.

    Source: HM Treasury Green Book, discounting.
    """
    value = Decimal(0)
    for year in range(horizon):
        saving = saving_by_year[min(year, REVIEW_YEARS - 1)]
        cost = cost_by_year[year] if year < REVIEW_YEARS else 0
        value += (saving - cost) / (1 + discount_rate) ** year
    return round_half_even(value)


def payback_year(
    saving_by_year: Sequence[int | Decimal], cost_by_year: Sequence[int | Decimal], horizon: int
) -> tuple[int | None, str]:
    """The first year from which cumulative undiscounted saving stays at least cumulative cost, or why none."""
    if not any(saving_by_year):
        return None, NOTHING_SAVED
    net: int | Decimal = 0
    first: int | None = None
    for year in range(horizon):
        net += saving_by_year[min(year, REVIEW_YEARS - 1)]
        net -= cost_by_year[year] if year < REVIEW_YEARS else 0
        if net < 0:
            first = None
        elif first is None:
            first = year + 1
    return (first, REACHED) if first else (None, BEYOND_HORIZON)

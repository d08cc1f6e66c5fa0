"""The saving of one map or many: by lever, over the years of the review, and what it is worth."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import F, Sum
from django.db.models.functions import Round

from mapping.engine.years import NOTHING_SAVED, REVIEW_YEARS, payback_year
from mapping.models import LeverResult, MapResult, SavingsCell

from .mapped import Mapped
from .priced import OF_CELLS, priced
from .shapes import LeverRow, SavingsRows, YearRow
from .sums import NOTHING, Sums

YEARS = range(REVIEW_YEARS)


class LeverSum(NamedTuple):
    """A lever over some maps, of which its payback is the same."""

    code: str
    name: str
    payback: int | None
    payback_status: str
    addressable: Decimal
    saving: Decimal
    joined: Decimal
    npv: Decimal
    saving_by_year: tuple[Decimal, ...]
    cost_by_year: tuple[Decimal, ...]
    joined_by_year: tuple[Decimal, ...]


def lever_sums(versions: Sequence[Mapped], scenario: str, factor: Decimal | None = None) -> list[LeverSum]:
    """Each lever of the current maps, in the order of the menu, by code.

    Maps of two assumption sets may stand side by side while they are remade. In other prices, where there is a factor
    for them, a lever's saving is the sum of its cells in them, and the rest is what is stored, each in them.
    """
    results = LeverResult.objects.filter(map__in=[v.map_id for v in versions if v.map_id], scenario=scenario)
    names = ("lever__code", "lever__name", "payback", "payback_status")
    amounts = {f"sum_{name}": Sum(priced(name, factor)) for name in (*OF_CELLS, "net_present_value")}
    years = {
        f"{kind}_{year}": Sum(priced(f"{kind}_by_year__{year}", factor))
        for kind in ("saving", "cost")
        for year in YEARS
    }
    joined = {f"joined_{year}": Sum(Round(F(f"lever__ramp__{year}") * F("joined"), 2)) for year in YEARS}
    rows = results.values_list(*names).annotate(**amounts, **years, **joined).order_by("lever__position", *names)
    found = [_lever_sum(*row) for row in rows]
    levers = [_together(list(same), versions) for _, same in groupby(found, key=lambda row: row.code)]
    if factor is None:
        return levers
    of_cells = _sums_of_cells(versions, scenario, factor)
    return [lever._replace(**of_cells.get(lever.code, {})) for lever in levers]


def _sums_of_cells(versions: Sequence[Mapped], scenario: str, factor: Decimal) -> dict[str, dict[str, Any]]:
    """By lever the sums of its cells in other prices."""
    cells = SavingsCell.objects.filter(map__in=[v.map_id for v in versions if v.map_id], scenario=scenario)
    amounts = {f"sum_{name}": Sum(priced(name, factor)) for name in OF_CELLS}
    rows: Any = cells.values_list("lever__code").annotate(**amounts).order_by("lever__code")
    return {code: dict(zip(OF_CELLS, amounts, strict=True)) for code, *amounts in rows}


def _lever_sum(code: str, name: str, payback: int | None, status: str, *amounts: Decimal) -> LeverSum:
    addressable, saving, joined, value, *years = amounts
    by_year = (tuple(years[start : start + REVIEW_YEARS]) for start in range(0, len(years), REVIEW_YEARS))
    return LeverSum(code, name, payback, status, addressable, saving, joined, value, *by_year)


def _together(parts: list[LeverSum], versions: Sequence[Mapped]) -> LeverSum:
    """One lever from its sums by payback."""
    if len(parts) == 1:
        return parts[0]
    savings, costs = sum_years(parts, "saving_by_year"), sum_years(parts, "cost_by_year")
    # The full-year saving cancels out of a lever's payback: it is the same wherever something is saved.
    paybacks = {(part.payback, part.payback_status) for part in parts if part.payback_status != NOTHING_SAVED}
    payback, status = paybacks.pop() if len(paybacks) == 1 else payback_year(savings, costs, horizon(versions))
    return LeverSum(
        code=parts[0].code,
        name=parts[0].name,
        payback=payback,
        payback_status=status,
        addressable=sum((part.addressable for part in parts), NOTHING),
        saving=sum((part.saving for part in parts), NOTHING),
        joined=sum((part.joined for part in parts), NOTHING),
        npv=sum((part.npv for part in parts), NOTHING),
        saving_by_year=savings,
        cost_by_year=costs,
        joined_by_year=sum_years(parts, "joined_by_year"),
    )


def sum_years(levers: Sequence[LeverSum], name: str) -> tuple[Decimal, ...]:
    """The three review years of all levers: saving_by_year, cost_by_year or joined_by_year."""
    return tuple(sum((getattr(lever, name)[year] for lever in levers), NOTHING) for year in YEARS)


def horizon(versions: Sequence[Mapped]) -> int:
    """The longest horizon of the maps, in years."""
    return max((mapped.horizon_years or 0 for mapped in versions), default=0)


def savings_rows(
    versions: Sequence[Mapped], scenario: str, sums: Sums, factor: Decimal | None = None
) -> SavingsRows | None:
    """The saving of some versions together; None while none of them has a map."""
    if all(mapped.map_id is None for mapped in versions):
        return None
    levers = lever_sums(versions, scenario, factor)
    savings, costs = sum_years(levers, "saving_by_year"), sum_years(levers, "cost_by_year")
    payback, status = payback_year(savings, costs, horizon(versions))
    return SavingsRows(
        full_year=sums.saving,
        joined=sums.joined,
        by_lever=[
            LeverRow(
                code=lever.code,
                name=lever.name,
                addressable=lever.addressable,
                saving=lever.saving,
                joined=lever.joined,
                npv=lever.npv,
                payback=lever.payback,
                payback_status=lever.payback_status,
            )
            for lever in levers
        ],
        by_year=[YearRow(year + 1, savings[year], costs[year], savings[year] - costs[year]) for year in YEARS],
        npv=sum((lever.npv for lever in levers), NOTHING),
        payback=payback,
        payback_status=status,
        rests_on=sums.rests_on,
    )


def totals_by_case(versions: Sequence[Mapped], factor: Decimal | None = None) -> dict[str, tuple[Decimal, Decimal]]:
    """(full-year saving, joined part) in each case."""
    results: Any = MapResult.objects.filter(map__in=[v.map_id for v in versions if v.map_id])
    rows = (
        results.values_list("scenario")
        .annotate(saved=Sum(priced("saving", factor)), by_joining=Sum(priced("joined", factor)))
        .order_by("scenario")
    )
    return {scenario: (saving, joined) for scenario, saving, joined in rows}

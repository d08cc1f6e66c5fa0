"""Amounts in the prices of another year, by the GDP deflators of the reference data."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from pilots.models import FinancialYear, Programme
from totalplace.money import listed

from .question import refuse

NOMINAL = "nominal"


def factors_to(base: str, programme: Programme, years: Collection[str]) -> Mapping[str, Decimal]:
    """By year what its amounts are multiplied by, to be in the prices of another.

    Raises Problem for a year that there is not, and until the deflators that it takes are loaded.
    """
    stored = FinancialYear.objects.filter(programme=programme).order_by("label")
    deflators = dict(stored.values_list("label", "deflator"))
    if base not in deflators:
        raise refuse("prices", f'There is no year "{base}". There are: {NOMINAL}, {", ".join(deflators)}.')
    loaded = {year: deflator for year, deflator in deflators.items() if deflator}
    wanting = sorted({base, *years} - loaded.keys())
    if wanting:
        raise refuse(
            "prices",
            f"No deflator is loaded for {listed(wanting)}, so that amounts cannot be set in the prices of {base}. Ask "
            f"for prices={NOMINAL}: the prices of the year counted.",
            [NOMINAL],
        )
    return {year: loaded[base] / loaded[year] for year in years}

"""Figures for each person: never added up themselves, so always beside what they are made of."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from mapping.summary.shapes import PerHead
from pilots.models import Population

from .chosen import Chosen
from .dimensions import OF_VERSION
from .question import Question

PENNY = Decimal("0.01")
# By the members of a cell that say where it is: the people of its places, None where some are not known.
People = Mapping[tuple[str, ...], int | None]


def people_of(question: Question, chosen: Chosen) -> People:
    """The people living in the places of each cell, by the newest count of each place, and under () those of all."""
    newest = newest_populations({mapped.place_id for mapped in chosen.versions})
    places: dict[tuple[str, ...], set[int]] = {(): set()}
    for mapped in chosen.versions:
        of_version = {"place": mapped.slug, "kind": mapped.kind, "region": mapped.region, "year": mapped.year}
        key = tuple(of_version[name] for name in _where(question))
        places.setdefault(key, set()).add(mapped.place_id)
        places[()].add(mapped.place_id)
    return {
        key: sum(newest[place] for place in some) if some <= newest.keys() else None for key, some in places.items()
    }


def newest_populations(places: Collection[int]) -> dict[int, int]:
    """The people living in places, by the newest count of each; those of which there is none are left out."""
    counted = Population.objects.filter(place__in=places).order_by("place", "year")
    return dict(counted.values_list("place", "people"))


def per_head(question: Question, people: People, cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell with each of its amounts over its people, where it has any."""
    key = tuple(cell[name] for name in _where(question) if name in cell)
    living = people.get(key)
    rates = {
        f"{measure.name}.per_head": rate(cell[measure.name], living)
        for measure in question.measures
        if measure.is_money
    }
    return {**cell, **rates}


def _where(question: Question) -> list[str]:
    return [drill.dimension.name for drill in question.drilldown if drill.dimension.name in OF_VERSION]


def rate(amount: Decimal | None, people: int | None) -> PerHead | None:
    """A figure for each person; None of a figure that there is not."""
    if amount is None:
        return None
    value = (amount / people).quantize(PENNY, ROUND_HALF_EVEN) if people else None
    return {"numerator": amount, "denominator": people, "value": value}

"""Every total shown anywhere is the sum of the cells below it, to the penny."""

from collections import defaultdict
from decimal import Decimal

import pytest

from mapping.charts.inputs import Footing
from mapping.summary import (
    all_savings_cells,
    place_figures,
    place_summary,
    programme_figures,
    programme_summary,
    savings_cells,
)
from pilots.register.load import default_programme

from .counts import CASES, all_published, published, year

pytestmark = pytest.mark.django_db


def total(rows, name: str) -> Decimal:
    """The sum of one amount over rows, whether mappings or objects."""
    return sum((row[name] if isinstance(row, dict) else getattr(row, name) for row in rows), Decimal(0))


@pytest.mark.parametrize("case", CASES)
def test_in_every_place_cells_bodies_services_levers_and_year_3_come_to_the_same_saving(case: str) -> None:
    versions = all_published()
    assert len(versions) == 93
    for slug, version in versions.items():
        summary, cells = place_summary(version, case), list(savings_cells(version, case).all())
        savings = summary.savings
        assert savings is not None
        for name in ("saving", "joined"):
            sums = {
                "cells": total(cells, name),
                "by_agency": total(summary.by_agency, name),
                "by_service": total(summary.by_service, name),
                "by_lever": total(savings.by_lever, name),
            }
            whole = savings.full_year if name == "saving" else savings.joined
            assert sums == dict.fromkeys(sums, whole), f"{slug}, {name}"
        # Every lever of assumption set 1 reaches its full-year saving in year 3.
        assert savings.by_year[2].saving == savings.full_year, slug
        rests = savings.rests_on
        assert rests.actual + rests.budget + rests.estimate + rests.apportioned == savings.full_year, slug
        assert savings.npv == total(savings.by_lever, "npv"), slug
        assert all(row.net == row.saving - row.cost for row in savings.by_year)


def test_in_every_place_bodies_and_services_come_to_the_same_spend() -> None:
    for slug, version in all_published().items():
        summary = place_summary(version, "central")
        lines = version.lines.filter(is_transfer=False, is_capital=False).values_list("amount", flat=True)
        assert summary.spend_total == sum(lines), slug
        assert total(summary.by_agency, "spend") == total(summary.by_service, "spend") == summary.spend_total, slug


@pytest.mark.parametrize(
    ("case", "kind"), [("central", "pilot"), ("central", "parallel"), ("low", None), ("high", "pilot")]
)
def test_the_places_add_to_the_programme(case: str, kind: str | None) -> None:
    programme = programme_summary(default_programme(), year(), case, kind)
    versions = {row.slug: published(row.slug) for row in programme.by_place}
    places = {slug: place_summary(version, case) for slug, version in versions.items()}
    savings = programme.savings
    assert savings is not None
    assert len(places) == {"pilot": 13, "parallel": 80, None: 93}[kind]
    assert programme.spend_total == total(places.values(), "spend_total")
    assert savings.full_year == sum(place.savings.full_year for place in places.values() if place.savings)
    assert savings.joined == sum(place.savings.joined for place in places.values() if place.savings)
    assert savings.npv == sum(place.savings.npv for place in places.values() if place.savings)
    for row in programme.by_place:
        place = places[row.slug]
        assert place.savings is not None
        assert (row.spend, row.saving, row.joined) == (
            place.spend_total,
            place.savings.full_year,
            place.savings.joined,
        )
    for name in ("by_agency", "by_service"):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for place in places.values():
            for row in getattr(place, name):
                sums[row.code] += row.saving
        assert {row.code: row.saving for row in getattr(programme, name)} == sums
        assert total(getattr(programme, name), "spend") == programme.spend_total
    for index in range(3):
        by_year = [place.savings.by_year[index] for place in places.values() if place.savings]
        assert savings.by_year[index].saving == total(by_year, "saving")
        assert savings.by_year[index].cost == total(by_year, "cost")


def test_the_cells_of_all_places_come_to_the_programmes_saving() -> None:
    for kind in ("pilot", "parallel", None):
        savings = programme_summary(default_programme(), year(), "central", kind).savings
        cells = list(all_savings_cells(default_programme(), year(), "central", kind=kind).all())
        assert savings is not None
        assert total(cells, "saving") == savings.full_year
        assert total(cells, "joined") == savings.joined


@pytest.mark.parametrize("slug", ["kent", "manchester-city-region-warrington", "essex"])
def test_pages_and_api_say_the_same_of_a_place(slug: str) -> None:
    for case in CASES:
        summary, figures = place_summary(published(slug), case), place_figures(published(slug), case)
        assert summary.savings is not None
        assert figures.savings is not None
        assert figures.savings.saving.at(case) == summary.savings.full_year == total(figures.saving_cells, "saving")
        assert figures.savings.joined.at(case) == summary.savings.joined == total(figures.saving_cells, "joined")
        assert total(figures.spend, "amount") == summary.spend_total
        assert {body.code for body in figures.bodies} == {row.code for row in summary.by_agency}
        assert sum(figures.savings.rests_on.values()) == summary.savings.full_year
        for lever, row in zip(figures.savings.levers, summary.savings.by_lever, strict=True):
            assert (lever.code, lever.saving.at(case), lever.payback) == (row.code, row.saving, row.payback)
            assert sum(lever.rests_on.values()) == lever.saving.at(case)
        for shown, stated in zip(figures.savings.years, summary.savings.by_year, strict=True):
            assert (shown.saving, shown.cost, shown.net) == (stated.saving, stated.cost, stated.net)
        assert figures.savings.years[2].joined == summary.savings.joined
        assert figures.savings.net_present_value == summary.savings.npv


@pytest.mark.parametrize("kind", ["pilot", "parallel", "all"])
def test_pages_and_api_say_the_same_of_the_programme(kind: str) -> None:
    summary = programme_summary(default_programme(), year(), "central", None if kind == "all" else kind)
    figures = programme_figures(default_programme(), year(), "central", kind)
    shown = [place for place in figures.places if kind in ("all", place.kind)]
    assert summary.savings is not None
    assert figures.savings is not None
    assert len(figures.places) == 93
    assert total(shown, "spend") == summary.spend_total == sum(figures.rests_on.values())
    assert total(shown, "own") == figures.rests_on[Footing.OWN]
    assert figures.savings.saving.central == summary.savings.full_year
    assert figures.savings.joined.central == summary.savings.joined
    for case in CASES:
        assert sum(place.saving.at(case) for place in shown if place.saving) == figures.savings.saving.at(case)
    assert {place.slug: place.spend for place in shown} == {row.slug: row.spend for row in summary.by_place}
    assert figures.savings.payback == summary.savings.payback

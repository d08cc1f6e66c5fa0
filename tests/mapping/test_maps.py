"""What stands in a stored map, and the figures that the shipped counts come to."""

from decimal import Decimal

import pytest
from django.db import DataError
from django.db.models import Count as Number
from django.db.models import F, Sum

from mapping.freshness import stale_versions
from mapping.models import (
    CurrentMap,
    LeverResult,
    MapResult,
    PoolResult,
    RollUp,
    SavingsCell,
    SavingsMap,
    SharingPair,
)
from mapping.recompute import recompute_version, recompute_versions
from pilots.models import Place, SpendLine, Version

from .examples import add_to_a_line, working_version

pytestmark = pytest.mark.django_db

PILOTS = {"map__version__count__place__kind": Place.Kind.PILOT}


def current(slug: str) -> SavingsMap:
    return CurrentMap.objects.get(version__published_for__place__slug=slug).map


def test_spend_mapped_in_kent_and_in_the_13_pilots() -> None:
    assert current("kent").spend_total == Decimal("8259406210.78")
    pilots = SavingsMap.objects.filter(version__count__place__kind=Place.Kind.PILOT)
    assert pilots.aggregate(total=Sum("spend_total"), places=Number("pk")) == {
        "total": Decimal("68305517655.90"),
        "places": 13,
    }


def test_what_the_13_pilots_could_save_in_a_full_year_and_by_joining_up() -> None:
    """About £1,135m, of which £937m by joining up, in the central case: computed elsewhere from the same data."""
    results = MapResult.objects.filter(scenario="central", **PILOTS)
    assert results.aggregate(saving=Sum("saving"), joined=Sum("joined")) == {
        "saving": Decimal("1135415658.32"),
        "joined": Decimal("936942462.41"),
    }
    assert SavingsCell.objects.filter(scenario="central", **PILOTS).count() == 9054 / 3


def test_cells_add_to_the_results_of_levers_and_these_to_those_of_maps_to_the_penny() -> None:
    sums = {name: Sum(name) for name in ("saving", "joined")}
    of_levers = SavingsCell.objects.values("map", "scenario", "lever").annotate(addressable=Sum("addressable"), **sums)
    by_lever = LeverResult.objects.filter(addressable__gt=0)
    of_lever = "map", "scenario", "lever", "addressable", "saving", "joined"
    assert set(of_levers.values_list(*of_lever)) == set(by_lever.values_list(*of_lever))
    of_maps = LeverResult.objects.values("map", "scenario").annotate(**sums)
    of_map = "map", "scenario", "saving", "joined"
    assert set(of_maps.values_list(*of_map)) == set(MapResult.objects.values_list(*of_map))
    assert MapResult.objects.count() == 3 * 93


def test_values_and_years_of_levers_add_to_those_of_maps() -> None:
    summed = "map", "scenario"
    first, second, third = (
        LeverResult.objects.values(*summed)
        .annotate(
            value=Sum("net_present_value"), saved=Sum(f"saving_by_year__{year}"), paid=Sum(f"cost_by_year__{year}")
        )
        .values_list(*summed, "value", "saved", "paid")
        for year in range(3)
    )
    for year, rows in enumerate((first, second, third)):
        expected = MapResult.objects.values_list(
            *summed, "net_present_value", f"saving_by_year__{year}", f"cost_by_year__{year}"
        )
        assert set(rows) == set(expected)


def test_what_savings_rest_on_adds_to_them_to_the_penny() -> None:
    parts = sum((F(f"rests_on_{basis}") for basis in ("budget", "estimate", "apportioned")), F("rests_on_actual"))
    assert not SavingsCell.objects.exclude(saving=parts).exists()
    # The shipped counts hold actual and apportioned figures alone.
    assert SavingsCell.objects.filter(rests_on_actual__gt=0, rests_on_apportioned__gt=0).exists() is False
    assert SavingsCell.objects.filter(rests_on_apportioned__gt=0).exists()


def test_the_roll_up_holds_all_lines_transfers_told_apart() -> None:
    kept = SpendLine.objects.values("version", "is_capital", "is_transfer").annotate(
        total=Sum("amount"), n=Number("pk")
    )
    rolled = RollUp.objects.values("version", "is_capital", "is_transfer").annotate(total=Sum("amount"), n=Sum("lines"))
    key = "version", "is_capital", "is_transfer", "total", "n"
    assert set(kept.values_list(*key)) == set(rolled.values_list(*key))
    assert RollUp.objects.filter(is_transfer=True).exists()


def test_the_spend_of_a_map_is_its_roll_up_without_capital_and_transfers() -> None:
    revenue = RollUp.objects.filter(is_capital=False, is_transfer=False)
    by_version = revenue.values("version").annotate(total=Sum("amount"))
    assert set(by_version.values_list("version", "total")) == set(
        SavingsMap.objects.values_list("version", "spend_total")
    )


def test_pools_show_savings_before_and_after_the_cap() -> None:
    assert not PoolResult.objects.filter(saving_after_cap__gt=F("saving_before_cap")).exists()
    assert PoolResult.objects.filter(saving_after_cap__lt=F("saving_before_cap")).exists()


def test_pairs_are_told_once_in_the_order_of_codes() -> None:
    pairs = SharingPair.objects.filter(map=current("kent"), scenario="central")
    codes = list(pairs.values_list("lever__code", "agency_a__code", "agency_b__code"))
    assert codes
    assert all(first < second for _, first, second in codes)


def test_an_edit_of_the_working_version_remakes_its_roll_up_and_map_and_keeps_the_old_map() -> None:
    version = working_version("kent")
    first = recompute_version(version.pk)
    add_to_a_line(version, 1_000_000)
    second = recompute_version(version.pk)
    assert first is not None
    assert second is not None
    assert second.spend_total == first.spend_total + 1_000_000
    assert SavingsMap.objects.filter(pk=first.pk).exists()
    assert CurrentMap.objects.get(version=version).map == second
    revenue = RollUp.objects.filter(version=version, is_transfer=False, is_capital=False)
    assert revenue.aggregate(total=Sum("amount"))["total"] == second.spend_total


def test_maps_of_the_same_figures_have_the_same_digest() -> None:
    """A working version that nobody changed yet is a copy of what is published."""
    copy = recompute_version(working_version("kent").pk)
    assert copy is not None
    assert copy.inputs_digest == current("kent").inputs_digest
    assert copy.inputs_digest != current("leicester-leicestershire").inputs_digest


def test_a_working_version_without_lines_has_an_empty_map() -> None:
    version = working_version("kent")
    version.lines.all().delete()
    empty = recompute_version(version.pk)
    assert empty is not None
    assert empty.spend_total == 0
    assert not empty.cells.exists()
    assert list(empty.results.values_list("saving", "payback_status")) == [(0, "nothing_saved")] * 3


def test_capital_and_transfers_change_no_saving() -> None:
    version = working_version("kent")
    before = recompute_version(version.pk)
    wages = version.lines.filter(is_transfer=False)[0]
    wages.pk, wages.is_capital = None, True
    wages.save()
    version.lines.filter(is_transfer=True).delete()
    after = recompute_version(version.pk)
    assert before is not None
    assert after is not None
    assert after.pk != before.pk
    assert after.inputs_digest == before.inputs_digest
    assert RollUp.objects.get(version=version, is_capital=True).amount == wages.amount


def test_there_is_no_map_of_what_does_not_exist() -> None:
    assert recompute_version(0) is None
    assert not Version.objects.filter(pk=0).exists()


def test_a_map_that_cannot_be_made_keeps_no_other_from_being_made() -> None:
    """Every line of one count is as large as a line can be, and together they are more than a total can be."""
    impossible, other = working_version("kent"), working_version("leicester-leicestershire")
    impossible.lines.update(amount=Decimal("99999999999999.99"))
    with pytest.raises(ExceptionGroup) as failed:
        recompute_versions([impossible.pk, other.pk])
    (error,) = failed.value.exceptions
    assert isinstance(error, DataError)
    assert error.__notes__ == [f"while the map of version {impossible.pk} was made"]
    assert set(stale_versions()) == {impossible}

"""Quality beside cost: what is measured, and which savings went the wrong way."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pilots.models import History, Programme, QualityMeasure, ServiceLine
from pilots.permissions import NotAllowed
from pilots.quality import measures
from pilots.quality.flags import quality_flags, quality_flags_of, worsened
from pilots.quality.measures import (
    MeasureGiven,
    MeasureRefused,
    add_measure,
    add_reading,
    change_measure,
    remove_measure,
)
from tests.review.world import World

pytestmark = pytest.mark.django_db


def given(**changes: Any) -> MeasureGiven:
    usual = {
        "indicator": "Pupils who stay to 16",
        "unit": "%",
        "direction": "higher",
        "baseline": Decimal(90),
        "baseline_on": date(2010, 4, 1),
        "service_lines": ["schools"],
        "lever_codes": ["ict"],
    }
    return MeasureGiven(**{**usual, **changes})


def measured(world: World, value: str, **changes: Any) -> QualityMeasure:
    """A measure of Dunshire with one reading."""
    measure = add_measure(world.place, given(**changes), world.people["lead"])
    add_reading(measure, date(2011, 4, 1), Decimal(value), world.people["lead"])
    return measure


@pytest.mark.parametrize(
    ("direction", "value", "is_flagged"),
    [
        ("higher", "89.9", True),
        ("higher", "90", False),
        ("higher", "95", False),
        ("lower", "90.1", True),
        ("lower", "90", False),
        ("lower", "80", False),
    ],
)
def test_a_saving_is_flagged_where_the_newest_reading_is_on_the_wrong_side(
    world: World, direction: str, value: str, is_flagged: bool
) -> None:
    measured(world, value, direction=direction)
    assert worsened(world.place) == ({("schools", "ict")} if is_flagged else set())


def test_the_newest_reading_counts_whenever_it_was_recorded(world: World) -> None:
    measure = measured(world, "80")
    add_reading(measure, date(2010, 10, 1), Decimal(99), world.people["lead"])
    assert worsened(world.place)
    add_reading(measure, date(2011, 5, 1), Decimal(91), world.people["lead"])
    assert not worsened(world.place)


def test_a_measure_of_a_branch_tells_of_everything_below_it(world: World) -> None:
    measured(world, "1", service_lines=["all"], lever_codes=[])
    flags = quality_flags(world.place)
    assert {service for service, _ in worsened(world.place)} == {"all", "schools", "roads", "police", "care"}
    assert flags.of("roads", "anything")
    assert flags.of("roads")


@pytest.mark.parametrize(
    ("services", "levers", "asked", "is_flagged"),
    [
        (["schools"], ["ict"], ("schools", "ict"), True),
        (["schools"], ["ict"], ("schools", "estates"), False),
        (["schools"], ["ict"], ("roads", "ict"), False),
        (["schools"], ["ict"], ("", "ict"), True),
        (["schools"], ["ict"], ("schools", ""), True),
        (["schools"], [], ("schools", "estates"), True),
        (["schools"], [], ("", "estates"), False),
        ([], ["ict"], ("roads", "ict"), True),
        ([], ["ict"], ("roads", ""), False),
    ],
)
def test_a_flag_is_found_by_service_and_way_to_save(
    world: World, services: list[str], levers: list[str], asked: tuple[str, str], is_flagged: bool
) -> None:
    measured(world, "1", service_lines=services, lever_codes=levers)
    assert bool(quality_flags(world.place).of(*asked)) is is_flagged


def test_flags_of_many_places_take_as_many_queries_as_of_one(world: World, django_assert_max_num_queries) -> None:
    measured(world, "1")
    with django_assert_max_num_queries(1):
        assert set(quality_flags_of([world.place, world.other_place])) == {"dunshire"}


@pytest.mark.parametrize("role", ["nobody", "contributor", "other_lead", "centre", "administrator"])
def test_only_the_lead_records_quality(world: World, role: str) -> None:
    measure = measured(world, "80")
    for act in (
        lambda who: add_measure(world.place, given(indicator="Another"), who),
        lambda who: change_measure(measure, given(unit="people"), who),
        lambda who: add_reading(measure, date(2012, 1, 1), Decimal(1), who),
        lambda who: remove_measure(measure, who),
    ):
        with pytest.raises(NotAllowed):
            act(world.people[role])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service_lines": [], "lever_codes": []}, "service_lines"),
        ({"service_lines": ["moon"]}, "service_lines"),
        ({"target": Decimal(95), "target_on": date(2010, 1, 1)}, "target_on"),
    ],
)
def test_a_measure_that_makes_no_sense_is_refused(world: World, wrong: dict, field: str) -> None:
    with pytest.raises(MeasureRefused) as refused:
        add_measure(world.place, given(**wrong), world.people["lead"])
    assert refused.value.field == field


def test_a_reading_before_the_baseline_is_refused(world: World) -> None:
    measure = add_measure(world.place, given(), world.people["lead"])
    with pytest.raises(MeasureRefused, match="before the baseline"):
        add_reading(measure, date(2009, 1, 1), Decimal(1), world.people["lead"])


def test_the_history_tells_which_services_a_measure_was_tied_to(world: World) -> None:
    measure = add_measure(world.place, given(), world.people["lead"])
    schools = ServiceLine.objects.get(programme=world.programme, code="schools")
    told = History.objects.filter(table_name="pilots_qualitymeasure_service_lines").latest("id")
    assert (told.after["qualitymeasure_id"], told.after["serviceline_id"]) == (measure.pk, schools.pk)
    assert told.actor_id == world.people["lead"].pk


def test_the_ways_to_save_that_a_form_offers_are_those_of_the_current_set(world: World) -> None:
    default = Programme.objects.get(is_default=True)
    assert len(measures.ways_to_save(default.pk)) > 3
    assert measures.ways_to_save(world.programme.pk) == []


def test_a_reading_is_of_a_day_that_has_come(world: World) -> None:
    measure = measured(world, "80")
    with pytest.raises(MeasureRefused, match="still to come"):
        add_reading(measure, timezone.localdate() + timedelta(1), Decimal(99), world.people["lead"])
    with pytest.raises(MeasureRefused, match="still to come"):
        add_measure(world.place, given(indicator="Other", baseline_on=date(2099, 1, 1)), world.people["lead"])


def test_a_reading_that_was_kept_for_a_day_to_come_hides_no_worse_one(world: World, client: Client) -> None:
    measure = measured(world, "80")
    measure.readings.create(measured_on=date(2099, 1, 1), value=99)
    assert worsened(world.place)
    assert "went the wrong way" in client.get("/places/dunshire/quality/").content.decode()


@pytest.mark.parametrize(
    ("direction", "target", "is_kept"),
    [("lower", 91, False), ("lower", 90, True), ("lower", 80, True), ("higher", 89, False), ("higher", 95, True)],
)
def test_a_target_on_the_wrong_side_of_the_baseline_is_refused(
    world: World, direction: str, target: int, is_kept: bool
) -> None:
    said = given(direction=direction, target=Decimal(target))
    if is_kept:
        assert add_measure(world.place, said, world.people["lead"]).target == target
    else:
        with pytest.raises(MeasureRefused, match="worse than the baseline"):
            add_measure(world.place, said, world.people["lead"])


def test_one_indicator_is_one_measure_however_it_is_written(world: World) -> None:
    first = measured(world, "80")
    with pytest.raises(MeasureRefused, match="of that name already"):
        add_measure(world.place, given(indicator="PUPILS who stay to 16"), world.people["lead"])
    assert change_measure(first, given(indicator="Pupils Who Stay to 16"), world.people["lead"]).pk == first.pk


def test_numbers_are_read_as_people_write_them(world: World) -> None:
    lead = Client()
    lead.force_login(world.people["lead"])
    measure = measured(world, "80")
    address = f"/places/dunshire/quality/{measure.pk}/readings/"
    assert lead.post(address, {"measured_on": "2011-05-01", "value": "1,234.5"}).status_code == 302
    assert measure.readings.get(measured_on=date(2011, 5, 1)).value == Decimal("1234.5")
    refused = lead.post(address, {"measured_on": "2011-05-01", "value": "£5"})
    assert "is not a number. Write it as 1,234.5" in refused.content.decode()


def test_earlier_readings_are_shown_to_all_who_see_the_measure(world: World, client: Client) -> None:
    measure = measured(world, "80")
    add_reading(measure, date(2011, 5, 1), Decimal("91.25"), world.people["lead"])
    shown = client.get("/places/dunshire/quality/").content.decode()
    assert "All readings" in shown
    assert "1 Apr 2011" in shown

"""The milestones on a line of months, from dates alone."""

from datetime import date

import pytest

from pilots.models import Place
from pilots.progress.schedule import schedule_of
from pilots.progress.standing import Due

TODAY = date(2010, 3, 10)


def place(number: int = 1) -> Place:
    return Place(pk=number, name=f"Place {number}", short_name=f"P{number}")


def test_of_one_place_each_milestone_stands_at_its_day_and_says_how_it_stands() -> None:
    dues = [
        Due("count", date(2010, 1, 1), date(2010, 1, 31)),
        Due("deep_dive", date(2010, 3, 1), None),
        Due("final_report", date(2010, 3, 31), None),
    ]
    schedule = schedule_of([(place(), due) for due in dues], TODAY)
    assert schedule is not None
    assert schedule.title == "One of three milestones is reached, one is late"
    assert {mark.words: mark.state for mark in schedule.marks} == {
        "Place 1: count reached on 31 January 2010": "reached",
        "Place 1: deep dive late by 1 March 2010": "late",
        "Place 1: final report due by 31 March 2010": "due",
    }
    # January to March have 90 days.
    assert {mark.words[9:14]: mark.x for mark in schedule.marks}["count"] == f"{100 * 30 / 90:.2f}%"
    assert schedule.today == f"{100 * 68 / 90:.2f}%"


def test_of_many_places_those_of_a_month_are_one_mark_with_their_number() -> None:
    dated = [(place(n), Due("count", date(2010, 2, n), date(2010, 2, n) if n > 2 else None)) for n in range(1, 9)]
    schedule = schedule_of(dated, TODAY)
    assert schedule is not None
    assert {mark.state: mark.number for mark in schedule.marks} == {"reached": 6, "late": 2}
    (row,) = schedule.rows
    assert (row.name, row.dated, row.reached, row.late) == ("Count", 8, 6, 2)
    assert "Count reached in February 2010: six places, P3, P4, P5 and 3 more" in [
        mark.words for mark in schedule.marks
    ]
    assert len({mark.y for mark in schedule.marks}) == 2


@pytest.mark.parametrize(
    ("reached", "dated", "title"),
    [
        (0, 1, "The one milestone is not reached"),
        (1, 1, "The one milestone is reached"),
        (0, 2, "None of two milestones is reached"),
        (2, 3, "Two of three milestones are reached"),
    ],
)
def test_its_title_says_how_many_are_reached(reached: int, dated: int, title: str) -> None:
    kinds = ("count", "deep_dive", "final_report")[:dated]
    dues = [Due(kind, date(2010, 4, 1), TODAY if at < reached else None) for at, kind in enumerate(kinds)]
    schedule = schedule_of([(place(), due) for due in dues], TODAY)
    assert schedule is not None
    assert schedule.title == title


def test_a_day_of_another_century_is_drawn_at_the_edge() -> None:
    dues = [Due("count", date.max, None), Due("deep_dive", date(210, 3, 1), None)]
    schedule = schedule_of([(place(), due) for due in dues], TODAY)
    assert schedule is not None
    assert [mark.x for mark in schedule.marks] == ["100.00%", "0.00%"]


def test_without_a_date_there_is_nothing_to_draw() -> None:
    assert schedule_of([(place(), Due("count", None, None))], TODAY) is None
    assert schedule_of([], TODAY) is None

"""How a place stands follows from its dates and its stage."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pilots.progress.standing import Due, Facts, due_in_words, next_due, stands

TODAY = date(2010, 10, 1)


def facts(**changes: Any) -> Facts:
    usual = {
        "today": TODAY,
        "stage": "draft",
        "stage_since": None,
        "milestones": (),
        "participation": "confirmed",
    }
    return Facts(**{**usual, **changes})


def due(days: int, kind: str = "deep_dive", reached: bool = False) -> Due:
    return Due(kind, TODAY + timedelta(days), TODAY if reached else None)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


@pytest.mark.parametrize(
    ("changes", "standing", "reason"),
    [
        ({}, "on_course", "Nothing is overdue"),
        ({"milestones": [due(40)]}, "on_course", "Deep dive due in 40 days"),
        ({"milestones": [due(-3, reached=True)]}, "on_course", "Nothing is overdue"),
        ({"milestones": [due(0)]}, "on_course", "Deep dive due today"),
        ({"milestones": [due(-1)]}, "check", "Deep dive was due on 30 September 2010, one day ago"),
        ({"milestones": [due(-28)]}, "check", "Deep dive was due on 3 September 2010, 28 days ago"),
        ({"milestones": [due(-29)]}, "stuck", "Deep dive was due on 2 September 2010, 29 days ago"),
        ({"milestones": [due(-3), due(-30, "interim_report")]}, "stuck", "Interim report was due on 1 September 2010"),
        ({"milestones": [due(14, "count")]}, "check", "The count is due in 14 days and is still a draft"),
        ({"milestones": [due(15, "count")]}, "on_course", "Count due in 15 days"),
        ({"milestones": [due(5, "count")], "stage": "submitted"}, "on_course", "Count due in five days"),
        ({"milestones": [due(-40, "count")], "stage": "published"}, "on_course", "Nothing is overdue"),
        ({"stage": "returned", "stage_since": ago(21)}, "on_course", "Nothing is overdue"),
        ({"stage": "returned", "stage_since": ago(22)}, "stuck", "Returned 22 days ago and not submitted since"),
        ({"stage": "submitted", "stage_since": ago(15)}, "check", "Waits for a decision since 16 September 2010"),
        ({"stage": "approved", "stage_since": ago(15)}, "check", "Waits to be published since"),
        ({"participation": "candidate"}, "check", "No source confirms that it takes part"),
        (
            {"counted": Decimal("78e8"), "published_elsewhere": [(Decimal("1e10"), "")]},
            "check",
            "Counted £7.80bn, published £10.0bn: 22% less",
        ),
        ({"counted": Decimal(95), "published_elsewhere": [(Decimal(100), "")]}, "on_course", "Nothing is overdue"),
        ({"counted": Decimal(106), "published_elsewhere": [(Decimal(100), "")]}, "check", "6% more"),
        (
            {"counted": Decimal("8e9"), "published_elsewhere": [(Decimal("1e10"), "2008-09"), (Decimal("9e9"), "")]},
            "check",
            "published £9.00bn: 11% less",
        ),
        (
            {"counted": Decimal("8e9"), "year": "2010-11", "published_elsewhere": [(Decimal("1e10"), "2008-09")]},
            "check",
            "Counted £8.00bn, published £10.0bn for 2008-09: 20% less",
        ),
        ({"counted": None, "published_elsewhere": [(Decimal(100), "")]}, "on_course", "Nothing is overdue"),
    ],
)
def test_a_place_stands_as_its_worst_reason(changes: dict, standing: str, reason: str) -> None:
    found = stands(facts(**changes))
    assert found.standing == standing
    assert reason in found.reason
    assert not found.is_judged


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "due today"), (1, "due tomorrow"), (5, "due in five days"), (-1, "one day overdue"), (-30, "30 days overdue")],
)
def test_a_deadline_in_words(days: int, words: str) -> None:
    assert due_in_words(TODAY + timedelta(days), TODAY) == words


def test_the_next_date_is_the_nearest_that_is_not_reached() -> None:
    found = next_due(facts(milestones=[due(30), due(3, reached=True), due(10, "final_report")]))
    assert found is not None
    assert found.kind == "final_report"
    assert next_due(facts()) is None

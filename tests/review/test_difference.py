"""The difference between two versions: exactly what was added, changed and removed, and every total."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilots.models import SpendLine, Version
from pilots.review.difference import difference
from pilots.review.transitions import return_count, submit_count

from .approved import ANSWERS
from .world import World

pytestmark = pytest.mark.django_db


def test_the_first_submission_adds_every_line(world: World) -> None:
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    assert (submission.added, submission.changed, submission.removed) == (2, 0, 0)
    assert (submission.total_before, submission.total_after) == (Decimal(0), Decimal("1500.10"))
    assert submission.compared_with is None


def test_a_second_submission_differs_by_what_was_done_since_the_first(world: World) -> None:
    first = submit_count(world.count, ANSWERS, world.people["lead"])
    return_count(world.count, "Check.", world.people["centre"])
    world.change(world.working.lines.get(service_line__code="schools"), amount="900.05", basis="estimate")
    world.working.lines.filter(service_line__code="police").delete()
    world.record("E1", "roads", "-20")
    second = submit_count(world.count, ANSWERS, world.people["lead"])
    assert second.compared_with == first.snapshot
    assert (second.added, second.changed, second.removed) == (1, 1, 1)
    found = difference(first.snapshot, second.snapshot)
    assert [(line.kind, line.service_line, line.change) for line in found.lines] == [
        ("removed", "Police", Decimal("-500.00")),
        ("changed", "Schools", Decimal("-100.05")),
        ("added", "Roads", Decimal("-20.00")),
    ]
    assert found.lines[1].fields == ["amount", "basis"]
    assert [(row.agency, row.before, row.after) for row in found.totals] == [
        ("Dunshire County Council", Decimal("1000.10"), Decimal("880.05")),
        ("Dunshire Police", Decimal("500.00"), Decimal(0)),
    ]
    assert found.revenue.change == Decimal("-620.05")


def test_a_changed_note_is_a_change_though_no_amount_moves(world: World) -> None:
    first = submit_count(world.count, ANSWERS, world.people["lead"])
    return_count(world.count, "Check.", world.people["centre"])
    world.change(world.working.lines.get(service_line__code="police"), note="as published")
    found = difference(first.snapshot, world.working)
    assert [(line.kind, line.fields, line.change) for line in found.lines] == [("changed", ["note"], Decimal(0))]
    assert found.alike == 1


def test_capital_and_what_is_passed_on_are_totals_of_their_own(world: World) -> None:
    first = submit_count(world.count, ANSWERS, world.people["lead"]).snapshot
    return_count(world.count, "Check.", world.people["centre"])
    world.record("E1", "schools", "70", is_capital="yes")
    world.record("E1", "schools", "30", is_transfer="yes", receiver="E2")
    found = difference(first, world.working)
    changes = {(row.agency, row.total): row.change for row in found.totals if row.change}
    assert changes == {
        ("Dunshire County Council", "capital"): 70,
        ("Dunshire County Council", "passed on"): 30,
    }
    assert found.revenue.change == 0


LINES = st.dictionaries(
    st.tuples(st.sampled_from(["E1", "E2"]), st.sampled_from(["schools", "roads", "police"]), st.booleans()),
    st.decimals("-9999.99", "9999.99", places=2),
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=LINES, after=LINES)
def test_any_two_versions_differ_by_exactly_their_lines(world: World, before: dict, after: dict) -> None:
    ours, theirs = _version(world, 1, before), _version(world, 2, after)
    found = difference(ours, theirs)
    keys = before.keys() | after.keys()
    assert found.number("added") == len(after.keys() - before.keys())
    assert found.number("removed") == len(before.keys() - after.keys())
    assert found.number("changed") == sum(before[key] != after[key] for key in before.keys() & after.keys())
    assert found.alike + len(found.lines) == len(keys)
    assert sum(line.change for line in found.lines) == sum(after.values()) - sum(before.values())
    assert sum(row.change for row in found.totals) == sum(after.values()) - sum(before.values())
    Version.objects.filter(pk__in=[ours.pk, theirs.pk]).delete()


def _version(world: World, number: int, lines: dict) -> Version:
    agencies = {agency.code: agency for agency in world.programme.agencies.all()}
    services = {line.code: line for line in world.programme.service_lines.all()}
    kind = world.working.lines.first().spend_type  # type: ignore[union-attr]
    version = Version.objects.create(count=world.count, kind="snapshot", number=number)
    SpendLine.objects.bulk_create(
        SpendLine(
            version=version,
            agency=agencies[agency],
            service_line=services[service],
            funder=agencies["E2"] if is_funded else None,
            spend_type=kind,
            amount=amount,
        )
        for (agency, service, is_funded), amount in lines.items()
    )
    return version

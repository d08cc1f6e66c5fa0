"""Assumption sets are published once from their folders, and refused with the rule named."""

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from mapping.assumption_sets import (
    FOLDER,
    AssumptionsRefused,
    canonical,
    engine_assumptions,
    load_assumption_sets,
    make_current,
)
from mapping.engine import problems_of
from mapping.models import AssumptionSet, CurrentAssumptionSet, Lever, LeverRule
from pilots.models import ServiceLine
from pilots.register.load import default_programme

pytestmark = pytest.mark.django_db
Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the shipped set as set 2, with one piece of one of its files replaced."""
    shutil.copytree(FOLDER / "1", tmp_path / "2")

    def edit(file: str, old: str, new: str) -> Path:
        path = tmp_path / "2" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return tmp_path

    return edit


def the_set() -> AssumptionSet:
    return AssumptionSet.objects.get(programme=default_programme(), number=1)


def test_the_shipped_set_is_published_current_and_keeps_every_rule_of_the_method() -> None:
    stored = the_set()
    assert stored.published_at is not None
    assert CurrentAssumptionSet.objects.get(programme=default_programme()).assumption_set == stored
    assert problems_of(engine_assumptions(stored)) == []
    assert (stored.levers.count(), LeverRule.objects.filter(lever__assumption_set=stored).count()) == (5, 33)
    assert stored.source.startswith("Evidence named here: ")
    assert stored.reasons["discount_rate"] == "HM Treasury Green Book, real"


def test_a_stored_lever_says_what_its_row_says() -> None:
    lever = the_set().levers.get(code="shared-back-office")
    assert (lever.beta_low, lever.beta_central, lever.beta_high) == (Decimal("0.92"), Decimal("0.85"), Decimal("0.8"))
    assert (lever.cap, lever.ramp) == (Decimal("0.25"), [Decimal("0.2"), Decimal("0.6"), Decimal(1)])
    assert (lever.effort_fixed_months, lever.effort_months_per_agency) == (12, 4)
    assert lever.evidence.startswith("OEP 2009: ")
    assert lever.rules.get(service_line__code="central-services").share == Decimal("0.5")


def test_loading_again_publishes_nothing_and_finds_no_difference() -> None:
    loaded = load_assumption_sets(default_programme())
    assert (loaded.published, loaded.differences) == ((), ())


def test_a_published_set_is_left_as_it_is_and_where_its_file_differs_is_said(edited: Edit) -> None:
    folder = edited("levers.csv", "shared-back-office,Shared back office,place,0.92", "shared-back-office,X,place,0.93")
    (folder / "2").rename(folder / "1")
    loaded = load_assumption_sets(default_programme(), folder)
    assert loaded.published == ()
    assert set(loaded.differences) == {
        "Assumption set 1, shared-back-office, name: Shared back office here, X in the file",
        "Assumption set 1, shared-back-office, beta: 0.92, 0.85, 0.8 here, 0.93, 0.85, 0.8 in the file",
    }
    assert the_set().levers.get(code="shared-back-office").beta_low == Decimal("0.92")


def test_another_set_is_published_beside_the_first_which_stays_current_until_told(edited: Edit) -> None:
    folder = edited("assumptions.csv", "horizon_years,10", "horizon_years,8")
    loaded = load_assumption_sets(default_programme(), folder)
    assert [published.number for published in loaded.published] == [2]
    assert loaded.current == the_set()
    make_current(loaded.published[0])
    assert CurrentAssumptionSet.objects.get(programme=default_programme()).assumption_set.number == 2
    assert canonical(engine_assumptions(loaded.published[0])) != canonical(engine_assumptions(the_set()))


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "levers.csv",
            "service_group,0.98",
            "service_group,1.98",
            "levers.csv, row 3: collaborative-procurement, beta",
        ),
        ("levers.csv", "place,0.92", "county,0.92", "row 2: shared-back-office, pool: 'county' is none of"),
        ("levers.csv", "0.02,0.25,0.20", "0.02,1,0.20", "the cap (1) times the largest share (1.0) stays below 1"),
        ("levers.csv", "0.02,0.25,", "0.02,a lot,", 'levers.csv, row 2: cap is "a lot", which is no number'),
        ("levers.csv", "0.02,0.25,", "0.02,NaN,", 'levers.csv, row 2: cap is "NaN", which is no number'),
        ("levers.csv", "0.02,0.25,", "0.02,0.25000001,", "row 2: cap has more than 6 decimal places: 0.25000001"),
        ("levers.csv", ",cap,", ",ceiling,", "levers.csv, row 1: has no column cap"),
        ("levers.csv", "1.0,0.7,0.3,0,12", "1.0,0.7,0.2,0,12", "cost_profile: the years' shares are not below 0 and"),
        ("rules.csv", "central-services,", "centrl-services,", 'row 3: there is no service line "centrl-services"'),
        ("rules.csv", ",support services,", ",support,", 'rules.csv, row 2: there is no spend type "support"'),
        ("rules.csv", "services,,1.0", "services,guild,1.0", 'rules.csv, row 2: there is no agency type "guild"'),
        ("rules.csv", "shared-back-office,,", "sharing,,", 'rules.csv, row 2: there is no lever "sharing"'),
        ("rules.csv", ",,1.0,", ",,1.5,", "the share of (any, support services, any) is from 0 to 1"),
        (
            "rules.csv",
            "public-debt",
            "student-support",
            "two rules are alike in all three: (student-support, any, any)",
        ),
        ("rules.csv", ",,1.0,", ",,1.0,more,", "rules.csv, row 2: has more or fewer fields than the heading"),
        ("assumptions.csv", "horizon_years,10", "horizon_years,2", "at least the three years of the review"),
        ("assumptions.csv", "horizon_years,10", "horizon,10", 'row 2: there is no assumption "horizon"'),
        ("assumptions.csv", "horizon_years,10", "horizon,10", "says nothing of horizon_years"),
        ("assumptions.csv", "error_budget,0.03", "error_budget,-0.03", "row 9: error_budget is not below 0"),
        ("assumptions.csv", "draws,2000", "draws,2000.5", "draws has more than 0 decimal places"),
    ],
)
def test_a_set_that_breaks_a_rule_is_refused_with_the_rule_named_and_nothing_stored(
    edited: Edit, file: str, old: str, new: str, words: str
) -> None:
    with pytest.raises(AssumptionsRefused) as refused:
        load_assumption_sets(default_programme(), edited(file, old, new))
    assert words in str(refused.value)
    assert AssumptionSet.objects.count() == 1


def test_a_set_without_one_of_its_files_is_refused(edited: Edit) -> None:
    folder = edited("rules.csv", "lever", "lever")
    (folder / "2" / "rules.csv").unlink()
    with pytest.raises(AssumptionsRefused, match=r"rules\.csv: cannot be read"):
        load_assumption_sets(default_programme(), folder)


def test_everything_that_is_wrong_is_said_at_once(edited: Edit) -> None:
    edited("levers.csv", "0.02,0.25,", "0.02,a lot,")
    with pytest.raises(AssumptionsRefused) as refused:
        load_assumption_sets(default_programme(), edited("rules.csv", ",support services,", ",support,"))
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda: AssumptionSet.objects.update(horizon_years=20),
        lambda: AssumptionSet.objects.all()[0].levers.update(cap=Decimal("0.5")),
        lambda: LeverRule.objects.filter(share=1).update(share=0),
        lambda: LeverRule.objects.all().delete(),
        lambda: Lever.objects.create(assumption_set=the_set(), **_new_lever()),
        lambda: LeverRule.objects.create(lever=Lever.objects.all()[0], share=Decimal("0.123"), service_line=_roads()),
    ],
    ids=["the set", "a lever", "a rule", "rules away", "one more lever", "one more rule"],
)
def test_the_database_refuses_any_change_to_a_published_set(change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match="is published and never changes"), transaction.atomic():
        change()


def _new_lever() -> dict[str, object]:
    values = Lever.objects.filter(code="asset-management").values()[0]
    return {name: value for name, value in values.items() if name not in ("id", "assumption_set_id", "code")} | {
        "code": "late"
    }


def _roads() -> ServiceLine:
    return default_programme().service_lines.get(code="highways-transport")


def test_making_an_unknown_set_current_is_refused() -> None:
    with pytest.raises(CommandError, match="no published assumption set 7"):
        call_command("load_assumptions", make_current=7)


def test_an_unknown_programme_is_named() -> None:
    with pytest.raises(CommandError, match='no programme "nowhere"'):
        call_command("load_assumptions", programme="nowhere")

"""Sums beside the roll-up: any two dimensions are read from one, and it says the same as the roll-up."""

from itertools import combinations

import pytest
from django.db import connection
from django.db.models import F, Sum

from mapping.cube import Cells, Which, choose, read_question
from mapping.grains import EACH, GRAINS, TOLD_APART, grain_for, number_of
from mapping.models import CountedSum, RollUp, SavingsCell
from pilots.api.parameters import Asked
from pilots.models import Programme
from tests.api.asking import queries_of

PAIRS = [*combinations(TOLD_APART, 2)]


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_any_two_columns_stand_together_in_a_grain(pair):
    assert grain_for({*pair, *EACH})


def test_three_columns_that_no_grain_has_are_read_from_the_roll_up():
    assert grain_for({"agency_id", "service_line_id", "spend_type_id"}) is None


@pytest.mark.django_db
@pytest.mark.parametrize("grain", GRAINS, ids=lambda grain: " and ".join(sorted(grain)))
def test_a_grain_says_what_the_roll_up_says(grain):
    key = [*EACH, *sorted(grain)]

    def sums(rows):
        return set(rows.values_list(*key).annotate(Sum("amount"), Sum("lines")))

    kept = CountedSum.objects.filter(grain=number_of(grain))
    assert sums(kept) == sums(RollUp.objects.all())
    assert kept.count() == len(sums(kept))
    assert not kept.exclude(**{f"{name}__isnull": True for name in TOLD_APART if name not in grain}).exists()


def asked(**values: str):
    """The cells of a question, and the text of the statement that answers it."""
    question = read_question(Asked(values), None)
    chosen = choose(question, Programme.objects.get(is_default=True), Which())
    with queries_of(connection) as queries:
        page = Cells(question, chosen).page(0, 1000)
    [statement] = [query["sql"] for query in queries]
    return page.cells, statement


@pytest.mark.django_db
@pytest.mark.parametrize("drilldown", ["funder", "spend_type|basis", "service_line|funder", "place|is_transfer"])
def test_a_sum_by_one_or_two_dimensions_never_reads_the_roll_up(drilldown):
    cells, statement = asked(drilldown=drilldown, aggregates="amount.sum")
    assert cells
    assert "mapping_countedsum" in statement
    assert "mapping_rollup" not in statement


@pytest.mark.django_db
def test_savings_by_lever_and_case_are_the_sums_of_their_cells():
    cells, statement = asked(drilldown="lever|case", aggregates="saving.sum,joined.sum,addressable.sum")
    assert "mapping_leverresult" in statement
    stored = SavingsCell.objects.filter(
        map__version__published_for__year__label="2010-11", map__version__current_map__map=F("map")
    )
    sums = stored.values_list("lever__code", "scenario").annotate(Sum("saving"), Sum("joined"), Sum("addressable"))
    found = {
        (cell["lever"], cell["case"], cell["saving.sum"], cell["joined.sum"], cell["addressable.sum"]) for cell in cells
    }
    assert found == set(sums)

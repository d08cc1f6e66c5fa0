"""Every stored saving opens to what it was made of, and the steps lead to its pence."""

from decimal import Decimal

import pytest
from django.db import connection

from mapping.explain import explain_cells, open_map
from mapping.explain.cells import stored_cells
from mapping.models import SavingsMap
from pilots.models import Agency, AgencyType

from .asking import queries_of

FIGURES = ("addressable", "saving", "joined")


def current_map(slug: str) -> SavingsMap:
    return SavingsMap.objects.select_related("version__count__place", "assumption_set").get(
        version__published_for__place__slug=slug, version__published_for__year__label="2010-11"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("scenario", ["low", "central", "high"])
@pytest.mark.parametrize("slug", ["kent", "birmingham", "lewisham", "durham"])
def test_every_cell_of_a_place_is_explained_to_its_stored_pence(slug, scenario):
    opened = open_map(current_map(slug), scenario)
    assert opened.is_whole
    cells = list(stored_cells(opened.map.pk, scenario))
    explained, pools = explain_cells(opened, cells)
    assert explained
    assert pools
    for cell in explained:
        assert cell["rounded"] == {name: cell["stored"][name] for name in FIGURES}
        assert cell["rate"]["is_capped"] == cell["stored"]["is_capped"]
        assert sum(cell["rests_on"].values()) == cell["stored"]["saving"]
        by_type: dict[str, Decimal] = {}
        for line in cell["lines"]:
            by_type[line["spend_type"]] = by_type.get(line["spend_type"], Decimal(0)) + line["amount"]
        assert by_type == {part["spend_type"]: part["amount"] for part in cell["spend_types"]}


def test_a_cell_can_be_computed_again_from_what_it_is_opened_to(anybody):
    """By the formulas of the method alone, in plain arithmetic."""
    import math

    answer = anybody.get("explain/?place=kent&agency=E2221&page_size=100").data
    assert answer["cells"]
    pools = {(pool["lever"], pool["pool"]): pool for pool in answer["pools"]}
    for cell in answer["cells"]:
        pool = pools[cell["lever"], cell["pool"]]
        brought = {one["agency"]: float(one["brought"]) for one in pool["agencies"]}
        p = 1 / float(pool["beta"])
        together = sum(b**p for b in brought.values()) ** (1 / p)
        r = 1 - (brought["E2221"] / together) ** (p - 1) if len(brought) > 1 else 0.0
        own, cap = float(cell["rate"]["own"]), float(cell["rate"]["cap"])
        rate = min(cap, 1 - (1 - r) * (1 - own))
        saving = 0.0
        for part in cell["spend_types"]:
            share = float(part["rule"]["share"]) if part["rule"] else 0.0
            logs = [math.log1p(-float(one["q"])) for one in part["levers"]]
            x = max(float(part["amount"]), 0.0)
            if share * rate:
                saving += x * -math.expm1(sum(logs)) * math.log1p(-share * rate) / sum(logs)
        assert saving == pytest.approx(float(cell["stored"]["saving"]), abs=0.006)


def test_the_cells_of_a_question_add_to_its_total(anybody):
    summary = anybody.get("places/kent/summary/").data
    answer = anybody.get("explain/?place=kent&page_size=1").data
    assert answer["total"]["saving"] == summary["savings"]["full_year"]
    assert answer["total"]["joined"] == summary["savings"]["joined"]
    assert answer["map"]["id"] == summary["map"]["id"]
    branch = anybody.get("explain/?place=kent&service_line=social-protection&lever=shared-back-office").data
    assert 0 < branch["count"] < answer["count"]
    assert {cell["lever"] for cell in branch["cells"]} == {"shared-back-office"}


def test_steps_say_how_in_words_and_end_in_the_stored_figures(anybody):
    [cell] = anybody.get("explain/?place=kent&page_size=1").data["cells"]
    results = {step["step"]: step["result"] for step in cell["steps"]}
    assert Decimal(results["The saving"].strip("£").replace(",", "")) == Decimal(cell["stored"]["saving"])
    assert Decimal(results["The part from joining up"].strip("£").replace(",", "")) == Decimal(cell["stored"]["joined"])
    assert all(step["formula"] and step["numbers"] for step in cell["steps"])


def test_a_map_is_explained_by_its_number(anybody):
    found = current_map("durham")
    answer = anybody.get(f"explain/?map={found.pk}").data
    assert (answer["place"], answer["map"]["id"], answer["is_whole"]) == ("durham", found.pk, True)
    assert anybody.get(f"explain/?map={found.pk}&place=durham").status == 400
    assert anybody.get("explain/").status == 400
    assert anybody.get("explain/?map=999999999").status == 404


def test_where_the_register_changed_since_only_stored_figures_stand(anybody):
    before = anybody.get("explain/?place=kent").data
    Agency.objects.filter(code="E2221").update(type=AgencyType.objects.get(code="unitary authority"))
    after = anybody.get("explain/?place=kent").data
    assert (before["is_whole"], after["is_whole"]) == (True, False)
    assert any("changed since" in message for message in after["messages"])
    assert [cell["stored"] for cell in after["cells"]] == [cell["stored"] for cell in before["cells"]]
    assert all(cell["steps"] == [] and cell["unrounded"] is None for cell in after["cells"])


def test_a_working_version_is_explained_to_those_who_may_read_it(anybody, lead):
    assert anybody.get("explain/?place=kent&version=working").status == 401
    assert lead.get("explain/?place=kent&version=working").status == 404


def test_it_takes_a_fixed_number_of_queries(anybody):
    counts = []
    for size in (1, 100):
        with queries_of(connection) as queries:
            anybody.get(f"explain/?place=kent&page_size={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22


def test_what_the_client_holds_is_answered_without_opening_anything(anybody):
    etag = anybody.get("explain/?place=kent").etag
    with queries_of(connection) as queries:
        again = anybody.get("explain/?place=kent", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    assert not [query for query in queries if "savingscell" in query["sql"] or "spendline" in query["sql"]]

"""What the cube can be asked, its members, the lines under a cut, and a place's reconciliation."""

from decimal import Decimal
from urllib.parse import quote

import pytest

from mapping.cube.dimensions import DIMENSIONS
from pilots.models import FinancialYear, Theme

from .asking import total


def test_the_model_says_which_measures_go_with_which_dimensions(anybody):
    model = anybody.get("aggregate/model/").data
    measures = {one["name"]: one for one in model["measures"]}
    assert "funder" not in measures["saving.sum"]["dimensions"]
    assert "lever" not in measures["amount.sum"]["dimensions"]
    assert measures["lines.count"]["unit"] == "lines"
    [tree] = [one for one in model["dimensions"] if one["name"] == "service_line"]
    for level in tree["levels"]:
        assert anybody.get(f"aggregate/?drilldown={level['name']}").status == 200
    for measure in model["measures"]:
        if measure["name"] != "addressable.sum":
            for dimension in measure["dimensions"]:
                assert anybody.get(f"aggregate/?drilldown={dimension}&aggregates={measure['name']}").status == 200


@pytest.mark.parametrize("dimension", sorted(DIMENSIONS))
def test_every_cell_is_of_a_listed_member_and_every_member_can_be_cut(anybody, dimension):
    members = {one["key"]: one["label"] for one in anybody.get(f"aggregate/members/{dimension}/").rows}
    cells = anybody.get(f"aggregate/?drilldown={dimension}").data["cells"]
    assert {cell[dimension] for cell in cells} <= members.keys()
    for cell in cells[:3]:
        assert cell[f"{dimension}.label"] == members[cell[dimension]]
        cut = quote(f"{dimension}:{cell[dimension]}")
        again = anybody.get(f"aggregate/?drilldown={dimension}&cut={cut}").data["cells"]
        assert again == [cell]


def test_members_are_searched_by_key_and_label(anybody):
    found = anybody.get("aggregate/members/agency/?q=dover").rows
    assert [one["label"] for one in found] == ["Dover"]
    assert anybody.get("aggregate/members/agencies/").status == 404


@pytest.mark.parametrize("cut", ["place:kent", "region:London|service_line:social-protection", "is_transfer:true"])
def test_the_lines_under_a_cut_add_to_its_amount(anybody, cut):
    lines = anybody.get(f"aggregate/facts/?cut={quote(cut)}").rows
    cell = anybody.get(f"aggregate/?aggregates=amount.sum,lines.count&cut={quote(cut)}").data["summary"]
    assert lines
    assert (f"{total(lines, 'amount'):.2f}", len(lines)) == (cell["amount.sum"], cell["lines.count"])


def test_lines_have_no_lever(anybody):
    assert anybody.get("aggregate/facts/?cut=lever:shared-back-office").status == 400


@pytest.fixture
def themes(kent):
    """Older people over half of social protection, and a theme of Kent's own that overlaps with it."""
    services = {line.code: line for line in kent.programme.service_lines.all()}
    older = Theme.objects.create(programme=kent.programme, name="Older people")
    older.lines.create(service_line=services["social-protection"], share=Decimal("0.5"))
    own = Theme.objects.create(programme=kent.programme, place=kent, name="Older people")
    own.lines.create(service_line=services["social-protection"], share=Decimal(1))


def test_themes_overlap_and_have_no_grand_total(anybody, themes):
    whole = Decimal(
        anybody.get("aggregate/?cut=service_line:social-protection&aggregates=amount.sum").data["summary"]["amount.sum"]
    )
    answer = anybody.get("aggregate/?drilldown=theme&aggregates=amount.sum,saving.sum").data
    cells = {cell["theme"]: Decimal(cell["amount.sum"]) for cell in answer["cells"]}
    assert abs(cells["Older people"] - whole / 2) <= Decimal("0.01")
    kent = anybody.get("aggregate/?cut=service_line:social-protection%7Cplace:kent&aggregates=amount.sum").data
    assert cells["kent/Older people"] == Decimal(kent["summary"]["amount.sum"])
    assert answer["summary"] == {"amount.sum": None, "saving.sum": None}
    assert any("overlap" in message for message in answer["messages"])
    cut = anybody.get(f"aggregate/?aggregates=amount.sum&cut={quote('theme:Older people')}").data
    assert Decimal(cut["summary"]["amount.sum"]) == cells["Older people"]


def test_a_changed_theme_makes_what_clients_hold_stale(anybody, themes):
    etag = anybody.get("aggregate/?drilldown=theme").etag
    Theme.objects.filter(place=None).delete()
    assert anybody.get("aggregate/?drilldown=theme", if_none_match=etag).status == 200


def test_real_terms_need_deflators_and_add_up_once_they_are_loaded(anybody, kent):
    assert anybody.get("aggregate/?prices=2008-09").status == 400
    years = FinancialYear.objects.filter(programme=kent.programme)
    years.filter(label="2010-11").update(deflator=Decimal("102.5"))
    years.filter(label="2008-09").update(deflator=Decimal("98.1"))
    nominal = anybody.get("aggregate/?aggregates=amount.sum,saving.sum").data["summary"]
    real = anybody.get("aggregate/?prices=2008-09&aggregates=amount.sum,saving.sum&drilldown=place").data
    by_agency = anybody.get("aggregate/?prices=2008-09&aggregates=amount.sum,saving.sum&drilldown=agency|basis")
    assert by_agency.status == 400
    by_body = anybody.get("aggregate/?prices=2008-09&aggregates=amount.sum,saving.sum&drilldown=agency").data
    for name in ("amount.sum", "saving.sum"):
        assert f"{total(real['cells'], name):.2f}" == real["summary"][name] == by_body["summary"][name]
        ratio = Decimal(real["summary"][name]) / Decimal(nominal[name])
        assert ratio == pytest.approx(Decimal("98.1") / Decimal("102.5"), rel=Decimal("1e-6"))


def test_a_places_reconciliation_adds_to_its_summary(anybody):
    for slug in ("kent", "birmingham", "durham"):
        found = anybody.get(f"places/{slug}/reconciliation/").data
        summary = anybody.get(f"places/{slug}/summary/").data
        assert found["spend_total"] == summary["spend_total"] == f"{total(found['counted'], 'counted'):.2f}"
        assert f"{total(found['spend_rests_on'], 'amount'):.2f}" == summary["spend_total"]
        assert f"{total(found['passed_on'], 'amount'):.2f}" == found["passed_on_total"]
        assert Decimal(found["apportioned"]) <= Decimal(found["spend_total"])
        assert found["passed_on"]
        assert found["not_reported"]

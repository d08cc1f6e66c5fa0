"""The cube: every roll-up adds to the summary to the penny, and what cannot be asked is refused by name."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.db import connection

from mapping.cube.dimensions import DIMENSIONS, Fact

from .asking import queries_of, total
from .test_one_number import READERS
from .test_one_number import total as total_of

OF_BOTH = [name for name, one in DIMENSIONS.items() if one.facts == set(Fact) and name != "theme"]
OF_SPEND = [name for name, one in DIMENSIONS.items() if Fact.SAVING not in one.facts]


def ask(api, **parameters):
    query = "&".join(f"{name}={quote(str(value))}" for name, value in parameters.items())
    return api.get(f"aggregate/?{query}")


@pytest.fixture
def summary(anybody):
    return anybody.get("summary/").data


@pytest.mark.parametrize(
    "dimension", [*OF_BOTH, "service_line:0", "service_line:1", "service_line:2", "service_line:9"]
)
def test_spend_and_saving_by_any_dimension_add_to_the_programme(anybody, summary, dimension):
    answer = ask(anybody, drilldown=dimension, aggregates="amount.sum,saving.sum,joined.sum").data
    expected = summary["spend_total"], summary["savings"]["full_year"], summary["savings"]["joined"]
    names = ("amount.sum", "saving.sum", "joined.sum")
    assert tuple(f"{total(answer['cells'], name):.2f}" for name in names) == expected
    assert tuple(answer["summary"][name] for name in names) == expected
    assert answer["count"] == len(answer["cells"]) > 0


@pytest.mark.parametrize("dimension", [name for name in OF_SPEND if not name.startswith("is_")])
def test_spend_by_funder_type_and_basis_adds_to_the_programme(anybody, summary, dimension):
    answer = ask(anybody, drilldown=dimension, aggregates="amount.sum").data
    assert f"{total(answer['cells'], 'amount.sum'):.2f}" == summary["spend_total"]


def test_saving_by_lever_is_what_the_summary_has(anybody, summary):
    answer = ask(anybody, drilldown="lever", aggregates="saving.sum,joined.sum,addressable.sum").data
    by_code = {cell["lever"]: cell for cell in answer["cells"]}
    assert len(by_code) == len(summary["savings"]["by_lever"])
    for lever in summary["savings"]["by_lever"]:
        cell = by_code[lever["code"]]
        assert (cell["saving.sum"], cell["joined.sum"]) == (lever["saving"], lever["joined"])
        assert cell["addressable.sum"] == lever["addressable"]
    assert answer["summary"]["addressable.sum"] is None
    assert answer["summary"]["saving.sum"] == summary["savings"]["full_year"]


def test_what_a_saving_rests_on_adds_to_it(anybody, summary):
    names = [f"rests_on_{basis}.sum" for basis in ("actual", "budget", "estimate", "apportioned")]
    answer = ask(anybody, aggregates=",".join(names)).data
    [cell] = answer["cells"]
    assert sum(Decimal(cell[name]) for name in names) == Decimal(summary["savings"]["full_year"])


@pytest.mark.parametrize("scenario", ["low", "high"])
def test_another_case_is_asked_by_cut_or_by_scenario(anybody, scenario):
    summary = anybody.get(f"summary/?scenario={scenario}").data
    by_scenario = ask(anybody, drilldown="region", scenario=scenario).data
    by_cut = ask(anybody, drilldown="region", aggregates="saving.sum", cut=f"case:{scenario}").data
    assert by_scenario["summary"]["saving.sum"] == summary["savings"]["full_year"]
    assert by_cut["summary"]["saving.sum"] == summary["savings"]["full_year"]


def test_a_cell_is_what_plain_sql_finds(anybody):
    """Read from the spend lines and the stored cells themselves, not from any roll-up."""
    answer = ask(
        anybody,
        drilldown="agency_type|service_line:1",
        cut="region:South East",
        aggregates="amount.sum,lines.count,saving.sum",
    ).data
    found = {(cell["agency_type"], cell["service_line"]): cell for cell in answer["cells"]}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.code, b.code, sum(x.amount), count(*) FROM pilots_spendline x"
            " JOIN pilots_count n ON n.published_id = x.version_id JOIN pilots_place p ON p.id = n.place_id"
            " JOIN pilots_agency a ON a.id = x.agency_id JOIN pilots_agencytype k ON k.id = a.type_id"
            " JOIN pilots_servicelineancestor s ON s.service_line_id = x.service_line_id AND s.level = 1"
            " JOIN pilots_serviceline b ON b.id = s.ancestor_id"
            " WHERE p.region = 'South East' AND NOT x.is_capital AND NOT x.is_transfer GROUP BY 1, 2"
        )
        for kind, branch, amount, lines in cursor.fetchall():
            assert Decimal(found[kind, branch]["amount.sum"]) == amount
            assert found[kind, branch]["lines.count"] == lines
        cursor.execute(
            "SELECT k.code, b.code, sum(c.saving) FROM mapping_savingscell c"
            " JOIN mapping_currentmap m ON m.map_id = c.map_id JOIN pilots_count n ON n.published_id = m.version_id"
            " JOIN pilots_place p ON p.id = n.place_id"
            " JOIN pilots_agency a ON a.id = c.agency_id JOIN pilots_agencytype k ON k.id = a.type_id"
            " JOIN pilots_servicelineancestor s ON s.service_line_id = c.service_line_id AND s.level = 1"
            " JOIN pilots_serviceline b ON b.id = s.ancestor_id"
            " WHERE p.region = 'South East' AND c.scenario = 'central' GROUP BY 1, 2"
        )
        rows = cursor.fetchall()
    assert rows
    for kind, branch, saving in rows:
        assert Decimal(found[kind, branch]["saving.sum"]) == saving


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("drilldown=agency_typ", "drilldown", "agency_type"),
        ("drilldown=agency:2", "drilldown", "service_line has"),
        ("drilldown=service_line:top", "drilldown", "service_line:2"),
        ("drilldown=region|region", "drilldown", "twice"),
        ("aggregates=amount", "aggregates", "amount.sum"),
        ("cut=regio:London", "cut", "region"),
        ("cut=region:South Eest", "cut", "South East"),
        ("cut=place:kant", "cut", "kent"),
        ("cut=region", "cut", "region:member"),
        ("cut=year:2010", "cut", "2010-11"),
        ("order=saving:desc", "order", "saving.sum"),
        ("order=amount.sum:down", "order", "asc or desc"),
        ("drilldown=funder&aggregates=saving.sum", "aggregates", "Ask for amount.sum by funder"),
        ("cut=basis:actual&aggregates=saving.sum", "aggregates", "saving.sum has no basis"),
        ("drilldown=spend_type&aggregates=joined.sum", "aggregates", "joined.sum has no spend_type"),
        ("drilldown=lever&aggregates=amount.sum", "aggregates", "Ask for saving.sum by lever"),
        ("cut=case:high&aggregates=amount.sum,saving.sum", "aggregates", "scenario="),
        ("drilldown=lever|funder", "drilldown", "two questions"),
        ("aggregates=addressable.sum", "aggregates", "lever"),
        ("cut=case:low;high&aggregates=saving.sum", "cut", "never added up"),
        ("cut=is_capital:true;false&aggregates=amount.sum", "cut", "never added up"),
        ("prices=2008-09", "prices", "deflator"),
        ("as_of=yesterday", "as_of", "2010-06-01T09:00:00Z"),
        ("as_of=2010-06-01T09:00:00Z&version=published", "as_of", "leave version out"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name_with_what_to_ask(anybody, query, parameter, said):
    refused = anybody.get("aggregate/?" + quote(query, safe="=&"))
    assert refused.status == 400
    [fault] = refused.data["errors"]
    assert fault["parameter"] == parameter
    assert said in fault["detail"]


def test_capital_and_transfers_stand_beside_the_totals(anybody, summary):
    beside = ask(anybody, drilldown="is_capital|is_transfer", aggregates="amount.sum").data
    assert beside["summary"]["amount.sum"] is None
    cells = {(cell["is_capital"], cell["is_transfer"]): cell["amount.sum"] for cell in beside["cells"]}
    assert cells["false", "false"] == summary["spend_total"]
    passed_on = ask(anybody, cut="is_transfer:true", aggregates="amount.sum").data
    assert passed_on["summary"]["amount.sum"] == cells["false", "true"]
    assert Decimal(cells["false", "true"]) != 0


def test_a_branch_is_cut_with_everything_below_it(anybody):
    whole = ask(anybody, cut="service_line:social-protection", aggregates="amount.sum").data["summary"]["amount.sum"]
    by_branch = ask(anybody, drilldown="service_line:1", aggregates="amount.sum").data["cells"]
    assert whole == next(cell["amount.sum"] for cell in by_branch if cell["service_line"] == "social-protection")


def test_several_members_and_dimensions_are_cut_together(anybody):
    cut = "region:South East;London|kind:pilot|agency_type:county council;London borough"
    answer = ask(anybody, drilldown="place|agency_type|region", cut=cut)
    regions = {cell["region"] for cell in answer.data["cells"]}
    assert regions <= {"South East", "London"}
    assert answer.data["cells"]


def test_pages_hold_every_cell_once_in_one_order_and_one_summary(anybody):
    whole = ask(anybody, drilldown="place|service_line:2", order="saving.sum:desc").data
    parts, page = [], 1
    while True:
        part = ask(anybody, drilldown="place|service_line:2", order="saving.sum:desc", page_size=400, page=page).data
        parts += part["cells"]
        assert part["summary"] == whole["summary"]
        assert part["count"] == whole["count"]
        if part["next"] is None:
            break
        page += 1
    assert page > 2
    keys = [(cell["place"], cell["service_line"]) for cell in parts]
    assert len(keys) == len(set(keys)) == whole["count"]
    savings = [Decimal(cell["saving.sum"]) for cell in parts]
    assert savings == sorted(savings, reverse=True)
    beyond = ask(anybody, drilldown="place|service_line:2", order="saving.sum:desc", page_size=400, page=page + 1)
    assert beyond.status == 404


def test_csv_has_every_cell_and_adds_to_the_same(anybody, summary):
    rows = ask(anybody, drilldown="place|service_line", aggregates="amount.sum,saving.sum", format="csv").csv_rows
    assert len(rows) > 1000
    assert f"{total(rows, 'amount.sum'):.2f}" == summary["spend_total"]
    assert f"{total(rows, 'saving.sum'):.2f}" == summary["savings"]["full_year"]


def test_a_head_is_said_with_what_it_is_made_of(anybody):
    answer = ask(anybody, drilldown="place", aggregates="amount.sum", per="head").data
    for cell in answer["cells"]:
        rate = cell["amount.sum.per_head"]
        assert rate["numerator"] == cell["amount.sum"]
        assert rate["value"] == f"{Decimal(rate['numerator']) / rate['denominator']:.2f}"
    everybody = sum(cell["amount.sum.per_head"]["denominator"] for cell in answer["cells"])
    assert answer["summary"]["amount.sum.per_head"]["denominator"] == everybody


def test_the_question_comes_back_as_it_was_understood(anybody):
    answer = ask(anybody, drilldown="agency_type|service_line:2", cut="place:kent", order="saving.sum:desc").data
    assert answer["question"]["drilldown"] == ["agency_type", "service_line:2"]
    assert answer["question"]["cut"] == [{"dimension": "place", "members": ["kent"]}]
    assert answer["question"]["years"] == ["2010-11"]
    assert "Year 2010-11 was taken: the newest complete published one." in answer["messages"]
    assert "Scenario central was taken." in answer["messages"]
    assert ask(anybody, summary="false").data["summary"] is None


def test_where_nothing_is_counted_that_is_said(anybody, lead):
    for answer in (anybody.get("aggregate/?cut=year:2008-09"), lead.get("aggregate/?version=working&cut=place:kent")):
        assert answer.data["summary"]["amount.sum"] == "0.00"
        assert any("Nothing is counted there" in message for message in answer.data["messages"])


def test_it_takes_few_queries_whatever_is_asked(anybody):
    for query in ({}, {"drilldown": "place|service_line|agency", "per": "head"}, {"drilldown": "theme"}):
        with queries_of(connection) as queries:
            assert ask(anybody, **query).status == 200
        assert len(queries) <= 6, [query["sql"][:90] for query in queries]


def test_what_the_client_holds_is_answered_without_touching_the_cube(anybody):
    etag = ask(anybody, drilldown="region").etag
    with queries_of(connection) as queries:
        again = anybody.get("aggregate/?drilldown=region", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    read = " ".join(query["sql"] for query in queries)
    assert not [table for table in ("countedsum", "rollup", "savingscell", "spendline") if table in read]


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("per", ["total", "head"])
def test_every_format_has_every_cell_and_adds_to_the_same(anybody, summary, format, per):
    body = ask(anybody, drilldown="place|lever", aggregates="saving.sum", per=per, format=format).body
    rows = READERS[format](body)
    assert total_of(rows, "saving.sum") == Decimal(summary["savings"]["full_year"])
    assert {"place", "place.label", "lever", "lever.label"} < rows[0].keys()
    assert ("people" in rows[0], "saving.sum.per_head" in rows[0]) == (per == "head",) * 2


def test_a_browser_gets_its_cells_with_the_mark_by_which_excel_tells_unicode(anybody):
    cells = anybody.get("aggregate/?drilldown=place&format=csv", accept="text/html,*/*;q=0.8").body
    assert cells.startswith("\ufeffplace,".encode())


def test_a_page_of_cells_as_columns_leads_on_to_the_next(anybody):
    page = ask(anybody, drilldown="place", aggregates="amount.sum", format="parquet", page="1", page_size="7")
    assert len(READERS["parquet"](page.body)) == 7
    assert 'rel="next"' in page.headers["Link"]

"""Reading spend lines."""

import pytest

from pilots.models import ServiceLineAncestor

from .asking import total

REVENUE = {"is_capital": False, "is_transfer": False}


def revenue(rows):
    return [row for row in rows if not row["is_capital"] and not row["is_transfer"]]


def test_spend_lines_of_a_place_add_up_to_its_summary(anybody):
    summary = anybody.get("places/kent/summary/").data
    lines = anybody.get("places/kent/spend/").rows
    assert f"{total(revenue(lines), 'amount'):.2f}" == summary["spend_total"]


def test_all_spend_streams_and_adds_up_to_the_programme(anybody):
    summary = anybody.get("summary/").data
    streamed = anybody.get("spend/?format=csv").csv_rows
    counted = [row for row in streamed if row["is_capital"] == row["is_transfer"] == "false"]
    assert f"{total(counted, 'amount'):.2f}" == summary["spend_total"]
    assert len({row["place"] for row in streamed}) == 93
    assert anybody.get("spend/").data["count"] == len(streamed)


def test_the_pilots_have_counted_what_was_computed_independently(anybody):
    assert round(float(anybody.get("summary/?kind=pilot").data["spend_total"]) / 1e9, 3) == 68.306
    assert round(float(anybody.get("places/kent/summary/").data["spend_total"]) / 1e9, 3) == 8.259


def test_a_line_says_what_it_rests_on(anybody):
    lines = anybody.get("places/kent/spend/?agency=DWP").rows
    assert {line["basis"] for line in lines} == {"apportioned"}
    assert {line["method"] for line in lines} == {"national average"}
    assert all(line["whole_amount"] and line["share"] and line["source"] for line in lines)


def test_a_branch_takes_all_lines_below_it(anybody):
    branch = anybody.get("places/kent/spend/?service_line=social-protection").rows
    leaves = set(
        ServiceLineAncestor.objects.filter(ancestor__code="social-protection").values_list(
            "service_line__code", flat=True
        )
    )
    every = anybody.get("places/kent/spend/").rows
    assert branch == [line for line in every if line["service_line"] in leaves]
    assert len({line["service_line"] for line in branch}) > 1


@pytest.mark.parametrize(("name", "value"), [("agency", "E2221"), ("spend_type", "unspecified")])
def test_lines_are_chosen_by_body_and_spend_type(anybody, name, value):
    every = anybody.get("places/kent/spend/").rows
    chosen = anybody.get(f"places/kent/spend/?{name}={value}").rows
    assert chosen == [line for line in every if line[name] == value]
    assert chosen


def test_a_line_has_an_address_of_its_own(anybody):
    line = anybody.get("places/kent/spend/?page_size=1").rows[0]
    answer = anybody.get(f"places/kent/spend/{line['id']}/")
    assert answer.data == line
    assert answer.etag == '"1"'
    assert anybody.get(f"places/birmingham/spend/{line['id']}/").status == 404


def test_what_was_taken_by_default_is_said(anybody):
    messages = anybody.get("places/kent/spend/").data["messages"]
    assert messages == [
        "Year 2010-11 was taken: the newest complete published one.",
        "The published version was taken: snapshot 1.",
    ]
    assert anybody.get("places/kent/spend/?year=2010-11&version=published").data["messages"] == []


def test_a_contributor_sees_the_lines_of_their_own_bodies(contributor, lead, dover):
    mine = contributor.get("places/kent/spend/?version=working")
    assert {line["agency"] for line in mine.rows} == {dover.code}
    assert "you see the lines of your own bodies" in " ".join(mine.data["messages"])
    assert len({line["agency"] for line in lead.get("places/kent/spend/?version=working").rows}) > 10


def test_a_working_version_is_for_the_person_who_asks_alone(lead, anybody):
    assert lead.get("places/kent/spend/?version=working").headers["Cache-Control"] == "private, no-cache"
    published = anybody.get("places/kent/spend/")
    assert published.headers["Cache-Control"] == "public, no-cache"
    assert {"Authorization", "Cookie"} <= set(published.headers["Vary"].split(", "))

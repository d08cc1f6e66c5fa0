"""The drawing of who could share with whom, against its pairs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from mapping.charts.inputs import Pair
from mapping.charts.part import of_lever
from mapping.charts.sharing_network import MOST_DRAWN, network_figure
from tests.charts.examples import PLACE, pounds


def test_the_largest_pairs_are_arcs_each_with_a_point_that_says_whose_it_is() -> None:
    network = network_figure(PLACE)
    tops = network.data["data"][-1]
    assert tops["customdata"] == [
        ["Exampleshire County Council", "NHS primary care trusts", "£5,000,000.00"],
        ["Exampleshire County Council", "Exampleshire Police Authority", "£1,000,000.00"],
    ]


def test_an_arc_begins_and_ends_at_its_bodies() -> None:
    data = network_figure(replace(PLACE, pairs=PLACE.pairs[:1])).data["data"]
    arc, bodies = data[0], data[1]
    ends = {arc["y"][0], arc["y"][-2]}
    assert ends == set(bodies["y"])
    assert [arc["x"][0], arc["x"][-2]] == pytest.approx([0, 0])


def test_bodies_stand_in_the_order_of_their_spend_as_in_the_matrix() -> None:
    words = [annotation["text"] for annotation in network_figure(PLACE).data["layout"]["annotations"]]
    assert words == [
        "<b>1</b>  Exampleshire County Council",
        "<b>2</b>  NHS primary care trusts",
        "<b>3</b>  Exampleshire Police Authority",
    ]


def test_many_pairs_are_all_in_the_table_and_the_largest_are_drawn() -> None:
    many = tuple(
        Pair(a, b, pounds(100 - n), {})
        for n, (a, b) in enumerate((a.code, b.code) for i, a in enumerate(PLACE.bodies) for b in PLACE.bodies[:i])
    )
    crowded = replace(PLACE, pairs=many * 2)
    network = network_figure(crowded)
    assert len(network.table.rows) == len(many) * 2
    assert len(network.data["data"][-1]["x"]) == MOST_DRAWN
    assert f"the {MOST_DRAWN} largest of {len(many) * 2} pairs" in network.about


def test_its_title_names_the_partner_that_saves_most_for_most() -> None:
    assert (
        network_figure(PLACE).title
        == "For two of the three bodies Exampleshire County Council is the partner that saves most"
    )


def test_where_nobody_would_save_there_is_no_drawing() -> None:
    assert network_figure(replace(PLACE, pairs=())) is None
    assert network_figure(replace(PLACE, pairs=(Pair("C", "P", Decimal(0), {}),))) is None


def test_of_one_way_the_pairs_are_of_it_alone_most_first() -> None:
    pairs = of_lever(PLACE, "service-redesign").pairs
    assert [(pair.body_a, pair.body_b, pair.saving) for pair in pairs] == [("C", "NHS", pounds(2))]

"""What the charts draw and say, against the amounts they are given."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from plotly.offline import get_plotlyjs_version

from mapping.charts import savings_by_lever, spend_by_body, three_years
from mapping.charts.heat_map import EXACT, SAVING, SPEND_CLASSES, class_of, class_words, heat_map
from mapping.charts.inputs import Cases, Footing, SpendCell, total
from mapping.charts.savings_figures import lever_figure, years_figure
from mapping.pages.place_page import place_page, spend_table
from mapping.pages.programme_page import programme_page
from tests.charts.examples import PLACE, PROGRAMME, SAVINGS, pounds

ROOT = Path(__file__).resolve().parents[2]
TOKENS = json.loads((ROOT / "static/css/tokens.json").read_text(encoding="utf-8"))


def drawn(figure: dict[str, Any]) -> Decimal:
    """Everything that the bars of a chart show, in pounds."""
    return total(Decimal(str(x)) for trace in figure["data"] if trace["type"] == "bar" for x in trace["x"])


def annotations(figure: dict[str, Any]) -> str:
    return " ".join(annotation["text"] for annotation in figure["layout"]["annotations"])


class TestSpendByBody:
    def test_drawn_and_listed_add_to_the_total(self) -> None:
        listed = spend_by_body.listed_below_zero(PLACE)
        whole = total(cell.amount for cell in PLACE.spend)
        assert drawn(spend_by_body.figure(PLACE)) + total(cell.amount for cell in listed) == whole

    def test_cells_below_zero_are_listed_and_never_drawn(self) -> None:
        figure = spend_by_body.figure(PLACE)
        assert all(x > 0 for trace in figure["data"] for x in trace["x"])
        assert [(cell.body, cell.amount) for cell in spend_by_body.listed_below_zero(PLACE)] == [
            ("Exampleton 1", pounds("-0.5")),
            ("Exampleton 2", pounds("-0.3")),
        ]

    def test_the_table_holds_every_pound_of_the_chart_and_the_list(self) -> None:
        table = spend_table(PLACE)
        amounts = [Decimal(row[2].text.replace(",", "").replace("−", "-")) for row in table.rows]
        assert total(amounts) == total(cell.amount for cell in PLACE.spend)
        assert table.total[2].text == "1,000,000,000.00"

    def test_three_bodies_of_a_kind_share_a_bar_and_the_largest_comes_first(self) -> None:
        assert [row.name for row in spend_by_body.rows(PLACE)] == [
            "Exampleshire County Council",
            "NHS primary care trusts",
            "3 district councils",
            "Exampleshire Police Authority",
        ]

    def test_a_share_and_a_national_average_are_said_beside_the_name(self) -> None:
        words = annotations(spend_by_body.figure(PLACE))
        assert "85% share" in words
        assert "national average a head" in words

    def test_what_a_cell_rests_on_does_not_part_it(self) -> None:
        twice = (*PLACE.spend, SpendCell("C", "cultural", pounds(-30), Footing.ESTIMATE))
        assert ("C", "cultural") in spend_by_body.net_cells(replace(PLACE, spend=twice))
        listed = spend_by_body.listed_below_zero(replace(PLACE, spend=twice))
        assert listed[0].amount == pounds(-10)

    def test_at_most_four_colours_and_one_for_the_rest(self) -> None:
        tokens = [token for token, _ in spend_by_body.key(PLACE)]
        assert tokens == ["category-1", "category-2", "category-3", "category-4", "category-rest"]

    def test_another_tree_gives_its_largest_branches_the_colours(self) -> None:
        renamed = replace(
            PLACE,
            services=tuple(
                replace(service, code=f"x-{service.code}", parent=service.parent and f"x-{service.parent}")
                for service in PLACE.services
            ),
            spend=tuple(replace(cell, service=f"x-{cell.service}") for cell in PLACE.spend),
        )
        assert len(spend_by_body.key(renamed)) == 5
        assert spend_by_body.figure(renamed)["data"]


class TestSavingsByLever:
    def test_joined_comes_first_and_alone_beside_it(self) -> None:
        figure = savings_by_lever.figure(SAVINGS, "central")
        joined, alone = figure["data"][0], figure["data"][1]
        assert joined["marker"]["color"] == "var(--joined)"
        assert joined["x"] == [6e6, 3e6, 1e6]
        assert alone["x"] == [0, 1e6, 1e6]

    def test_the_range_is_a_line_beneath_each_bar(self) -> None:
        line = savings_by_lever.figure(SAVINGS, "central")["data"][2]
        assert line["x"] == [5e6, 8e6, None, 2e6, 9e6, None, 1e6, 4e6, None]
        assert "£2.0m to £9.0m" in annotations(savings_by_lever.figure(SAVINGS, "central"))

    def test_all_amounts_have_one_unit_and_one_number_of_decimals(self) -> None:
        words = annotations(savings_by_lever.figure(SAVINGS, "central"))
        assert set(re.findall(r"£[\d,.]+(\w+)", words)) == {"m"}
        assert all(re.fullmatch(r"[\d,]+\.\d", amount) for amount in re.findall(r"£([\d,.]+)m", words))

    def test_its_table_adds_up(self) -> None:
        table = lever_figure(SAVINGS, "central", "Saving").table
        assert [cell.text for cell in table.total] == [
            "All ways",
            "10,000,000.00",
            "2,000,000.00",
            "12,000,000.00",
            "8,000,000.00",
            "21,000,000.00",
        ]

    def test_a_lever_whose_high_case_is_below_the_low_one_is_named(self) -> None:
        crossed = replace(SAVINGS.levers[0], saving=Cases(pounds(3), pounds(2), pounds(1)))
        figure = lever_figure(replace(SAVINGS, levers=(crossed,)), "central", "Saving")
        assert figure.notes[0].startswith("Collaborative procurement: ")

    def test_nothing_to_save_still_makes_a_chart(self) -> None:
        none = Cases(Decimal(0), Decimal(0), Decimal(0))
        levers = tuple(replace(lever, saving=none, joined=none) for lever in SAVINGS.levers)
        assert "£0" in annotations(savings_by_lever.figure(replace(SAVINGS, levers=levers), "central"))


class TestThreeYears:
    def test_saving_goes_up_and_cost_goes_down(self) -> None:
        joined, alone, cost = three_years.figure(SAVINGS)["data"]
        assert joined["y"] == [2e6, 6e6, 10e6]
        assert alone["y"] == [1e6, 2e6, 2e6]
        assert cost["y"] == [-7e6, -2e6, 0]

    def test_the_net_is_said_in_words(self) -> None:
        words = annotations(three_years.figure(SAVINGS))
        assert "Year 1: net <b>−£4.0m</b>" in words
        assert "Year 3: net <b>£12.0m</b>" in words

    def test_its_table_adds_up(self) -> None:
        table = years_figure(SAVINGS, "central").table
        assert [cell.text for cell in table.total][1:] == [
            "18,000,000.00",
            "5,000,000.00",
            "23,000,000.00",
            "9,000,000.00",
            "14,000,000.00",
        ]


class TestHeatMap:
    def test_single_bodies_come_first_and_a_kind_of_several_by_name(self) -> None:
        groups = heat_map(PLACE).groups
        assert [[row.name for row in group] for group in groups] == [
            ["Exampleshire County Council", "NHS primary care trusts", "Exampleshire Police Authority"],
            ["Exampleton 1", "Exampleton 2", "Exampleton 3"],
        ]

    def test_a_branch_opens_into_its_leaves_and_closes_again(self) -> None:
        closed = heat_map(PLACE)
        assert "economic-affairs" in [column.opens for column in closed.columns]
        opened = heat_map(PLACE, open_branch="economic-affairs")
        assert [column.code for column in opened.columns if column.is_in_open_branch] == [
            "highways-transport",
            "planning-development",
        ]
        assert [row.total for group in opened.groups for row in group] == [
            row.total for group in closed.groups for row in group
        ]

    def test_cells_below_zero_are_marked_and_empty_ones_are_blank(self) -> None:
        heat = heat_map(PLACE, open_branch="economic-affairs")
        column = [column.code for column in heat.columns].index("highways-transport")
        first = heat.groups[1][0]
        assert (first.cells[column].text, first.cells[column].fill) == ("−0.5", "heat-below")
        assert heat.groups[0][1].cells[column].text == ""

    def test_what_was_shared_out_by_population_is_marked(self) -> None:
        marked = [row.name for group in heat_map(PLACE).groups for row in group if row.is_shared_out]
        assert marked == ["NHS primary care trusts", "Exampleshire Police Authority"]

    def test_it_says_the_saving_or_the_exact_spend_as_well(self) -> None:
        assert heat_map(PLACE, EXACT).total.total == "1,000,000,000.00"
        filled = [cell.fill for cell in heat_map(PLACE, SAVING).groups[0][0].cells if cell.text]
        assert len(filled) == 4
        assert all(fill.startswith("heat-saving-") for fill in filled)

    def test_unknown_wishes_are_taken_as_the_default(self) -> None:
        assert heat_map(PLACE, "nonsense", "nonsense") == heat_map(PLACE)

    @pytest.mark.parametrize(
        ("millions", "number"), [("0", 1), ("4.99", 1), ("5", 2), ("99.99", 3), ("1500", 6), ("9999", 6)]
    )
    def test_classes(self, millions: str, number: int) -> None:
        assert class_of(Decimal(millions), SPEND_CLASSES) == number

    def test_classes_in_words(self) -> None:
        assert class_words(SPEND_CLASSES) == [
            "under 5",
            "5 to 24",
            "25 to 99",
            "100 to 499",
            "500 to 1,499",
            "1,500 or more",
        ]


class TestPages:
    def test_the_place_page_ranks_pairs_and_says_what_they_are_about(self) -> None:
        pairs = place_page(PLACE)["pairs"]
        assert [(pair.body_b, pair.about, pair.width) for pair in pairs] == [
            ("NHS primary care trusts", "back office, 60%", "100.00%"),
            ("Exampleshire Police Authority", "back office, 100%", "20.00%"),
        ]

    def test_a_bar_of_the_whole_fills_it(self) -> None:
        bar = place_page(PLACE)["footing"][0].bar
        assert bar.words == "56% a body’s own return, 4% wider body, shared out, 40% national average a head"
        assert sum(Decimal(part.width.rstrip("%")) for part in bar.parts) == 100

    def test_the_programme_page_sums_the_places_it_shows(self) -> None:
        page = programme_page(PROGRAMME)
        assert [place.name for place in page["ranking"]] == ["Northam", "Southam", "Westham"]
        assert page["ranking_total"].joined == "140.0"
        assert page["ranking_total"].a_head == "70"
        assert page["ranking_total"].own == "40%"

    def test_the_programme_page_can_show_all_places(self) -> None:
        page = programme_page(replace(PROGRAMME, kind="all"))
        assert page["ranking_total"].joined == "150.0"
        assert page["kinds"] == [
            ("pilot", "3 pilots", False),
            ("parallel", "1 parallel place", False),
            ("all", "All 4", True),
        ]


class TestColours:
    def test_every_colour_a_chart_names_is_a_token(self) -> None:
        page = place_page(PLACE)
        figures = [page["spend"].data, page["ways"].data, page["years"].data]
        named = set(re.findall(r"var\(--([a-z0-9-]+)\)", json.dumps(figures)))
        assert named
        assert named <= set(TOKENS)

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize(
        ("front", "ground", "least"),
        [
            *((name, "page", 4.5) for name in ("text", "secondary", "link", "visited", "joined")),
            *((name, "page", 4.5) for name in ("refused", "check", "good")),
            *((name, "surface", 4.5) for name in ("text", "secondary", "link")),
            ("below-zero", "below-zero-fill", 4.5),
            ("on-brand", "brand", 4.5),
            ("on-chosen", "chosen", 4.5),
            ("on-tag-dark", "tag-dark", 4.5),
            ("on-joined", "joined", 4.5),
            ("focus-text", "focus", 4.5),
            ("input-border", "page", 3),
            *((f"on-spend-{n}", f"spend-{n}", 4.5) for n in range(1, 7)),
            *((f"on-saving-{n}", f"saving-{n}", 4.5) for n in range(1, 6)),
            *((f"on-category-{n}", f"category-{n}", 4.5) for n in range(1, 6)),
            *((f"category-{n}", "page", 3) for n in range(1, 6)),
            ("category-rest-line", "page", 3),
        ],
    )
    def test_contrast_reaches_what_can_be_read(self, theme: str, front: str, ground: str, least: float) -> None:
        assert contrast(TOKENS[front][theme], TOKENS[ground][theme]) >= least


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class TestThePackages:
    def test_plotly_js_is_the_version_that_plotly_for_python_was_made_for(self) -> None:
        package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
        assert package["dependencies"]["plotly.js"] == get_plotlyjs_version()

    def test_versions_are_exact_and_the_lock_names_no_registry(self) -> None:
        package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
        wanted = {**package["dependencies"], **package["devDependencies"]}
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
        lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
        assert '"resolved"' not in lock
        assert "https://registry" not in lock

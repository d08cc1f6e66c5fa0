"""The map of England: fills, words, key and labels, on the outlines of the shipped register."""

import gzip
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import combinations

import pytest
import shapely
from django.template import Context, engines

from mapping.charts.england import CAPTION, INSET, VIEW, England, Named, Shape, a_head, class_limits, england
from mapping.charts.inputs import Cases, PlaceRow
from mapping.charts.map_labels import SIZE, WIDTH_OF_A_LETTER
from pilots.register import boundaries
from pilots.register.facts import facts
from tests.charts.examples import row

PEOPLE = 1_000_000


@cache
def shapes() -> tuple[Shape, ...]:
    """The outlines of the 93 places, from the shipped boundaries."""
    code_of = {body["code"]: body["gss_code"] for body in facts("authorities")}
    codes: dict[str, set[str]] = defaultdict(set)
    for member in facts("place_members"):
        if code := code_of.get(member["authority_code"]):
            codes[member["place_slug"]].add(code)
    outlines = {slug: boundaries.outline_of(known) for slug, known in codes.items()}
    return tuple(
        Shape(slug, outline.path, outline.bounds, outline.label_x, outline.label_y)
        for slug, outline in sorted(outlines.items())
    )


def places(pounds_a_head: Decimal | str = "60") -> list[PlaceRow]:
    """The places of the register, each saving so many pounds a head in every case."""
    saved = Decimal(pounds_a_head) * PEOPLE
    return [
        replace(
            row(place["name"], "0", PEOPLE, 1, place["kind"]),
            slug=place["slug"],
            short_name=place["short_name"],
            participation=place["participation"],
            joined=Cases(saved / 2, saved, saved * 2),
            saving=Cases(saved, saved, saved),
        )
        for place in facts("places")
    ]


def drawn(kind: str = "pilot", rows: Sequence[PlaceRow] = (), scenario: str = "central") -> England:
    found = england(rows or places(), kind, shapes(), scenario)
    assert found is not None
    return found


def area_of(found: England, slug: str):
    return next(area for area in (*found.areas, *found.london) if area.slug == slug)


def with_kent(**changes: object) -> list[PlaceRow]:
    return [replace(place, **changes) if place.slug == "kent" else place for place in places()]  # type: ignore[arg-type]


def test_every_place_is_one_area_and_london_stands_enlarged() -> None:
    found = drawn()
    assert sorted(area.slug for area in (*found.areas, *found.london)) == sorted(place.slug for place in places())
    assert {"croydon", "lewisham"} <= {area.slug for area in found.london}


def test_an_area_says_its_name_and_the_saving_a_head_of_the_case() -> None:
    assert area_of(drawn(), "kent").words == "Kent: £60 a head by joining up"
    assert area_of(drawn(scenario="low"), "kent").words == "Kent: £30 a head by joining up"


def test_the_places_that_are_summed_are_filled_by_class_and_the_others_are_grey() -> None:
    fills = {
        kind: {place.kind for place in places() if is_filled(drawn(kind), place.slug)} for kind in ("pilot", "all")
    }
    assert fills == {"pilot": {"pilot"}, "all": {"pilot", "parallel"}}


def is_filled(found: England, slug: str) -> bool:
    return area_of(found, slug).fill.startswith("saving-")


def test_a_candidate_is_told_from_a_confirmed_place_by_fill_and_by_word() -> None:
    found = drawn()
    barnet = area_of(found, "barnet")
    assert barnet.fill == "map-candidate"
    assert barnet.words.endswith("(candidate)")
    assert area_of(found, "bexley").fill == "map-other"
    assert ("map-candidate", "parallel place, candidate") in found.key


@pytest.mark.parametrize(
    ("changes", "fill", "words", "key"),
    [
        ({"joined": None}, "map-computing", "Kent: being computed", "no figure yet"),
        ({"joined": None, "spend": None}, "map-computing", "Kent: nothing counted yet", "no figure yet"),
        ({"population": None}, "map-computing", "Kent: £60m by joining up, population not known", "no figure yet"),
        ({"joined": Cases(*[Decimal(-3 * PEOPLE)] * 3)}, "below-zero", "Kent: −£3 a head by joining up", "below zero"),
    ],
)
def test_what_no_class_can_show_has_a_fill_and_a_word_of_its_own(
    changes: dict, fill: str, words: str, key: str
) -> None:
    found = drawn(rows=with_kent(**changes))
    assert area_of(found, "kent").fill == fill
    assert area_of(found, "kent").words == words
    assert (fill, key) in found.key
    assert fill not in dict(drawn().key)


@pytest.mark.parametrize(
    ("amounts", "limits"),
    [
        (["49", "55", "117"], (40, 60, 80, 100)),
        (["24", "60"], (20, 30, 40, 50)),
        (["7", "7"], (6, 8, 10, 12)),
        ([], (1, 2, 3, 4)),
    ],
)
def test_classes_begin_at_round_numbers_that_spread_the_amounts(amounts: list[str], limits: tuple[int, ...]) -> None:
    assert class_limits([Decimal(amount) for amount in amounts]) == limits


def test_an_amount_is_in_the_class_that_its_printed_number_says() -> None:
    spread = [replace(place, joined=Cases(*[Decimal("59.6") * PEOPLE] * 3)) for place in places()]
    low, high = Cases(*[Decimal(40 * PEOPLE)] * 3), Cases(*[Decimal(119 * PEOPLE)] * 3)
    rows = [
        replace(place, joined=low if place.slug == "durham" else high if place.slug == "croydon" else place.joined)
        for place in spread
    ]
    found = drawn(rows=rows)
    assert area_of(found, "kent").words == "Kent: £60 a head by joining up"
    assert area_of(found, "kent").fill == "saving-3"
    assert ("saving-3", "60 to 79") in found.key


def test_places_without_an_outline_are_left_to_the_table() -> None:
    assert england(places(), "pilot", (), "central") is None


def label_box(label: Named):
    width = len(f"{label.name} {label.a_head}") * SIZE * WIDTH_OF_A_LETTER
    left = label.at.x - width if label.at.is_left else label.at.x
    return shapely.box(left, label.at.y - SIZE / 2, left + width, label.at.y + SIZE / 2)


@pytest.mark.parametrize("kind", ["pilot", "all"])
def test_no_label_lies_on_another_on_london_or_outside(kind: str) -> None:
    boxes = [label_box(label) for label in drawn(kind).labels]
    assert len(boxes) == (13 if kind == "pilot" else 6)
    view = shapely.box(VIEW.left, VIEW.top, VIEW.left + VIEW.width, VIEW.top + VIEW.height)
    taken = [shapely.box(box.left, box.top, box.left + box.width, box.top + box.height) for box in (INSET, CAPTION)]
    assert all(view.contains(box) for box in boxes)
    assert not [pair for pair in combinations([*boxes, *taken[:1]], 2) if pair[0].intersects(pair[1])]
    assert not [box for box in boxes if box.intersects(taken[1])]


def test_no_two_lines_of_the_pilots_labels_cross() -> None:
    lines = [shapely.LineString([(one.x, one.y), (one.at.line_x, one.at.y)]) for one in drawn().labels]
    assert not [pair for pair in combinations(lines, 2) if pair[0].crosses(pair[1])]


def test_a_label_says_the_number_of_its_area() -> None:
    found = drawn()
    by_name = {place.short_name: a_head(place, "central") for place in places() if place.kind == "pilot"}
    assert {label.name: label.a_head for label in found.labels} == {name: f"£{by_name[name]}" for name in by_name}


def test_the_whole_map_is_about_a_hundred_kilobytes_and_less_than_half_of_it_packed() -> None:
    html = engines["django"].engine.get_template("mapping/england.html").render(Context({"map": drawn()}))  # type: ignore[attr-defined]
    assert html.count("<a href") == 94
    assert len(html) < 140_000
    assert len(gzip.compress(html.encode())) < 45_000

"""What a programme's figures say, in sentences computed from the amounts they name."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from mapping.charts.findings import Headline, joining_up
from mapping.charts.inputs import NOTHING, Footing, Footings, PlaceRow, total
from totalplace.money import (
    headline,
    in_ten,
    number_word,
    percent,
    pounds_a_head,
    ratio,
    share_words,
    starting,
)


def places_word(kind: str, count: int) -> str:
    """The places that are summed: 13 pilots, 80 parallel places, 93 places."""
    noun = {"pilot": "pilot", "parallel": "parallel place"}.get(kind, "place")
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def programme_headline(
    kind: str, places: Sequence[PlaceRow], joined: Decimal | None, is_partial: bool = False
) -> Headline:
    """The 13 pilots spend £68.3bn a year. By joining up they could save £937m of it."""
    counted_places = [place for place in places if place.spend is not None]
    if not counted_places:
        return Headline("Nothing has been recorded yet.")
    spend = total(place.spend or NOTHING for place in counted_places)
    words = places_word(kind, len(counted_places))
    who = f"One {words.removeprefix('1 ')} spends" if len(counted_places) == 1 else f"The {words} spend"
    sentence = f"{who} {'at least ' if is_partial else ''}{headline(spend)} a year."
    waiting = sum(place.joined is None for place in counted_places)
    return joining_up(sentence, joined, "No saving from joining up was found.", waiting)


def programme_rests_on(rests_on: Footings) -> str:
    """Six pounds in ten are a national average, not a local return."""
    share = ratio(rests_on.get(Footing.NATIONAL, NOTHING), total(rests_on.values()))
    if share == 0:
        return "Every pound comes from a local return"
    words = in_ten(share)
    verb = "is" if words.startswith(("one ", "every ", "nearly every ", "fewer than one")) else "are"
    return f"{starting(words)} {verb} a national average, not a local return"


def top_place(places: Sequence[PlaceRow], scenario: str) -> str:
    """Manchester City Region and Warrington holds 36% of the saving from joining up; nobody where ranges overlap."""
    known = by_joined(places, scenario)
    joined = [place.joined.at(scenario) for place in known if place.joined]
    if total(joined) <= 0:
        return "No saving from joining up was found"
    first, *others = known
    if any(overlap(first, other) for other in others):
        return "No place stands out: the ranges of the largest savings from joining up overlap"
    return f"{first.name} holds {percent(joined[0], total(joined))} of the saving from joining up"


def in_order(places: Sequence[PlaceRow], scenario: str) -> list[PlaceRow]:
    """The places by what they would save by joining up, most first; those without a map last, by name."""

    def order(place: PlaceRow) -> tuple[bool, Decimal, str]:
        joined = place.joined.at(scenario) if place.joined else NOTHING
        return place.joined is None, -joined, place.name

    return sorted(places, key=order)


def by_joined(places: Sequence[PlaceRow], scenario: str) -> list[PlaceRow]:
    """Those of them with a map."""
    return [place for place in in_order(places, scenario) if place.joined is not None]


def overlap(one: PlaceRow, other: PlaceRow) -> bool:
    """Whether the ranges over the cases of what two places save by joining up have anything in common."""
    (least, most), (low, high) = _ends(one), _ends(other)
    return least <= high and low <= most


def _ends(place: PlaceRow) -> tuple[Decimal, Decimal]:
    cases = [place.joined.at(case) for case in ("low", "central", "high")] if place.joined else [NOTHING]
    return min(cases), max(cases)


def order_note(places: Sequence[PlaceRow], scenario: str) -> str:
    """Which order the places stand in, and that it ranks nobody where ranges overlap; nothing where none do."""
    known = by_joined(places, scenario)
    alike = sum(overlap(one, other) for one, other in pairwise(known))
    if not alike:
        return ""
    pairs = f"{starting(number_word(alike))} of {number_word(len(known) - 1)}" if len(known) > 2 else "The two"
    return f"In order of the {scenario} case, which is no ranking: {pairs.lower()} neighbours overlap from low to high."


def a_head(places: Sequence[PlaceRow], scenario: str) -> tuple[Decimal, int]:
    """(saving from joining up, people) of the places for which both are known."""
    known = [place for place in places if place.joined is not None and place.population]
    joined = total(place.joined.at(scenario) for place in known if place.joined is not None)
    return joined, sum(place.population or 0 for place in known)


def by_large_councils(places: Sequence[PlaceRow], scenario: str) -> tuple[Sequence[PlaceRow], Sequence[PlaceRow]]:
    """Places that span several large councils, and the others, as far as both figures are known."""
    known = [place for place in places if place.joined is not None and place.population]
    return (
        [place for place in known if place.large_councils >= 2],
        [place for place in known if place.large_councils < 2],
    )


def where(kind: str, places: Sequence[PlaceRow], scenario: str) -> str:
    """Pilots that span several large councils could save two thirds more a head."""
    several, others = by_large_councils(places, scenario)
    noun = {"pilot": "Pilots", "parallel": "Parallel places"}.get(kind, "Places")
    if several and others:
        (much, many), (little, few) = a_head(several, scenario), a_head(others, scenario)
        if little > 0 and (more := ratio(much, many) / ratio(little, few) - 1) > Fraction(1, 20):
            return f"{noun} that span several large councils could save {_more(more)} a head"
    known = [*several, *others]
    if not known:
        return "No saving a head is known yet"
    ranked = sorted(known, key=lambda place: ratio(*a_head([place], scenario)))
    least, most = ranked[0], ranked[-1]
    low, high = (pounds_a_head(*a_head([place], scenario)) for place in (least, most))
    if len(ranked) == 1:
        return f"{most.name} could save {high} a head"
    return f"The saving runs from {low} a head in {least.short_name} to {high} in {most.short_name}"


def _more(more: Fraction) -> str:
    """So much more: two thirds more, twice as much."""
    if more <= 1:
        return "twice as much" if more > Fraction(39, 40) else f"{share_words(more)} more"
    return f"{float(more + 1):.1f} times as much"


def large_councils_note(places: Sequence[PlaceRow], scenario: str) -> str:
    """Six with two or more large councils: £98 a head. Seven with one: £58."""
    several, others = by_large_councils(places, scenario)
    if not several or not others:
        return ""
    much, little = (pounds_a_head(*a_head(group, scenario)) for group in (several, others))
    first = f"{starting(number_word(len(several)))} with two or more large councils: {much} a head."
    return f"{first} {starting(number_word(len(others)))} with fewer: {little}."


def for_scale(saving: Decimal, spend: Decimal) -> tuple[str, str]:
    """The whole saving is 1.7% of the spend / one per cent of what has been counted is £683m a year."""
    one_per_cent = headline(spend / 100)
    return (
        f"The whole saving is {percent(saving, spend, 1)} of the spend",
        f"For scale: one per cent of what has been counted is {one_per_cent} a year.",
    )

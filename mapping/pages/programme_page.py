"""What the programme page shows, made from `ProgrammeFigures`: no request, no query.

`programme_page` gives the template: `programme` (the figures), `headline`, `lead`, `ways` and `years`
(Figures or None without maps), `footing` with `footing_title`, `where_title` and `where_note` for the map,
`scale_title` and `scale_note`, `ranking` with `ranking_title` and `ranking_total`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts import findings, findings_of_programme
from mapping.charts.blocks import bar_width, whole_bar
from mapping.charts.inputs import NOTHING, Cases, PlaceRow, ProgrammeFigures, partial_years, total
from mapping.charts.savings_figures import lever_figure, years_figure
from mapping.pages.tables_of_pages import a_head_table, footing_table, ranking_table
from pilots.quality.worsened import Worsened, together
from totalplace import money


@dataclass(frozen=True)
class RankedPlace:
    """A row of the ranking; amounts in £ million as said."""

    slug: str
    name: str
    bodies: int
    spend: str
    width: str
    joined: str
    a_head: str
    saving: str
    range: str
    own: str
    is_computed: bool = True
    is_candidate: bool = False
    flags: tuple[Worsened, ...] = ()


def programme_page(figures: ProgrammeFigures) -> dict[str, Any]:
    """The template's context."""
    scenario = figures.provenance.scenario
    places = chosen_places(figures)
    counted = [place for place in places if place.spend is not None]
    spend = total(place.spend or NOTHING for place in places)
    savings = figures.savings
    context: dict[str, Any] = {
        "programme": figures,
        "provenance": figures.provenance,
        "is_empty": not counted,
        "is_waiting": figures.provenance.is_stale or any(place.joined is None for place in counted),
        "partial_years": partial_years(figures.provenance, figures.gaps),
        "places_words": findings_of_programme.places_word(figures.kind, len(counted)),
        "headline": findings_of_programme.programme_headline(
            figures.kind, places, savings.joined.at(scenario) if savings else None, figures.provenance.is_partial
        ),
        "kinds": kinds(figures),
        "spend_total": spend,
        "gaps": figures.gaps,
        "coverage": coverage(figures),
    }
    if context["is_empty"]:
        return context
    context |= {
        "footing": whole_bar(figures.rests_on),
        "footing_title": findings_of_programme.programme_rests_on(figures.rests_on),
        "ranking": ranking(places, scenario),
        "ranking_title": findings_of_programme.top_place(places, scenario),
        "ranking_note": findings_of_programme.order_note(places, scenario),
        "ranking_total": ranking_total(places, scenario, context["places_words"]),
        "tables": {
            "footing": footing_table([("All spend", figures.rests_on)]),
            "ranking": ranking_table(places, scenario),
            "map": a_head_table(figures.places, scenario),
        },
    }
    if savings is None:
        return context
    about = f"Saving in a full year, {context['places_words']}, {scenario} case"
    mapped = total(place.spend or NOTHING for place in counted if place.saving is not None)
    scale_title, scale_note = findings_of_programme.for_scale(savings.saving.at(scenario), mapped)
    return context | {
        "lead": f"{findings.joined_range(savings)} {findings.saving_lead(savings, scenario)}",
        "ways": lever_figure(savings, scenario, about, together(place.flags for place in places)),
        "years": years_figure(savings, scenario),
        "where_title": findings_of_programme.where(figures.kind, places, scenario),
        "where_note": findings_of_programme.large_councils_note(places, scenario),
        "scale_title": scale_title,
        "scale_note": scale_note,
    }


def chosen_places(figures: ProgrammeFigures) -> list[PlaceRow]:
    """The places that are summed."""
    return [place for place in figures.places if figures.kind in ("all", place.kind)]


def kinds(figures: ProgrammeFigures) -> list[tuple[str, str, bool]]:
    """(kind, words, whether it is shown) for the choice of places; only kinds that have places."""
    counts = {kind: sum(place.kind == kind for place in figures.places) for kind in ("pilot", "parallel")}
    words = {kind: findings_of_programme.places_word(kind, count) for kind, count in counts.items() if count}
    words["all"] = f"All {len(figures.places)}"
    return [(kind, text, kind == figures.kind) for kind, text in words.items()]


def coverage(figures: ProgrammeFigures) -> list[tuple[str, int, int]]:
    """(kind in words, places counted, places in all) of pilots and parallel places."""
    rows = []
    for kind in ("pilot", "parallel"):
        places = [place for place in figures.places if place.kind == kind]
        done = sum(place.spend is not None for place in places)
        if places:
            rows.append((findings_of_programme.places_word(kind, len(places)), done, len(places)))
    return rows


def ranking(places: list[PlaceRow], scenario: str) -> list[RankedPlace]:
    """The places by saving from joining up, most first; those without a map last, by name."""
    largest = max((place.joined.at(scenario) for place in places if place.joined), default=NOTHING)
    return [_ranked(place, scenario, largest) for place in findings_of_programme.in_order(places, scenario)]


def _ranked(place: PlaceRow, scenario: str, largest: Decimal) -> RankedPlace:
    joined = place.joined.at(scenario) if place.joined else None
    return RankedPlace(
        slug=place.slug,
        name=place.name,
        bodies=place.bodies,
        spend=_millions(place.spend, 0) or "not counted",
        width=bar_width(joined or NOTHING, largest),
        joined=_millions(joined) or ("being computed" if place.spend is not None else ""),
        a_head=money.pounds_a_head(joined, place.population).removeprefix("£") if joined is not None else "",
        saving=_millions(place.saving.at(scenario) if place.saving else None),
        range=_range(place.saving),
        own=money.percent(place.own, place.spend) if place.spend else "",
        is_computed=joined is not None,
        is_candidate=place.participation == "candidate",
        flags=place.flags.worsened,
    )


def ranking_total(places: list[PlaceRow], scenario: str, name: str) -> RankedPlace:
    """The last row: the sums of the rows above it, ratios from the sums."""
    known = [place for place in places if place.joined is not None and place.saving is not None]
    spend = total(place.spend or NOTHING for place in places)
    joined = total(place.joined.at(scenario) for place in known if place.joined)
    savings = [place.saving for place in known if place.saving]
    saving = Cases(*(total(cases.at(case) for cases in savings) for case in ("low", "central", "high")))
    people = [place.population for place in known]
    population = sum(person for person in people if person) if all(people) else None
    return RankedPlace(
        slug="",
        name=name,
        bodies=0,
        spend=_millions(spend, 0),
        width="0%",
        joined=_millions(joined),
        a_head=money.pounds_a_head(joined, population).removeprefix("£"),
        saving=_millions(saving.at(scenario)),
        range=_range(saving),
        own=money.percent(total(place.own for place in places), spend),
    )


def _millions(amount: Decimal | None, places: int = 1) -> str:
    return "" if amount is None else money.millions(amount, places)


def _range(saving: Cases | None) -> str:
    return f"{money.millions(saving.low)} to {money.millions(saving.high)}" if saving else ""

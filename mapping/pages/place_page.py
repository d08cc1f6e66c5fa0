"""What the place page shows, made from `PlaceFigures`: no request, no query, every word said here or below.

`place_page` gives the template: `place` (the figures), `headline`, `lead`, `spend` (a Figure), `ways` (a
Figure or None without a map), `heat` with `heat_title`, `heat_shows`, `pairs` with `pairs_title`, `footing`
with `footing_title` and `footing_key`, `years` (a Figure or None), `gaps`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mapping.charts import findings, findings_of_place, heat_map, spend_by_body
from mapping.charts.blocks import (
    Column,
    Figure,
    KeyItem,
    Table,
    WholeBar,
    bar_width,
    pounds,
    whole_bar,
    words,
)
from mapping.charts.figures_of_place import alike_figure, flow_figure
from mapping.charts.inputs import (
    NOTHING,
    Flows,
    Footing,
    Footings,
    LeverFigures,
    Pair,
    PlaceFigures,
    PlaceRow,
    partial_years,
    total,
)
from mapping.charts.names import body_name, heading
from mapping.charts.part import Part, bodies_to_choose, narrowed, narrowed_flows, part_in_words, services_to_choose
from mapping.charts.savings_figures import lever_figure, years_figure
from mapping.charts.sharing_matrix import pair_table
from mapping.charts.tree import Tree
from mapping.pages.tables_of_pages import footing_table
from pilots.quality.worsened import Worsened
from totalplace import money

PAIRS_SHOWN = 8


@dataclass(frozen=True)
class PairRow:
    """A ranked pair: who with whom, mostly about what, how much."""

    body_a: str
    body_b: str
    about: str
    amount: Decimal
    width: str
    part_a: Part
    part_b: Part
    """What pressing a body's name chooses."""
    flags: tuple[Worsened, ...] = ()


@dataclass(frozen=True)
class FootingRow:
    """What an amount rests on, as a bar of the whole and the part from bodies' own returns."""

    name: str
    bar: WholeBar
    own: str
    is_whole: bool = False


def place_page(
    figures: PlaceFigures,
    show: str = "",
    open_branch: str | None = None,
    flows: Flows | None = None,
    alike: Sequence[PlaceRow] = (),
) -> dict[str, Any]:
    """The template's context."""
    savings, scenario = figures.savings, figures.provenance.scenario
    spend = total(cell.amount for cell in figures.spend)
    context: dict[str, Any] = {
        "place": figures,
        "provenance": figures.provenance,
        "is_empty": not figures.spend,
        "is_waiting": bool(figures.spend) and figures.provenance.is_awaited(savings is None),
        "partial_years": partial_years(figures.provenance, figures.gaps),
        "headline": findings_of_place.place_headline(figures),
        "nhs_note": findings_of_place.nhs_is_one(figures),
        "gaps": figures.gaps,
        "spend_total": spend,
    }
    if not figures.spend:
        return context
    context |= {
        "spend": spend_figure(figures),
        "heat": heat_map.heat_map(figures, show, open_branch),
        "heat_title": findings_of_place.who_does_what(figures),
        "heat_shows": heat_map.SHOWS,
        "flows": flow_figure(figures, flows) if flows and flows.cells else None,
        "bodies": bodies_to_choose(figures),
        "branches": services_to_choose(figures),
        "tables": {"who-does-what": heat_map.table_of(figures, show)},
    }
    if savings is None:
        return context
    lead = [
        findings.joined_range(savings),
        findings.saving_lead(savings, scenario),
        findings.rests_on_lead(savings.rests_on),
    ]
    return context | {
        "lead": " ".join(lead),
        "ways": lever_figure(savings, scenario, f"Saving in a full year, {scenario} case", figures.flags),
        "flags": figures.flags,
        "pairs": pair_rows(figures),
        "pairs_title": findings_of_place.who_talks_first(figures.pairs, figures.bodies),
        **footing(figures),
        "years": years_figure(savings, scenario),
        "alike": alike_figure(figures, alike),
        "tables": {
            **context["tables"],
            "pairs": pair_table(figures, figures.pairs),
            "footing": footing_table(footing_parts(figures)),
        },
    }


def part_page(
    whole: PlaceFigures,
    part: Part,
    levers: tuple[LeverFigures, ...],
    flows: Flows | None = None,
    show: str = "",
    open_branch: str | None = None,
) -> dict[str, Any]:
    """The template's context where a body or a service is chosen: the figures are the part's, the answer the place's.

    What has no part (the three years, what it rests on, the other places) is left out.
    """
    figures = narrowed(whole, part, levers)
    page = place_page(whole, show, open_branch)
    narrow = place_page(figures, show, open_branch, narrowed_flows(whole, flows, part) if flows else None)
    kept = ("headline", "lead", "nhs_note", "bodies", "branches", "is_empty", "is_waiting", "spend_total")
    left_out = {"years": None, "alike": None, "footing": None}
    in_part = {
        "part": part,
        "part_words": part_in_words(figures, part),
        "spend": replace(narrow["spend"], title=findings_of_place.mostly_on(figures)) if "spend" in narrow else None,
        "heat_title": "The same, body by body and service by service",
    }
    return page | narrow | {name: page[name] for name in kept if name in page} | left_out | in_part


def spend_figure(figures: PlaceFigures) -> Figure:
    """Spend by body, split by service; what no bar can show is listed in the note."""
    listed = spend_by_body.listed_below_zero(figures)
    rows = spend_by_body.rows(figures)
    whole = total(row.spend for row in rows)
    sentence = "; ".join(f"{row.name}: {money.headline(row.spend)}, {money.percent(row.spend, whole)}" for row in rows)
    return Figure(
        id="spend",
        title=findings_of_place.who_spends(figures),
        about=f"Spend by body, split by service, {figures.provenance.year}",
        sentence=f"{sentence}.",
        data=spend_by_body.figure(figures),
        table=spend_table(figures),
        key=tuple(KeyItem(token, text) for token, text in spend_by_body.key(figures)),
        notes=tuple(filter(None, [findings.below_zero([cell.amount for cell in listed])])),
    )


def spend_table(figures: PlaceFigures) -> Table:
    """Every segment of the chart to the penny, then the cells no bar can show: together the total."""
    tree = Tree(figures.services)
    drawn = [
        (
            words(row.name, Part(row.code)),
            words(tree.services[leaf].name, Part(service=tree.branch(leaf))),
            pounds(row.drawn[leaf]),
        )
        for row in spend_by_body.rows(figures)
        for leaf in sorted(row.drawn, key=lambda leaf: -row.drawn[leaf])
    ]
    listed = [
        (
            words(cell.body, Part(cell.part.body)),
            words(cell.service, Part(service=cell.part.service)),
            pounds(cell.amount),
        )
        for cell in spend_by_body.listed_below_zero(figures)
    ]
    bodies = len({cell.body for cell in figures.spend})
    return Table(
        caption=f"Spend by body and service, {figures.provenance.year}, £",
        columns=(Column("Body", is_number=False), Column("Service", is_number=False), Column("Spend")),
        rows=(*drawn, *listed),
        total=(
            words(f"All {bodies} bodies"),
            words(""),
            pounds(total(cell.amount for cell in figures.spend)),
        ),
    )


def pair_rows(figures: PlaceFigures) -> list[PairRow]:
    """The largest pairs, most first."""
    bodies = {body.code: body for body in figures.bodies}
    names = {lever.code: lever.name for lever in figures.savings.levers} if figures.savings else {}
    shown = [pair for pair in figures.pairs if pair.saving > 0][:PAIRS_SHOWN]
    largest = max((pair.saving for pair in shown), default=NOTHING)
    return [
        PairRow(
            body_name(bodies[pair.body_a]),
            body_name(bodies[pair.body_b]),
            mostly_about(pair, names),
            pair.saving,
            bar_width(pair.saving, largest),
            Part(pair.body_a),
            Part(pair.body_b),
            figures.flags.of(lever=_largest_lever(pair)),
        )
        for pair in shown
    ]


def mostly_about(pair: Pair, lever_names: dict[str, str]) -> str:
    """The way that saves most between two bodies, with its part: back office, 55%."""
    code = _largest_lever(pair)
    if not code:
        return ""
    name = heading(code, lever_names.get(code, code)).lower()
    return f"{name}, {money.percent(pair.by_lever[code], pair.saving)}"


def _largest_lever(pair: Pair) -> str:
    return max(pair.by_lever, key=lambda lever: (pair.by_lever[lever], lever), default="")


def spend_rests_on(figures: PlaceFigures) -> Footings:
    """All spend by what it rests on."""
    sums: Footings = defaultdict(lambda: NOTHING)
    for cell in figures.spend:
        sums[cell.footing] += cell.amount
    return dict(sums)


def footing(figures: PlaceFigures) -> dict[str, Any]:
    """What the figures rest on: rows, their title and their key."""
    if figures.savings is None:
        return {}
    spend = spend_rests_on(figures)
    return {
        "footing": footing_rows(figures),
        "footing_title": findings_of_place.place_rests_on(spend, figures.savings.rests_on),
        "footing_key": whole_bar(spend).parts,
    }


WHOLES = ("All spend", "All savings")


def footing_parts(figures: PlaceFigures) -> list[tuple[str, Footings]]:
    """What the spend, the saving and each way to save rest on, by name."""
    if figures.savings is None:
        return []
    wholes = zip(WHOLES, (spend_rests_on(figures), figures.savings.rests_on), strict=True)
    levers = sorted(figures.savings.levers, key=lambda lever: -total(lever.rests_on.values()))
    return [*wholes, *((lever.name, lever.rests_on) for lever in levers)]


def footing_rows(figures: PlaceFigures) -> list[FootingRow]:
    """The same as bars; those of nothing are left out."""
    rows = [footing_row(name, rests_on, name in WHOLES) for name, rests_on in footing_parts(figures)]
    return [row for row in rows if row.bar.parts]


def footing_row(name: str, rests_on: Footings, is_whole: bool = False) -> FootingRow:
    """One bar of the whole with the part from own returns beside it."""
    own = money.percent(rests_on.get(Footing.OWN, NOTHING), total(rests_on.values()))
    return FootingRow(name, whole_bar(rests_on), own, is_whole)

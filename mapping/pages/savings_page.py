"""What a place's savings page shows, made from `PlaceFigures` and its pools: no request, no query.

`savings_page` gives the template: `place`, `title`, `lead`, `ways` and `years` (Figures), `levers` (rows),
`bodies` (rows with `bodies_total`), `heat`, `matrix`, `network`, `pools` and `footing`; `part` and `way` where one
way is chosen.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mapping.charts import findings, heat_map
from mapping.charts.findings_of_place import NOTHING_REACHED, nhs_is_one, why_nothing_joined
from mapping.charts.inputs import NOTHING, LeverFigures, PlaceFigures, PoolFigures, partial_years, total
from mapping.charts.names import body_name
from mapping.charts.part import Part, of_lever
from mapping.charts.savings_by_lever import ordered
from mapping.charts.savings_figures import bridge_figure, cases_figure, lever_figure, years_figure
from mapping.charts.sharing_matrix import sharing_matrix
from mapping.charts.sharing_network import network_figure
from mapping.pages.place_page import footing, footing_parts
from mapping.pages.tables_of_pages import body_table, footing_table, lever_table, pool_table
from pilots.quality.worsened import HELD, QualityFlags, Worsened
from totalplace import money


@dataclass(frozen=True)
class LeverRow:
    """One way to save in full: amounts in pounds, payback in words."""

    name: str
    addressable: Decimal
    joined: Decimal
    alone: Decimal
    saving: Decimal
    net_present_value: Decimal
    payback: str
    flags: tuple[Worsened, ...] = ()


@dataclass(frozen=True)
class PoolRow:
    """Where bodies can join up, and what worsened of the way to save."""

    pool: PoolFigures
    flags: tuple[Worsened, ...]


@dataclass(frozen=True)
class BodyRow:
    """What one body would save of what it spends."""

    name: str
    spend: Decimal
    joined: Decimal
    saving: Decimal
    share: str


def savings_page(
    figures: PlaceFigures,
    pools: Sequence[PoolFigures] = (),
    open_branch: str | None = None,
    lever: str | None = None,
) -> dict[str, Any]:
    """The template's context. `lever` chooses one way: pairs and pools are then of it alone."""
    savings, scenario = figures.savings, figures.provenance.scenario
    context: dict[str, Any] = {
        "place": figures,
        "provenance": figures.provenance,
        "is_empty": not figures.spend,
        "is_waiting": bool(figures.spend) and figures.provenance.is_awaited(savings is None),
        "partial_years": partial_years(figures.provenance, figures.gaps),
    }
    if savings is None:
        return context
    chosen = next((way for way in savings.levers if way.code == lever), None)
    paired = of_lever(figures, chosen.code) if chosen else figures
    bodies, matrix = body_rows(figures), sharing_matrix(paired)
    shown_pools = [pool for pool in pools if pool.before_cap > 0 and (not chosen or pool.lever == chosen.name)]
    return context | {
        "title": title(figures),
        "lead": lead(figures),
        "ways": lever_figure(
            savings, scenario, f"Saving in a full year, {scenario} case", figures.flags, can_choose=True
        ),
        "flags": figures.flags,
        "years": years_figure(savings, scenario),
        "cases": cases_figure(savings) if savings.years_in_cases else None,
        "bridge": bridge_figure(savings, pools, scenario) if pools else None,
        "part": Part(lever=chosen.code) if chosen else None,
        "way": chosen.name if chosen else "",
        "matrix": matrix,
        "network": network_figure(paired),
        "nhs_note": nhs_is_one(figures),
        "levers": [lever_row(lever, scenario, savings.horizon_years, figures.flags) for lever in ordered(savings)],
        "bodies": bodies,
        "bodies_total": BodyRow(
            f"All {len(bodies)} bodies",
            total(row.spend for row in bodies),
            total(row.joined for row in bodies),
            total(row.saving for row in bodies),
            money.percent(total(row.saving for row in bodies), total(row.spend for row in bodies), 1),
        ),
        "heat": heat_map.heat_map(figures, heat_map.SAVING, open_branch),
        "tables": {
            "who-does-what": heat_map.table_of(figures, heat_map.SAVING),
            **({"matrix": matrix.table} if matrix else {}),
            "levers": lever_table(ordered(savings), scenario),
            "bodies": body_table((row.name, row.spend, row.joined, row.saving) for row in bodies),
            "pools": pool_table(shown_pools),
            "footing": footing_table(footing_parts(figures)),
        },
        "heat_title": f"Where {figures.short_name} would save by joining up",
        "pools": pool_rows(figures, shown_pools),
        **footing(figures),
    }


def title(figures: PlaceFigures) -> str:
    """Kent could save £112m a year, £88m of it by joining up."""
    if figures.savings is None:
        return ""
    saving = figures.savings.saving.at(figures.provenance.scenario)
    joined = figures.savings.joined.at(figures.provenance.scenario)
    if saving <= 0:
        return f"No saving was found in {figures.name}"
    whole, part = money.together([saving, joined])
    if joined <= 0:
        return f"{figures.name} could save {whole} a year, none of it by joining up"
    return f"{figures.name} could save {whole} a year, {part} of it by joining up"


def pool_rows(figures: PlaceFigures, pools: Sequence[PoolFigures]) -> list[PoolRow]:
    """Pools as rows; they name their way to save by its name."""
    codes = {lever.name: lever.code for lever in figures.savings.levers} if figures.savings else {}
    return [PoolRow(pool, figures.flags.of(lever=codes.get(pool.lever, ""))) for pool in pools]


def lead(figures: PlaceFigures) -> str:
    """The range of the saving and what it is worth; where nothing is saved, why."""
    savings, scenario = figures.savings, figures.provenance.scenario
    if savings is None:
        return ""
    if savings.saving.at(scenario) <= 0:
        return NOTHING_REACHED
    nothing_joined = why_nothing_joined(figures) if savings.joined.at(scenario) <= 0 else ""
    said = [nothing_joined, findings.saving_lead(savings, scenario), findings.worth(savings)]
    return " ".join(filter(None, said))


def lever_row(lever: LeverFigures, scenario: str, horizon_years: int, flags: QualityFlags = HELD) -> LeverRow:
    """A way to save with its payback in words."""
    saving, joined = lever.saving.at(scenario), lever.joined.at(scenario)
    payback = {
        "reached": f"by the end of year {lever.payback}",
        "beyond_horizon": f"not within {money.number_word(horizon_years)} years",
        "nothing_saved": "nothing is saved",
    }
    return LeverRow(
        lever.name,
        lever.addressable,
        joined,
        saving - joined,
        saving,
        lever.net_present_value,
        payback[lever.payback_status],
        flags.of(lever=lever.code),
    )


def body_rows(figures: PlaceFigures) -> list[BodyRow]:
    """What each body would save, the most first."""
    spend: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    saving: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    joined: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for line in figures.spend:
        spend[line.body] += line.amount
    for cell in figures.saving_cells:
        saving[cell.body] += cell.saving
        joined[cell.body] += cell.joined
    rows = [
        BodyRow(
            body_name(body),
            spend[body.code],
            joined[body.code],
            saving[body.code],
            money.percent(saving[body.code], spend[body.code], 1),
        )
        for body in figures.bodies
        if body.code in spend
    ]
    return sorted(rows, key=lambda row: (-row.saving, row.name))

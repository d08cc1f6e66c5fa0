"""Figures of savings: which way saves, when, when in each case, and how the saving comes about."""

from collections.abc import Sequence

from mapping.charts import bridge, findings, savings_by_lever, three_cases, three_years
from mapping.charts.blocks import Figure, KeyItem, Table, columns, pounds, total_row, words
from mapping.charts.inputs import PoolFigures, Savings, total
from mapping.charts.part import Part
from mapping.charts.quality import flagged_levers
from pilots.quality.worsened import HELD, QualityFlags
from totalplace import money


def lever_figure(
    savings: Savings, scenario: str, about: str, flags: QualityFlags = HELD, can_choose: bool = False
) -> Figure:
    """Bars by lever with their range, and the same in pounds and pence; `can_choose` lets a reader press one."""
    levers = savings_by_lever.ordered(savings)
    say = savings_by_lever.scale(savings, scenario).say
    parts = [
        (
            words(lever.name, Part(lever=lever.code) if can_choose else None),
            lever.joined.at(scenario),
            lever.saving.at(scenario),
            lever.saving.low,
            lever.saving.high,
        )
        for lever in levers
    ]
    sentence = "; ".join(
        f"{name.text}: {say(joined)} by joining up, {say(saving)} in all, {say(low)} to {say(high)}"
        for name, joined, saving, low, high in parts
    )
    table = Table(
        caption=f"{about}, £",
        columns=columns("Way to save", "By joining up", "Alone", "In all", "Low case", "High case"),
        rows=tuple(
            (name, pounds(joined), pounds(saving - joined), pounds(saving), pounds(low), pounds(high))
            for name, joined, saving, low, high in parts
        ),
        total=total_row(
            "All ways",
            [
                total(joined for _, joined, *_ in parts),
                total(saving - joined for _, joined, saving, *_ in parts),
                total(saving for _, _, saving, *_ in parts),
                total(low for *_, low, _ in parts),
                total(high for *_, high in parts),
            ],
        ),
    )
    crossed = [lever.name for lever in levers if lever.saving.high < lever.saving.low]
    return Figure(
        id="ways",
        title=findings.which_way(savings, scenario),
        about=about,
        sentence=f"{sentence}.",
        data=savings_by_lever.figure(savings, scenario, can_choose),
        table=table,
        key=(
            KeyItem("joined", "by joining up", term="joining-up"),
            KeyItem("alone", "alone", term="alone"),
            KeyItem("range", "low to high case, in all", is_range=True, term="case"),
        ),
        notes=(f"{money.listed(crossed)}: {findings.CASES_CROSS}",) if crossed else (),
        flagged=flagged_levers(flags, levers),
    )


def years_figure(savings: Savings, scenario: str) -> Figure:
    """Saving up, cost down, net in words, and the same in pounds and pence."""
    say = three_years.scale(savings).say
    sentence = "; ".join(
        f"year {year.number}: saves {say(year.saving)}, costs {say(year.cost)}, net {say(year.net)}"
        for year in savings.years
    )
    table = Table(
        caption="Saving and one-off cost by review year, £",
        columns=columns("Review year", "By joining up", "Alone", "Saving", "Cost to achieve", "Net"),
        rows=tuple(
            (
                words(f"Year {year.number}"),
                *(pounds(part) for part in (year.joined, year.alone, year.saving, year.cost, year.net)),
            )
            for year in savings.years
        ),
        total=total_row(
            "Three years",
            [
                total(getattr(year, part) for year in savings.years)
                for part in ("joined", "alone", "saving", "cost", "net")
            ],
        ),
    )
    return Figure(
        id="years",
        title=findings.when(savings),
        about=f"All ways begun in review year 1, {scenario} case",
        sentence=f"{money.starting(sentence)}.",
        data=three_years.figure(savings),
        table=table,
        key=(
            KeyItem("joined", "saving by joining up", term="joining-up"),
            KeyItem("alone", "saving alone", term="alone"),
            KeyItem("category-rest", "cost to achieve", term="cost"),
        ),
        notes=(findings.worth(savings),),
    )


def cases_figure(savings: Savings) -> Figure:
    """The three years in the low, the central and the high case."""
    say = three_cases.scale(savings).say
    cases = savings.years_in_cases
    sentence = "; ".join(
        f"{case} case: {', '.join(f'year {year.number} net {say(year.net)}' for year in years)}"
        for case, years in cases.items()
    )
    parts = ("joined", "alone", "saving", "cost", "net")
    table = Table(
        caption="Saving and one-off cost by case and review year, £",
        columns=columns("Case and review year", "By joining up", "Alone", "Saving", "Cost to achieve", "Net"),
        rows=tuple(
            (
                words(f"{money.starting(case)} case, year {year.number}"),
                *(pounds(getattr(year, part)) for part in parts),
            )
            for case, years in cases.items()
            for year in years
        ),
    )
    return Figure(
        id="cases",
        title=findings.in_cases(savings),
        about="All ways begun in review year 1, in each case",
        sentence=f"{money.starting(sentence)}.",
        data=three_cases.figure(savings),
        table=table,
        key=(
            KeyItem("joined", "saving by joining up", term="joining-up"),
            KeyItem("alone", "saving alone", term="alone"),
            KeyItem("category-rest", "cost to achieve", term="cost"),
        ),
        notes=(findings.CASES_CROSS,) if not savings.saving.is_ordered else (),
    )


def bridge_figure(savings: Savings, pools: Sequence[PoolFigures], scenario: str) -> Figure:
    """From what each way would save by itself to what is credited in all."""
    steps = bridge.steps(savings, pools, scenario)
    say = bridge.scale(steps).say
    left = savings.saving.at(scenario)
    taken = total(step.change for step in steps if step.change < 0)
    table = Table(
        caption="From each way by itself to what is left, £",
        columns=columns("Step", "Change", "Reached"),
        rows=tuple((words(step.name), pounds(step.change), pounds(step.end)) for step in steps[:-1]),
        total=total_row(steps[-1].name, [left, left]),
    )
    return Figure(
        id="bridge",
        title=findings.taken_off(left - taken, left),
        about=f"From each way by itself to the saving in a full year, {scenario} case",
        sentence="; ".join(f"{step.name}: {say(step.change)}" for step in steps) + ".",
        data=bridge.figure(steps),
        table=table,
        key=(
            KeyItem("joined", "by joining up", term="joining-up"),
            KeyItem("alone", "by itself, before cap and overlap; alone in the last bar", term="cap"),
            KeyItem("category-rest", "taken off", term="overlap"),
        ),
        notes=("The cap is the highest rate that a way may reach; overlap is what two ways would save twice.",),
    )

"""The two figures that a place and the programme share: which way saves, and when."""

from mapping.charts import findings, savings_by_lever, three_years
from mapping.charts.blocks import Figure, KeyItem, Table, columns, pounds, total_row, words
from mapping.charts.inputs import Savings, total
from totalplace import money


def lever_figure(savings: Savings, scenario: str, about: str) -> Figure:
    """Bars by lever with their range, and the same in pounds and pence."""
    levers = savings_by_lever.ordered(savings)
    say = savings_by_lever.scale(savings, scenario).say
    parts = [
        (
            lever.name,
            lever.joined.at(scenario),
            lever.saving.at(scenario),
            lever.saving.low,
            lever.saving.high,
        )
        for lever in levers
    ]
    sentence = "; ".join(
        f"{name}: {say(joined)} by joining up, {say(saving)} in all, {say(low)} to {say(high)}"
        for name, joined, saving, low, high in parts
    )
    table = Table(
        caption=f"{about}, £",
        columns=columns("Way to save", "By joining up", "Alone", "In all", "Low case", "High case"),
        rows=tuple(
            (words(name), pounds(joined), pounds(saving - joined), pounds(saving), pounds(low), pounds(high))
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
        data=savings_by_lever.figure(savings, scenario),
        table=table,
        key=(
            KeyItem("joined", "by joining up"),
            KeyItem("alone", "alone"),
            KeyItem("range", "low to high case, in all", is_range=True),
        ),
        notes=(f"{money.listed(crossed)}: {findings.CASES_CROSS}",) if crossed else (),
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
            KeyItem("joined", "saving by joining up"),
            KeyItem("alone", "saving alone"),
            KeyItem("category-rest", "cost to achieve"),
        ),
        notes=(findings.worth(savings),),
    )

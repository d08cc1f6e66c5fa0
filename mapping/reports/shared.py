"""The sections that a place's report and the programme's have in common: which way, when, rests on what, and how."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from mapping.charts import findings, savings_by_lever, three_years
from mapping.charts.blocks import Cell, Column, KeyItem, Table, columns, pounds, total_row, words
from mapping.charts.inputs import FOOTING_WORDS, Footing, Footings, LeverFigures, Provenance, Savings, total
from mapping.charts.quality import marked
from mapping.models import AssumptionSet, Lever
from mapping.pages.savings_page import lever_row
from pilots.quality.worsened import HELD, QualityFlags
from totalplace import money

from .blocks import Bar, Bars, Figures, Identity, Section, Words, bar_of, largest, percent_of

JOINED, ALONE = KeyItem("joined", "by joining up"), KeyItem("alone", "alone")
RANGE = KeyItem("range", "low to high case, in all", is_range=True)


def identity_of(subject: str, provenance: Provenance, address: str) -> Identity:
    """What every sheet says, from a page's provenance."""
    return Identity(
        subject=subject,
        year=provenance.year,
        scenario=provenance.scenario,
        version=provenance.version,
        assumption_set=provenance.assumption_set,
        computed_at=timezone.localtime(provenance.computed_at) if provenance.computed_at else None,
        address=address,
        is_stale=provenance.is_stale,
        is_illustrative=provenance.is_illustrative,
        missing=provenance.missing,
    )


def ways(
    savings: Savings, scenario: str, whose: str, flags: QualityFlags = HELD, quality: Sequence[str] = ()
) -> Section:
    """Which way saves: a bar a lever with its range, then pounds and pence with the worth and the payback.

    Ways of which quality fell are marked; `quality` says in sentences all that worsened.
    """
    levers = savings_by_lever.ordered(savings)
    say = savings_by_lever.scale(savings, scenario).say
    longest = largest([max(lever.saving.low, lever.saving.at(scenario), lever.saving.high) for lever in levers])
    crossed = [lever.name for lever in levers if lever.saving.high < lever.saving.low]
    return Section(
        id="ways",
        title=findings.which_way(savings, scenario),
        about=f"Saving in a full year, {whose}, {scenario} case; the line beneath runs from the low to the high case",
        blocks=(
            Bars(
                tuple(_way(lever, scenario, say, longest, flags) for lever in levers),
                (JOINED, ALONE, RANGE),
            ),
            Figures(_ways_table(savings, levers, scenario, flags), (27, 15, 14, 15, 15, 14)),
        ),
        notes=(*quality, *((f"{money.listed(crossed)}: {findings.CASES_CROSS}",) if crossed else ())),
    )


def _way(lever: LeverFigures, scenario: str, say, longest: Decimal, flags: QualityFlags) -> Bar:
    joined, saving = lever.joined.at(scenario), lever.saving.at(scenario)
    low, high = sorted((lever.saving.low, lever.saving.high))
    start = percent_of(low, longest)
    return Bar(
        marked(lever.name, flags.of(lever=lever.code)),
        f"{say(joined)} by joining up, {say(saving)} in all; {say(lever.saving.low)} to {say(lever.saving.high)}",
        bar_of([("joined", joined, ""), ("alone", saving - joined, "")], longest),
        (start, round(percent_of(high, longest) - start, 3)),
    )


def _ways_table(savings: Savings, levers: Sequence[LeverFigures], scenario: str, flags: QualityFlags) -> Table:
    rows = [lever_row(lever, scenario, savings.horizon_years, flags) for lever in levers]
    return Table(
        caption=f"Each way to save, £ in a full year, {scenario} case",
        columns=(
            *columns("Way to save", "By joining up", "Alone", "In all", f"Worth, {savings.horizon_years} years"),
            Column("Has paid for itself", is_number=False),
        ),
        rows=tuple(
            (
                words(marked(row.name, row.flags)),
                *(pounds(amount) for amount in (row.joined, row.alone, row.saving, row.net_present_value)),
                words(row.payback.removeprefix("by the ")),
            )
            for row in rows
        ),
        total=(
            *total_row(
                "All ways",
                [
                    total(row.joined for row in rows),
                    total(row.alone for row in rows),
                    total(row.saving for row in rows),
                    savings.net_present_value,
                ],
            ),
            words(""),
        ),
    )


def years(savings: Savings, scenario: str) -> Section:
    """The three years of the review: saving, cost, and the net in words."""
    say = three_years.scale(savings).say
    longest = largest([max(year.saving, year.cost) for year in savings.years])
    bars = []
    for year in savings.years:
        parts = [("joined", year.joined, ""), ("alone", year.alone, "")]
        bars.append(
            Bar(f"Year {year.number}: net {say(year.net)}", f"saves {say(year.saving)}", bar_of(parts, longest))
        )
        if year.cost:
            bars.append(Bar("", f"costs {say(year.cost)}", bar_of([("category-rest", year.cost, "")], longest)))
    return Section(
        id="years",
        title=findings.when(savings),
        about=f"All ways begun in review year 1, {scenario} case",
        blocks=(
            Bars(tuple(bars), (JOINED, ALONE, KeyItem("category-rest", "cost to achieve"))),
            Figures(_years_table(savings), (25, 15, 15, 15, 15, 15)),
        ),
        notes=(findings.worth(savings),),
    )


def _years_table(savings: Savings) -> Table:
    names = ("joined", "alone", "saving", "cost", "net")
    return Table(
        caption="Saving and one-off cost by review year, £",
        columns=columns("Review year", "By joining up", "Alone", "Saving", "Cost to achieve", "Net"),
        rows=tuple(
            (words(f"Year {year.number}"), *(pounds(getattr(year, name)) for name in names)) for year in savings.years
        ),
        total=total_row("Three years", [total(getattr(year, name) for year in savings.years) for name in names]),
    )


def rests_on_bars(rows: Sequence[tuple[str, Footings]]) -> Bars:
    """What amounts rest on, from solid to hatched, each as a bar of its whole."""
    bars, used = [], set()
    for name, rests_on in rows:
        parts = [(footing, rests_on[footing]) for footing in Footing if rests_on.get(footing, 0) > 0]
        whole = total(amount for _, amount in parts)
        if not parts:
            continue
        used |= {footing for footing, _ in parts}
        own = money.percent(rests_on.get(Footing.OWN, Decimal(0)), total(rests_on.values()))
        bars.append(
            Bar(name, f"{own} from own returns", bar_of([(token.value, part, "") for token, part in parts], whole))
        )
    key = tuple(KeyItem(footing.value, FOOTING_WORDS[footing]) for footing in Footing if footing in used)
    return Bars(tuple(bars), key)


POOLS = {
    Lever.Pool.SERVICE_LINE: "each service",
    Lever.Pool.SERVICE_GROUP: "each group of services",
    Lever.Pool.PLACE: "the whole place",
}


def assumptions(assumption_set: AssumptionSet, levers: Sequence[Lever]) -> Section:
    """The rates of the set that the figures were computed with."""
    table = Table(
        caption=f"Assumption set {assumption_set.number}: low, central and high case",
        columns=(
            Column("Way to save", is_number=False),
            Column("Joins up over", is_number=False),
            *(Column(heading) for heading in ("Scale exponent", "Own effort", "Cap", "Cost")),
        ),
        rows=tuple(
            (
                words(lever.name),
                words(POOLS[Lever.Pool(lever.pool)]),
                _number(_cases(_plain, lever.beta_low, lever.beta_central, lever.beta_high)),
                _number(_cases(_percent, lever.own_low, lever.own_central, lever.own_high)),
                _number(_percent(lever.cap)),
                _number(f"{_plain(lever.cost_multiple)} ×"),
            )
            for lever in levers
        ),
    )
    return Section(
        id="assumptions",
        title=f"What is assumed: set {assumption_set.number}",
        about="Cost is a multiple of the full-year saving, paid once. The evidence for each rate stands in the product",
        blocks=(Figures(table, (30, 18, 20, 16, 7, 9)),),
        notes=(
            f"Worth is counted over {money.number_word(assumption_set.horizon_years)} years, discounted at "
            f"{money.percent(assumption_set.discount_rate, 1, 1)} a year (HM Treasury Green Book).",
        ),
    )


def _number(text: str) -> Cell:
    return Cell(text, is_number=True)


def _cases(say, low: Decimal, central: Decimal, high: Decimal) -> str:
    return say(low) if low == central == high else " / ".join(map(say, (low, central, high)))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _percent(rate: Decimal) -> str:
    return money.percent(rate, 1, 0 if (rate * 100) % 1 == 0 else 1) if rate else "0%"


METHOD = (
    "Each pound is counted once, where the service is delivered. What a body passes on to another is kept, and left "
    "out of every total. A body that serves more than a place counts there by its share.",
    "A way to save can address part of a body’s spend on a service. Bodies that run the same thing at their own size "
    "could run it together at the size of all: at q times the size it costs q to the power of the scale exponent. One "
    "body alone saves nothing by it. What a body could do by itself comes on top, up to a cap.",
    "Where several ways reach the same pound the second saves only on what the first has left. Each saving of a body, "
    "a service and a way is rounded to the penny once; every other figure is a sum of those.",
)


def method(
    sources: Sequence[tuple[str, int, Decimal]], rest: str, whom_to_ask: str, address: str, is_illustrative: bool
) -> Section:
    """How it is computed, and where the spend comes from: (source, lines, pounds), and words on further ones."""
    table = Table(
        caption="Sources of the counted spend, £",
        columns=(Column("Source", is_number=False), Column("Lines"), Column("Spend")),
        rows=tuple((words(source), _number(f"{lines:,}"), pounds(amount)) for source, lines, amount in sources),
    )
    rights = "Spend: official revenue outturn returns, Crown copyright, Open Government Licence v3.0."
    return Section(
        id="method",
        title="How it is computed, and from what",
        about="The full method stands in the product under How it is computed",
        blocks=(Words(METHOD), Figures(table, (72, 10, 18))),
        notes=tuple(
            filter(None, [rest, "" if is_illustrative else rights, whom_to_ask, f"This report for good: {address}"])
        ),
        may_break=True,
    )

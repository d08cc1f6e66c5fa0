"""Two figures of a place: the flows of its money, and the place beside others like it."""

from collections.abc import Sequence

from mapping.charts import flows as flow_chart
from mapping.charts import places_alike
from mapping.charts.blocks import Cell, Column, Figure, KeyItem, Table, columns, pounds, words
from mapping.charts.findings import below_zero
from mapping.charts.inputs import Flows, PlaceFigures, PlaceRow, total
from mapping.charts.part import Part
from mapping.charts.quality import flagged_places
from totalplace import money

IN_NO_TOTAL = "passed on, in no total"


def flow_figure(figures: PlaceFigures, flows: Flows) -> Figure:
    """From funder through deliverer to service, and what is passed on."""
    drawn = flow_chart.drawing(figures, flows)
    whole = total(cell.amount for cell in flows.cells)
    passed = total(flow.amount for flow in drawn.passed_on)
    below = [cell.amount for cell in drawn.listed if not cell.is_passed_on]
    largest = max(drawn.spent, key=lambda flow: flow.amount)
    share = money.percent(largest.amount, whole)
    notes = [
        "" if flows.has_funders else "These returns do not state who paid, so the flows begin with who delivers.",
        f"{money.headline(passed)} is passed on from one body to another (grey): it stands in no total."
        if passed
        else "",
        below_zero(below).replace("A bar", "A flow"),
    ]
    start = "From funder through deliverer to service" if flows.has_funders else "From deliverer to service"
    return Figure(
        id="flows",
        title=f"The largest flow runs from {largest.start} to {largest.end.lower()}: {share} of the money",
        about=f"{start}, and what is passed on, {figures.provenance.year}",
        sentence=f"{len(drawn.paid) + len(drawn.spent)} flows of {money.headline(whole)}; largest: {largest.start} to "
        f"{largest.end}, {money.headline(largest.amount)}; "
        f"{money.counted(len(drawn.listed), 'amount')} listed, not drawn.",
        data=flow_chart.figure(drawn),
        table=_flow_table(figures, flows, drawn),
        key=(KeyItem("category-rest", "passed on, in no total", term="passed-on"),) if drawn.passed_on else (),
        notes=tuple(note for note in notes if note),
    )


def _flow_table(figures: PlaceFigures, flows: Flows, drawn: flow_chart.Drawing) -> Table:
    """Every flow to the penny, then what is not drawn, then what is passed on; the total leaves that out."""
    start = [(flow.start, flow.end, "paid", flow.amount) for flow in drawn.paid]
    below = [
        (cell.deliverer, cell.purpose, "below zero", cell.amount) for cell in drawn.listed if not cell.is_passed_on
    ]
    passed = [(flow.start, flow.end, IN_NO_TOTAL, flow.amount) for flow in drawn.passed_on]
    listed = [(cell.payer, cell.deliverer, IN_NO_TOTAL, cell.amount) for cell in drawn.listed if cell.is_passed_on]
    return Table(
        caption=f"Flows of money in {figures.name}, {figures.provenance.year}, £",
        columns=(*(Column(heading, is_number=False) for heading in ("From", "To", "What")), Column("Amount")),
        rows=(
            *((words(source), words(target), words(what), pounds(amount)) for source, target, what, amount in start),
            *(_spent_row(flow) for flow in drawn.spent),
            *(
                (words(source), words(target), words(what), pounds(amount))
                for source, target, what, amount in (*below, *passed, *listed)
            ),
        ),
        total=(
            words("All that is spent"),
            words(""),
            words("spent and below zero"),
            pounds(total(cell.amount for cell in flows.cells)),
        ),
    )


def _spent_row(flow: flow_chart.Flow) -> tuple[Cell, ...]:
    """A flow that is drawn; pressing its ends chooses them."""
    part = flow.part or Part()
    return (
        words(flow.start, Part(part.body)),
        words(flow.end, Part(service=part.service)),
        words("spent"),
        pounds(flow.amount),
    )


def alike_figure(figures: PlaceFigures, places: Sequence[PlaceRow]) -> Figure | None:
    """The place beside others like it; None where there is nothing to hold it against."""
    shown = places_alike.compared(places, figures.slug)
    if len(shown) < 2 or shown[0].slug != figures.slug:
        return None
    scenario = figures.provenance.scenario
    kinds = {place.kind for place in shown}
    words_for = {"pilot": "pilots", "parallel": "parallel places"}
    name = words_for[figures.kind] if len(kinds) == 1 else "places"
    others = shown[1:]
    overlap = places_alike.overlap(sorted(others, key=lambda place: -places_alike.saved_a_head(place, "central")))
    order = "By name, not ranked: their ranges overlap." if overlap else "Most saved a head first."
    return Figure(
        id="alike",
        title=_beside(figures, shown, scenario),
        about=f"{figures.short_name} and the other {name} in {_region(figures.region)}, £ a head, "
        f"{figures.provenance.year}, {scenario} case",
        sentence="; ".join(
            f"{place.name}: {money.pounds_a_head(places_alike.spend_a_head(place), 1)} spent, "
            f"{money.pounds_a_head(places_alike.saved_a_head(place, scenario), 1)} saved a head"
            for place in shown
        )
        + ".",
        data=places_alike.figure(shown, figures.slug, scenario),
        table=Table(
            caption=f"Spend and saving by joining up, £ a head, {figures.provenance.year}",
            columns=columns("Place", "Spent", "Saved by joining up", "Least", "Most"),
            rows=tuple(
                (
                    words(place.name),
                    pounds(places_alike.spend_a_head(place)),
                    pounds(places_alike.saved_a_head(place, scenario)),
                    *(pounds(end) for end in places_alike.ends(place)),
                )
                for place in shown
            ),
        ),
        key=(
            KeyItem("spend-4", figures.short_name),
            KeyItem("spend-2", "the others"),
            KeyItem("joined", "saved by joining up", term="joining-up"),
            KeyItem("range", "least to most over the cases", is_range=True, term="case"),
        ),
        notes=(order,),
        flagged=flagged_places(shown),
    )


def _region(name: str) -> str:
    """The region inside a sentence: the South East, London."""
    return name if name.startswith(("London", "Yorkshire")) else f"the {name}"


def _beside(figures: PlaceFigures, shown: Sequence[PlaceRow], scenario: str) -> str:
    """Kent could save £60 a head; the other places in the South East £31 to £80."""
    own, *others = [places_alike.saved_a_head(place, scenario) for place in shown]
    least, most, mine = (money.pounds_a_head(amount, 1) for amount in (min(others), max(others), own))
    between = f"{least} to {most}" if least != most else least
    return f"{figures.short_name} could save {mine} a head by joining up; others like it {between}"

"""What a place's figures say, in sentences computed from the amounts they name."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from mapping.charts.findings import Headline, fewest, joining_up
from mapping.charts.inputs import NOTHING, Body, Footings, Pair, PlaceFigures, shared_out, total
from mapping.charts.names import body_in_sentence, body_name, in_sentence, plural
from mapping.charts.spend_by_body import net_cells
from mapping.charts.tree import Tree
from totalplace.money import (
    counted,
    headline,
    listed,
    number_word,
    percent,
    possessive,
    ratio,
    share_words,
    starting,
)

MOST_OF = Fraction(4, 5)
"""The bodies named as spending most are the fewest that reach so much of the whole."""
NHS = "NHS commissioner"
MAINLY = Fraction(3, 4)
"""What they mostly spend on is the fewest services that reach so much of it, three at most."""


def place_headline(figures: PlaceFigures) -> Headline:
    """Kent’s 17 public bodies spend £8.26bn a year. By joining up they could save £88m of it."""
    spend = total(cell.amount for cell in figures.spend)
    spending = {cell.body for cell in figures.spend}
    if not spending:
        return Headline(f"Nothing has been recorded yet for {figures.name} in {figures.provenance.year}.")
    count = len(spending)
    words = "one public body spends" if count == 1 else f"{count} public bodies spend"
    at_least = "at least " if figures.provenance.is_partial else ""
    sentence = f"{possessive(figures.name)} {words} {at_least}{headline(spend)} a year."
    joined = figures.savings.joined.at(figures.provenance.scenario) if figures.savings else None
    if joined is None and figures.provenance.cannot_be_made:
        return Headline(sentence, "What they could save cannot be computed.")
    return joining_up(sentence, joined, why_nothing_joined(figures))


def why_nothing_joined(figures: PlaceFigures) -> str:
    """Why nothing would be saved by joining up, where that is so."""
    if len({cell.body for cell in figures.spend}) == 1:
        return "One body has nobody to join up with."
    return "No saving from joining up was found: no two bodies here spend on what can be joined."


NOTHING_REACHED = "No way to save reaches anything that is spent here."
"""Why nothing at all would be saved."""


def who_spends(figures: PlaceFigures) -> str:
    """Three bodies spend 87% of Kent’s money, mostly on benefits, health and education."""
    tree = Tree(figures.services)
    by_body: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for cell in figures.spend:
        by_body[cell.body] += cell.amount
    largest = fewest(by_body, MOST_OF)
    on: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for cell in figures.spend:
        if cell.body in largest and cell.amount > 0:
            on[tree.family(cell.service)] += cell.amount
    mostly = listed([in_sentence(code, tree.services[code].name) for code in fewest(on, MAINLY)[:3]])
    share = percent(total(by_body[code] for code in largest), total(by_body.values()))
    verb = "spends" if len(largest) == 1 else "spend"
    bodies = starting(counted(len(largest), "body", "bodies"))
    return f"{bodies} {verb} {share} of {possessive(figures.name)} money, mostly on {mostly}"


def mostly_on(figures: PlaceFigures) -> str:
    """Of £1.97bn shown most goes on education and social care: the finding of a part of a place."""
    tree = Tree(figures.services)
    on: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for (_, leaf), amount in net_cells(figures).items():
        if amount > 0:
            on[tree.family(leaf)] += amount
    mostly = listed([in_sentence(code, tree.services[code].name) for code in fewest(on, MAINLY)[:3]])
    spend = headline(total(cell.amount for cell in figures.spend))
    return (
        f"Of the {spend} shown most goes on {mostly}" if len(on) > 1 else f"All of the {spend} shown goes on {mostly}"
    )


def who_does_what(figures: PlaceFigures) -> str:
    """Twelve district councils each run the same six services; else which service most bodies share."""
    tree = Tree(figures.services)
    runs: dict[str, set[str]] = defaultdict(set)
    for (code, leaf), amount in net_cells(figures).items():
        if amount:
            runs[code].add(tree.branch(leaf))
    kinds: dict[str, list[Body]] = defaultdict(list)
    for body in figures.bodies:
        if body.code in runs:
            kinds[body.kind].append(body)
    alike = max(kinds.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    if len(alike[1]) >= 2:
        same = set.intersection(*(runs[body.code] for body in alike[1]))
        if len(same) >= 2:
            bodies = f"{starting(number_word(len(alike[1])))} {plural(alike[0])}"
            return f"{bodies} each run the same {number_word(len(same))} services"
    return _shared_service(tree, runs)


def _shared_service(tree: Tree, runs: dict[str, set[str]]) -> str:
    """The service on which most bodies spend."""
    spenders: dict[str, int] = defaultdict(int)
    for branches in runs.values():
        for branch in branches:
            spenders[branch] += 1
    if not spenders or max(spenders.values()) == 1:
        return "Each service is run by one body"
    branch = max(spenders, key=lambda code: (spenders[code], code))
    bodies = counted(spenders[branch], "body", "bodies")
    return f"{starting(bodies)} spend on {in_sentence(branch, tree.services[branch].name)}"


def who_talks_first(pairs: Sequence[Pair], bodies: Sequence[Body]) -> str:
    """Kent County Council and the NHS should talk first: £45m a year."""
    if not pairs or pairs[0].saving <= 0:
        return "No two bodies here would save by joining up"
    by_code = {body.code: body for body in bodies}
    pair = pairs[0]
    names = [body_in_sentence(by_code[code]) for code in (pair.body_a, pair.body_b)]
    return f"{starting(listed(names))} should talk first: {headline(pair.saving)} a year"


def pair_names(pair: Pair, bodies: dict[str, Body]) -> tuple[str, str]:
    """The two bodies of a pair, the larger spender's name first as stored."""
    return body_name(bodies[pair.body_a]), body_name(bodies[pair.body_b])


def place_rests_on(spend: Footings, saving: Footings) -> str:
    """Two thirds of the spend is shared out by population, and just under half of the saving."""
    of_spend = ratio(shared_out(spend), total(spend.values()))
    of_saving = ratio(shared_out(saving), total(saving.values()))
    if of_spend == 0:
        return "Every pound comes from a body’s own figures"
    words = f"{starting(share_words(of_spend))} of the spend is shared out by population"
    return f"{words}, and {share_words(of_saving)} of the saving" if saving else words


def nhs_is_one(figures: PlaceFigures) -> str:
    """What it means that a count has the NHS as one agency; nothing where it is split."""
    spending = {cell.body for cell in figures.spend}
    nhs = [body for body in figures.bodies if body.kind == NHS and body.code in spending]
    if len(nhs) != 1:
        return ""
    return "The NHS is counted as one body here; a finer split would raise the savings from sharing."

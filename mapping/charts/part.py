"""A part of a place: one body, one branch of services, or both; of its savings, one way. It narrows every figure."""

from dataclasses import dataclass, replace

from mapping.charts.inputs import NOTHING, Cases, Flows, LeverFigures, PlaceFigures, total
from mapping.charts.names import body_name, in_sentence
from mapping.charts.tree import Tree
from totalplace import money


@dataclass(frozen=True)
class Part:
    """What is chosen, by code; None means all."""

    body: str | None = None
    service: str | None = None
    lever: str | None = None
    """One way to save, on the page of savings."""

    def __bool__(self) -> bool:
        return bool(self.names())

    def names(self) -> list[tuple[str, str]]:
        """(parameter of the address, code) of what it names."""
        return [(name, code) for name, code in vars(self).items() if code]


def known_part(figures: PlaceFigures, body: str | None, service: str | None) -> Part:
    """What was asked for as far as the place has it; the rest is taken as all."""
    bodies, services = bodies_to_choose(figures), services_to_choose(figures)
    return Part(body if body in dict(bodies) else None, service if service in dict(services) else None)


def bodies_to_choose(figures: PlaceFigures) -> list[tuple[str, str]]:
    """(code, name) of the bodies that spend here, by name."""
    spending = {cell.body for cell in figures.spend}
    names = [(body.code, body_name(body)) for body in figures.bodies if body.code in spending]
    return sorted(names, key=lambda body: body[1])


def services_to_choose(figures: PlaceFigures) -> list[tuple[str, str]]:
    """(code, name) of the branches just below the root on which anything is spent, in the tree's order."""
    tree = Tree(figures.services)
    spent = {tree.branch(cell.service) for cell in figures.spend}
    return [(branch.code, branch.name) for branch in tree.branches if branch.code in spent]


def leaves_of(figures: PlaceFigures, part: Part) -> list[str] | None:
    """The leaves that are chosen; None means all."""
    return [leaf.code for leaf in Tree(figures.services).leaves(part.service)] if part.service else None


def narrowed(figures: PlaceFigures, part: Part, levers: tuple[LeverFigures, ...]) -> PlaceFigures:
    """The figures of a part; `levers` are the ways to save in it. Pairs are those of the body, over all services."""
    leaves = leaves_of(figures, part)

    def holds(body: str, leaf: str) -> bool:
        return part.body in (None, body) and (leaves is None or leaf in leaves)

    pairs = tuple(pair for pair in figures.pairs if part.body in (None, pair.body_a, pair.body_b))
    return replace(
        figures,
        spend=tuple(cell for cell in figures.spend if holds(cell.body, cell.service)),
        saving_cells=tuple(cell for cell in figures.saving_cells if holds(cell.body, cell.service)),
        pairs=pairs,
        pair_count=len(pairs),
        savings=replace(
            figures.savings,
            saving=_sum([lever.saving for lever in levers]),
            joined=_sum([lever.joined for lever in levers]),
            levers=levers,
        )
        if figures.savings
        else None,
    )


def narrowed_flows(figures: PlaceFigures, flows: Flows, part: Part) -> Flows:
    """The flows of a part: what the body delivers and passes on."""
    leaves = leaves_of(figures, part)
    names = {body.code: body_name(body) for body in figures.bodies}
    return Flows(
        tuple(
            cell
            for cell in flows.cells
            if part.body in (None, cell.body) and (leaves is None or cell.service in leaves)
        ),
        tuple(
            transfer
            for transfer in flows.transfers
            if leaves is None and (part.body is None or names[part.body] in (transfer.body, transfer.receiver))
        ),
    )


def part_in_words(figures: PlaceFigures, part: Part) -> str:
    """Kent County Council spends £1.18bn on education here, and could save £17m of it by joining up."""
    spend = total(cell.amount for cell in figures.spend)
    tree = Tree(figures.services)
    body = next((body_name(body) for body in figures.bodies if body.code == part.body), None)
    bodies = len({cell.body for cell in figures.spend})
    who = body or f"{money.starting(money.counted(bodies, 'body', 'bodies'))}"
    verb = "spends" if body or bodies == 1 else "spend"
    on = f" on {in_sentence(part.service, tree.services[part.service].name)}" if part.service else ""
    sentence = f"{who} {verb} {money.headline(spend)}{on} here"
    joined = total(cell.joined for cell in figures.saving_cells)
    if figures.savings is None:
        return f"{sentence}."
    if joined <= 0:
        return f"{sentence}; joining up would save nothing of it."
    return f"{sentence}, and could save {money.headline(joined)} of it by joining up."


def of_lever(figures: PlaceFigures, code: str) -> PlaceFigures:
    """The figures with the pairs of one way to save alone, most first."""
    pairs = [
        replace(pair, saving=saving, by_lever={code: saving})
        for pair in figures.pairs
        if (saving := pair.by_lever.get(code, NOTHING)) > 0
    ]
    return replace(figures, pairs=tuple(sorted(pairs, key=lambda pair: -pair.saving)))


def _sum(parts: list[Cases]) -> Cases:
    return Cases(*(sum((part.at(case) for part in parts), NOTHING) for case in ("low", "central", "high")))

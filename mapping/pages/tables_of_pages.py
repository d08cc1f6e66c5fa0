"""The exact data of figures that are tables or maps already: what their files hold, in pounds and pence."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from mapping.charts.blocks import Cell, Column, Table, columns, pounds, words
from mapping.charts.findings_of_programme import in_order
from mapping.charts.inputs import FOOTING_WORDS, Footing, Footings, LeverFigures, PlaceRow, PoolFigures

RESTS_ON = (Column("What", is_number=False), Column("Rests on", is_number=False), Column("Amount"))


def footing_table(named: Iterable[tuple[str, Footings]]) -> Table:
    """What each amount rests on, part by part."""
    rows = [
        (words(name), words(FOOTING_WORDS[footing]), pounds(rests_on[footing]))
        for name, rests_on in named
        for footing in Footing
        if rests_on.get(footing)
    ]
    return Table("What each figure rests on, £", RESTS_ON, tuple(rows))


def ranking_table(places: Sequence[PlaceRow], scenario: str) -> Table:
    """Every place with its spend and its saving in each case, most from joining up first; blank where not known."""

    def row(place: PlaceRow) -> tuple[Cell, ...]:
        saving = place.saving
        return (
            words(place.name),
            _whole(place.population),
            _known(place.spend),
            pounds(place.own),
            _known(place.joined.at(scenario) if place.joined else None),
            *(_known(saving.at(case) if saving else None) for case in (scenario, "low", "high")),
        )

    return Table(
        "Places by what they could save, £",
        columns("Place", "Population", "Spend", "From own returns", "By joining up", "In all", "Low case", "High case"),
        tuple(map(row, in_order(places, scenario))),
    )


def a_head_table(places: Sequence[PlaceRow], scenario: str) -> Table:
    """What the map shows: the saving from joining up, and a head of the population, by name."""
    known = [place for place in places if place.joined and place.population]
    rows = [
        (words(place.name), _whole(place.population), pounds(joined), pounds(joined / place.population))
        for place in sorted(known, key=lambda place: place.name)
        if place.joined and place.population
        for joined in [place.joined.at(scenario)]
    ]
    return Table(
        "Saving from joining up, £ a head",
        columns("Place", "Population", "By joining up", "A head"),
        tuple(rows),
    )


def lever_table(levers: Sequence[LeverFigures], scenario: str) -> Table:
    """What each way can address, saves and is worth."""
    rows = [
        (
            words(lever.name),
            pounds(lever.addressable),
            pounds(lever.joined.at(scenario)),
            pounds(lever.saving.at(scenario) - lever.joined.at(scenario)),
            pounds(lever.saving.at(scenario)),
            pounds(lever.net_present_value),
        )
        for lever in levers
    ]
    heads = columns("Way to save", "Can address", "By joining up", "Alone", "In all", "Worth over the years")
    return Table("Ways to save, £ in a full year", heads, tuple(rows))


def body_table(rows: Iterable[tuple[str, Decimal, Decimal, Decimal]]) -> Table:
    """(name, spend, by joining up, in all) of each body."""
    heads = columns("Body", "Spend", "By joining up", "In all")
    written = [(words(name), *(pounds(amount) for amount in amounts)) for name, *amounts in rows]
    return Table("Savings by body, £ in a full year", heads, tuple(written))


def pool_table(pools: Sequence[PoolFigures]) -> Table:
    """Where bodies can join up, before and after the cap."""
    rows = [
        (
            words(pool.lever),
            words(pool.level),
            _whole(pool.bodies),
            *(pounds(amount) for amount in (pool.addressable, pool.before_cap, pool.after_cap)),
        )
        for pool in pools
    ]
    names = (Column("Way to save", is_number=False), Column("Joining up over", is_number=False))
    heads = (*names, *(Column(head) for head in ("Bodies", "Can address", "Before the cap", "After the cap")))
    return Table("Where bodies can join up, £ in a full year", heads, tuple(rows))


def _known(amount: Decimal | None) -> Cell:
    return words("") if amount is None else pounds(amount)


def _whole(number: int | None) -> Cell:
    return words("") if number is None else Cell(f"{number:,}", is_number=True)

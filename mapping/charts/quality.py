"""Quality beside cost: the savings of a figure that are flagged, since a measure of them went the wrong way."""

from collections.abc import Iterable
from dataclasses import dataclass

from mapping.charts.inputs import LeverFigures, PlaceRow
from mapping.charts.tree import Tree
from pilots.quality.worsened import QualityFlags, Worsened


@dataclass(frozen=True)
class Flagged:
    """A saving by its name: a way to save, a service, a place; and what worsened of it."""

    name: str
    worsened: tuple[Worsened, ...]


def flagged_levers(flags: QualityFlags, levers: Iterable[LeverFigures]) -> tuple[Flagged, ...]:
    """The ways to save of which a measure worsened."""
    return _flagged((lever.name, flags.of(lever=lever.code)) for lever in levers)


def flagged_services(flags: QualityFlags, tree: Tree, services: Iterable[tuple[str, str]]) -> tuple[Flagged, ...]:
    """The services among some, (code, name), of which a measure worsened: of the service or anything below it."""
    return _flagged((name, flags.of_services(leaf.code for leaf in tree.leaves(code))) for code, name in services)


def flagged_places(places: Iterable[PlaceRow]) -> tuple[Flagged, ...]:
    """The places among some where a measure worsened."""
    return _flagged((place.short_name, place.flags.worsened) for place in places)


FELL = "quality fell"


def marked(name: str, worsened: Iterable[Worsened]) -> str:
    """The name of a saving on paper and in workbooks, marked where quality fell."""
    return f"{name} ({FELL})" if tuple(worsened) else name


def quality_notes(flags: QualityFlags, names_place: bool = False) -> tuple[str, ...]:
    """What worsened as sentences, for paper and workbooks."""
    return tuple(
        f"Quality fell. {f'{measure.place}: ' if names_place else ''}{measure.said}." for measure in flags.worsened
    )


def _flagged(found: Iterable[tuple[str, tuple[Worsened, ...]]]) -> tuple[Flagged, ...]:
    return tuple(Flagged(name, worsened) for name, worsened in found if worsened)

"""The outlines of places on the map, kept in step with the areas that belong to them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from pilots.models import Membership, PlaceOutline, Programme
from pilots.register import boundaries


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did."""

    changed: int
    removed: int
    unknown: tuple[str, ...]
    """Codes of areas that the shipped boundaries do not have; the outlines are without them."""


@transaction.atomic
def refresh_outlines(programme: Programme) -> Refreshed:
    """Dissolves anew the outline of every place whose areas are not those it was made from.

    Call it after any change of memberships, in the same transaction. Places without an area have none.
    """
    areas = _areas_of_places(programme)
    known = boundaries.known_codes().keys()
    wanted = {place: codes & known for place, codes in areas.items() if codes & known}
    stored = dict(PlaceOutline.objects.filter(place__programme=programme).values_list("place_id", "made_from"))
    digests = {place: boundaries.made_from(codes) for place, codes in wanted.items()}
    changed = [place for place, digest in digests.items() if stored.get(place) != digest]
    PlaceOutline.objects.bulk_create(
        [_outline(place, wanted[place], digests[place]) for place in changed],
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["path", "bounds", "label_x", "label_y", "made_from"],
    )
    removed = stored.keys() - wanted.keys()
    if removed:
        PlaceOutline.objects.filter(place__in=removed).delete()
    unknown = set().union(*areas.values()) - known
    return Refreshed(len(changed), len(removed), tuple(sorted(unknown)))


def _areas_of_places(programme: Programme) -> dict[int, set[str]]:
    """The codes of the lowest-tier areas in each place, by the place's id."""
    rows = Membership.objects.filter(place__programme=programme).exclude(agency__gss_code="")
    areas: dict[int, set[str]] = defaultdict(set)
    for place, code in rows.values_list("place_id", "agency__gss_code"):
        areas[place].add(code)
    return areas


def _outline(place: int, codes: set[str], digest: str) -> PlaceOutline:
    outline = boundaries.outline_of(codes)
    bounds = outline.bounds
    return PlaceOutline(
        place_id=place,
        path=outline.path,
        bounds=[bounds.left, bounds.top, bounds.width, bounds.height],
        label_x=outline.label_x,
        label_y=outline.label_y,
        made_from=digest,
    )

"""The list of places, as the API and the register page show it."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from pilots.models import FinancialYear, Place, Population, Programme
from pilots.spend.versions import with_status

PLACE_COLUMNS = ("slug", "name", "kind", "participation", "region", "population", "themes", "status")


def list_places(
    programme: Programme,
    year: FinancialYear | None,
    *,
    kind: str | None = None,
    region: str | None = None,
    theme: str | None = None,
    status: str | None = None,
    participation: str | None = None,
    q: str | None = None,
) -> QuerySet[Place]:
    """A programme's active places by name, with `population` (the newest) and `status` in a year.

    Each filter that is given narrows the list: `theme` is the whole name of what a place studies, and `q` a part
    of its name, short name, address or region, in any case.
    """
    people = Population.objects.filter(place=OuterRef("pk")).order_by("-year").values("people")[:1]
    places = Place.objects.filter(programme=programme, retired_on=None).annotate(population=Subquery(people))
    exact = {"kind": kind, "region": region, "participation": participation, "status": status}
    listed = with_status(places, year).filter(**{name: value for name, value in exact.items() if value})
    if theme:
        listed = listed.filter(studied__contains=[theme])
    if q:
        parts = ("name", "short_name", "slug", "region")
        listed = listed.filter(Q.create([(f"{part}__icontains", q) for part in parts], connector=Q.OR))
    return listed.order_by("name", "slug")


def place_row(place: Place) -> dict[str, Any]:
    """A place of `list_places` by the names of PLACE_COLUMNS."""
    row = {name: getattr(place, name) for name in PLACE_COLUMNS if name != "themes"}
    return {name: place.studied if name == "themes" else row[name] for name in PLACE_COLUMNS}

"""Asking for what held: `as_of` pins an answer to a map, or to a time."""

from datetime import datetime

from django.db.models import QuerySet
from rest_framework.request import Request

from mapping.models import SavingsMap
from pilots.api.parameters import Asked, Parameter, refuse_value
from totalplace.problems import NOT_FOUND, Problem

AS_OF = Parameter(
    "as_of",
    "The number of a map, or a time such as 2010-06-01T09:00:00Z: what was published then, with the map of then.",
    example="2010-06-01T09:00:00Z",
)


def pinned(asked: Asked) -> SavingsMap | datetime | None:
    """The map or the time that `as_of=` names. Raises Problem where it names neither, or no map there is."""
    said = asked.get("as_of")
    if not said:
        return None
    if said.isascii() and said.isdigit() and len(said) < 18:
        return map_numbered(int(said))
    try:
        # A plus sign in an address that was not escaped arrives as a space.
        time = datetime.fromisoformat(said.replace(" ", "+"))
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise refuse_value("as_of", f'"as_of" is the number of a map or a time like {AS_OF.example}, not "{said}".')
    return time


def pinned_address(request: Request, map_id: int) -> str:
    """The address of the same question, pinned to a map: what it answers stays."""
    query = request._request.GET.copy()
    query["as_of"] = str(map_id)
    query.pop("version", None)
    return f"{request.path}?{query.urlencode()}"


def map_numbered(number: int) -> SavingsMap:
    """A stored map by its number. Raises Problem where there is none."""
    found = maps_with_places().filter(pk=number).first()
    if found is None:
        raise Problem(NOT_FOUND, f"There is no map {number}. /api/v1/places/SLUG/maps/ lists those of a place.")
    return found


def maps_with_places() -> QuerySet[SavingsMap]:
    """Maps with their versions, places and sets."""
    return SavingsMap.objects.select_related(
        "version__count__place__programme", "version__count__year", "assumption_set"
    )

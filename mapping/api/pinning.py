"""Asking for what held: `as_of` pins an answer to a map, or to a time."""

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from mapping.models import SavingsMap
from mapping.summary.mapped import Mapped
from mapping.summary.pinned import keeps_spend, pinned_at, pinned_to
from pilots.api.finding import count_asked, version_asked
from pilots.api.parameters import Asked, Parameter, refuse_value
from pilots.models import FinancialYear, Programme, Version
from pilots.permissions import Anyone
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


def pinned_version(slug: str, asked: Asked, person: Anyone, *, of_spend: bool = True) -> tuple[Version, Mapped | None]:
    """The version of a place that a request is about, and with `as_of` what held then in place of what holds now.

    `of_spend` is whether the answer shows spend, too, which a working version keeps only as it is. Raises Problem.
    """
    as_of = pinned(asked)
    if as_of is None:
        return version_asked(count_asked(slug, asked), asked, person), None
    if asked.get("version"):
        raise refuse_value("as_of", "as_of says which version is read: leave version out.")
    if isinstance(as_of, SavingsMap):
        return _version_of_map(slug, as_of, asked, of_spend), pinned_to(as_of)
    count = count_asked(slug, asked)
    held = pinned_at(Version.objects.filter(count=count), as_of)
    if not held:
        raise Problem(NOT_FOUND, f"Nothing of {count.place.name} in {count.year.label} was published at that time.")
    version = Version.objects.get(pk=held[0].version_id)
    version.count = count
    return version, held[0]


def _version_of_map(slug: str, savings_map: SavingsMap, asked: Asked, of_spend: bool) -> Version:
    version = savings_map.version
    count = version.count
    if count.place.slug != slug:
        raise Problem(NOT_FOUND, f"Map {savings_map.pk} is of another place: {count.place.name}.")
    if asked.get("year") not in (None, count.year.label):
        raise refuse_value("year", f"Map {savings_map.pk} is of {count.year.label}: leave year out.")
    if of_spend and not keeps_spend(savings_map):
        raise Problem(
            NOT_FOUND,
            f"The lines that map {savings_map.pk} was made from have changed since, and its spend is kept no more. Its "
            f"savings stand: /api/v1/places/{slug}/savings/?as_of={savings_map.pk}.",
        )
    return version


def pinned_places(programme: Programme, year: FinancialYear, kind: str | None, asked: Asked) -> list[Mapped] | None:
    """The versions and maps of a programme's places at the time that `as_of=` names; None where it names none."""
    as_of = pinned(asked)
    if as_of is None:
        return None
    if isinstance(as_of, SavingsMap):
        raise refuse_value("as_of", "A map is of one place: give a time, or ask that place.")
    versions = Version.objects.filter(count__place__programme=programme, count__year=year)
    held = pinned_at(versions.filter(count__place__retired_on=None), as_of)
    return [mapped for mapped in held if kind in (None, mapped.kind)]


def located[Response: HttpResponse](request: Request, response: Response, map_id: int | None) -> Response:
    """An answer with the address under which the very map that was read stays."""
    if map_id is not None:
        response["Content-Location"] = pinned_address(request, map_id)
    return response

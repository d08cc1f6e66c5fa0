"""Finding what a request names: programme, place, year, version. What is unknown is answered with what is near."""

from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet
from rest_framework.request import Request

from pilots.models import Agency, Count, FinancialYear, Place, Programme, ServiceLine, SpendType, Version
from pilots.permissions import Anyone
from pilots.spend.versions import version_for
from pilots.spend.years import newest_complete_year, usual_first
from totalplace.problems import NOT_FOUND, Problem, nearest, unknown

from .parameters import Asked

PLACES, AGENCIES, SERVICE_LINES = "/api/v1/places/", "/api/v1/agencies/", "/api/v1/service-lines/"


def not_found(what: str, said: str, known: Sequence[str], listed_at: str = "", parameter: str = "") -> Problem:
    """The problem of a name that stands for nothing, with those that are near it."""
    detail = unknown(what, said, known, listed_at)
    near = nearest(said, known)
    fault = {"detail": detail, **({"parameter": parameter} if parameter else {}), **({"nearest": near} if near else {})}
    return Problem(NOT_FOUND, detail, [fault])


def programme_asked(asked: Asked) -> Programme:
    """The programme that `programme=` names, or the default one."""
    said = asked.get("programme")
    found = Programme.objects.filter(slug=said) if said else Programme.objects.filter(is_default=True)
    programme = found.first()
    if programme is None:
        if not said:
            raise Problem(NOT_FOUND, "There is no programme yet. Load the register first.")
        known = list(Programme.objects.order_by("slug").values_list("slug", flat=True))
        raise not_found("programme", said, known, parameter="programme")
    _mark(asked, programme)
    return programme


ILLUSTRATIVE = "Illustrative: these figures are invented and describe no real place."


def _mark(asked: Asked, programme: Programme) -> None:
    """Answers about a programme that is made up say so."""
    if programme.is_illustrative and not asked.is_illustrative:
        asked.is_illustrative = True
        asked.messages.append(ILLUSTRATIVE)


def place_named(slug: str) -> Place:
    """A place by its slug, with its programme."""
    place = Place.objects.select_related("programme").filter(slug=slug).first() if "\0" not in slug else None
    if place is None:
        raise _no_place(slug)
    return place


def _no_place(slug: str) -> Problem:
    return not_found("place", slug, list(Place.objects.order_by("slug").values_list("slug", flat=True)), PLACES)


def published_counts(programme: Programme) -> QuerySet[Count]:
    """The published counts of a programme's active places."""
    return Count.objects.filter(place__programme=programme, place__retired_on__isnull=True, published__isnull=False)


def year_asked(programme: Programme, asked: Asked) -> FinancialYear:
    """The year that `year=` names, or the newest complete published one, which is then said."""
    said = asked.get("year")
    if not said:
        newest = newest_complete_year(programme)
        if newest is None:
            raise Problem(NOT_FOUND, "Nothing complete is published yet, so that there is no year to take by default.")
        asked.messages.append(f"Year {newest.label} was taken: the newest complete published one.")
        return newest
    year = FinancialYear.objects.filter(programme=programme, label=said).first()
    if year is None:
        raise no_year(programme, said)
    return year


def no_year(programme: Programme, said: str) -> Problem:
    known = list(FinancialYear.objects.filter(programme=programme).values_list("label", flat=True))
    return not_found("year", said, known, parameter="year")


# Of a version what answers about it say: where it belongs, and its current map.
ANSWERED = ("place__programme", "year", "published")


def count_asked(slug: str, asked: Asked, also: Iterable[str] = ()) -> Count:
    """A place's count of the year asked for; else of the programme's newest complete one, which is then said.

    Where the place has none of that year its own newest complete one is taken.

    One query where it is there.
    """
    counts = Count.objects.select_related(*ANSWERED, *also)
    said = asked.get("year")
    found = counts.filter(place__slug=slug) if "\0" not in slug else counts.none()
    if said:
        count = found.filter(year__label=said, year__programme=F("place__programme")).first()
    else:
        count = usual_first(found, slug).first()
    if count is None:
        raise _no_count(place_named(slug), said)
    if not said:
        asked.messages.append(f"Year {count.year.label} was taken: the newest complete published one.")
    _mark(asked, count.place.programme)
    return count


def _no_count(place: Place, said: str | None) -> Problem:
    counted = list(Count.objects.filter(place=place).order_by("year__label").values_list("year__label", flat=True))
    if said and not FinancialYear.objects.filter(programme=place.programme_id, label=said).exists():
        return no_year(place.programme, said)
    years = f"Counted: {', '.join(counted)}." if counted else "Nothing is counted there yet."
    if said:
        return Problem(NOT_FOUND, f"{place.name} has no count of {said}. {years}")
    return Problem(NOT_FOUND, f"{place.name} has no complete published count to take by default. {years}")


def version_asked(count: Count, asked: Asked, person: Anyone) -> Version:
    """The version of a count that `version=` names: the published snapshot, or the working version."""
    which = "working" if asked.get("version") == "working" else "published"
    version = version_for(count, which, person, "API")  # type: ignore[arg-type]
    if version is None:
        raise Problem(
            NOT_FOUND,
            f"Nothing of {count.place.name} in {count.year.label} is published yet. Those who may can read "
            "version=working.",
        )
    if not asked.get("version"):
        asked.messages.append(f"The published version was taken: snapshot {version.number}.")
    version.count = count
    return version


def is_working(request: Request, asked: Asked) -> bool:
    """Whether the answer is about a working version, and so for the person who asks alone."""
    return asked.get("version") == "working"


def agency_asked(programme: Programme | int, asked: Asked) -> Agency | None:
    """The body that `agency=` names, if it is given."""
    said = asked.get("agency")
    if not said:
        return None
    agencies = Agency.objects.filter(programme=programme)
    agency = agencies.filter(code=said).first()
    if agency is None:
        raise not_found("body", said, list(agencies.values_list("code", flat=True)), AGENCIES, "agency")
    return agency


def service_line_asked(programme: Programme | int, asked: Asked) -> ServiceLine | None:
    """The branch or leaf that `service_line=` names, if it is given."""
    said = asked.get("service_line")
    if not said:
        return None
    lines = ServiceLine.objects.filter(programme=programme)
    line = lines.filter(code=said).first()
    if line is None:
        raise not_found("service line", said, list(lines.values_list("code", flat=True)), SERVICE_LINES, "service_line")
    return line


def spend_type_asked(asked: Asked) -> SpendType | None:
    """The spend type that `spend_type=` names, if it is given."""
    said = asked.get("spend_type")
    if not said:
        return None
    spend_type = SpendType.objects.filter(code=said).first()
    if spend_type is None:
        known = list(SpendType.objects.values_list("code", flat=True))
        raise not_found("spend type", said, known, parameter="spend_type")
    return spend_type

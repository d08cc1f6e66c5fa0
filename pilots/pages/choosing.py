"""Which programme, place, year or body a page is about, by its address; what there is not is a 404 in words."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from pilots.models import Agency, FinancialYear, Place, Programme
from totalplace.problems import nearest


def programme_or_none(request: HttpRequest) -> Programme | None:
    """The programme of ?programme=, else the default one, else the first; None where there is none at all."""
    slug = request.GET.get("programme")
    if slug:
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None:
            raise Http404(f'There is no programme "{slug}".')
        return programme
    return Programme.objects.order_by("-is_default", "pk").first()


def programme_meant(request: HttpRequest) -> Programme:
    """As `programme_or_none`, for pages that need one."""
    programme = programme_or_none(request)
    if programme is None:
        raise Http404("There is no programme yet. Begin one first.")
    return programme


def place_meant(slug: str) -> Place:
    """The place of an address, active or retired; where there is none the page leads to those whose names are near."""
    place = Place.objects.select_related("programme").filter(slug=slug).first()
    if place is None:
        names = dict(Place.objects.values_list("slug", "name"))
        near = [(reverse("place", args=[one]), names[one]) for one in nearest(slug, list(names))]
        links = format_html_join(" or ", '<a href="{}">{}</a>', near)
        hint = format_html("Did you mean {}?", links) if near else "The list of places names all of them."
        raise Http404(format_html("There is no place “{}”. {}", slug, hint))
    return place


def year_meant(place: Place, label: str) -> FinancialYear:
    """A year of the place's programme."""
    return _year_of(place.programme, label)


def year_asked(request: HttpRequest, programme: Programme) -> FinancialYear | None:
    """The year of ?year=; None where none is named."""
    label = request.GET.get("year")
    return _year_of(programme, label) if label else None


def _year_of(programme: Programme, label: str) -> FinancialYear:
    year = programme.years.filter(label=label).first()
    if year is None:
        raise Http404(f"{programme.name} does not count the year {label}.")
    return year


def agency_meant(programme: Programme, code: str) -> Agency:
    """A body of the programme."""
    bodies = Agency.objects.select_related("programme", "type", "parent", "successor")
    agency = bodies.filter(programme=programme, code=code).first()
    if agency is None:
        raise Http404(f'There is no body with the code "{code}" in {programme.name}.')
    return agency


def query_of(programme: Programme) -> str:
    """What addresses of a programme's pages end in: nothing for the default one."""
    return "" if programme.is_default else f"?programme={programme.slug}"


def frame(request: HttpRequest, programme: Programme, section: str = "places") -> dict[str, Any]:
    """What every page about what is needs; tells the frame of the page which programme and section it is of."""
    request.programme = programme  # type: ignore[attr-defined]
    return {"programme": programme, "section": section}

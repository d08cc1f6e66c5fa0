"""The register of places."""

from typing import Any

from django import forms
from django.db.models import Count as Number
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pilots.models import Membership, Place, Programme, Version
from pilots.permissions import Action, allows, require
from pilots.register.history import history_of_place
from pilots.register.listing import list_places
from pilots.spend.versions import NOT_STARTED
from pilots.spend.years import default_year

from .asking import who
from .choosing import frame, place_meant, programme_or_none

STATUSES = {NOT_STARTED: "Not started", **dict(Version.Status.choices)}


class PlaceFilter(forms.Form):
    """What narrows the list; the choices are those of the programme."""

    q = forms.CharField(required=False, label="Name", max_length=80)
    kind = forms.ChoiceField(required=False)
    region = forms.ChoiceField(required=False)
    participation = forms.ChoiceField(required=False)
    programme = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        regions = programme.places.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
        self.fields["kind"].choices = [("", "All"), *Place.Kind.choices]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", "All"), *((region, region) for region in regions)]  # type: ignore[attr-defined]
        self.fields["participation"].choices = [("", "All"), ("confirmed", "Confirmed"), ("candidate", "Candidate")]  # type: ignore[attr-defined]

    def narrowing(self) -> dict[str, str]:
        """The filters that were given; what the programme does not have is shown as wrong and narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "kind", "region", "participation")}


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places of a programme, or how to begin where there are none."""
    require(who(request), Action.READ_PUBLISHED)
    programme = programme_or_none(request)
    if programme is None:
        return first_run(request, None)
    year = default_year(programme)
    narrow = PlaceFilter(request.GET, programme)
    rows = with_bodies(list_places(programme, year, **narrow.narrowing()))
    may_edit = allows(who(request), Action.EDIT_REGISTER)
    return render(
        request,
        "pilots/places.html",
        {
            **frame(request, programme),
            "form": narrow,
            "year": year,
            "rows": [(place, STATUSES[place.status]) for place in rows],  # type: ignore[attr-defined]
            "all": programme.places.filter(retired_on=None).count(),
            "retired": programme.places.exclude(retired_on=None).order_by("name") if may_edit else [],
            "may_edit": may_edit,
        },
    )


def with_bodies(places: QuerySet[Place]) -> list[Place]:
    """The places with `bodies`, how many bodies serve each."""
    found = list(places)
    bodies = dict(
        Membership.objects.filter(place__in=[place.pk for place in found])
        .values_list("place")
        .annotate(number=Number("id"))
    )
    for place in found:
        place.bodies = bodies.get(place.pk, 0)  # type: ignore[attr-defined]
    return found


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Who changed a place, its bodies and its people, and what."""
    place = place_meant(slug)
    require(who(request), Action.READ_PUBLISHED, place)
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": default_year(place.programme),
        "changes": history_of_place(place),
        "may_edit": allows(who(request), Action.EDIT_REGISTER),
    }
    return render(request, "pilots/place_history.html", context)


def first_run(request: HttpRequest, programme: Programme | None) -> HttpResponse:
    """What to do where there are no places yet: add some, or where there is no programme either, load or begin one."""
    request.programme = programme  # type: ignore[attr-defined]
    return render(request, "pilots/first_run.html", {"may_edit": allows(who(request), Action.EDIT_REGISTER)})

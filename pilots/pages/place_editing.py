"""Adding, changing, swapping and retiring places in the browser."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pilots.models import Place
from pilots.permissions import Action, require
from pilots.register import editing
from pilots.spend.years import default_year

from .asking import signed_in, who
from .choosing import frame, place_meant, programme_meant
from .fields import BODIES_LIST, bodies_to_pick
from .place_forms import PlaceEditor

FORM_METHODS = ["GET", "HEAD", "POST"]
FOLLOWS = "Maps and totals follow in a few seconds."


@require_http_methods(FORM_METHODS)
def new_place(request: HttpRequest) -> HttpResponse:
    """Adds a place with its bodies."""
    require(who(request), Action.EDIT_REGISTER)
    place = Place(programme=programme_meant(request))
    editor = PlaceEditor(request.POST or None, place)
    if request.method == "POST" and editor.is_valid():
        try:
            editing.save_place(place, editor.rows.members(), editor.form.counted_people(), signed_in(request))
        except editing.RegisterRefused as refused:
            editor.refuse(refused)
        else:
            messages.success(request, f"{place.name} was added. {FOLLOWS}")
            return redirect("place-history", place.slug)
    return _page(request, editor, "Add a place")


@require_http_methods(FORM_METHODS)
def edit_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Changes a place, who serves it and with what share."""
    require(who(request), Action.EDIT_REGISTER)
    place = place_meant(slug)
    name = place.name
    editor = PlaceEditor(request.POST or None, place)
    if request.method == "POST" and editor.is_valid():
        people, seen = editor.form.counted_people(), editor.form.cleaned_data["seen"]
        try:
            editing.save_place(place, editor.rows.members(), people, signed_in(request), seen)
        except editing.RegisterRefused as refused:
            editor.refuse(refused)
        else:
            messages.success(request, f"{place.name} was changed. {FOLLOWS}")
            return redirect("place-history", place.slug)
    return _page(request, editor, f"Change {name}", stored=place_meant(slug))


@require_http_methods(FORM_METHODS)
def swap_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts another place where a candidate was."""
    require(who(request), Action.EDIT_REGISTER)
    old = place_meant(slug)
    if old.participation != Place.Participation.CANDIDATE or not old.is_active:
        messages.warning(request, "Only an active candidate can be swapped for another place.")
        return redirect("edit-place", slug)
    new = Place(programme=old.programme)
    editor = PlaceEditor(request.POST or None, new, {"kind": old.kind})
    # The bodies of the place that goes are free for the one that comes.
    editor.rows.place = old
    if request.method == "POST" and editor.is_valid():
        try:
            editing.swap_place(old, new, editor.rows.members(), editor.form.counted_people(), signed_in(request))
        except editing.RegisterRefused as refused:
            editor.refuse(refused)
        else:
            messages.success(request, f"{new.name} takes the place of {old.name}, which was retired. {FOLLOWS}")
            return redirect("place-history", new.slug)
    return _page(request, editor, f"Swap {old.name} for another place", swapped=old)


@require_http_methods(FORM_METHODS)
def retire_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks, then takes a place out of the programme."""
    place = place_meant(slug)
    require(who(request), Action.EDIT_REGISTER)
    if request.method != "POST":
        return render(
            request, "pilots/retire.html", {**frame(request, place.programme), "place": place, "name": place.name}
        )
    editing.retire_place(place, signed_in(request))
    messages.success(request, f"{place.name} was retired. Its counts stay; it can be brought back.")
    return redirect("place-history", slug)


@require_POST
def bring_back_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a retired place active again."""
    place = place_meant(slug)
    try:
        editing.bring_back_place(place, signed_in(request))
    except editing.RegisterRefused as refused:
        messages.error(request, f"{place.name} cannot come back as it is. {refused}")
    else:
        messages.success(request, f"{place.name} is back. {FOLLOWS}")
    return redirect("place-history", slug)


def _page(request: HttpRequest, editor: PlaceEditor, title: str, **more: Any) -> HttpResponse:
    programme = editor.place.programme
    regions = programme.places.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    context = {
        **frame(request, programme),
        "title": title,
        "editor": editor,
        "bodies": bodies_to_pick(programme),
        "bodies_list": BODIES_LIST,
        "regions": regions,
        "year": default_year(programme),
        **more,
    }
    return render(request, "pilots/place_form.html", context, status=422 if editor.errors else 200)

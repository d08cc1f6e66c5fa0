"""Adding, changing and retiring bodies in the browser."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from pilots.models import Agency
from pilots.permissions import Action, require
from pilots.register import editing

from .agency_forms import AgencyForm
from .asking import signed_in, who
from .choosing import agency_meant, frame, programme_meant, query_of
from .fields import BODIES_LIST, bodies_to_pick, with_value

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def new_agency(request: HttpRequest) -> HttpResponse:
    """Adds a body."""
    require(who(request), Action.EDIT_REGISTER)
    return _edit(request, Agency(programme=programme_meant(request)), "Add a body")


@require_http_methods(FORM_METHODS)
def edit_agency(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a body."""
    require(who(request), Action.EDIT_REGISTER)
    agency = agency_meant(programme_meant(request), code)
    return _edit(request, agency, f"Change {agency.name}")


@require_http_methods(FORM_METHODS)
def retire_agency(request: HttpRequest, code: str) -> HttpResponse:
    """Asks, then marks a body as gone, unless it still serves a place."""
    require(who(request), Action.EDIT_REGISTER)
    agency = agency_meant(programme_meant(request), code)
    if request.method != "POST":
        return render(
            request, "pilots/retire.html", {**frame(request, agency.programme), "agency": agency, "name": agency.name}
        )
    try:
        editing.retire_agency(agency, signed_in(request))
    except editing.RegisterRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{agency.name} was retired. What was counted of it stays.")
    return _to(agency)


@require_POST
def bring_back_agency(request: HttpRequest, code: str) -> HttpResponse:
    """Makes a retired body available again."""
    agency = agency_meant(programme_meant(request), code)
    editing.bring_back_agency(agency, signed_in(request))
    messages.success(request, f"{agency.name} is back.")
    return _to(agency)


def _edit(request: HttpRequest, agency: Agency, title: str) -> HttpResponse:
    is_new = agency.pk is None
    form = AgencyForm(request.POST or None, agency)
    if request.method == "POST" and form.is_valid():
        try:
            saved = editing.save_agency(form.filled(), signed_in(request), form.cleaned_data["seen"])
        except editing.RegisterRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, f"{saved.name} was {'added' if is_new else 'changed'}.")
            return _to(saved)
    programme = agency.programme
    context: dict[str, Any] = {
        **frame(request, programme),
        "title": title,
        "form": form,
        "is_new": is_new,
        "code": agency.code,
        "bodies": bodies_to_pick(programme),
        "bodies_list": BODIES_LIST,
    }
    return render(request, "pilots/agency_form.html", context, status=422 if form.errors else 200)


def _refuse(form: AgencyForm, refused: editing.RegisterRefused) -> None:
    for name, said in refused.errors.items():
        form.add_error(name if name in form.fields else None, said)
    if isinstance(refused, editing.ChangedMeanwhile):
        form.data = with_value(form.data, "seen", refused.newest)


def _to(agency: Agency) -> HttpResponse:
    return HttpResponseRedirect(reverse("agency", args=[agency.code]) + query_of(agency.programme))

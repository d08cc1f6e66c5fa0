"""The bodies of a programme: what each is, where it serves, and what it spends there."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count as Number
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pilots.models import Agency, AgencyType, FinancialYear, Membership, Place, Programme, SpendLine
from pilots.people.asking import Contact, contacts_of
from pilots.permissions import Action, allows, require
from pilots.register.history import history_of_agency
from pilots.spend.years import default_year

from .asking import who
from .choosing import agency_meant, frame, programme_meant

PAGE_SIZE = 100
NOTHING = Decimal(0)


class AgencyFilter(forms.Form):
    """What narrows the list of bodies."""

    q = forms.CharField(required=False, label="Name or code", max_length=80)
    kind = forms.ChoiceField(required=False, label="Kind of body")
    programme = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        kinds = AgencyType.objects.filter(agencies__programme=programme).distinct()
        self.fields["kind"].choices = [("", "All"), *((kind.code, kind.code) for kind in kinds)]  # type: ignore[attr-defined]

    def narrow(self, bodies: QuerySet[Agency]) -> QuerySet[Agency]:
        """The bodies that fit."""
        self.is_valid()
        if kind := self.cleaned_data.get("kind"):
            bodies = bodies.filter(type__code=kind)
        if q := self.cleaned_data.get("q"):
            bodies = bodies.filter(Q(name__icontains=q) | Q(code__iexact=q))
        return bodies


@dataclass(frozen=True)
class Serves:
    """A place that a body serves, with its counted revenue there in one year; None where nothing is published."""

    place: Place
    share: Decimal
    basis: str
    spend: Decimal | None
    contact: Contact


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """All bodies of a programme."""
    require(who(request), Action.READ_PUBLISHED)
    programme = programme_meant(request)
    narrow = AgencyFilter(request.GET, programme)
    active = Number("memberships", filter=Q(memberships__place__retired_on=None))
    bodies = (
        Agency.objects.filter(programme=programme).select_related("type", "successor").annotate(places_served=active)
    )
    listed = narrow.narrow(bodies).order_by("name", "code")
    context = {
        **frame(request, programme),
        "form": narrow,
        "page": Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_edit": allows(who(request), Action.EDIT_REGISTER),
    }
    return render(request, "pilots/agencies.html", context)


@require_safe
def agency(request: HttpRequest, code: str) -> HttpResponse:
    """One body, with its history."""
    require(who(request), Action.READ_PUBLISHED)
    programme = programme_meant(request)
    body = agency_meant(programme, code)
    year = default_year(programme)
    serves = places_served(body, year)
    spends = [row.spend for row in serves if row.spend is not None]
    context = {
        **frame(request, programme),
        "agency": body,
        "year": year,
        "serves": serves,
        "total": sum(spends, NOTHING) if spends else None,
        "shares": sum((row.share for row in serves), NOTHING),
        "predecessors": body.predecessors.order_by("name"),
        "children": body.children.order_by("name"),
        "changes": history_of_agency(body),
        "may_edit": allows(who(request), Action.EDIT_REGISTER),
    }
    return render(request, "pilots/agency.html", context)


def places_served(body: Agency, year: FinancialYear | None) -> list[Serves]:
    """The active places that a body serves, with its published revenue there, without what is passed on."""
    lines = SpendLine.objects.filter(
        agency=body, version__published_for__year=year, is_capital=False, is_transfer=False
    )
    spend = dict(lines.values_list("version__count__place").annotate(total=Sum("amount")))
    memberships = Membership.objects.filter(agency=body, place__retired_on=None).select_related("place")
    rows = list(memberships.order_by("place__name"))
    contacts = contacts_of([row.place for row in rows])
    return [
        Serves(row.place, row.share, row.share_basis, spend.get(row.place_id), contacts[row.place_id]) for row in rows
    ]

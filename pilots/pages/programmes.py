"""The programmes of an installation, and beginning an empty one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count as Number
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import FinancialYear, Programme
from pilots.permissions import Action, allows, require
from pilots.register.beginning import YearRefused, add_year, begin_programme, make_default, next_year, read_year

from .asking import signed_in, who
from .choosing import frame


class ProgrammeForm(forms.ModelForm):
    """An empty programme: its name, its years, and whose service tree it starts from."""

    years = forms.CharField(
        label="Financial years",
        help_text="One a line, such as 2024-25.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    like = forms.ModelChoiceField(
        Programme.objects.order_by("name"),
        required=False,
        label="Take the service tree of",
        empty_label="none: it starts with “All public services” alone",
    )

    class Meta:
        model = Programme
        fields = ["name", "slug"]
        labels = {"slug": "Address"}
        help_texts = {"slug": "What stands behind ?programme= in addresses: small letters, digits and hyphens."}

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Programme.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f'The address "{slug}" is taken.')
        return slug

    def clean_years(self) -> list[str]:
        try:
            return [read_year(year) for year in self.cleaned_data["years"].replace(",", " ").split()]
        except YearRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class YearForm(forms.Form):
    """Another year of a programme."""

    year = forms.CharField(
        max_length=7,
        label="Financial year",
        help_text="Such as 2024-25. Each place begins it on its progress page, with last year’s bodies and services.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes, each with a link that switches to it."""
    require(who(request), Action.READ_PUBLISHED)
    active = Number("places", filter=Q(places__retired_on=None), distinct=True)
    context = {
        "programmes": Programme.objects.annotate(number=active)
        .prefetch_related(Prefetch("years", FinancialYear.objects.order_by("label")))
        .order_by("-is_default", "name"),
        "may_edit": allows(who(request), Action.EDIT_REGISTER),
        "may_choose_default": allows(who(request), Action.CHANGE_SETTINGS),
        "section": "programmes",
    }
    return render(request, "pilots/programmes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_programme(request: HttpRequest) -> HttpResponse:
    """Begins an empty programme."""
    require(who(request), Action.EDIT_REGISTER)
    form = ProgrammeForm(request.POST or None)
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        programme = begin_programme(given["name"], given["slug"], given["years"], given["like"], signed_in(request))
        messages.success(request, f"{programme.name} was begun. Add its bodies, then its places.")
        return redirect(f"/places/?programme={programme.slug}")
    context = {"form": form, "section": "programmes"}
    return render(request, "pilots/programme_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_year(request: HttpRequest, slug: str) -> HttpResponse:
    """Adds a financial year to a programme; the one after its newest is offered."""
    require(who(request), Action.EDIT_REGISTER)
    programme = _programme(slug)
    form = YearForm(request.POST or None, initial={"year": next_year(programme)})
    if form.is_valid():
        try:
            year = add_year(programme, form.cleaned_data["year"], signed_in(request))
        except YearRefused as refused:
            form.add_error("year", str(refused))
        else:
            messages.success(request, f"{programme.name} counts {year.label} too. Its places can begin it.")
            return redirect("programmes")
    years = programme.years.order_by("label")
    context = {**frame(request, programme, "programmes"), "form": form, "years": [year.label for year in years]}
    return render(request, "pilots/year_form.html", context, status=422 if form.errors else 200)


def _programme(slug: str) -> Programme:
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        raise Http404(f'There is no programme "{slug}".')
    return programme


@require_POST
def default_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a programme the one that is meant when none is named."""
    programme = _programme(slug)
    make_default(programme, signed_in(request))
    messages.success(request, f"{programme.name} is what everybody sees first now.")
    return redirect("programmes")

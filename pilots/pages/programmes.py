"""The programmes of an installation, and beginning an empty one."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count as Number
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Programme
from pilots.permissions import Action, allows, require
from pilots.register.beginning import begin_programme, make_default

from .asking import signed_in, who

YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")


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
        years = self.cleaned_data["years"].replace(",", " ").split()
        for year in years:
            match = YEAR.fullmatch(year)
            if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
                raise forms.ValidationError(f'"{year}" is no financial year. Write it as 2024-25.')
        return years


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes, each with a link that switches to it."""
    require(who(request), Action.READ_PUBLISHED)
    active = Number("places", filter=Q(places__retired_on=None), distinct=True)
    context = {
        "programmes": Programme.objects.annotate(number=active).order_by("-is_default", "name"),
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


@require_POST
def default_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes a programme the one that is meant when none is named."""
    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        raise Http404(f'There is no programme "{slug}".')
    make_default(programme, signed_in(request))
    messages.success(request, f"{programme.name} is what everybody sees first now.")
    return redirect("programmes")

"""The pages: what is asked for, one call of the summaries, a template."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mapping.charts.england import england
from mapping.charts.findings_of_programme import places_word
from mapping.charts.inputs import NOTHING, total
from mapping.charts.part import known_part, leaves_of
from mapping.charts.terms import terms
from mapping.models import Scenario
from mapping.summary import (
    alike,
    flows_of,
    levers_of_part,
    place_figures,
    pool_figures,
    programme_figures,
    reconciliation_figures,
)
from pilots.models import FinancialYear, Place, Version
from pilots.pages.places import first_run
from pilots.people.asking import contact_of
from pilots.permissions import Action, allows, require
from pilots.quality.flags import quality_flags_of
from pilots.quality.worsened import together

from .asked import AskedPlace, AskedProgramme, asked_place, asked_programme, the_programme
from .downloads import (
    calls_of_place,
    calls_of_programme,
    place_downloads,
    programme_downloads,
    reconciliation_downloads,
)
from .exports import asked_file
from .levers_page import levers_page
from .method_page import HEADLINE_BASE, headline_sums
from .place_page import part_page, place_page
from .programme_page import chosen_places, programme_page
from .queries import current_assumptions, example_of, levers_with_rules, place_shapes
from .reconciliation_page import reconciliation_page
from .savings_page import savings_page
from .standing import answer_if_new, published_versions
from .tour_page import tour_page


@require_safe
def programme(request: HttpRequest) -> HttpResponseBase:
    """All places together, and each among them."""
    asked = asked_programme(request)
    if asked is None or not asked.programme.places.filter(retired_on=None).exists():
        return first_run(request, asked.programme if asked else None)
    if asked.year is None:
        return render(request, "mapping/nothing_counted.html", {"programme": asked.programme})
    versions = published_versions(asked.programme, asked.year)
    year = asked.year

    def make(etag: str) -> HttpResponse:
        page = _programme(asked, year)
        file = asked_file(request, asked.programme.slug, page)
        return file or render(request, "mapping/programme.html", page | {"etag": etag})

    return answer_if_new(request, asked.programme, versions, [asked.years], make)


def _programme(asked: AskedProgramme, year: FinancialYear) -> dict[str, Any]:
    figures = programme_figures(asked.programme, year, asked.scenario, asked.kind)
    named = "" if asked.programme.is_default else asked.programme.slug
    return programme_page(figures) | {
        "map": england(figures.places, asked.kind, place_shapes(asked.programme), asked.scenario),
        "downloads": programme_downloads(named, year.label, asked.scenario, asked.kind),
        "api_calls": calls_of_programme(named, year.label, asked.scenario, asked.kind),
    }


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the bodies of a place spend, and what they could save; of one body or service where one is chosen."""
    show, open_branch = request.GET.get("show", ""), request.GET.get("open") or None

    def page(asked: AskedPlace, version: Version) -> dict[str, Any]:
        figures, flows = place_figures(version, asked.scenario), flows_of(version)
        part = known_part(figures, request.GET.get("body"), request.GET.get("service"))
        if part:
            levers = figures.savings.levers if figures.savings else ()
            found = levers_of_part(version, asked.scenario, levers, part.body, leaves_of(figures, part))
            return part_page(figures, part, found, flows, show, open_branch)
        others = alike(asked.place.programme, version.count.year, asked.place)
        return place_page(figures, show, open_branch, flows, others)

    return _page_of_place(request, slug, "mapping/place.html", page)


@require_safe
def savings(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The savings map of a place in full."""
    open_branch = request.GET.get("open") or None

    def page(asked: AskedPlace, version: Version) -> dict[str, Any]:
        figures, pools = place_figures(version, asked.scenario), pool_figures(version, asked.scenario)
        return savings_page(figures, pools, open_branch, request.GET.get("lever"))

    return _page_of_place(request, slug, "mapping/savings.html", page)


@require_safe
def reconciliation(request: HttpRequest, slug: str) -> HttpResponseBase:
    """From the sources to what is counted, beside what was published."""

    def page(asked: AskedPlace, version: Version) -> dict[str, Any]:
        shown = reconciliation_page(reconciliation_figures(version))
        return shown | {"downloads": reconciliation_downloads(slug, version.count.year.label, asked.which)}

    return _page_of_place(request, slug, "mapping/reconciliation.html", page)


def _page_of_place(
    request: HttpRequest, slug: str, template: str, page: Callable[[AskedPlace, Version], dict[str, Any]]
) -> HttpResponseBase:
    """One of a place's pages; where nothing of it can be seen yet, a page that says so."""
    asked = asked_place(request, slug)
    version = asked.version
    may_edit, contact = allows(request.user, Action.EDIT_SPEND, asked.place), contact_of(asked.place)
    if version is None:
        return render(request, "mapping/nothing_recorded.html", {"asked": asked, "may_edit": may_edit})

    def make(etag: str) -> HttpResponse:
        chosen = (slug, version.count.year.label, asked.scenario, asked.which)
        around = {"downloads": place_downloads(*chosen), "api_calls": calls_of_place(*chosen)}
        shown = around | page(asked, version) | {"etag": etag, "may_edit": may_edit, "contact": contact}
        return asked_file(request, slug, shown) or render(request, template, shown)

    shown_too = published_versions(asked.place.programme, version.count.year).filter(
        count__place__region=asked.place.region
    )
    shown = Version.objects.filter(Q(pk=version.pk) | Q(pk__in=shown_too.values("pk")))
    return answer_if_new(request, asked.place.programme, shown, [asked.years, contact], make)


@require_safe
def levers(request: HttpRequest) -> HttpResponse:
    """The ways to save, their rates and what these rest on."""
    require(request.user, Action.READ_PUBLISHED)
    programme = the_programme(request)
    assumption_set = current_assumptions(programme) if programme else None
    if assumption_set is None:
        return render(request, "mapping/no_levers.html", {"programme": programme})
    flags = together(quality_flags_of(Place.objects.filter(programme=programme, retired_on=None)).values())
    context = levers_page(assumption_set, levers_with_rules(assumption_set), flags)
    return render(request, "mapping/levers.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How it is computed, with the headline sum of the time and the same sum of what has been counted."""
    require(request.user, Action.READ_PUBLISHED)
    context: dict[str, Any] = {"headline_sums": headline_sums(HEADLINE_BASE), "terms": list(terms().values())}
    asked = asked_programme(request)
    if asked:
        context["assumption_set"] = current_assumptions(asked.programme)
    if asked and asked.year:
        figures = programme_figures(asked.programme, asked.year, Scenario.CENTRAL, asked.kind)
        places = [place for place in chosen_places(figures) if place.spend is not None]
        context |= {
            "counted_sums": headline_sums(total(place.spend or NOTHING for place in places)),
            "places_words": places_word(asked.kind, len(places)),
            "year": asked.year.label,
        }
    return render(request, "mapping/method.html", context)


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """How to read the pages, by the example of one place: the pilot, else the place, with the most bodies."""
    asked = asked_programme(request)
    version = example_of(asked.programme, asked.year) if asked and asked.year else None
    context = tour_page(place_figures(version, Scenario.CENTRAL)) if version else {}
    return render(request, "mapping/tour.html", context)

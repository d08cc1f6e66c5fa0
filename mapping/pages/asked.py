"""What a reader asks for: which programme, place, year, case and version, from the address of a page.

Whatever is unknown raises Http404 with a message that says which are known; what the reader may not see raises
`NotAllowed`.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from mapping.models import Scenario
from pilots.models import Count, FinancialYear, Place, Programme, Version
from pilots.pages.choosing import place_meant
from pilots.permissions import Action, require
from pilots.spend.versions import Which, version_for
from pilots.spend.years import newest_complete_year
from totalplace.money import listed

KINDS = ("pilot", "parallel", "all")
WORKING: Which = "working"
PUBLISHED: Which = "published"


@dataclass(frozen=True)
class AskedPlace:
    """A place's page: `version` is None where the year holds no count that the reader could see."""

    place: Place
    year: FinancialYear | None
    scenario: str
    which: Which
    version: Version | None
    years: tuple[str, ...]
    """The years that can be chosen, the newest first."""


@dataclass(frozen=True)
class AskedProgramme:
    """The programme's page: `year` is None where nothing has been counted."""

    programme: Programme
    year: FinancialYear | None
    scenario: str
    kind: str
    years: tuple[str, ...]


def asked_programme(request: HttpRequest) -> AskedProgramme | None:
    """What the programme's page is asked for; None where there is no programme at all."""
    require(request.user, Action.READ_PUBLISHED)
    programme = the_programme(request)
    if programme is None:
        return None
    kind = choice(request, "kind", KINDS, "")
    if not kind:
        kind = "pilot" if programme.places.filter(kind=Place.Kind.PILOT, retired_on=None).exists() else "all"
    years = {year.label: year for year in counted_years(programme)}
    year = the_year(request, years, newest_complete_year(programme) or next(iter(years.values()), None))
    return AskedProgramme(programme, year, the_scenario(request), kind, tuple(years))


def asked_place(request: HttpRequest, slug: str) -> AskedPlace:
    """What a place's page is asked for."""
    require(request.user, Action.READ_PUBLISHED)
    place = place_meant(slug)
    request.programme = place.programme  # type: ignore[attr-defined]
    kind: Which = WORKING if choice(request, "version", (WORKING, PUBLISHED), PUBLISHED) == WORKING else PUBLISHED
    if kind == WORKING:
        require(request.user, Action.READ_WORKING, place)
    counts = {count.year.label: count for count in _counts(place, kind)}
    years = {label: count.year for label, count in counts.items()}
    year = the_year(request, years, _default_year(place, counts))
    count = counts.get(year.label) if year else None
    version = version_for(count, kind, request.user) if count else None
    return AskedPlace(place, year, the_scenario(request), kind, version, tuple(years))


def _counts(place: Place, kind: Which) -> list[Count]:
    """The counts of a place that can be seen, the newest year first."""
    counts = place.counts.select_related("year", "published").order_by("-year__label")
    return list(counts if kind == WORKING else counts.exclude(published=None))


def _default_year(place: Place, counts: dict[str, Count]) -> FinancialYear | None:
    """The programme's usual year; else the place's newest complete one, else its newest."""
    usual = newest_complete_year(place.programme)
    if usual and (usual.label in counts or not counts):
        return usual
    complete = [count.year for count in counts.values() if not (count.published and count.published.missing)]
    newest = [count.year for count in counts.values()]
    return next(iter(complete or newest), None)


def the_programme(request: HttpRequest) -> Programme | None:
    """The programme that `?programme=` names, else the default one; kept for the frame of the page."""
    slug = request.GET.get("programme", "")
    programmes = Programme.objects.filter(slug=slug) if slug else Programme.objects.filter(is_default=True)
    programme = programmes.first()
    if programme is None and slug:
        known = listed(list(Programme.objects.order_by("slug").values_list("slug", flat=True)))
        raise Http404(f"There is no programme “{slug}”, only {known or 'none yet'}.")
    request.programme = programme  # type: ignore[attr-defined]
    return programme


def counted_years(programme: Programme) -> list[FinancialYear]:
    """The years with a published count of an active place, the newest first."""
    counted = {"counts__published__isnull": False, "counts__place__retired_on": None}
    return list(programme.years.filter(**counted).distinct().order_by("-label"))


def the_year(
    request: HttpRequest, years: dict[str, FinancialYear], default: FinancialYear | None
) -> FinancialYear | None:
    """The year that `?year=` names, else the default one."""
    label = request.GET.get("year", "")
    if not label:
        return default
    if label not in years:
        known = f"Counted so far: {listed(list(years))}." if years else "No year has been counted yet."
        raise Http404(f"There is no count for the year “{label}”. {known}")
    return years[label]


def the_scenario(request: HttpRequest) -> str:
    """The case that `?scenario=` names, else the central one."""
    return choice(request, "scenario", tuple(Scenario.values), Scenario.CENTRAL.value)


def choice(request: HttpRequest, name: str, known: tuple[str, ...], default: str) -> str:
    """One of a few values of a query parameter."""
    said = request.GET.get(name, "")
    if not said:
        return default
    if said not in known:
        raise Http404(f"There is no {name} “{said}”, only {listed(list(known))}.")
    return said

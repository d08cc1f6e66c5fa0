"""Reports: a page made for A4, the running words of its sheets, and the same as a PDF and a workbook."""

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mapping.models import SavingsMap
from mapping.reports import place_report, programme_report
from mapping.reports.asking import NoWorker, ask_for
from mapping.reports.blocks import Identity, Report
from mapping.reports.files import CONTENT_TYPES, PDF, XLSX, Made, Wanted, kept_file
from mapping.summary import place_figures, programme_figures
from pilots.models import FinancialYear, Version
from pilots.people.asking import Contact, contact_of
from pilots.permissions import Action, allows

from .asked import WORKING, AskedPlace, AskedProgramme, asked_place, asked_programme
from .standing import answer_if_new, published_versions, standing

WAIT, LOOK_AGAIN = 5.0, 0.1
"""How long a page waits for the worker to make a file, and how often it looks, in seconds."""


@dataclass(frozen=True)
class AskedReport:
    """A report that was asked for and can be made. `slug` is empty for the programme's."""

    asked: AskedPlace | AskedProgramme
    year: FinancialYear
    version: Version | None
    slug: str
    query: dict[str, str]
    """What chooses this very report, for its addresses."""

    @property
    def name(self) -> str:
        """What its files are called."""
        whose = self.slug or getattr(self.asked, "programme").slug  # noqa: B009 - of a programme's
        return f"{whose}-{self.year.label}-{self.asked.scenario}"


@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A place's report."""
    asked = asked_place(request, slug)
    if asked.version is None:
        may_edit = allows(request.user, Action.EDIT_SPEND, asked.place)
        return render(request, "mapping/nothing_recorded.html", {"asked": asked, "may_edit": may_edit})
    return _page(request, _of_place(asked))


@require_safe
def programme(request: HttpRequest) -> HttpResponseBase:
    """The programme's report."""
    asked = asked_programme(request)
    if asked is None or asked.year is None:
        return render(request, "mapping/nothing_counted.html", {"programme": asked.programme if asked else None})
    return _page(request, _of_programme(asked, asked.year))


def _page(request: HttpRequest, found: AskedReport) -> HttpResponseBase:
    def make(etag: str) -> HttpResponse:
        return render(request, "reports/report.html", _context(request, found) | {"etag": etag})

    return answer_if_new(request, _programme_of(found), _versions(found), [found.asked.years, _contact(found)], make)


def _context(request: HttpRequest, found: AskedReport) -> dict[str, Any]:
    report, provenance = _report(found, _permanent(request, found))
    asked_map = request.GET.get("map", "")
    now = str(provenance.map_id or "")
    return {
        "report": report,
        "provenance": provenance,
        "is_waiting": provenance.is_awaited(provenance.computed_at is None),
        "slug": found.slug,
        "contact": _contact(found),
        "sheet_address": _address(found, "sheet.css"),
        "another_map": asked_map if asked_map.isdigit() and now and asked_map != now else "",
        "map_address": f"/api/v1/places/{found.slug}/maps/{asked_map}/",
        "downloads": [("PDF", _address(found, PDF)), ("Workbook (XLSX)", _address(found, XLSX))],
    }


def _report(found: AskedReport, address: str) -> tuple[Report, Any]:
    """The report, and the provenance of its page."""
    if found.version is not None:
        figures = place_figures(found.version, found.asked.scenario)
        return place_report(found.version, found.asked.scenario, address), figures.provenance
    assert isinstance(found.asked, AskedProgramme)
    asked = found.asked.programme, found.year, found.asked.scenario, found.asked.kind
    return programme_report(*asked, address), programme_figures(*asked).provenance


@require_safe
def place_sheet(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The running words of a place's sheets, as styles: no style may stand in the page itself."""
    asked = asked_place(request, slug)
    if asked.version is None:
        raise Http404("Nothing has been recorded here yet.")
    return _sheet(request, _of_place(asked))


@require_safe
def programme_sheet(request: HttpRequest) -> HttpResponseBase:
    """The running words of the programme's sheets."""
    return _sheet(request, _asked_programme(request))


def _sheet(request: HttpRequest, found: AskedReport) -> HttpResponse:
    report, _ = _report(found, _permanent(request, found))
    response = HttpResponse(running_words(report.identity), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def running_words(identity: Identity) -> str:
    """The margin boxes of every sheet: whose figures, what they were made from, where they stand for good."""
    title, made_from, address = map(quoted, (identity.title, identity.made_from, identity.address))
    return f"""@page {{
  margin: 20mm 14mm 22mm;
  font-family: "Source Sans 3 Variable", arial, sans-serif;
  font-size: 8.5pt;
  color: #4b5a63;
  @top-left {{ content: {title}; width: 80%; font-weight: 600; vertical-align: bottom; padding-bottom: 3mm; }}
  @top-right {{ content: "Total Place"; vertical-align: bottom; padding-bottom: 3mm; }}
  @bottom-left {{
    content: {made_from} "\\a" {address}; width: 82%; white-space: pre; text-align: left; vertical-align: top;
    padding-top: 3mm;
  }}
  @bottom-right {{
    content: "Sheet " counter(page) " of " counter(pages); vertical-align: top; padding-top: 3mm;
  }}
}}
"""


def quoted(text: str) -> str:
    """Text as a string of a style sheet: everything but letters, digits and spaces by its number."""
    return f'"{re.sub(r"[^A-Za-z0-9 ]", lambda found: f"\\{ord(found[0]):x} ", text)}"'


@require_safe
def place_file(request: HttpRequest, slug: str, format: str) -> HttpResponseBase:
    """A place's report as a file, made by the worker."""
    asked = asked_place(request, slug)
    if asked.version is None:
        raise Http404("Nothing has been recorded here yet, so that there is no report.")
    return _file(request, _of_place(asked), format)


@require_safe
def programme_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The programme's report as a file, made by the worker."""
    return _file(request, _asked_programme(request), format)


def _file(request: HttpRequest, found: AskedReport, format: str) -> HttpResponse:
    """The file; while it is being made a page that looks again by itself; why where it cannot be made."""
    wanted = _wanted(request, found, format)
    try:
        made = _made(wanted)
    except NoWorker:
        made = Made(problem="Nobody can make the file now: the worker cannot be reached. The page prints as well.")
    if made is not None and made.content:
        response = HttpResponse(made.content, content_type=CONTENT_TYPES[format])
        response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.{format}"'
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    context = {"format": format.upper(), "problem": made.problem if made else "", "report_address": _address(found, "")}
    response = render(request, "reports/being_made.html", context, status=503 if made else 202)
    if made is None:
        response.headers["Refresh"] = "2"
    response.headers["Retry-After"] = "2"
    response.headers["Cache-Control"] = "no-store"
    return response


def _made(wanted: Wanted) -> Made | None:
    """What was made, asked for and waited for a little. Raises NoWorker."""
    if made := kept_file(wanted):
        return made
    ask_for(wanted)
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if made := kept_file(wanted):
            return made
        time.sleep(LOOK_AGAIN)
    return None


def _wanted(request: HttpRequest, found: AskedReport, format: str) -> Wanted:
    """The file of a report; another standing of its figures makes another file."""
    made_from = repr([_contact(found), *standing(_programme_of(found), _versions(found))])
    wanted = Wanted(
        format=format,
        scenario=found.asked.scenario,
        address=_permanent(request, found),
        standing=hashlib.sha256(made_from.encode()).hexdigest(),
    )
    if found.version is not None:
        return replace(wanted, version=found.version.pk)
    assert isinstance(found.asked, AskedProgramme)
    return replace(wanted, programme=found.asked.programme.pk, year=found.year.label, kind=found.asked.kind)


def _of_place(asked: AskedPlace) -> AskedReport:
    assert asked.version is not None
    year = asked.version.count.year
    query = {"year": year.label, "scenario": asked.scenario}
    if asked.which == WORKING:
        query["version"] = WORKING
    return AskedReport(asked, year, asked.version, asked.place.slug, query)


def _of_programme(asked: AskedProgramme, year: FinancialYear) -> AskedReport:
    query = {"year": year.label, "scenario": asked.scenario, "kind": asked.kind}
    if not asked.programme.is_default:
        query["programme"] = asked.programme.slug
    return AskedReport(asked, year, None, "", query)


def _asked_programme(request: HttpRequest) -> AskedReport:
    asked = asked_programme(request)
    if asked is None or asked.year is None:
        raise Http404("Nothing has been counted yet, so that there is no report.")
    return _of_programme(asked, asked.year)


def _programme_of(found: AskedReport):
    return found.asked.place.programme if isinstance(found.asked, AskedPlace) else found.asked.programme


def _contact(found: AskedReport) -> Contact | None:
    """Whom to ask about a place's report; the programme's names no one person."""
    return contact_of(found.asked.place) if isinstance(found.asked, AskedPlace) else None


def _versions(found: AskedReport):
    """The versions whose figures stand in the report."""
    if found.version is not None:
        return Version.objects.filter(pk=found.version.pk)
    assert isinstance(found.asked, AskedProgramme)
    return published_versions(found.asked.programme, found.year)


ROUTES = {"": "report", PDF: "report-file", XLSX: "report-file", "sheet.css": "report-sheet"}


def _address(found: AskedReport, what: str) -> str:
    """The address of a report, of one of its files or of its styles."""
    arguments: list[str] = [what] if what in (PDF, XLSX) else []
    name = ROUTES[what] if found.slug else f"programme-{ROUTES[what]}"
    path = reverse(name, args=[found.slug, *arguments] if found.slug else arguments)
    return f"{path}?{urlencode(found.query)}"


def _permanent(request: HttpRequest, found: AskedReport) -> str:
    """The address that is printed: the report with the map that it shows now, by which a later reader is told."""
    query = dict(found.query)
    if found.version is not None:
        current = SavingsMap.objects.filter(
            pk__in=Version.objects.filter(pk=found.version.pk).values("current_map__map")
        )
        query |= {"map": str(current.get().pk)} if current else {}
    path = _address(found, "").partition("?")[0]
    return request.build_absolute_uri(f"{path}?{urlencode(query)}")


__all__: Sequence[str] = ("place", "place_file", "place_sheet", "programme", "programme_file", "programme_sheet")

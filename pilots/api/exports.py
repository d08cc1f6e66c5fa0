"""Files to be made of what is published: asked for here, made by the worker (mapping/export)."""

import json
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.jobs import queue_job
from pilots.models import FinancialYear, Job, Person
from pilots.spend.years import newest_complete_year
from totalplace.problems import LINE_REFUSED, NOT_FOUND, Problem

from . import job_shapes
from .bodies import read_body
from .finding import place_named, programme_asked, published_counts
from .jobs import accepted
from .operations import operation
from .parameters import Asked
from .repeats import once
from .views import ApiView

CENTRAL = "central"


class Exports(ApiView):
    @operation(
        "makeExport",
        "Files",
        takes=job_shapes.NewExport,
        sends={"format": "package", "place": "kent", "year": "2010-11"},
        gives=job_shapes.Job,
        status=202,
        is_public=True,
        repeats=True,
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Ask for a file

        Everything that is published of a year, of a place or of all: spend lines, savings cells, the summary, and the
        register they name, as a Fiscal Data Package, a workbook or Parquet. What is being made already is not made
        twice.
        """
        body = read_body(request.data, job_shapes.NewExport)

        def accept() -> Any:
            person = request.user if isinstance(request.user, Person) else None
            wanted = what_is_wanted(body)
            open_jobs = Job.objects.filter(kind=Job.Kind.EXPORT, state__in=Job.OPEN, request=wanted, created_by=person)
            return accepted(open_jobs.first() or queue_job(Job.Kind.EXPORT, wanted, person))

        with transaction.atomic():
            return once(request, json.dumps(body, sort_keys=True), accept)


def what_is_wanted(body: dict[str, Any]) -> dict[str, Any]:
    """The request of an export with everything that is taken by default. Raises Problem."""
    place = place_named(body["place"]) if body.get("place") else None
    programme = programme_asked(Asked({"programme": body["programme"]} if body.get("programme") else {}))
    programme = place.programme if place else programme
    year = _year(programme, body.get("year"))
    counts = published_counts(programme).filter(year=year)
    counts = counts.filter(place=place) if place else counts
    if kind := body.get("kind"):
        counts = counts.filter(place__kind=kind)
    if not counts.exists():
        whose = place.name if place else "any such place"
        raise Problem(LINE_REFUSED, f"Nothing of {whose} in {year.label} is published.", [_fault("year", year.label)])
    return {
        "format": body["format"],
        "place": place.slug if place else None,
        "year": year.label,
        "scenario": body.get("scenario") or CENTRAL,
        "kind": kind,
        "programme": programme.slug,
    }


def _year(programme: Any, said: str | None) -> FinancialYear:
    if said is None:
        newest = newest_complete_year(programme)
        if newest is None:
            raise Problem(NOT_FOUND, "Nothing complete is published yet, so that there is no year to take by default.")
        return newest
    year = FinancialYear.objects.filter(programme=programme, label=said).first()
    if year is None:
        raise Problem(LINE_REFUSED, f'There is no year "{said}".', [_fault("year", said)])
    return year


def _fault(name: str, said: str) -> dict[str, str]:
    return {"pointer": f"/{name}", "detail": f"Nothing is published of {said}."}

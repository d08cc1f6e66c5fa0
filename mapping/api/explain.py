"""How a saving was made: the cells of a map opened to inputs, rules, rates, pools, steps and spend lines."""

from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.explain import Opened, explain_cells, open_map
from mapping.explain.cells import stored_cells
from mapping.explain.opened import CHANGED
from mapping.models import CurrentMap, SavingsMap
from mapping.summary.sums import NOTHING
from pilots.api.finding import agency_asked, count_asked, service_line_asked, version_asked
from pilots.api.formats import plain
from pilots.api.listing import Page, linked
from pilots.api.operations import operation
from pilots.api.parameters import AGENCY, PAGE, SERVICE_LINE, VERSION, YEAR_PARAMETER, Parameter, refuse_value
from pilots.api.views import ApiView, answer, conditional
from pilots.models import Agency, Place
from pilots.people.asking import asking_page
from pilots.permissions import Action, require
from totalplace.problems import NOT_FOUND, Problem

from . import explain_shapes as shapes
from .asking import LEVER, SCENARIO, lever_asked, scenario_asked, validators_of_version
from .pinning import map_numbered, maps_with_places

PLACE = Parameter("place", "The slug of a place.", example="kent")
MAP = Parameter("map", "The number of a map, in place of a place and a year.", least=1)
MOST = 100
PAGE_SIZE = Parameter("page_size", f"Cells on a page, at most {MOST}; 20 by default.", least=1, most=MOST)
USUAL_SIZE = 20


class Explain(ApiView):
    parameters = (PLACE, YEAR_PARAMETER, SCENARIO, AGENCY, SERVICE_LINE, LEVER, MAP, VERSION, PAGE, PAGE_SIZE)

    @operation(
        "explain",
        "Cube",
        gives=shapes.Explanation,
        query={"place": "kent", "agency": "E2221", "lever": "shared-back-office"},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """How a saving was made

        The stored cells of a place's map, each opened to its inputs, the rules that won, the pool with everybody in
        it, the rates, the levers on the same pounds, and the spend lines below; the steps lead to the stored pence.
        """
        found = self._map()
        place = found.version.count.place
        agency = agency_asked(place.programme_id, self.asked)
        self._require(request, found, place, agency)
        service_line = service_line_asked(place.programme_id, self.asked)
        lever = lever_asked(place.programme_id, self.asked)
        scenario = scenario_asked(self.asked)
        cells = stored_cells(found.pk, scenario)
        if agency:
            cells = cells.filter(agency=agency)
        if service_line:
            cells = cells.filter(service_line__ancestry__ancestor=service_line)
        if lever:
            cells = cells.filter(lever__code=lever)
        validators = validators_of_version(request, found.version, None, found.pk)
        return conditional(request, *validators, lambda: self._build(request, found, scenario, cells))

    def _map(self) -> SavingsMap:
        """The map that is asked for: by its number, or the current one of a place's count."""
        if said := self.asked.get("map"):
            if self.asked.get("place") or self.asked.get("year") or self.asked.get("version"):
                detail = "A map has its place, year and version: leave place, year and version out."
                raise refuse_value("map", detail)
            return map_numbered(int(said))
        if not self.asked.get("place"):
            raise refuse_value("place", "Say whose saving: give place, or the number of a map.")
        count = count_asked(self.asked.get("place") or "", self.asked)
        version = version_asked(count, self.asked, self.request.user)
        current = maps_with_places().filter(pk__in=CurrentMap.objects.filter(version=version).values("map")).first()
        if current is None:
            raise Problem(NOT_FOUND, f"{count.place.name} has no savings map of {count.year.label} yet.")
        return current

    def _require(self, request: Request, found: SavingsMap, place: Place, agency: Agency | None) -> None:
        self.is_private = found.version.is_working
        if found.version.is_working:
            require(request.user, Action.READ_WORKING, place, agency)

    def _build(self, request: Request, found: SavingsMap, scenario: str, cells: QuerySet) -> HttpResponseBase:
        totals = cells.order_by().aggregate(saving=Sum("saving"), joined=Sum("joined"), count=Count("lever"))
        page = Page(self.asked, totals["count"], USUAL_SIZE)
        opened = open_map(found, scenario)
        explained, pools = explain_cells(opened, list(cells[page.start : page.stop]))
        response = answer(
            {
                **_head(found, scenario, opened),
                "count": page.count,
                "page": page.number,
                "page_size": page.size,
                **page.links(request),
                "total": {name: totals[name] or NOTHING for name in ("saving", "joined")},
                "pools": pools,
                "whom_to_ask": asking_page(found.version.count.place.slug),
                "messages": [*self.asked.messages, *_said_of(opened)],
                "cells": [{**cell, "lines": [_line(line) for line in cell["lines"]]} for cell in explained],
            }
        )
        return linked(response, page, request)


def _head(found: SavingsMap, scenario: str, opened: Opened) -> dict[str, Any]:
    count = found.version.count
    return {
        "place": count.place.slug,
        "year": count.year.label,
        "scenario": scenario,
        "map": {
            "id": found.pk,
            "assumption_set": found.assumption_set.number,
            "computed_at": found.computed_at,
            "inputs_digest": found.inputs_digest,
            "address": f"/api/v1/places/{count.place.slug}/maps/{found.pk}/",
        },
        "is_whole": opened.is_whole,
    }


def _said_of(opened: Opened) -> list[str]:
    if not opened.is_whole:
        return [CHANGED]
    if opened.map.version.revision != opened.map.revision:
        return ["The spend lines below have changed since and are not shown; the sums that they came to are."]
    return []


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "share": plain(line["share"])}

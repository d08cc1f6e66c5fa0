"""Permanent addresses of computed maps: what each was made from, by digests, and what it found."""

from dataclasses import replace
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.freshness import with_freshness
from mapping.models import CurrentMap, MapResult, SavingsMap, Scenario
from mapping.summary.mapped import mapped_version
from pilots.api.finding import no_year, place_named
from pilots.api.listing import Listing, QueryRows, answer_list
from pilots.api.operations import operation
from pilots.api.parameters import YEAR_PARAMETER
from pilots.api.typed import columns_of
from pilots.api.views import ApiView, ListView, answer_object
from pilots.models import FinancialYear, Place, Version
from pilots.permissions import Action, allows, require
from totalplace.problems import NOT_FOUND, Problem

from . import shapes

CENTRAL = Scenario.CENTRAL
READ = {
    "place": F("version__count__place__slug"),
    "year": F("version__count__year__label"),
    "snapshot": F("version__number"),
    "kind": F("version__kind"),
    "lines_digest": F("version__digest"),
    "set_number": F("assumption_set__number"),
}
OWN = ("id", "version_id", "computed_at", "inputs_digest", "revision", "register_revision", "spend_total")


def described_maps(maps: QuerySet[SavingsMap]) -> QuerySet[SavingsMap, dict[str, Any]]:
    """Maps as `map_row` takes them, the newest first."""
    central = MapResult.objects.filter(map=OuterRef("pk"), scenario=CENTRAL)
    current = Exists(CurrentMap.objects.filter(map=OuterRef("pk")))
    return (
        with_freshness(maps)
        .annotate(full_year=central.values("saving")[:1], joined=central.values("joined")[:1], is_current=current)
        .order_by("-computed_at", "-pk")
        .values(*OWN, "full_year", "joined", "is_current", "is_stale", **READ)
    )


def map_row(stored: dict[str, Any]) -> dict[str, Any]:
    """A map as clients see it. It is stale when anything it was made from is no longer what it was."""
    is_snapshot = stored["kind"] == Version.Kind.SNAPSHOT
    return {
        "id": stored["id"],
        "place": stored["place"],
        "year": stored["year"],
        "snapshot": stored["snapshot"] if is_snapshot else None,
        "assumption_set": stored["set_number"],
        "computed_at": stored["computed_at"],
        "inputs_digest": stored["inputs_digest"],
        "lines_digest": stored["lines_digest"] or None,
        "revision": stored["revision"],
        "register_revision": stored["register_revision"],
        "is_current": stored["is_current"],
        "is_stale": stored["is_stale"],
        "spend_total": stored["spend_total"],
        "full_year": stored["full_year"],
        "joined": stored["joined"],
        "address": f"/api/v1/places/{stored['place']}/maps/{stored['id']}/",
    }


def _visible(request: Request, place: Place) -> QuerySet[SavingsMap]:
    """The maps of a place's snapshots, and those of working versions for whoever may read all of them."""
    maps = SavingsMap.objects.filter(version__count__place=place)
    if allows(request.user, Action.READ_WORKING, place):
        return maps
    return maps.filter(version__kind=Version.Kind.SNAPSHOT)


class MapsOfPlace(ListView):
    parameters = (replace(YEAR_PARAMETER, about="The maps of one financial year; without it all."),)

    @operation("listMaps", "Savings", gives=shapes.SavingsMap)
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """A place's savings maps

        Every map that was ever stored of it, the newest first, each under an address of its own that stays.
        """
        found = place_named(place)
        maps = _visible(request, found)
        self.is_private = allows(request.user, Action.READ_WORKING, found)
        if said := self.asked.get("year"):
            if not FinancialYear.objects.filter(programme=found.programme_id, label=said).exists():
                raise no_year(found.programme, said)
            maps = maps.filter(version__count__year__label=said)
        rows = QueryRows(described_maps(maps), map_row)
        return answer_list(request, self.asked, Listing(rows, columns_of(shapes.SavingsMap), f"maps-{found.slug}"))


class OneMap(ApiView):
    @operation("getMap", "Savings", gives=shapes.SavingsMap)
    def get(self, request: Request, place: str, map: int) -> HttpResponseBase:
        """One savings map

        What it was made from, by digests and revisions, and its full-year saving in the central case.
        """
        found = place_named(place)
        stored = described_maps(SavingsMap.objects.filter(version__count__place=found, pk=map)).first()
        if stored is None:
            raise Problem(NOT_FOUND, f"{found.name} has no map {map}. /api/v1/places/{found.slug}/maps/ lists them.")
        if stored["kind"] == Version.Kind.WORKING:
            self.is_private = True
            require(request.user, Action.READ_WORKING, found)
        return answer_object(request, map_row(stored), mapped_version(Version(pk=stored["version_id"])).changed_at)

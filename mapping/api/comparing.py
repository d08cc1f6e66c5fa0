"""Two maps of a place side by side, with what the difference comes from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.explain.comparing import NO_LONGER, Difference, LeverDifference, compare_maps
from mapping.models import SavingsMap
from mapping.summary.mapped import mapped_version
from pilots.api.finding import place_named
from pilots.api.operations import operation
from pilots.api.views import ApiView, answer, conditional
from pilots.api.words import Word, tell
from pilots.models import Place
from pilots.permissions import Action, require
from totalplace.problems import NOT_FOUND, Problem

from .asking import SCENARIO, scenario_asked, validators_of
from .pinning import maps_with_places


@dataclass(frozen=True, slots=True)
class ComparedMap:
    """One of the two maps, and what it was made from."""

    id: int
    year: str
    snapshot: int | None
    assumption_set: int
    register_revision: int
    computed_at: datetime
    inputs_digest: str
    spend_total: Decimal
    address: str


@dataclass(frozen=True, slots=True)
class MapComparison:
    """Two maps of a place in a case."""

    place: str
    scenario: str
    first: ComparedMap
    second: ComparedMap
    saving: Difference
    joined: Difference
    by_lever: list[LeverDifference]
    messages: list[str]


tell(
    {
        "first": Word("The first map.", {}),
        "second": Word("The second map.", {}),
        "Difference.first": Word("In the first map.", "120000000.00"),
        "Difference.second": Word("In the second map.", "121000000.00"),
        "difference": Word("The second less the first.", "1000000.00"),
        "causes": Word("What it comes from; null where the lines of a map are kept no more.", None),
        "Causes.lines": Word("From the lines that are counted.", "1500000.00"),
        "assumptions": Word("From the assumption set.", "-500000.00"),
        "register": Word("From the register of bodies and services.", "0.00"),
        "ComparedMap.id": Word("Its number.", 1),
        "ComparedMap.snapshot": Word("The number of the snapshot; null for a working version.", 1),
        "MapComparison.saving": Word("The full-year saving in both.", {}),
        "MapComparison.joined": Word("The part from joining up in both.", {}),
        "LeverDifference.saving": Word("The lever's saving in both.", {}),
        "LeverDifference.joined": Word("The part of it from joining up in both.", {}),
    }
)


class CompareMaps(ApiView):
    parameters = (SCENARIO,)

    @operation("compareMaps", "Savings", gives=MapComparison)
    def get(self, request: Request, place: str, map: int, other: int) -> HttpResponseBase:
        """Why two maps of a place differ

        The difference in parts that add to it: what comes from the lines that are counted, from the assumption set,
        and from the register. They are taken in this order: lines, assumptions, and the register as what remains.
        """
        found = place_named(place)
        first, second = self._map(found, map), self._map(found, other)
        scenario = scenario_asked(self.asked)

        def build() -> HttpResponse:
            compared = compare_maps(first, second, scenario)
            messages = [*self.asked.messages, *([] if compared.is_told_apart else [NO_LONGER])]
            return answer(
                MapComparison(
                    place=found.slug,
                    scenario=scenario,
                    first=_compared(first),
                    second=_compared(second),
                    saving=compared.saving,
                    joined=compared.joined,
                    by_lever=compared.by_lever,
                    messages=messages,
                )
            )

        versions = [mapped_version(first.version), mapped_version(second.version)]
        revisions = first.version.revision, second.version.revision, found.programme.register_revision
        return conditional(request, *validators_of(request, versions, *revisions), build)

    def _map(self, place: Place, number: int) -> SavingsMap:
        found = maps_with_places().filter(version__count__place=place, pk=number).first()
        if found is None:
            raise Problem(NOT_FOUND, f"{place.name} has no map {number}. /api/v1/places/{place.slug}/maps/ lists them.")
        if found.version.is_working:
            self.is_private = True
            require(self.request.user, Action.READ_WORKING, place)
        return found


def _compared(one: SavingsMap) -> ComparedMap:
    count = one.version.count
    return ComparedMap(
        id=one.pk,
        year=count.year.label,
        snapshot=None if one.version.is_working else one.version.number,
        assumption_set=one.assumption_set.number,
        register_revision=one.register_revision,
        computed_at=one.computed_at,
        inputs_digest=one.inputs_digest,
        spend_total=one.spend_total,
        address=f"/api/v1/places/{count.place.slug}/maps/{one.pk}/",
    )

"""Summaries: what a place comes to, and what all of them come to."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.cube.per_head import newest_populations, rate
from mapping.cube.prices import NOMINAL
from mapping.summary import place_summary, programme_summary, shapes
from mapping.summary.mapped import mapped_places, mapped_version
from pilots.api.finding import programme_asked, year_asked
from pilots.api.operations import operation
from pilots.api.parameters import PROGRAMME, VERSION, YEAR_PARAMETER, Asked
from pilots.api.spend import KIND
from pilots.api.views import ApiView, answer, conditional
from pilots.permissions import Action, require
from pilots.spend.years import lagging_places

from .asking import (
    PER,
    PRICES,
    SCENARIO,
    factor_asked,
    scenario_asked,
    validators_of_programme,
    validators_of_version,
)
from .pinning import AS_OF, located, pinned_places, pinned_version


class SummaryOfPlace(ApiView):
    parameters = (YEAR_PARAMETER, SCENARIO, PRICES, PER, VERSION, AS_OF)

    @operation("getPlaceSummary", "Places", gives=shapes.PlaceSummary, query={"year": "2010-11"})
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """A place's summary

        Its spend by body and by service, and its savings by lever and by review year, from the stored map, which is
        named. `spend_total` is revenue without transfers. Until the first map is there `savings` and `map` are null.
        """
        version, pinned = pinned_version(place, self.asked, request.user)
        self.is_private = version.is_working
        if version.is_working:
            require(request.user, Action.READ_WORKING, version.count.place)
        scenario, mapped = scenario_asked(self.asked), pinned or mapped_version(version)
        count = version.count
        factor = factor_asked(count.place.programme, count.year.label, self.asked)

        def build() -> HttpResponse:
            summary = as_asked(place_summary(version, scenario, mapped, factor), [count.place_id], self.asked)
            response = answer(summary)
            return located(request, response, summary.map.id if summary.map else None)

        return conditional(request, *validators_of_version(request, version, mapped, factor=factor), build)


class SummaryOfProgramme(ApiView):
    parameters = (YEAR_PARAMETER, SCENARIO, KIND, PRICES, PER, AS_OF, PROGRAMME)

    @operation("getSummary", "Programme", gives=shapes.ProgrammeSummary, query={"kind": "pilot"})
    def get(self, request: Request) -> HttpResponseBase:
        """The programme's summary

        The same over all places, or over those of one kind, from their published counts.
        """
        programme = programme_asked(self.asked)
        year = year_asked(programme, self.asked)
        scenario, kind = scenario_asked(self.asked), self.asked.get("kind")
        pinned = pinned_places(programme, year, kind, self.asked)
        versions = mapped_places(programme, year, kind) if pinned is None else pinned
        factor = factor_asked(programme, year.label, self.asked)

        def build() -> HttpResponse:
            lagging = lagging_places(programme, year, kind) if pinned is None else []
            summary = programme_summary(programme, year, scenario, kind, versions, factor, lagging)
            return answer(as_asked(summary, [mapped.place_id for mapped in versions], self.asked))

        return conditional(request, *validators_of_programme(request, programme, versions, factor), build)


def as_asked[Summary: (shapes.PlaceSummary, shapes.ProgrammeSummary)](
    summary: Summary, places: Sequence[int], asked: Asked
) -> Summary:
    """A summary with what was taken by default, the prices asked for, and its headline figures for each person."""
    return replace(
        summary,
        messages=[*asked.messages, *summary.messages],
        prices=asked.get("prices") or NOMINAL,
        per_head=head_rows(summary, places) if asked.get("per") == "head" else None,
    )


def head_rows(summary: shapes.PlaceSummary | shapes.ProgrammeSummary, places: Sequence[int]) -> shapes.HeadRows:
    """The headline figures of some places over all the people living there; null where some are not counted."""
    known, savings = newest_populations(places), summary.savings
    people = sum(known.values()) if known.keys() >= set(places) else None
    return shapes.HeadRows(
        spend_total=rate(summary.spend_total, people),
        full_year=rate(savings.full_year, people) if savings else None,
        joined=rate(savings.joined, people) if savings else None,
    )

"""Summaries: what a place comes to, and what all of them come to."""

from dataclasses import replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.summary import place_summary, programme_summary, shapes
from mapping.summary.mapped import mapped_places, mapped_version
from pilots.api.finding import programme_asked, year_asked
from pilots.api.operations import operation
from pilots.api.parameters import PROGRAMME, VERSION, YEAR_PARAMETER
from pilots.api.spend import KIND
from pilots.api.views import ApiView, answer, conditional
from pilots.permissions import Action, require

from .asking import SCENARIO, scenario_asked, validators_of_programme, validators_of_version
from .pinning import AS_OF, located, pinned_places, pinned_version


class SummaryOfPlace(ApiView):
    parameters = (YEAR_PARAMETER, SCENARIO, VERSION, AS_OF)

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

        def build() -> HttpResponse:
            summary = place_summary(version, scenario, mapped)
            response = answer(replace(summary, messages=[*self.asked.messages, *summary.messages]))
            return located(request, response, summary.map.id if summary.map else None)

        return conditional(request, *validators_of_version(request, version, mapped), build)


class SummaryOfProgramme(ApiView):
    parameters = (YEAR_PARAMETER, SCENARIO, KIND, AS_OF, PROGRAMME)

    @operation("getSummary", "Programme", gives=shapes.ProgrammeSummary, query={"kind": "pilot"})
    def get(self, request: Request) -> HttpResponseBase:
        """The programme's summary

        The same over all places, or over those of one kind, from their published counts.
        """
        programme = programme_asked(self.asked)
        year = year_asked(programme, self.asked)
        scenario, kind = scenario_asked(self.asked), self.asked.get("kind")
        pinned = pinned_places(programme, year, kind, self.asked)

        def build() -> HttpResponse:
            summary = programme_summary(programme, year, scenario, kind, pinned)
            return answer(replace(summary, messages=[*self.asked.messages, *summary.messages]))

        versions = mapped_places(programme, year, kind) if pinned is None else pinned
        return conditional(request, *validators_of_programme(request, programme, versions), build)

"""Savings cell by cell, and what each two bodies would save together."""

from dataclasses import asdict
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.summary import all_savings_cells, savings_cells, shapes, sharing_pairs
from mapping.summary.mapped import mapped_places
from pilots.api.finding import agency_asked, count_asked, is_working, programme_asked, version_asked, year_asked
from pilots.api.listing import HeldRows, Listing, answer_list
from pilots.api.operations import operation
from pilots.api.parameters import AGENCY, PROGRAMME, VERSION, YEAR_PARAMETER
from pilots.api.spend import KIND
from pilots.api.typed import columns_of
from pilots.api.views import ListView, TableView, conditional
from pilots.permissions import Action, require

from .asking import (
    LEVER,
    PRICES,
    SCENARIO,
    factor_asked,
    lever_asked,
    scenario_asked,
    validators_of_programme,
    validators_of_version,
)
from .pinning import AS_OF, pinned_version

ABOUT = {"messages": list[str]}


class SavingsOfPlace(TableView):
    parameters = (YEAR_PARAMETER, SCENARIO, LEVER, AGENCY, PRICES, VERSION, AS_OF)

    @operation(
        "listSavingsOfPlace", "Savings", gives=shapes.CellRow, query={"lever": "shared-back-office"}, about=ABOUT
    )
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """A place's savings, cell by cell

        What each lever saves in each body's spend on each service line. The sums of `saving` and `joined` are the
        summary's `full_year` and `joined`, to the penny; `addressable` is never added up over levers.
        """
        version, pinned = pinned_version(place, self.asked, request.user, of_spend=False)
        self.is_private, count = version.is_working, version.count
        agency = agency_asked(count.place.programme_id, self.asked)
        if version.is_working:
            require(request.user, Action.READ_WORKING, count.place, agency)
        lever, scenario = lever_asked(count.place.programme_id, self.asked), scenario_asked(self.asked)
        factor = factor_asked(count.place.programme, count.year.label, self.asked)
        map_id = pinned.map_id if pinned else None
        listing = Listing(
            savings_cells(version, scenario, lever, agency.code if agency else None, map_id, factor),
            columns_of(shapes.CellRow),
            f"savings-{count.place.slug}-{count.year.label}-{scenario}",
            {"messages": self.asked.messages},
            shape=shapes.CellRow,
        )
        validators = validators_of_version(request, version, pinned, factor=factor)
        return conditional(request, *validators, lambda: answer_list(request, self.asked, listing))


class SharingOfPlace(ListView):
    parameters = (YEAR_PARAMETER, SCENARIO, LEVER, VERSION)

    @operation(
        "listSharingOfPlace", "Savings", gives=shapes.PairRow, query={"lever": "shared-back-office"}, about=ABOUT
    )
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """Who should talk to whom

        What each two bodies would save if only they joined up, most first. Pairs overlap and are never added up.
        """
        self.is_private = is_working(request, self.asked)
        count = count_asked(place, self.asked)
        version = version_asked(count, self.asked, request.user)
        if version.is_working:
            require(request.user, Action.READ_WORKING, count.place)
        lever, scenario = lever_asked(count.place.programme_id, self.asked), scenario_asked(self.asked)

        def build() -> HttpResponseBase:
            rows: list[dict[str, Any]] = [asdict(pair) for pair in sharing_pairs(version, scenario, lever)]
            name = f"sharing-{count.place.slug}-{count.year.label}-{scenario}"
            about = {"messages": self.asked.messages}
            return answer_list(request, self.asked, Listing(HeldRows(rows), columns_of(shapes.PairRow), name, about))

        return conditional(request, *validators_of_version(request, version, None), build)


class AllSavings(ListView):
    parameters = (YEAR_PARAMETER, SCENARIO, KIND, LEVER, AGENCY, PRICES, PROGRAMME)

    @operation(
        "listSavings",
        "Savings",
        gives=shapes.CellRow,
        query={"kind": "pilot", "format": "csv"},
        about=ABOUT,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All savings of the programme, cell by cell

        From the map of every place's published count of one year, as a stream. Without `page` all of them.
        """
        programme = programme_asked(self.asked)
        year = year_asked(programme, self.asked)
        kind = self.asked.get("kind")
        agency, lever = agency_asked(programme, self.asked), lever_asked(programme, self.asked)
        scenario = scenario_asked(self.asked)
        factor = factor_asked(programme, year.label, self.asked)
        listing = Listing(
            all_savings_cells(programme, year, scenario, lever, agency.code if agency else None, kind, factor),
            columns_of(shapes.CellRow),
            f"savings-{year.label}-{scenario}",
            {"messages": self.asked.messages},
            streams=True,
        )
        validators = validators_of_programme(request, programme, mapped_places(programme, year, kind), factor)
        return conditional(request, *validators, lambda: answer_list(request, self.asked, listing))

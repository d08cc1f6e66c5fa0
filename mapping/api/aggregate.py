"""The cube over HTTP: sums by any dimensions, what can be asked, its members, and the spend lines under a cut."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypedDict

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.cube import Cells, Chosen, Question, Which, choose, read_question
from mapping.cube.chosen import in_prices_of
from mapping.cube.dimensions import DIMENSIONS, MEASURES, Fact, goes_with
from mapping.cube.facts import lines_under
from mapping.cube.members import LISTED_AT, members_of
from mapping.cube.per_head import People, people_of, per_head
from mapping.cube.question import refuse
from mapping.models import SavingsMap
from pilots.api.finding import not_found, programme_asked
from pilots.api.formats import Csv, Json
from pilots.api.lines import COLUMNS, described_lines, line_row
from pilots.api.listing import LARGEST_PAGE, HeldRows, Listing, Page, QueryRows, answer_list, linked
from pilots.api.operations import operation
from pilots.api.parameters import PAGING, PROGRAMME, VERSION, Parameter
from pilots.api.shapes import SpendLine
from pilots.api.typed import columns_of
from pilots.api.views import ApiView, ListView, TableView, answer, answer_object, conditional, etag_of
from pilots.models import Agency, Place, ServiceLineAncestor
from pilots.permissions import Action, NotAllowed, reach, refusal

from . import cube_shapes as shapes
from .asking import PER, PRICES, SCENARIO
from .pinning import AS_OF, located, pinned

LONG = 2000
DRILLDOWN = Parameter(
    "drilldown",
    "Dimensions to tell cells apart by, between bars; service_line takes a depth. Without it there is one cell.",
    example="agency_type|service_line:2",
    longest=LONG,
)
CUT = Parameter(
    "cut",
    "Members to keep to: dimension:member, several members between semicolons, several dimensions between bars. A "
    "branch of services takes all below it. Members are text.",
    example="region:South East|year:2010-11",
    longest=LONG,
)
AGGREGATES = Parameter(
    "aggregates", "Measures to add up, between commas.", example="amount.sum,saving.sum", longest=LONG
)
ORDER = Parameter(
    "order", "A drilled dimension or an aggregate, with asc or desc; ends in the keys.", example="amount.sum:desc"
)
SUMMARY = Parameter("summary", "false leaves out the sum over the whole cut.", choices=("true", "false"))
OVER_VERSIONS = (VERSION, AS_OF, PROGRAMME)
THEMES_OVERLAP = "Themes overlap: one pound can be in several, so there is no grand total."


def which_asked(view: ApiView) -> Which:
    """Whose spend a request asks about, from `version` and `as_of`. Raises Problem where both say something."""
    as_of = pinned(view.asked)
    is_working = view.asked.get("version") == "working"
    if as_of is not None and view.asked.get("version"):
        raise refuse("as_of", "as_of says which version is read: leave version out.")
    view.is_private = is_working or (isinstance(as_of, SavingsMap) and as_of.version.is_working)
    return Which(is_working, as_of)


def require_working(view: ApiView, chosen: Chosen) -> None:
    """Raises NotAllowed unless the person may read all of the working versions that are chosen.

    Of a place of which somebody may read some bodies, those bodies have to be cut.
    """
    reached = reach(view.request.user, Action.READ_WORKING)
    bodies = [Agency(pk=body) for body in chosen.kept["agency"][1]] if "agency" in chosen.kept else [None]
    for mapped in chosen.versions:
        if mapped.is_working and not all(reached.covers(Place(pk=mapped.place_id), body) for body in bodies):
            raise NotAllowed(
                f"{refusal(Action.READ_WORKING)[:-1]} of {mapped.name}. Cut the places, or the bodies, that are yours."
            )


class CubeView(ApiView):
    """What asking the cube has in common: reading the question, and choosing what it is about."""

    renderer_classes = [Json, Csv]

    def asked_of_cube(self) -> tuple[Question, Chosen]:
        """The question with what it is about. Raises Problem."""
        which = which_asked(self)
        programme = which.programme or programme_asked(self.asked)
        question = read_question(self.asked, self.asked.get("scenario"))
        chosen = choose(question, programme, which)
        require_working(self, chosen)
        if self.asked.get("prices") not in (None, "nominal"):
            chosen = in_prices_of(chosen, self.asked.get("prices") or "")
        return question, chosen


class Aggregate(CubeView):
    renderer_classes = TableView.renderer_classes
    parameters = (DRILLDOWN, CUT, AGGREGATES, ORDER, SCENARIO, PRICES, PER, SUMMARY, *OVER_VERSIONS, *PAGING)

    @operation(
        "aggregate",
        "Cube",
        gives=shapes.AggregateAnswer,
        query={"drilldown": "agency_type", "aggregates": "amount.sum,saving.sum", "order": "amount.sum:desc"},
        example_csv="agency_type,agency_type.label,amount.sum\r\ncounty council,county council,1234.50\r\n",
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Spend and savings by any dimensions

        Sums over the published counts of one year, told apart by `drilldown` and kept to `cut`. Amounts are revenue
        without transfers unless is_capital or is_transfer is cut. A measure is refused by a dimension that it has not.
        `summary` is the sum over the whole cut, not over the page. Without `page` CSV and files have every cell.
        """
        question, chosen = self.asked_of_cube()
        if question.drills("theme"):
            question.messages.append(THEMES_OVERLAP)
        etag = etag_of(request, chosen.digest)
        return conditional(request, etag, chosen.changed_at, lambda: self._build(request, question, chosen))

    def _build(self, request: Request, question: Question, chosen: Chosen) -> HttpResponseBase:
        cells = Cells(question, chosen)
        people = people_of(question, chosen) if self.asked.get("per") == "head" else None
        if request.accepted_renderer.format != "json":
            return answer_list(request, self.asked, listing_of(question, cells, people))
        number, size = self.asked.number("page", 1), self.asked.number("page_size", LARGEST_PAGE)
        some = cells.page((number - 1) * size, size)
        page = Page(self.asked, some.count)
        summary = some.summary
        if people is not None:
            some = replace(some, cells=[per_head(question, people, cell) for cell in some.cells])
            summary = summary and per_head(question, people, summary)
        response = answer(
            {
                "question": self._echo(question, chosen),
                "count": some.count,
                "page": page.number,
                "page_size": page.size,
                **page.links(request),
                "units": [{"aggregate": measure.name, "unit": measure.unit} for measure in question.measures],
                "summary": summary,
                "messages": question.messages,
                "cells": some.cells,
            }
        )
        only = chosen.versions[0].map_id if len(chosen.versions) == 1 else None
        return located(request, linked(response, page, request), only)

    def _echo(self, question: Question, chosen: Chosen) -> dict[str, Any]:
        """The question as it was understood."""
        return {
            "drilldown": [str(drill) for drill in question.drilldown],
            "cut": [{"dimension": name, "members": list(keys)} for name, keys in question.cuts.items()],
            "aggregates": [measure.name for measure in question.measures],
            "order": [str(order) for order in question.order],
            "scenario": list(question.cases) if question.asks_for(Fact.SAVING) else [],
            "years": chosen.years,
            "version": self.asked.get("version") or "published",
            "as_of": self.asked.get("as_of"),
            "prices": self.asked.get("prices") or "nominal",
            "per": self.asked.get("per") or "total",
        }


def listing_of(question: Question, cells: Cells, people: People | None) -> Listing:
    """Cells as rows of a file: keys and labels, then measures, then what they are for each person."""
    columns: dict[str, Any] = {}
    for drill in question.drilldown:
        columns |= {drill.dimension.name: str, f"{drill.dimension.name}.label": str}
    columns |= {measure.name: Decimal if measure.is_money else int for measure in question.measures}
    if people is not None:
        rates = {f"{measure.name}.per_head": Decimal | None for measure in question.measures if measure.is_money}
        columns |= {"people": int | None, **rates}
    shape = TypedDict("Cell", columns)  # type: ignore[misc]  # its members are the question's
    return Listing(CellRows(cells, flattened(question, people)), tuple(columns), "aggregate", shape=shape)


@dataclass(frozen=True)
class CellRows:
    """The cells of a question as the rows of a list."""

    cells: Cells
    flat: Callable[[dict[str, Any]], dict[str, Any]]

    def count(self) -> int:
        return self.cells.page(0, 0).count

    def some(self, start: int, stop: int) -> Iterable[dict[str, Any]]:
        return map(self.flat, self.cells.page(start, stop - start).cells)

    def all(self) -> Iterator[dict[str, Any]]:
        return map(self.flat, self.cells.all())


def flattened(question: Question, people: People | None) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What makes a cell a row of a file."""
    if people is None:
        return lambda cell: cell

    def flat(cell: dict[str, Any]) -> dict[str, Any]:
        rates = {name: rate for name, rate in per_head(question, people, cell).items() if name.endswith(".per_head")}
        living = next((rate["denominator"] for rate in rates.values() if rate), None)
        return {**cell, "people": living, **{name: rate and rate["value"] for name, rate in rates.items()}}

    return flat


class CubeModel(ApiView):
    parameters = (PROGRAMME,)

    @operation("getCubeModel", "Cube", gives=shapes.CubeModel)
    def get(self, request: Request) -> HttpResponseBase:
        """What the cube can be asked

        Its dimensions with their levels, its measures with their units, and which go together.
        """
        programme = programme_asked(self.asked)
        depths = ServiceLineAncestor.objects.filter(service_line__programme=programme).values_list("level", flat=True)
        levels = [{"level": level, "name": f"service_line:{level}"} for level in depths.distinct().order_by("level")]
        dimensions = [
            {
                "name": dimension.name,
                "about": dimension.about,
                "levels": levels if dimension.has_levels else [],
                "measures": [measure.name for measure in MEASURES.values() if goes_with(measure, dimension)],
                "members": f"{LISTED_AT}{dimension.name}/",
            }
            for dimension in DIMENSIONS.values()
        ]
        measures = [
            {
                "name": measure.name,
                "about": measure.about,
                "unit": measure.unit,
                "dimensions": [one.name for one in DIMENSIONS.values() if goes_with(measure, one)],
            }
            for measure in MEASURES.values()
        ]
        return answer_object(request, {"dimensions": dimensions, "measures": measures, "rules": RULES})


RULES = [
    "A year is always chosen: the newest complete one unless years are cut or drilled down to.",
    "Partial years stand with complete ones only where they are cut by name.",
    "Amounts are revenue without transfers, unless is_capital or is_transfer is cut or drilled down to.",
    "addressable.sum is asked by lever or of one lever: levers address the same pounds.",
    "Cases are alternatives, and themes overlap: neither has a grand total.",
]


class CubeMembers(ListView):
    parameters = (PROGRAMME, Parameter("q", "A part of a key or a label, in any case.", example="kent"))

    @operation("listCubeMembers", "Cube", gives=shapes.CubeMember, query={"q": "health"})
    def get(self, request: Request, dimension: str) -> HttpResponseBase:
        """The members of a dimension

        As cuts name them, whether anything is counted of them or not.
        """
        if dimension not in DIMENSIONS:
            raise not_found("dimension", dimension, list(DIMENSIONS))
        q = (self.asked.get("q") or "").casefold()
        members = [
            member._asdict()
            for member in members_of(DIMENSIONS[dimension], programme_asked(self.asked))
            if q in member.key.casefold() or q in member.label.casefold()
        ]
        listing = Listing(HeldRows(members), columns_of(shapes.CubeMember), f"members-{dimension}")
        return answer_list(request, self.asked, listing)


class CubeFacts(CubeView, ListView):
    parameters = (CUT, *OVER_VERSIONS)

    @operation("listCubeFacts", "Cube", gives=SpendLine, query={"cut": "place:kent"}, about={"messages": list[str]})
    def get(self, request: Request) -> HttpResponseBase:
        """The spend lines under a cut

        Those that amount.sum under the same cut is the sum of, as a stream. Without `page` all of them.
        """
        self.asked.values = {**self.asked.values, "aggregates": "amount.sum"}
        question, chosen = self.asked_of_cube()
        if "theme" in question.cuts:
            question.messages.append("Lines are whole: a theme takes the share of their service that it names.")
        rows = QueryRows(described_lines(lines_under(question, chosen)), line_row)
        listing = Listing(rows, COLUMNS, "facts", {"messages": question.messages}, streams=True)
        etag = etag_of(request, chosen.digest)
        return conditional(request, etag, chosen.changed_at, lambda: answer_list(request, self.asked, listing))

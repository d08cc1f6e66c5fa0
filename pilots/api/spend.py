"""Spend lines: of a place, one of them to read and to write, and all of the programme."""

import json

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.models import Place, SpendLine, Version
from pilots.permissions import Action, reach, require, visible_lines
from totalplace.problems import CONFLICT, IF_MATCH_REQUIRED, LINE_REFUSED, NOT_FOUND, STALE, Problem

from . import shapes
from .finding import (
    count_asked,
    is_working,
    place_named,
    programme_asked,
    published_counts,
    version_asked,
    year_asked,
)
from .lines import COLUMNS, described_lines, filtered_lines, line_row, one_line
from .listing import Listing, QueryRows, answer_list
from .operations import operation
from .parameters import AGENCY, PROGRAMME, SERVICE_LINE, VERSION, YEAR_PARAMETER, Parameter
from .repeats import once
from .views import ApiView, ListView, TableView, answer, conditional, etag_of
from .writing import add_to_place, change, read_at, remove

SPEND_TYPE = Parameter("spend_type", "The code of a spend type.", example="employees")
KIND = Parameter("kind", "Places of one kind: pilot or parallel.", choices=tuple(Place.Kind.values))
# An example of what is sent.
CHANGED = {"amount": "1234.50", "note": "By telephone"}
# What writing a line may be refused with, besides what every operation may be.
REFUSES = (CONFLICT, LINE_REFUSED)


class PlaceSpend(TableView):
    parameters = (YEAR_PARAMETER, AGENCY, SERVICE_LINE, SPEND_TYPE, VERSION)

    @operation(
        "listSpendOfPlace",
        "Spend",
        gives=shapes.SpendLine,
        query={"year": "2010-11", "service_line": "social-protection"},
        about={"messages": list[str]},
    )
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """A place's spend lines

        With what each rests on. Capital and transfers are lines, too, and stand in no total. Of a working version
        a contributor sees the lines of their own bodies.
        """
        self.is_private = is_working(request, self.asked)
        count = count_asked(place, self.asked)
        version = version_asked(count, self.asked, request.user)
        lines = self._lines(request, version, count.place)
        chosen = described_lines(filtered_lines(lines, count.place.programme_id, self.asked))
        listing = Listing(
            QueryRows(chosen, line_row),
            COLUMNS,
            f"spend-{count.place.slug}-{count.year.label}",
            {"messages": self.asked.messages},
            shape=shapes.SpendLine,
        )
        reached = sorted(reach(request.user, Action.READ_WORKING).bodies_in(count.place)) if self.is_private else []
        etag = etag_of(request, version.pk, version.revision, count.place.programme.register_revision, reached)
        return conditional(request, etag, None, lambda: answer_list(request, self.asked, listing))

    def _lines(self, request: Request, version: Version, place: Place) -> QuerySet[SpendLine]:
        lines = SpendLine.objects.filter(version=version)
        if not version.is_working:
            return lines
        if not reach(request.user, Action.READ_WORKING).covers(place, None):
            self.asked.messages.append("Of the working version you see the lines of your own bodies.")
        return visible_lines(request.user, Action.READ_WORKING, place, lines)

    @operation(
        "addSpendLine",
        "Spend",
        takes=shapes.NewSpendLine,
        sends={"year": "2010-11", "agency": "E2221", "service_line": "highways-transport", **CHANGED},
        gives=shapes.SpendLine,
        status=201,
        refuses=REFUSES,
        repeats=True,
    )
    def post(self, request: Request, place: str) -> HttpResponseBase:
        """Add a spend line

        To the working version of the year's count, which is opened if it was not. Codes and full names of the
        register are understood.
        """

        def add() -> HttpResponse:
            line = add_to_place(place, request.data, request.user)
            row = one_line(line.pk)
            address = f"/api/v1/places/{row['place']}/spend/{line.pk}/"
            return answer(row, 201, {"Location": address, "ETag": line_etag(row["row_version"])})

        return once(request, json.dumps(request.data, sort_keys=True), add)


class OneLine(ApiView):
    """One line. Its ETag is its row version in quotes, compressed or not."""

    @operation("getSpendLine", "Spend", gives=shapes.SpendLine)
    def get(self, request: Request, place: str, line: int) -> HttpResponseBase:
        """One spend line

        Of a published snapshot, or of a working version for those who may read it. Its ETag is what changing it
        needs.
        """
        found = line_of(place, line)
        if found.version.is_working:
            self.is_private = True
            require(request.user, Action.READ_WORKING, found.version.count.place, found.agency)
        return conditional(request, line_etag(found.row_version), None, lambda: answer(one_line(found.pk)))

    @operation(
        "changeSpendLine",
        "Spend",
        takes=shapes.SpendLineChange,
        sends=CHANGED,
        gives=shapes.SpendLine,
        refuses=(*REFUSES, STALE, IF_MATCH_REQUIRED),
        if_match=True,
    )
    def patch(self, request: Request, place: str, line: int) -> HttpResponseBase:
        """Change a spend line

        The members given are changed and the others stay. `If-Match` says which row version was read.
        """
        changed = change(line_of(place, line), request.data, read_at(request), request.user)
        return answer(one_line(changed.pk), headers={"ETag": line_etag(changed.row_version)})

    @operation(
        "removeSpendLine",
        "Spend",
        status=204,
        refuses=(CONFLICT, STALE, IF_MATCH_REQUIRED),
        if_match=True,
    )
    def delete(self, request: Request, place: str, line: int) -> HttpResponseBase:
        """Remove a spend line

        From the working version. `If-Match` says which row version was read.
        """
        remove(line_of(place, line), read_at(request), request.user)
        return HttpResponse(status=204)


def line_etag(row_version: int) -> str:
    return f'"{row_version}"'


def line_of(slug: str, line_id: int) -> SpendLine:
    """A place's line by its number."""
    place = place_named(slug)
    lines = SpendLine.objects.select_related("agency", "version__count__place", "version__count__year")
    line = lines.filter(pk=line_id, version__count__place=place).first()
    if line is None:
        raise Problem(NOT_FOUND, f"{place.name} has no spend line {line_id}. It may have been removed.")
    return line


class AllSpend(ListView):
    parameters = (YEAR_PARAMETER, KIND, AGENCY, SERVICE_LINE, SPEND_TYPE, PROGRAMME)

    @operation(
        "listSpend",
        "Spend",
        gives=shapes.SpendLine,
        query={"kind": "pilot", "format": "csv"},
        about={"messages": list[str]},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All spend lines of the programme

        The newest published snapshot of every place's count of one year, as a stream. Without `page` all of them.
        """
        programme = programme_asked(self.asked)
        year = year_asked(programme, self.asked)
        counts = published_counts(programme).filter(year=year)
        if kind := self.asked.get("kind"):
            counts = counts.filter(place__kind=kind)
        versions = sorted(counts.values_list("published_id", flat=True))
        lines = filtered_lines(SpendLine.objects.filter(version__in=versions), programme, self.asked)
        listing = Listing(
            QueryRows(described_lines(lines), line_row),
            COLUMNS,
            f"spend-{year.label}",
            {"messages": self.asked.messages},
            streams=True,
        )
        etag = etag_of(request, versions, programme.register_revision)
        return conditional(request, etag, None, lambda: answer_list(request, self.asked, listing))

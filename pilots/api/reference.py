"""Reference data: bodies and service lines, with the codes that everything else names."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.models import Agency, ServiceLine

from . import shapes
from .finding import programme_asked
from .listing import Listing, QueryRows, answer_list
from .operations import operation
from .parameters import PROGRAMME, Parameter
from .typed import columns_of
from .views import ListView, conditional, etag_of

AGENCY_FILTERS = (
    Parameter("type", "A kind of body, such as unitary authority.", example="county council"),
    Parameter("region", "A region.", example="South East"),
    Parameter("place", "The slug of a place that the bodies serve.", example="kent"),
    Parameter("q", "A part of a name.", example="dover"),
)


class Agencies(ListView):
    parameters = (*AGENCY_FILTERS, PROGRAMME)

    @operation("listAgencies", "Reference", gives=shapes.Agency, query={"place": "kent"})
    def get(self, request: Request) -> HttpResponseBase:
        """All bodies

        In the order of their codes, with what each belongs to and what followed it.
        """
        programme = programme_asked(self.asked)
        agencies = Agency.objects.filter(programme=programme)
        for name, lookup in {
            "type": "type__code",
            "region": "region__iexact",
            "place": "memberships__place__slug",
            "q": "name__icontains",
        }.items():
            if said := self.asked.get(name):
                agencies = agencies.filter(**{lookup: said})
        described = agencies.select_related("type", "parent", "successor").order_by("code")
        listing = Listing(QueryRows(described, _agency), columns_of(shapes.Agency), "agencies")
        etag = etag_of(request, programme.pk, programme.register_revision)
        return conditional(request, etag, None, lambda: answer_list(request, self.asked, listing))


def _agency(agency: Agency) -> dict[str, Any]:
    return {
        "code": agency.code,
        "name": agency.name,
        "type": agency.type.code,
        "region": agency.region or None,
        "parent": agency.parent.code if agency.parent else None,
        "successor": agency.successor.code if agency.successor else None,
        "first_year": agency.first_year or None,
        "last_year": agency.last_year or None,
    }


class ServiceLines(ListView):
    parameters = (PROGRAMME,)

    @operation("listServiceLines", "Reference", gives=shapes.ServiceLine)
    def get(self, request: Request) -> HttpResponseBase:
        """The service tree

        Branches and leaves in the order of the tree; the root has no parent.
        """
        programme = programme_asked(self.asked)
        lines = ServiceLine.objects.filter(programme=programme).select_related("parent").order_by("position", "code")
        listing = Listing(QueryRows(lines, _service_line), columns_of(shapes.ServiceLine), "service-lines")
        etag = etag_of(request, programme.pk, programme.register_revision)
        return conditional(request, etag, None, lambda: answer_list(request, self.asked, listing))


def _service_line(line: ServiceLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "parent": line.parent.code if line.parent else None,
        "name": line.name,
        "cofog": line.cofog or None,
    }

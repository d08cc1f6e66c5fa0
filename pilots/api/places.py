"""Places: the register, one place with its bodies and counts, and how far all of them have come."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.models import Count, Membership, Place, Population, Version
from pilots.permissions import Action, reach
from pilots.register.listing import PLACE_COLUMNS, list_places, place_row
from pilots.spend.versions import NOT_STARTED, with_status
from pilots.spend.years import newest_complete_year

from . import shapes
from .finding import place_named, programme_asked
from .formats import plain
from .listing import HeldRows, Listing, QueryRows, answer_list
from .operations import operation
from .parameters import PROGRAMME, Parameter
from .typed import columns_of
from .views import ApiView, ListView, answer_object

STATUSES = (NOT_STARTED, *Version.Status.values)
FILTERS = (
    Parameter("kind", "pilot or parallel.", choices=tuple(Place.Kind.values)),
    Parameter("region", "A region, as the places name it.", example="South East"),
    Parameter("theme", "The whole name of something that places chose to study.", example="mental health"),
    Parameter("status", "Where the count of the default year stands.", choices=STATUSES),
    Parameter("participation", "confirmed or candidate.", choices=tuple(Place.Participation.values)),
    Parameter("q", "A part of a place's name or region.", example="kent"),
)


class Places(ListView):
    parameters = (*FILTERS, PROGRAMME)

    @operation("listPlaces", "Places", gives=shapes.ListedPlace, query={"kind": "pilot"})
    def get(self, request: Request) -> HttpResponseBase:
        """All places

        The active places of the programme in the order of their names.
        """
        programme = programme_asked(self.asked)
        asked = {filter.name: self.asked.get(filter.name) for filter in FILTERS}
        places = list_places(programme, newest_complete_year(programme), **asked)
        return answer_list(request, self.asked, Listing(QueryRows(places, place_row), PLACE_COLUMNS, "places"))


PEOPLE = Population.objects.filter(place=OuterRef("pk")).order_by("-year").values("people")[:1]


class OnePlace(ApiView):
    @operation("getPlace", "Places", gives=shapes.Place)
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """One place

        Its bodies with the share of each that is counted there, and the state of each year's count. A working
        version is told of to those who may read it.
        """
        found = place_named(place)
        year = newest_complete_year(found.programme)
        described = with_status(Place.objects.filter(pk=found.pk), year).annotate(population=Subquery(PEOPLE)).get()
        sees_working = reach(request.user, Action.READ_WORKING).touches(found)
        self.is_private = sees_working
        counts = count_states(found, sees_working)
        return answer_object(
            request,
            {
                **place_row(described),
                "short_name": found.short_name,
                "lead_body": found.lead_body or None,
                "source": found.source,
                "agencies": [_agency(membership) for membership in _memberships(found)],
                "years": [count["year"] for count in counts],
                "counts": counts,
            },
        )


def _memberships(place: Place) -> QuerySet[Membership]:
    return place.memberships.select_related("agency__type").order_by("agency__code")


def _agency(membership: Membership) -> dict[str, Any]:
    return {
        "code": membership.agency.code,
        "name": membership.agency.name,
        "type": membership.agency.type.code,
        "share": plain(membership.share),
        "share_basis": membership.share_basis,
    }


def count_states(place: Place, sees_working: bool) -> list[dict[str, Any]]:
    """Where each year's count of a place stands, newest first."""
    counts = Count.objects.filter(place=place).select_related("year", "published").order_by("-year__label")
    working = {
        version.count_id: version
        for version in Version.objects.filter(count__place=place, kind=Version.Kind.WORKING).defer("left_out")
    }
    return [_count_state(count, working.get(count.pk), sees_working) for count in counts]


def _count_state(count: Count, working: Version | None, sees_working: bool) -> dict[str, Any]:
    published = count.published
    begun = working is not None and (working.revision or working.begun_from_id or working.status != "draft")
    status = working.status if working and begun else Version.Status.PUBLISHED if published else NOT_STARTED
    return {
        "year": count.year.label,
        "status": status,
        "snapshot": published.number if published else None,
        "label": published.label if published else None,
        "published_at": published.published_at if published else None,
        "is_partial": published.is_partial if published else False,
        "missing": published.missing if published else [],
        "working": {"status": working.status, "revision": working.revision} if working and sees_working else None,
    }


class ProgressBoard(ListView):
    parameters = (*(filter for filter in FILTERS if filter.name in ("kind", "status")), PROGRAMME)

    @operation("listProgress", "Programme", gives=shapes.Progress, query={"status": "draft"})
    def get(self, request: Request) -> HttpResponseBase:
        """How far each place has come

        The state of its count of the default year, and its milestones with the days they are due and were reached.
        """
        programme = programme_asked(self.asked)
        year = newest_complete_year(programme)
        places = list_places(programme, year, kind=self.asked.get("kind"), status=self.asked.get("status"))
        published = Count.objects.filter(place=OuterRef("pk"), year=year).values("published__published_at")[:1]
        chosen = places.annotate(published_at=Subquery(published)).prefetch_related("milestones")
        label = year.label if year else None
        rows = HeldRows([_progress(place, label) for place in chosen])
        return answer_list(request, self.asked, Listing(rows, columns_of(shapes.Progress), "progress"))


def _progress(place: Any, year: str | None) -> dict[str, Any]:
    milestones = sorted(place.milestones.all(), key=lambda one: (one.due_on is None, one.due_on, one.kind))
    return {
        "place": place.slug,
        "name": place.name,
        "kind": place.kind,
        "year": year,
        "status": place.status,
        "published_at": place.published_at,
        "milestones": [
            {"kind": one.kind, "due_on": one.due_on, "reached_on": one.reached_on, "note": one.note}
            for one in milestones
        ],
    }

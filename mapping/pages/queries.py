"""What the pages read beside the summaries: outlines of places, and assumption sets."""

from django.db.models import Count

from mapping.charts.england import Shape
from mapping.charts.names import COUNTY
from mapping.models import AssumptionSet, CurrentAssumptionSet, Lever
from pilots.models import FinancialYear, Place, PlaceOutline, Programme, Version
from pilots.register.boundaries import Bounds


def place_shapes(programme: Programme) -> list[Shape]:
    """The outlines of a programme's active places, by address."""
    outlines = PlaceOutline.objects.filter(place__programme=programme, place__retired_on=None)
    fields = ("place__slug", "path", "bounds", "label_x", "label_y")
    return [
        Shape(slug, path, Bounds(*bounds), x, y)
        for slug, path, bounds, x, y in outlines.order_by("place__slug").values_list(*fields)
    ]


def example_of(programme: Programme, year: FinancialYear) -> Version | None:
    """A published count to show the pages by: of the pilots with a county the one with most bodies, else the first."""
    published = Version.objects.filter(
        published_for__year=year, count__place__programme=programme, count__place__retired_on=None
    ).order_by("count__place__name")
    pilots = published.annotate(bodies=Count("count__place__agencies")).filter(count__place__kind=Place.Kind.PILOT)
    with_county = Place.objects.filter(agencies__type__code=COUNTY).values("pk")
    return pilots.filter(count__place__in=with_county).order_by("-bodies").first() or published.first()


def current_assumptions(programme: Programme) -> AssumptionSet | None:
    """The set that a programme's maps are made with now."""
    current = CurrentAssumptionSet.objects.filter(programme=programme).select_related("assumption_set").first()
    return current.assumption_set if current else None


def ways_to_save(programme_id: int) -> list[tuple[str, str]]:
    """The levers of a programme's current assumption set, (code, name), for forms elsewhere to offer."""
    current = CurrentAssumptionSet.objects.filter(programme=programme_id).values("assumption_set")
    levers = Lever.objects.filter(assumption_set__in=current)
    return list(levers.order_by("position", "code").values_list("code", "name"))


def levers_with_rules(assumption_set: AssumptionSet) -> list[Lever]:
    """The ways to save of a set, in its order, with their rules."""
    related = ("rules__service_line", "rules__spend_type", "rules__agency_type")
    return list(assumption_set.levers.prefetch_related(*related))

"""The members of dimensions: what a cut may name, and the ids that a cut stands for."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Concat

from mapping.models import Lever
from pilots.models import (
    Agency,
    AgencyType,
    FinancialYear,
    Place,
    Programme,
    ServiceLine,
    ServiceLineAncestor,
    SpendType,
    Theme,
)
from totalplace.problems import LISTED

from .dimensions import DIMENSIONS, NOT_STATED, Dimension
from .question import refuse_name


class Member(NamedTuple):
    """A member of a dimension: its key in cuts and cells, its label, and the key of what it belongs to."""

    key: str
    label: str
    parent: str | None


NO_PARENT = Value(None, output_field=CharField())
LISTED_AT = "/api/v1/aggregate/members/"


def members_of(dimension: Dimension, programme: Programme) -> list[Member]:
    """Every member of a dimension in its natural order, whether anything is counted of it or not."""
    if dimension.words is not None:
        return [Member(key, label, None) for key, label in dimension.words.items()]
    if dimension.name == "region":
        regions = _active(programme).order_by("region").values_list("region", flat=True).distinct()
        return [Member(region, region, None) for region in regions]
    found = [Member(*row) for row in _READ[dimension.name](programme)]
    if dimension.name == "funder":
        found.append(Member(NOT_STATED, "Not stated", None))
    return found


def _active(programme: Programme) -> QuerySet[Place]:
    return Place.objects.filter(programme=programme, retired_on=None)


def _places(programme: Programme) -> QuerySet:
    return _active(programme).order_by("slug").values_list("slug", "name", "region")


def _agencies(programme: Programme) -> QuerySet:
    return Agency.objects.filter(programme=programme).order_by("code").values_list("code", "name", "type__code")


def _agency_types(programme: Programme) -> QuerySet:
    types = AgencyType.objects.filter(agencies__programme=programme).distinct().order_by("code")
    return types.values_list("code", "code", NO_PARENT)


def _service_lines(programme: Programme) -> QuerySet:
    lines = ServiceLine.objects.filter(programme=programme).order_by("position", "code")
    return lines.values_list("code", "name", "parent__code")


def _spend_types(_: Programme) -> QuerySet:
    return SpendType.objects.order_by("position", "code").values_list("code", "name", NO_PARENT)


def _themes(programme: Programme) -> QuerySet:
    return _keyed_themes(programme).order_by("key").values_list("key", "name", "place__slug")


def _keyed_themes(programme: Programme) -> QuerySet:
    """Themes with their keys: a place's own is told from another's of the same name by the place."""
    of_place = Concat("place__slug", Value("/"), "name", output_field=CharField())
    key = Case(When(place=None, then=F("name")), default=of_place, output_field=CharField())
    return Theme.objects.filter(programme=programme).annotate(key=key)


def theme_named(key: str, programme: Programme) -> Theme:
    """A theme by a key that is known."""
    return _keyed_themes(programme).get(key=key)


def _years(programme: Programme) -> QuerySet:
    years = FinancialYear.objects.filter(programme=programme).order_by("label")
    return years.values_list("label", "label", NO_PARENT)


def _levers(programme: Programme) -> QuerySet:
    """Levers of every set by code, the newest set's name counting."""
    levers = Lever.objects.filter(assumption_set__programme=programme, assumption_set__published_at__isnull=False)
    return levers.order_by("code", "-assumption_set__number").distinct("code").values_list("code", "name", NO_PARENT)


_READ: Mapping[str, Callable[[Programme], QuerySet]] = {
    "place": _places,
    "agency": _agencies,
    "agency_type": _agency_types,
    "funder": _agencies,
    "service_line": _service_lines,
    "spend_type": _spend_types,
    "theme": _themes,
    "year": _years,
    "lever": _levers,
}


def check_members(name: str, keys: Sequence[str], programme: Programme) -> None:
    """Raises Problem where a cut names a member that there is not, with those that are near."""
    known = [member.key for member in members_of(DIMENSIONS[name], programme)]
    for key in keys:
        if key not in known:
            listed_at = f"{LISTED_AT}{name}/" if len(known) > LISTED else ""
            raise refuse_name("cut", f"member of {name}", key, known, listed_at)


# What a cut of a dimension is kept as: the column of the facts, and the ids or values that stand for its members.
Kept = tuple[str, list]


def kept_as(name: str, keys: Sequence[str], programme: Programme) -> Kept:
    """The column and the values that a cut of known members stands for. One query at most."""
    match name:
        case "agency":
            return "agency_id", _ids(Agency.objects.filter(programme=programme, code__in=keys))
        case "agency_type":
            return "agency_id", _ids(Agency.objects.filter(programme=programme, type__code__in=keys))
        case "funder":
            funders: list[int | None] = [*_ids(Agency.objects.filter(programme=programme, code__in=keys))]
            return "funder_id", [*funders, *([None] if NOT_STATED in keys else [])]
        case "service_line":
            below = ServiceLineAncestor.objects.filter(ancestor__programme=programme, ancestor__code__in=keys)
            return "service_line_id", list(below.values_list("service_line", flat=True).distinct())
        case "spend_type":
            return "spend_type_id", _ids(SpendType.objects.filter(code__in=keys))
        case "lever":
            return "lever_id", _ids(Lever.objects.filter(assumption_set__programme=programme, code__in=keys))
        case "is_capital" | "is_transfer":
            return name, [key == "true" for key in keys]
        case "case":
            return "scenario", list(keys)
    return name, list(keys)


def _ids(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))

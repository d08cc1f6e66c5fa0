"""Versions with a map of then in place of the current one: what answers showed at a time, or what one map shows."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from mapping.freshness import with_freshness, with_staleness
from mapping.models import CurrentMap, SavingsMap
from pilots.models import Version

from .mapped import FIELDS, MAP, PLACE, Mapped

OF_MAP = [name.removeprefix(MAP) for name in FIELDS if name.startswith(MAP)]
START = FIELDS.index(f"{MAP}pk")
END = START + len(OF_MAP)
BY_PLACE = (f"{PLACE}name", f"{PLACE}slug", "count__year__label")


def pinned_to(savings_map: SavingsMap) -> Mapped:
    """The version that a map is of, with this map."""
    [mapped] = _with_maps(
        Version.objects.filter(pk=savings_map.version_id), SavingsMap.objects.filter(pk=savings_map.pk)
    )
    return mapped


def pinned_at(versions: QuerySet[Version], time: datetime) -> list[Mapped]:
    """Of some counts the snapshot that was the newest published one at a time, with its newest map of then."""
    newest = Version.objects.filter(count=OuterRef("count"), published_at__lte=time).order_by("-number")
    held = versions.filter(kind=Version.Kind.SNAPSHOT, pk=Subquery(newest.values("pk")[:1]))
    return _with_maps(held, SavingsMap.objects.filter(computed_at__lte=time))


def keeps_spend(savings_map: SavingsMap) -> bool:
    """Whether the roll-up beside a map is still of the lines that it was made from: of a snapshot it always is."""
    if not savings_map.version.is_working:
        return True
    current = CurrentMap.objects.filter(version=savings_map.version_id).values_list("map__revision", flat=True)
    return savings_map.revision in current


def _with_maps(versions: QuerySet[Version], maps: QuerySet[SavingsMap]) -> list[Mapped]:
    """Versions by name of place and year, each with the newest of its maps among some. Two queries."""
    newest = maps.filter(version=OuterRef("pk")).order_by("-computed_at", "-pk").values("pk")[:1]
    pinned = with_staleness(versions).annotate(pinned=Subquery(newest)).order_by(*BY_PLACE)
    rows = list(pinned.values_list(*FIELDS, "pinned"))
    known = with_freshness(SavingsMap.objects.filter(pk__in=[row[-1] for row in rows]))
    maps_by_id = {row[0]: row for row in known.values_list(*OF_MAP, "is_stale")}
    nothing: tuple[Any, ...] = (*(None for _ in OF_MAP), True)
    return [
        Mapped(*row[:START], *_made_then(maps_by_id.get(row[-1], nothing)))._replace(is_pinned=True) for row in rows
    ]


def _made_then(of_map: tuple[Any, ...]) -> tuple[Any, ...]:
    """The part of a map with its freshness; that another map cannot be made now is nothing to it."""
    return *of_map[:-1], None, of_map[-1]

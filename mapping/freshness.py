"""Which maps are fresh: derived from what they were made from, never from a flag that could lie."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, Count, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Greatest, Least

from mapping.models import CurrentMap, SavingsMap
from pilots.models import Change, History, Programme, Version

PROGRAMME = "count__place__programme"
SET_IN_USE = f"{PROGRAMME}__current_assumptions__assumption_set"
QUALITY = ("pilots_qualitymeasure", "pilots_qualitymeasure_service_lines", "pilots_qualityreading")


def stale_versions(programme: Programme | None = None) -> QuerySet[Version]:
    """Every version that should have a map and whose current map is not made from what holds now.

    Those are the published snapshots and the working versions that ever had lines. A programme without a
    current assumption set can have no maps, so nothing of it is stale.
    """
    published = Q(published_for__isnull=False)
    worked_on = Q(kind=Version.Kind.WORKING, revision__gt=0)
    versions = Version.objects.filter(published | worked_on, **{f"{SET_IN_USE}__isnull": False})
    if programme is not None:
        versions = versions.filter(count__place__programme=programme)
    return versions.filter(~_has_fresh_map()).order_by("pk")


def with_freshness[M: (SavingsMap, Version)](rows: QuerySet[M]) -> QuerySet[M]:
    """Adds `is_stale` and `stale_since` to maps, or to versions by their current maps.

    `stale_since` is when the first change was made that the map does not know of; of changes of the register
    and of the assumption set it is the last one. It is null for a fresh map and where there is no map.
    """
    if issubclass(rows.model, Version):
        return with_staleness(_since(rows, "", "current_map__map__"))
    return _since(rows, "version__", "").annotate(is_stale=~made_from_what_holds())


def with_staleness(versions: QuerySet[Version]) -> QuerySet[Version]:
    """Adds `is_stale` to versions, whether no fresh map is current for them, and `changed_at`, when that last changed.

    What is shown of a version changes with its lines, its publication, its map, the register, the set in use, and
    what is known of quality, which `quality_changes` counts.
    """
    made_public = Change.objects.filter(version=OuterRef("pk")).order_by("-pk")
    of_lines = History.objects.filter(id=OuterRef("revision"))
    of_register = History.objects.filter(id=OuterRef(f"{PROGRAMME}__register_revision"))
    of_quality = History.objects.filter(table_name__in=QUALITY)
    causes = (made_public, of_lines, of_register, _of_set_in_use(), of_quality.order_by("-at"))
    times = [Subquery(cause.values("at")[:1]) for cause in causes]
    changed_at = Greatest("current_map__map__computed_at", *times, output_field=DateTimeField())
    number = of_quality.values(all=Value(1)).annotate(number=Count("pk")).values("number")
    return versions.annotate(is_stale=~_has_fresh_map(), changed_at=changed_at, quality_changes=Subquery(number))


def is_stale(savings_map: SavingsMap) -> bool:
    """Whether a map was made from something else than what holds now."""
    return not SavingsMap.objects.filter(made_from_what_holds(), pk=savings_map.pk).exists()


def made_from_what_holds() -> Q:
    """Of a map, and of one that failed: from its version's lines, its programme's register and set as they are."""
    return Q(
        revision=F("version__revision"),
        register_revision=F(f"version__{PROGRAMME}__register_revision"),
        assumption_set=F(f"version__{SET_IN_USE}"),
    )


def _has_fresh_map() -> Exists:
    """Of a version: its current map is fresh."""
    return Exists(
        CurrentMap.objects.filter(
            version=OuterRef("pk"),
            map__revision=OuterRef("revision"),
            map__register_revision=OuterRef(f"{PROGRAMME}__register_revision"),
            map__assumption_set=OuterRef(SET_IN_USE),
        )
    )


def _since[M: (SavingsMap, Version)](rows: QuerySet[M], version: str, made_from: str) -> QuerySet[M]:
    """`version` leads from a row to its version, `made_from` to its map."""
    of_version = History.objects.filter(
        version_id=OuterRef(f"{version}pk"), id__gt=OuterRef(f"{made_from}revision")
    ).order_by("id")
    of_register = History.objects.filter(
        id=OuterRef(f"{version}{PROGRAMME}__register_revision"), id__gt=OuterRef(f"{made_from}register_revision")
    )
    causes = [Subquery(cause.values("at")[:1]) for cause in (of_version, of_register)]
    # A map of the set in use, or no map at all, is not stale for the sake of the set.
    same_set = Q(**{f"{made_from}assumption_set": F(f"{version}{SET_IN_USE}")})
    no_map = Q(**{f"{made_from}assumption_set__isnull": True})
    since_set = Case(When(same_set | no_map, then=None), default=Subquery(_of_set_in_use(version).values("at")[:1]))
    return rows.annotate(stale_since=Least(*causes, since_set, output_field=DateTimeField()))


def _of_set_in_use(version: str = "") -> QuerySet[History]:
    """When another set came into use, the last time first."""
    in_use = OuterRef(f"{version}{PROGRAMME}__current_assumptions__pk")
    return History.objects.filter(table_name="mapping_currentassumptionset", row_id=in_use).order_by("-id")


class Changes(NamedTuple):
    """How many changes there ever were, which rises with every commit of one, and when the last was."""

    number: int
    last: datetime | None


def changes_of(*tables: str) -> Changes:
    """The changes of some tables."""
    return Changes(**History.objects.filter(table_name__in=tables).aggregate(number=Count("pk"), last=Max("at")))

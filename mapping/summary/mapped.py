"""Versions of counts with the map that is current for each, and whether it is fresh: one query."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from mapping.freshness import Changes, with_freshness, with_staleness
from pilots.models import FinancialYear, Programme, Version

from .shapes import MapReference

PLACE, PROGRAMME, MAP = "count__place__", "count__place__programme__", "current_map__map__"
FIELDS = (
    *("pk", "kind", "number", "label", "missing", "changed_at", "quality_changes", "count__year__label"),
    *(f"{PLACE}{name}" for name in ("pk", "slug", "name", "short_name", "kind", "participation", "region")),
    *(f"{PROGRAMME}{name}" for name in ("pk", "is_illustrative")),
    *(f"{MAP}{name}" for name in ("pk", "inputs_digest", "computed_at")),
    *(f"{MAP}assumption_set__{name}" for name in ("number", "horizon_years", "discount_rate")),
    "failed_map__reason",
    "is_stale",
)


class Mapped(NamedTuple):
    """A version of a place's count in a year, and the map that is current for it, or Nones."""

    version_id: int
    version_kind: str
    number: int
    label: str
    missing: list[str]
    changed_at: datetime | None
    quality_changes: int | None
    year: str
    place_id: int
    slug: str
    name: str
    short_name: str
    kind: str
    participation: str
    region: str
    programme_id: int
    is_illustrative: bool
    map_id: int | None
    inputs_digest: str | None
    computed_at: datetime | None
    set_number: int | None
    horizon_years: int | None
    discount_rate: Decimal | None
    failure: str | None
    """Why its map cannot be made, where that was tried."""
    has_no_fresh_map: bool
    is_pinned: bool = False
    """Whether it stands with a map of another time, which is kept as it is."""

    @property
    def is_stale(self) -> bool:
        """Whether there is a map, made from something else than what holds now."""
        return self.map_id is not None and self.has_no_fresh_map

    @property
    def is_working(self) -> bool:
        return self.version_kind == Version.Kind.WORKING


def mapped_version(version: Version) -> Mapped:
    """A version as it stands in the database now."""
    return Mapped(*with_staleness(Version.objects.filter(pk=version.pk)).values_list(*FIELDS).get())


def mapped_places(programme: Programme, year: FinancialYear, kind: str | None = None) -> list[Mapped]:
    """The published counts of a programme's active places in a year, of one kind or all, by name of place."""
    published = Version.objects.filter(
        published_for__year=year, count__place__programme=programme, count__place__retired_on=None
    )
    if kind:
        published = published.filter(count__place__kind=kind)
    ordered = with_staleness(published.order_by(f"{PLACE}name", f"{PLACE}slug"))
    return [Mapped(*row) for row in ordered.values_list(*FIELDS)]


def stale_since(versions: Sequence[Mapped]) -> datetime | None:
    """When what the stale maps among them were made from first changed. Asks only where there are any."""
    stale = [mapped.version_id for mapped in versions if mapped.is_stale]
    if not stale:
        return None
    changed = with_freshness(Version.objects.filter(pk__in=stale))
    since = changed.values_list("stale_since", flat=True)  # type: ignore[misc]
    return min((at for at in since if at), default=None)


def without_times(versions: Sequence[Mapped]) -> list[Mapped]:
    """What answers from some versions are made of, as their digests take it: their times are told apart from it."""
    return [mapped._replace(changed_at=None) for mapped in versions]


def last_change(versions: Sequence[Mapped], beside: Changes | None, is_priced: bool) -> datetime | None:
    """When an answer from some versions, and from what else `beside` counts the changes of, last changed.

    None where its amounts are in other prices: deflators keep no time.
    """
    if is_priced:
        return None
    times = [mapped.changed_at for mapped in versions] + ([beside.last] if beside else [])
    return max((time for time in times if time), default=None)


def map_reference(mapped: Mapped) -> MapReference | None:
    """The map that is current for a version, or None before the first."""
    if mapped.map_id is None or mapped.set_number is None or mapped.computed_at is None:
        return None
    return MapReference(
        mapped.map_id, mapped.set_number, mapped.computed_at, mapped.is_stale, mapped.inputs_digest or ""
    )


def maps_reference(versions: Sequence[Mapped]) -> MapReference | None:
    """The maps of many versions together: the oldest set and time, stale where any is, a digest of theirs."""
    known = [reference for mapped in versions if (reference := map_reference(mapped))]
    if not known:
        return None
    digests = "\n".join(sorted(reference.inputs_digest for reference in known))
    return MapReference(
        id=None,
        assumption_set=min(reference.assumption_set for reference in known),
        computed_at=min(reference.computed_at for reference in known),
        is_stale=any(reference.is_stale for reference in known),
        inputs_digest=hashlib.sha256(digests.encode()).hexdigest(),
    )


def all_missing(versions: Sequence[Mapped], lagging: Sequence[str] = ()) -> list[str]:
    """Whole kinds of body that any of the counts lacks, and the places that have none yet."""
    return list(dict.fromkeys([*(kind for mapped in versions for kind in mapped.missing), *lagging]))

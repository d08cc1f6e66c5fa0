"""The feed of what became new for everybody, as clients and webhooks see it."""

from typing import Any

from django.db.models import Max, QuerySet

from pilots.models import Change, Programme

READ = (
    *("id", "event", "at", "place__slug", "version__count__year__label"),
    *("version__number", "version__label", "map_number"),
)


def changes_after(cursor: int, programme: Programme | None = None) -> QuerySet[Change]:
    """What came after a cursor, the id of the last change known, oldest first.

    A row never appears before one that is already seen: the database numbers them in the order of their commits.
    """
    changes = Change.objects.filter(pk__gt=cursor).order_by("pk")
    return changes.filter(place__programme=programme) if programme else changes


def described_changes(changes: QuerySet[Change]) -> list[dict[str, Any]]:
    """Changes as clients see them."""
    return [_row(*values) for values in changes.values_list(*READ)]


def _row(
    pk: int, event: str, at: Any, place: str, year: str, snapshot: int, label: str, map_number: int | None
) -> dict[str, Any]:
    is_map = event == Change.Event.MAP_CURRENT
    of_place = f"/api/v1/places/{place}/"
    return {
        "id": pk,
        "event": event,
        "at": at,
        "place": place,
        "year": year,
        "snapshot": snapshot,
        "label": label,
        "map_id": map_number,
        "address": f"{of_place}maps/{map_number}/" if is_map else f"{of_place}spend/?year={year}",
    }


def newest_change() -> int:
    """The cursor of now."""
    return Change.objects.aggregate(newest=Max("pk"))["newest"] or 0

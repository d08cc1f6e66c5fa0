"""What a report reads beside the summaries: the assumption set of its map, and the sources of its spend."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Sum

from mapping.models import AssumptionSet, Lever
from pilots.models import SpendLine, Version
from totalplace import money

MOST_SOURCES = 12


def assumption_set_of(version_ids: Sequence[int]) -> tuple[AssumptionSet, list[Lever]] | None:
    """The set that the current maps of versions were made with, the oldest where they differ, and its levers."""
    found = AssumptionSet.objects.filter(maps__in=_current_maps(version_ids)).order_by("number").first()
    return (found, list(found.levers.order_by("position", "code"))) if found else None


def _current_maps(version_ids: Sequence[int]):
    return Version.objects.filter(pk__in=version_ids).values("current_map__map")


def sources_of(version_ids: Sequence[int]) -> tuple[list[tuple[str, int, Decimal]], str]:
    """The largest sources of the counted spend, (source, lines, pounds), and words on the others."""
    lines = SpendLine.objects.filter(version__in=version_ids, is_capital=False, is_transfer=False)
    rows = lines.values_list("source").annotate(lines=Count("pk"), pounds=Sum("amount")).order_by("-pounds", "source")
    found = [(source or "No source named", count, amount) for source, count, amount in rows]
    if len(found) <= MOST_SOURCES:
        return found, ""
    others = money.counted(len(found) - MOST_SOURCES, "further source")
    return found[:MOST_SOURCES], f"{money.starting(others)}: each line names its own in the workbook."

"""The totals on the edges of a grid, as text: the browser shows them and never adds.

A total is named as the page names its place: "all", "a12" of body 12, "b5" of branch 5, "b5-12" of body 12 in
it, "s34" of service line 34.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from django.db.models import Sum

from pilots.models import SpendLine, Version
from totalplace import money

from .cells import Cell, Key, shown
from .slice import Slice

Sums = dict[str, Decimal]


def sums_of(version: Version, chosen: Slice, agencies: Collection[int], cells: Mapping[Key, Cell]) -> Sums:
    """Every total of the count's slice over some bodies, and those of the service lines of the given cells."""
    lines = chosen.lines(SpendLine.objects.filter(version=version, agency__in=agencies))
    grouped = (
        lines.filter(service_line__ancestry__level=1)
        .values_list("service_line__ancestry__ancestor_id", "agency_id")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    sums: Sums = {}
    for branch, agency, amount in grouped:
        _add(sums, (f"b{branch}-{agency}", f"b{branch}", f"a{agency}", "all"), amount)
    for (_, service), cell in cells.items():
        _add(sums, (f"s{service}",), cell.amount or Decimal(0))
    return sums


def _add(sums: Sums, names: Iterable[str], amount: Decimal) -> None:
    for name in names:
        sums[name] = sums.get(name, Decimal(0)) + amount


def in_words(sums: Sums) -> dict[str, str]:
    """The totals as they are shown."""
    return {name: shown(amount) for name, amount in sums.items()}


def difference_in_words(version: Version, chosen: Slice, agencies: Collection[int], total: Decimal) -> str:
    """How far the slice has moved from the version it was begun from; empty where it began from nothing."""
    if version.begun_from_id is None:
        return ""
    lines = chosen.lines(SpendLine.objects.filter(version=version.begun_from_id, agency__in=agencies))
    began = lines.aggregate(amount=Sum("amount"))
    before = began["amount"] or Decimal(0)
    origin = origin_of(version)
    if total == before:
        return f"The same total as {origin}, {money.exact(before)}."
    more = "more" if total > before else "less"
    return f"{money.exact(abs(total - before))} {more} than {origin}, {money.exact(before)}."


def origin_of(version: Version) -> str:
    """What a version was begun from: the official return, snapshot 2 of 2009-10."""
    before = version.begun_from
    if before is None:
        return ""
    name = f"the {before.label}" if before.label else f"snapshot {before.number}"
    if before.is_working:
        name = "the working version"
    return name if before.count_id == version.count_id else f"{name} of {before.count.year.label}"

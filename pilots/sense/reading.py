"""Reads what the checks look at: one query a kind of row, however large the count."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from pilots.apportion import apportioned_lines
from pilots.models import ControlTotal, ServiceLine, Version

from .elsewhere import elsewhere_of, rows_of
from .rows import Body, Control, Counted, Facts, Figure, Key, Service, Transfer

# Members, and bodies that left the place and still have lines; a body that followed a member takes its share.
BODIES = """
    WITH RECURSIVE members AS (
        SELECT agency_id, share, true AS is_member FROM pilots_membership WHERE place_id = %(place)s
        UNION
        SELECT a.successor_id, m.share, false FROM members m JOIN pilots_agency a ON a.id = m.agency_id
            WHERE a.successor_id IS NOT NULL
    ),
    recorded AS (SELECT DISTINCT agency_id FROM pilots_spendline WHERE version_id = %(version)s)
    SELECT a.id, a.code, a.name, t.code, p.people * coalesce(max(m.share), 1), coalesce(bool_or(m.is_member), false),
        a.successor_id
    FROM (SELECT agency_id FROM members WHERE is_member UNION SELECT agency_id FROM recorded) b
        JOIN pilots_agency a ON a.id = b.agency_id
        JOIN pilots_agencytype t ON t.id = a.type_id
        LEFT JOIN members m ON m.agency_id = a.id
        LEFT JOIN LATERAL (
            SELECT people FROM pilots_population WHERE agency_id = a.id ORDER BY year DESC LIMIT 1
        ) p ON true
    GROUP BY a.id, t.code, p.people ORDER BY a.code
"""

LINES = """
    SELECT l.agency_id, l.service_line_id, l.is_transfer, l.is_capital, l.receiver_id, coalesce(r.code, ''),
        coalesce(r.name, ''), sum(l.amount), bool_and(l.method = 'national average')
    FROM pilots_spendline l LEFT JOIN pilots_agency r ON r.id = l.receiver_id
    WHERE l.version_id = %(version)s GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2
"""

# The newest published count of the same place: of this year, or of an earlier one where this is it or there is none.
LAST = """
    WITH last AS (
        SELECT c.published_id AS version_id, y.label FROM pilots_count c JOIN pilots_financialyear y ON y.id = c.year_id
        WHERE c.place_id = %(place)s AND c.published_id <> %(version)s AND y.label <= %(year)s
        ORDER BY y.label DESC LIMIT 1
    )
    SELECT last.label, l.agency_id, l.service_line_id, sum(l.amount)
    FROM last JOIN pilots_spendline l ON l.version_id = last.version_id
    WHERE NOT l.is_transfer AND NOT l.is_capital GROUP BY 1, 2, 3
"""

# Over the published counts of the year in other places and this version: what is counted of each line of its bodies.
COUNTED = """
    WITH versions AS (
        SELECT c.published_id AS id FROM pilots_count c JOIN pilots_financialyear y ON y.id = c.year_id
            JOIN pilots_place p ON p.id = c.place_id
        WHERE p.programme_id = %(programme)s AND p.retired_on IS NULL AND c.place_id <> %(place)s
            AND y.label = %(year)s AND c.published_id IS NOT NULL
        UNION SELECT %(version)s
    ),
    lines AS (
        SELECT l.version_id, l.agency_id, l.service_line_id, sum(l.amount) AS amount,
            CASE WHEN bool_or(l.whole_amount IS NOT NULL) THEN sum(coalesce(l.whole_amount, l.amount)) END AS whole
        FROM pilots_spendline l
        WHERE l.version_id IN (SELECT id FROM versions) AND l.agency_id = ANY(%(bodies)s)
            AND NOT l.is_transfer AND NOT l.is_capital
        GROUP BY 1, 2, 3
    )
    SELECT agency_id, service_line_id, sum(amount), count(*), max(whole) FROM lines
    GROUP BY 1, 2 HAVING bool_or(version_id = %(version)s)
"""


def facts_of(version: Version) -> Facts:
    """Everything that the checks of a version look at."""
    count = version.count
    place = count.place
    asked: dict[str, Any] = {
        "version": version.pk,
        "place": place.pk,
        "programme": place.programme_id,
        "year": count.year.label,
    }
    bodies = _bodies(asked)
    services = services_of(place.programme_id)
    asked["bodies"] = list(bodies)
    figures, transfers, reporting = _lines(asked)
    last_label, last = _last(asked)
    elsewhere = elsewhere_of(asked, services)
    return Facts(
        place=place.name,
        year=count.year.label,
        bodies=bodies,
        services=services,
        figures=figures,
        reporting=reporting,
        transfers=transfers,
        last=last,
        last_label=f"published for {last_label}" if last_label != count.year.label else "published last",
        usual=elsewhere.usual,
        places=elsewhere.places,
        places_with=elsewhere.places_with,
        controls=_controls(asked),
        counted=[Counted(*row) for row in rows_of(COUNTED, asked)],
        moves=[row.change for row in apportioned_lines(version) if row.change],
    )


def _bodies(asked: dict[str, Any]) -> dict[int, Body]:
    found = {}
    for pk, code, name, kind, people, is_member, successor in rows_of(BODIES, asked):
        found[pk] = Body(pk, code, name, kind, float(people) if people else None, is_member, successor)
    return found


def services_of(programme_id: int) -> dict[int, Service]:
    """The leaves of a service tree in their order, each with its branch and its group."""
    lines = ServiceLine.objects.filter(programme=programme_id).order_by("position", "code")
    rows: dict[int, tuple[str, str, int | None]] = {
        pk: (code, name, parent) for pk, code, name, parent in lines.values_list("id", "code", "name", "parent_id")
    }
    branches = {parent for _, _, parent in rows.values()}
    found = {}
    for pk, (code, name, _) in rows.items():
        path = _path(pk, rows)
        if pk not in branches and len(path) > 1:
            branch, group = rows[path[1]], path[min(2, len(path) - 1)]
            found[pk] = Service(pk, code, name, branch[0], branch[1], group, rows[group][0], rows[group][1])
    return found


def _path(pk: int, rows: Mapping[int, tuple[str, str, int | None]]) -> list[int]:
    """From the root to a service line."""
    path: list[int] = []
    at: int | None = pk
    while at is not None:
        path.insert(0, at)
        at = rows[at][2]
    return path


def _lines(asked: dict[str, Any]) -> tuple[dict[Key, Figure], list[Transfer], frozenset[int]]:
    figures: dict[Key, Figure] = {}
    transfers = []
    reporting = set()
    for agency, service, is_transfer, is_capital, receiver, code, name, amount, is_national in rows_of(LINES, asked):
        reporting.add(agency)
        if is_transfer:
            transfers.append(Transfer(agency, service, receiver, code, name, amount))
        elif not is_capital:
            figures[agency, service] = Figure(amount, is_national)
    return figures, transfers, frozenset(reporting)


def last_published(version: Version) -> Mapping[Key, Decimal]:
    """What was last published of the same place, by body and service line."""
    count = version.count
    return _last({"version": version.pk, "place": count.place_id, "year": count.year.label})[1]


def _last(asked: dict[str, Any]) -> tuple[str, dict[Key, Decimal]]:
    rows = rows_of(LAST, asked)
    return (rows[0][0] if rows else ""), {(agency, service): amount for _, agency, service, amount in rows}


def _controls(asked: dict[str, Any]) -> list[Control]:
    """Totals of the place and of its bodies in it, and of its bodies as a whole."""
    of_place = Q(place=asked["place"]) & (Q(is_total=True, agency=None) | Q(agency__in=asked["bodies"]))
    of_body = Q(place=None, agency__in=asked["bodies"])
    totals = ControlTotal.objects.filter(of_place | of_body, programme=asked["programme"], amount__isnull=False)
    fields = ("id", "agency_id", "place_id", "subject", "measure", "amount", "financial_year", "source")
    return [Control(pk, agency, place is not None, *rest) for pk, agency, place, *rest in totals.values_list(*fields)]

"""What other places published: the yardstick of the checks. It is kept until anybody publishes anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection

from pilots.caching import kept_or_found

from .rows import Service, Usual


@dataclass(frozen=True)
class Elsewhere:
    """What bodies of each kind spend on each service line, and how many places have figures in each group."""

    usual: Mapping[tuple[str, int], Usual] = field(default_factory=dict)
    places: int = 0
    places_with: Mapping[int, int] = field(default_factory=dict)


# Of each other place the published count of the same year, else of its newest complete one.
LATEST = """
    latest AS (
        SELECT DISTINCT ON (c.place_id) c.published_id AS version_id, c.place_id
        FROM pilots_count c
            JOIN pilots_place p ON p.id = c.place_id
            JOIN pilots_financialyear y ON y.id = c.year_id
            JOIN pilots_version v ON v.id = c.published_id
        WHERE p.programme_id = %(programme)s AND p.retired_on IS NULL AND c.place_id <> %(place)s
        ORDER BY c.place_id, y.label = %(year)s DESC, v.missing = '{}' DESC, y.label DESC
    )
"""

# By kind of body and service line: how many have it, and the median and its median deviation of ln(pounds a head).
# A body that spans places is one body; a national one is another in each place.
USUAL = f"""
    WITH {LATEST},
    spent AS (
        SELECT l.agency_id, l.service_line_id, t.place_id, sum(l.amount)::float8 AS amount
        FROM latest t JOIN pilots_spendline l ON l.version_id = t.version_id
        WHERE NOT l.is_transfer AND NOT l.is_capital AND l.method <> 'national average'
        GROUP BY 1, 2, 3
    ),
    people AS (
        SELECT DISTINCT ON (agency_id) agency_id, people FROM pilots_population
        WHERE programme_id = %(programme)s AND agency_id IS NOT NULL AND people > 0 ORDER BY agency_id, year DESC
    ),
    a_head AS (
        SELECT a.type_id, s.service_line_id, s.agency_id,
            CASE WHEN a.apportioned_by <> '' THEN s.place_id END AS place_id,
            avg(s.amount / (n.people * m.share)::float8) AS pounds
        FROM spent s
            JOIN pilots_agency a ON a.id = s.agency_id
            JOIN pilots_membership m ON m.agency_id = s.agency_id AND m.place_id = s.place_id
            JOIN people n ON n.agency_id = s.agency_id
        WHERE a.type_id IN (SELECT type_id FROM pilots_agency WHERE id = ANY(%(bodies)s))
            AND (s.agency_id <> ALL(%(bodies)s) OR a.apportioned_by <> '')
        GROUP BY 1, 2, 3, 4
    ),
    middles AS (
        SELECT type_id, service_line_id, count(*) AS reporting, count(*) FILTER (WHERE pounds > 0) AS above,
            count(*) FILTER (WHERE pounds < 0) AS below,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN pounds > 0 THEN ln(pounds) END) AS middle
        FROM a_head GROUP BY 1, 2
    ),
    bodies AS (
        SELECT type_id, count(DISTINCT agency_id + (coalesce(place_id, 0) << 32)) AS number FROM a_head GROUP BY 1
    )
    SELECT t.code, m.service_line_id, b.number, m.reporting, m.above, m.below, m.middle,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN h.pounds > 0 THEN abs(ln(h.pounds) - m.middle) END)
    FROM middles m
        JOIN a_head h ON h.type_id = m.type_id AND h.service_line_id = m.service_line_id
        JOIN bodies b ON b.type_id = m.type_id
        JOIN pilots_agencytype t ON t.id = m.type_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""  # noqa: S608 - our own words

PLACES_WITH = f"""
    WITH {LATEST},
    grouped AS (SELECT * FROM unnest(%(leaves)s::bigint[], %(groups)s::bigint[]) AS g (leaf, service_group)),
    delivered AS (SELECT DISTINCT t.place_id, l.service_line_id FROM latest t
        JOIN pilots_spendline l ON l.version_id = t.version_id WHERE NOT l.is_transfer AND NOT l.is_capital)
    SELECT (SELECT count(*) FROM latest), g.service_group, count(DISTINCT d.place_id)
    FROM grouped g LEFT JOIN delivered d ON d.service_line_id = g.leaf GROUP BY g.service_group
"""  # noqa: S608 - our own words

# Changes with every publication and every change of the register.
STAMP = """
    SELECT p.register_revision, max(v.published_at), count(*)
    FROM pilots_programme p
        LEFT JOIN pilots_place l ON l.programme_id = p.id
        LEFT JOIN pilots_count c ON c.place_id = l.id AND c.published_id IS NOT NULL
        LEFT JOIN pilots_version v ON v.id = c.published_id
    WHERE p.id = %(programme)s GROUP BY p.id
"""


def elsewhere_of(asked: Mapping[str, Any], services: Mapping[int, Service]) -> Elsewhere:
    """What other places of a programme published, for a place, a year and its `bodies` by id."""
    return kept_or_found(_key(asked), lambda: _read(asked, services))


def rows_of(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return cursor.fetchall()


def _key(asked: Mapping[str, Any]) -> str:
    about = (asked["programme"], asked["place"], asked["year"], sorted(asked["bodies"]), *rows_of(STAMP, asked))
    return f"elsewhere:{sha256(repr(about).encode()).hexdigest()}"


def _read(asked: Mapping[str, Any], services: Mapping[int, Service]) -> Elsewhere:
    grouped = {"leaves": list(services), "groups": [service.group for service in services.values()]}
    with_figures = rows_of(PLACES_WITH, {**asked, **grouped})
    return Elsewhere(
        {(kind, service): Usual(*row) for kind, service, *row in rows_of(USUAL, asked)},
        with_figures[0][0] if with_figures else 0,
        {group: places for _, group, places in with_figures},
    )

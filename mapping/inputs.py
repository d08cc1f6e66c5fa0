"""What maps are made from, read in one snapshot of the database: versions, assumptions and rolled-up spend."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import connection
from django.db.models import F
from numpy.typing import NDArray

from mapping import engine, grains
from mapping.assumption_sets import canonical, engine_assumptions
from mapping.models import AssumptionSet
from pilots.models import Agency, ServiceLine, SpendType, Version

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Standing:
    """A version, what its map would be made from now, and the map that is current (None where there is none)."""

    version: int
    revision: int
    register_revision: int
    assumption_set: int
    current_map: int | None
    current_revision: int | None
    current_assumption_set: int | None
    current_register_revision: int | None

    @property
    def key(self) -> tuple[int, int, int, int]:
        return self.version, self.revision, self.assumption_set, self.register_revision

    @property
    def is_fresh(self) -> bool:
        current = (self.current_revision, self.current_assumption_set, self.current_register_revision)
        return current == (self.revision, self.assumption_set, self.register_revision)


@dataclass(frozen=True)
class Menu:
    """An assumption set for the engine, with the ids of its levers in the engine's order."""

    assumptions: engine.Assumptions
    lever_ids: tuple[int, ...]

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(canonical(self.assumptions).encode()).digest()


@dataclass(frozen=True)
class CountedSpend:
    """A version's spend for the engine, with the ids of its agencies and service lines in the engine's order."""

    spend: engine.Spend
    agency_ids: Whole
    service_line_ids: Whole
    # Revenue without transfers, in pence.
    total: int

    def text(self) -> Iterator[str]:
        """The spend in canonical form and order, one cell a line, by codes alone."""
        spend = self.spend
        columns = (spend.agency, spend.service_line, spend.spend_type, np.rint(spend.amount * 100).astype(np.int64))
        cells = zip(*(column.tolist() for column in columns), spend.by_basis.tolist(), strict=True)
        for agency, line, kind, amount, by_basis in cells:
            names = spend.agencies[agency], spend.agency_types[agency], spend.service_lines[line]
            yield "\t".join((*names, spend.spend_types[kind], str(amount), *map(str, by_basis)))


def standing_of(versions: Collection[int]) -> list[Standing]:
    """How versions stand, by id; those of programmes without a current assumption set are left out."""
    programme, current = "count__place__programme", "current_map__map"
    rows = Version.objects.filter(pk__in=versions, **{f"{programme}__current_assumptions__isnull": False}).values_list(
        "pk",
        "revision",
        f"{programme}__register_revision",
        f"{programme}__current_assumptions__assumption_set",
        f"{current}",
        f"{current}__revision",
        f"{current}__assumption_set",
        f"{current}__register_revision",
    )
    return [Standing(*row) for row in rows.order_by("pk")]


def menu_of(assumption_set: int) -> Menu:
    stored = AssumptionSet.objects.select_related("programme").get(pk=assumption_set)
    ids = dict(stored.levers.values_list("code", "pk"))
    assumptions = engine_assumptions(stored)
    return Menu(assumptions, tuple(ids[lever.code] for lever in assumptions.levers))


def digest_of(counted: CountedSpend, menu: Menu) -> str:
    """The SHA-256 of everything that a map is made from; ids play no part."""
    digest = hashlib.sha256(menu.digest)
    for line in counted.text():
        digest.update(f"\n{line}".encode())
    return digest.hexdigest()


ROLL_UP = """
    INSERT INTO mapping_rollup (version_id, agency_id, funder_id, service_line_id, spend_type_id, basis, method,
        is_capital, is_transfer, amount, absolute_amount, lines)
    SELECT version_id, agency_id, funder_id, service_line_id, spend_type_id, basis, method, is_capital, is_transfer,
        sum(amount), sum(abs(amount)), count(*)
    FROM pilots_spendline WHERE version_id = ANY(%s) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

COUNTED_SUMS = f"""
    INSERT INTO mapping_countedsum (version_id, is_capital, is_transfer, grain, {", ".join(grains.TOLD_APART)},
        amount, lines)
    SELECT version_id, is_capital, is_transfer, grouping({", ".join(grains.TOLD_APART)}),
        {", ".join(grains.TOLD_APART)}, sum(amount), sum(lines)
    FROM mapping_rollup WHERE version_id = ANY(%s) GROUP BY GROUPING SETS ({grains.grouping_sets()})
"""  # noqa: S608 - our own column names

CELLS = """
    SELECT version_id, agency_id, service_line_id, spend_type_id, (100 * sum(amount))::bigint,
        coalesce(100 * sum(absolute_amount) FILTER (WHERE basis = 'actual'), 0)::bigint,
        coalesce(100 * sum(absolute_amount) FILTER (WHERE basis = 'budget'), 0)::bigint,
        coalesce(100 * sum(absolute_amount) FILTER (WHERE basis = 'estimate'), 0)::bigint,
        coalesce(100 * sum(absolute_amount) FILTER (WHERE basis = 'apportioned'), 0)::bigint
    FROM mapping_rollup WHERE version_id = ANY(%s) AND NOT is_capital AND NOT is_transfer
    GROUP BY 1, 2, 3, 4 ORDER BY 1
"""


def roll_up(versions: Sequence[int]) -> None:
    """Replaces the roll-up of versions by one of their lines as they are."""
    with connection.cursor() as cursor:
        for table in ("mapping_countedsum", "mapping_rollup"):
            cursor.execute(f"DELETE FROM {table} WHERE version_id = ANY(%s)", [list(versions)])  # noqa: S608 - ours
        cursor.execute(ROLL_UP, [list(versions)])
        cursor.execute(COUNTED_SUMS, [list(versions)])


def counted_spend(versions: Sequence[int]) -> dict[int, CountedSpend]:
    """The revenue without transfers of versions, from their roll-up, by version id."""
    with connection.cursor() as cursor:
        cursor.execute(CELLS, [list(versions)])
        cells = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 5 + len(engine.BASES))
    names = _names(cells)
    bounds = {version: np.searchsorted(cells[:, 0], [version, version + 1]) for version in versions}
    return {version: _counted(cells[first:last], names) for version, (first, last) in bounds.items()}


@dataclass(frozen=True, slots=True)
class _Names:
    agencies: dict[int, str]
    agency_types: dict[int, str]
    service_lines: dict[int, str]
    spend_types: dict[int, str]


def _names(cells: Whole) -> _Names:
    agencies = Agency.objects.filter(pk__in=np.unique(cells[:, 1]).tolist()).annotate(kind=F("type__code"))
    rows = list(agencies.values_list("pk", "code", "kind"))
    lines = ServiceLine.objects.filter(pk__in=np.unique(cells[:, 2]).tolist())
    return _Names(
        {pk: code for pk, code, _ in rows},
        {pk: kind for pk, _, kind in rows},
        dict(lines.values_list("pk", "code")),
        dict(SpendType.objects.values_list("pk", "code")),
    )


def _counted(cells: Whole, names: _Names) -> CountedSpend:
    agency_ids, agency = _by_code(cells[:, 1], names.agencies)
    line_ids, line = _by_code(cells[:, 2], names.service_lines)
    type_ids, spend_type = _by_code(cells[:, 3], names.spend_types)
    order = np.lexsort((spend_type, line, agency))
    spend = engine.Spend(
        agencies=tuple(names.agencies[pk] for pk in agency_ids.tolist()),
        agency_types=tuple(names.agency_types[pk] for pk in agency_ids.tolist()),
        service_lines=tuple(names.service_lines[pk] for pk in line_ids.tolist()),
        spend_types=tuple(names.spend_types[pk] for pk in type_ids.tolist()),
        agency=agency[order],
        service_line=line[order],
        spend_type=spend_type[order],
        # Whole pence over 100 is the float nearest to the pounds.
        amount=cells[order, 4] / 100,
        by_basis=cells[order, 5:],
    )
    return CountedSpend(spend, agency_ids, line_ids, int(cells[:, 4].sum()))


def _by_code(ids: Whole, codes: dict[int, str]) -> tuple[Whole, Whole]:
    """The ids there are in the order of their codes, and each row's place among them."""
    present, inverse = np.unique(ids, return_inverse=True)
    order = np.array(sorted(range(len(present)), key=lambda index: codes[int(present[index])]), dtype=np.int64)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return present[order], place[inverse]

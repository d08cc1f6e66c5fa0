"""Lists of stored cells and pairs, in an order that ends in a unique key."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Round

from mapping.models import SavingsCell, SharingPair
from pilots.models import FinancialYear, Programme, Version

from .shapes import PairRow

CELL_COLUMNS = (
    *("place", "year", "scenario", "agency", "service_line", "lever"),
    *("addressable", "saving", "joined", "is_capped"),
)
PLACE, YEAR = "map__version__count__place", "map__version__count__year"
ORDER = (f"{PLACE}__slug", "agency__code", "service_line__code", "lever__code")
KEYS = (ORDER[0], f"{YEAR}__label", "scenario", *ORDER[1:])
AMOUNTS = ("addressable", "saving", "joined")
ROWS_FETCHED = 2000


class CellRows:
    """Cells as rows by the names of CELL_COLUMNS, amounts in pounds: the `Rows` of a list of the API."""

    def __init__(self, cells: QuerySet[SavingsCell], factor: Decimal | None) -> None:
        self._cells = cells
        amounts = [F(name) if factor is None else Round(F(name) * factor, 2) for name in AMOUNTS]
        self._rows = cells.order_by(*ORDER).values_list(*KEYS, *amounts, "is_capped")

    def count(self) -> int:
        """How many there are."""
        return self._cells.count()

    def some(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Those from `start` up to `stop`."""
        return [_row(values) for values in self._rows[start:stop]]

    def all(self) -> Iterator[dict[str, Any]]:
        """Every row, read a few at a time by a server-side cursor."""
        with transaction.atomic():
            for values in self._rows.iterator(chunk_size=ROWS_FETCHED):
                yield _row(values)


def _row(values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(CELL_COLUMNS, values, strict=True))


def savings_cells(
    version: Version,
    scenario: str,
    lever: str | None = None,
    agency: str | None = None,
    map_id: int | None = None,
    factor: Decimal | None = None,
) -> CellRows:
    """The cells of a version's current map, or another of its maps, by code of body, leaf and lever.

    With a factor their amounts are in other prices, each to the penny.
    """
    is_wanted = {"map": map_id} if map_id is not None else {"map__version__current_map__map": F("map")}
    cells = SavingsCell.objects.filter(map__version=version, **is_wanted)
    return _rows(cells, scenario, lever, agency, factor)


def all_savings_cells(
    programme: Programme,
    year: FinancialYear,
    scenario: str,
    lever: str | None = None,
    agency: str | None = None,
    kind: str | None = None,
    factor: Decimal | None = None,
) -> CellRows:
    """The same over the published counts of a programme's active places, of one kind or all."""
    places: dict[str, Any] = {f"{PLACE}__programme": programme, f"{PLACE}__retired_on": None}
    if kind:
        places[f"{PLACE}__kind"] = kind
    cells = SavingsCell.objects.filter(
        map__version__published_for__year=year, map__version__current_map__map=F("map"), **places
    )
    return _rows(cells, scenario, lever, agency, factor)


def _rows(
    cells: QuerySet[SavingsCell], scenario: str, lever: str | None, agency: str | None, factor: Decimal | None
) -> CellRows:
    chosen = cells.filter(scenario=scenario)
    if lever:
        chosen = chosen.filter(lever__code=lever)
    if agency:
        chosen = chosen.filter(agency__code=agency)
    return CellRows(chosen, factor)


def sharing_pairs(version: Version, scenario: str, lever: str | None = None) -> list[PairRow]:
    """What each two bodies would save by joining up alone in each lever, most first; they overlap."""
    pairs = SharingPair.objects.filter(map__version=version, map__version__current_map__map=F("map"), scenario=scenario)
    if lever:
        pairs = pairs.filter(lever__code=lever)
    names = ("agency_a__code", "agency_b__code", "lever__code")
    return [PairRow(*row) for row in pairs.order_by("-saving", *names).values_list(*names, "saving")]

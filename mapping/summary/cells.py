"""Lists of stored cells and pairs, in an order that ends in a unique key."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from mapping.models import SavingsCell, SharingPair
from pilots.models import FinancialYear, Place, Programme, Version
from pilots.quality.flags import quality_flags_of
from pilots.quality.worsened import QualityFlags

from .priced import OF_CELLS, priced
from .shapes import PairRow

CELL_COLUMNS = (
    *("place", "year", "scenario", "agency", "service_line", "lever"),
    *OF_CELLS,
    *("is_capped", "is_quality_worse"),
)
PLACE, YEAR = "map__version__count__place", "map__version__count__year"
ORDER = (f"{PLACE}__slug", "agency__code", "service_line__code", "lever__code")
KEYS = (ORDER[0], f"{YEAR}__label", "scenario", *ORDER[1:])
ROWS_FETCHED = 2000


class CellRows:
    """Cells as rows by the names of CELL_COLUMNS, amounts in pounds: the `Rows` of a list of the API."""

    def __init__(self, cells: QuerySet[SavingsCell], places: QuerySet[Place], factor: Decimal | None) -> None:
        """`places` are those of the cells: their quality, as it is now, is said beside."""
        self._cells = cells
        self._places = places
        amounts = [priced(name, factor) for name in OF_CELLS]
        self._rows = cells.order_by(*ORDER).values_list(*KEYS, *amounts, "is_capped")

    @cached_property
    def _flags(self) -> dict[str, QualityFlags]:
        return quality_flags_of(self._places)

    def count(self) -> int:
        """How many there are."""
        return self._cells.count()

    def some(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Those from `start` up to `stop`."""
        flags = self._flags
        return [_row(values, flags) for values in self._rows[start:stop]]

    def all(self) -> Iterator[dict[str, Any]]:
        """Every row, read a few at a time by a server-side cursor."""
        flags = self._flags
        with transaction.atomic():
            for values in self._rows.iterator(chunk_size=ROWS_FETCHED):
                yield _row(values, flags)


def _row(values: tuple[Any, ...], flags: dict[str, QualityFlags]) -> dict[str, Any]:
    place, _, _, _, service_line, lever, *_ = values
    is_worse = place in flags and bool(flags[place].of(service_line, lever))
    return dict(zip(CELL_COLUMNS, (*values, is_worse), strict=True))


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
    return _rows(cells, scenario, lever, agency, Place.objects.filter(counts__versions=version), factor)


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
    places_shown = Place.objects.filter(programme=programme, retired_on=None)
    return _rows(cells, scenario, lever, agency, places_shown, factor)


def _rows(
    cells: QuerySet[SavingsCell],
    scenario: str,
    lever: str | None,
    agency: str | None,
    places: QuerySet[Place],
    factor: Decimal | None,
) -> CellRows:
    chosen = cells.filter(scenario=scenario)
    if lever:
        chosen = chosen.filter(lever__code=lever)
    if agency:
        chosen = chosen.filter(agency__code=agency)
    return CellRows(chosen, places, factor)


def sharing_pairs(version: Version, scenario: str, lever: str | None = None) -> list[PairRow]:
    """What each two bodies would save by joining up alone in each lever, most first; they overlap."""
    pairs = SharingPair.objects.filter(map__version=version, map__version__current_map__map=F("map"), scenario=scenario)
    if lever:
        pairs = pairs.filter(lever__code=lever)
    names = ("agency_a__code", "agency_b__code", "lever__code")
    return [PairRow(*row) for row in pairs.order_by("-saving", *names).values_list(*names, "saving")]

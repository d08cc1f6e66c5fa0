"""Storing what the engine found: one COPY a table over all maps of a batch. Pence in, numeric out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from mapping import engine
from mapping.inputs import CountedSpend, Menu
from mapping.models import LeverResult, MapResult, PoolResult, SavingsCell, SharingPair


@dataclass(frozen=True)
class Computed:
    """A map that has its row and waits for what stands in it."""

    map_id: int
    menu: Menu
    counted: CountedSpend
    result: engine.MapResult

    def cases(self) -> Iterator[tuple[str, engine.ScenarioResult]]:
        return ((case, getattr(self.result, case)) for case in engine.SCENARIOS)

    def levers(self, index: engine.results.Whole) -> list[int]:
        """The ids of levers by their place in the menu."""
        return np.array(self.menu.lever_ids, dtype=np.int64)[index].tolist()


Lines = Iterable[str]
YEARS = "saving_by_year", "cost_by_year", "net_present_value", "payback", "payback_status"


def store_results(maps: Sequence[Computed]) -> None:
    """Writes the cells, pairs, pools and totals of maps; call it in the transaction that made their rows."""
    cell = "agency_id", "service_line_id", "lever_id", "addressable", "saving", "joined", "is_capped"
    rests = tuple(f"rests_on_{basis}" for basis in engine.BASES)
    _copy(SavingsCell, (*cell, *rests), maps, _cells)
    _copy(SharingPair, ("agency_a_id", "agency_b_id", "lever_id", "saving"), maps, _pairs)
    pool = "lever_id", "pool", "agencies", "addressable", "saving_before_cap", "saving_after_cap"
    _copy(PoolResult, pool, maps, _pools)
    _copy(LeverResult, ("lever_id", "addressable", "saving", "joined", *YEARS), maps, _levers)
    _copy(MapResult, ("saving", "joined", *YEARS), maps, _totals)


def _copy(
    model: type,
    columns: Sequence[str],
    maps: Sequence[Computed],
    lines: Callable[[Computed, engine.ScenarioResult], Lines],
) -> None:
    """Copies the lines of every map and case; a line is what follows the map and the case, in COPY's text form."""
    target = f"{model._meta.db_table} (map_id, scenario, {', '.join(columns)})"  # type: ignore[attr-defined]
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for computed in maps:
            for case, result in computed.cases():
                start = f"{computed.map_id}\t{case}\t"
                copy.write("".join(f"{start}{line}\n" for line in lines(computed, result)))


# Amounts go out as whole pence with an exponent, which numeric reads exactly: 1234e-2 is 12.34.


def _cells(computed: Computed, result: engine.ScenarioResult) -> Lines:
    cells = result.cells
    columns = (
        computed.counted.agency_ids[cells.agency].tolist(),
        computed.counted.service_line_ids[cells.service_line].tolist(),
        computed.levers(cells.lever),
        cells.addressable.tolist(),
        cells.saving.tolist(),
        cells.joined.tolist(),
        cells.is_capped.tolist(),
        *cells.rests_on.T.tolist(),
    )
    return (
        f"{agency}\t{line}\t{lever}\t{addressable}e-2\t{saving}e-2\t{joined}e-2\t{capped}"
        f"\t{actual}e-2\t{budget}e-2\t{estimate}e-2\t{apportioned}e-2"
        for agency, line, lever, addressable, saving, joined, capped, actual, budget, estimate, apportioned in zip(
            *columns, strict=True
        )
    )


def _pairs(computed: Computed, result: engine.ScenarioResult) -> Lines:
    pairs = result.pairs
    columns = (
        computed.counted.agency_ids[pairs.agency_a].tolist(),
        computed.counted.agency_ids[pairs.agency_b].tolist(),
        computed.levers(pairs.lever),
        pairs.saving.tolist(),
    )
    return (f"{first}\t{second}\t{lever}\t{saving}e-2" for first, second, lever, saving in zip(*columns, strict=True))


def _pools(computed: Computed, result: engine.ScenarioResult) -> Lines:
    pools = result.pools
    amounts = pools.agencies, pools.addressable, pools.saving_before_cap, pools.saving_after_cap
    rows = zip(computed.levers(pools.lever), pools.pool, *(column.tolist() for column in amounts), strict=True)
    return (
        f"{lever}\t{_text(pool)}\t{agencies}\t{addressable}e-2\t{before}e-2\t{after}e-2"
        for lever, pool, agencies, addressable, before, after in rows
    )


def _levers(computed: Computed, result: engine.ScenarioResult) -> Lines:
    cells = result.cells
    for index, (lever, years) in enumerate(zip(computed.menu.lever_ids, result.lever_years, strict=True)):
        own = cells.lever == index
        sums = (int(column[own].sum()) for column in (cells.addressable, cells.saving, cells.joined))
        yield "\t".join((str(lever), *map(_pounds, sums), *_years(years)))


def _totals(_: Computed, result: engine.ScenarioResult) -> Lines:
    cells = result.cells
    sums = (int(column.sum()) for column in (cells.saving, cells.joined))
    yield "\t".join((*map(_pounds, sums), *_years(result.place_years)))


def _years(years: engine.LeverYears) -> Iterator[str]:
    yield f"{{{','.join(map(_pounds, years.saving_by_year))}}}"
    yield f"{{{','.join(map(_pounds, years.cost_by_year))}}}"
    yield _pounds(years.net_present_value)
    yield r"\N" if years.payback is None else str(years.payback)
    yield years.payback_status


def _pounds(pence: int) -> str:
    return f"{pence}e-2"


def _text(value: str) -> str:
    """A code in COPY's text form."""
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")

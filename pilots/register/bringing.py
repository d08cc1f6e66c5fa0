"""Bringing shipped rows into tables that people edit: what is missing is added, nothing is overwritten."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from pilots.models import History

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored row that says something else than the shipped one, and keeps saying it."""

    kind: str
    row: str
    field: str
    stored: str
    shipped: str

    def __str__(self) -> str:
        return f'{self.kind} {self.row}: {self.field} is "{self.stored}" here, "{self.shipped}" as shipped'


@dataclass(slots=True)
class Outcome:
    """What loading did: rows added, by kind (one, many); rows that differ; rows that were taken away."""

    added: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def bring[M: Model](
    outcome: Outcome, shipped: Iterable[M], key_columns: Sequence[str], compared: Sequence[str] = ()
) -> dict[Key, M]:
    """Adds the shipped rows whose key is neither stored nor was ever taken away, and notes what differs.

    `key_columns` and `compared` are names of columns. Returns the rows that are stored now, by key.
    """
    rows = {_key_of(row, key_columns): row for row in shipped}
    if not rows:
        return {}
    model = type(next(iter(rows.values())))
    stored = {_key_of(row, key_columns): row for row in model._default_manager.all()}
    missing = {key: row for key, row in rows.items() if key not in stored}
    gone = _keys_once_stored(model, key_columns) if missing else set()
    kind = str(model._meta.verbose_name)
    outcome.removed += [f"{kind} {row}" for key, row in missing.items() if key in gone]
    added = {key: row for key, row in missing.items() if key not in gone}
    model._default_manager.bulk_create(added.values())
    outcome.added[kind, str(model._meta.verbose_name_plural)] += len(added)
    kept = {key: row for key, row in stored.items() if key in rows}
    for key, row in kept.items():
        outcome.differences += _differences(kind, row, rows[key], compared)
    return kept | added


def _key_of(row: Model, key_columns: Sequence[str]) -> Key:
    return tuple(getattr(row, column) for column in key_columns)


def _keys_once_stored(model: type[Model], key_columns: Sequence[str]) -> set[Key]:
    """Keys that a row had before somebody changed or removed it."""
    history = History.objects.filter(table_name=model._meta.db_table, before__isnull=False)
    return {
        tuple((before or {}).get(column) for column in key_columns)
        for before in history.values_list("before", flat=True)
    }


def _differences(kind: str, stored: Model, shipped: Model, compared: Sequence[str]) -> list[Difference]:
    return [
        Difference(kind, str(stored), column, _shown(stored, column), _shown(shipped, column))
        for column in compared
        if getattr(stored, column) != getattr(shipped, column)
    ]


def _shown(row: Model, column: str) -> str:
    value = getattr(row, column.removesuffix("_id"))
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)

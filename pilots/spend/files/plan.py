"""From a table to a count: check every row, show the difference, then write all or nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from django.db import transaction

from pilots.acting import acting
from pilots.models import Person, Version
from pilots.spend.write import lock_versions, mark_changed
from totalplace.money import counted, exact, listed, starting

from . import staging
from .changes import LineChange, line_changes
from .destinations import Destinations, OneCount
from .headings import Mapped, guess_mapping, mapping_problems, opening_problems, unread_columns
from .left_out import keep_left_out
from .merging import Conflict, Copy, Merge
from .newer import written_over
from .other_unit import OtherUnit, other_unit
from .problems import KEPT, FileProblem, FileRefused, Problems
from .rows import Progress, Rows
from .staging import Duplicate, Lines, Scope, TotalChange
from .table import Table

# Fields that make a line's key, and what a line is where the file has no column for one.
DEFAULTS = {"funder": "no funder", "spend_type": 'the spend type "unspecified"', "receiver": "no receiver"}
KINDS = ("revenue", "capital", "transfers")
# Which value a conflict keeps, "file" or "ours", by its id.
Choices = Mapping[str, str]


class Mode(StrEnum):
    """What becomes of lines that the file does not have: they stay, or they go."""

    ADD_OR_CHANGE = "add or change"
    REPLACE = "replace"


class PlanIsOld(Exception):
    """The count changed since the plan was made, so what would happen is no longer what was shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import does to one version: lines, totals by body that change, and totals in all, in pounds.

    `before` and `after` are by kind: revenue (what the count's total is), capital, transfers.
    """

    version: Version
    lines: Lines
    bodies: tuple[TotalChange, ...]
    before: dict[str, Decimal]
    after: dict[str, Decimal]
    # Line by line, the largest first, where the file is of one count.
    changes: tuple[LineChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.lines.added or self.lines.changed or self.lines.removed)

    def as_data(self, most: int) -> dict:
        """Plain data for a stored report, with so many changes of lines at most."""
        return {
            "version": self.version.pk,
            "place": self.version.count.place.slug,
            "year": self.version.count.year.label,
            "revision": self.version.revision,
            "lines": {name: getattr(self.lines, name) for name in ("added", "changed", "unchanged", "removed")},
            "before": {kind: str(pounds) for kind, pounds in self.before.items()},
            "after": {kind: str(pounds) for kind, pounds in self.after.items()},
            "bodies": [
                {
                    "code": one.agency,
                    "name": one.name,
                    "kind": one.kind,
                    "before": str(one.before),
                    "after": str(one.after),
                }
                for one in self.bodies
            ],
            "changes": [one.as_data() for one in self.changes[:most]],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. `problems` refuse it as a whole; `revisions` are those it was compared with."""

    table: Table
    mapping: Mapped
    mode: Mode
    rows: int = 0
    problems: Problems = field(default_factory=Problems)
    notices: tuple[str, ...] = ()
    # What to look at before it is written, though it refuses nothing.
    warnings: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    # The unit that the file seems to be in, by what is recorded.
    other_unit: OtherUnit | None = None
    # Rows that could be added to an earlier one of the same key.
    duplicates: tuple[Duplicate, ...] = ()
    # Of a filled copy of a workbook, with what was recorded since it was downloaded.
    merge: Merge | None = None

    @property
    def is_good(self) -> bool:
        return not len(self.problems)

    @property
    def revisions(self) -> dict[int, int]:
        return {one.version.pk: one.version.revision for one in self.differences}

    def as_data(self, most: int = 1_000) -> dict:
        """Plain data for a stored report: at most so many problems, and lines that change, of all that were counted."""
        return {
            "rows": self.rows,
            "mode": self.mode.value,
            "columns": {name: self.table.headings[index] for name, index in self.mapping.items()},
            "notices": list(self.notices),
            "warnings": list(self.warnings),
            "other_unit": asdict(self.other_unit) if self.other_unit else None,
            "problem_count": len(self.problems),
            "problems": [one.as_data() for one in self.problems.kept[:most]],
            "differences": [one.as_data(most) for one in self.differences],
            "duplicates": self._addable(most),
            "merge": self.merge.as_data() if self.merge else None,
        }

    def _addable(self, most: int) -> dict[str, dict]:
        """What adding a row to an earlier one needs to know, by row: amounts are in the unit of the file."""
        if "amount" not in self.mapping:
            return {}

        def written(pounds: Decimal) -> str:
            return format(pounds.scaleb(-self.table.unit.places).normalize(), "f")

        return {
            str(one.row): {
                "first": one.first,
                "amount": written(one.amount),
                "first_amount": written(one.first_amount),
            }
            for one in self.duplicates[:most]
            if one.is_plain
        }


def plan_import(
    version: Version,
    table: Table,
    mapping: Mapped | None = None,
    person: Person | None = None,
    mode: Mode = Mode.ADD_OR_CHANGE,
    progress: Progress | None = None,
    choices: Choices | None = None,
) -> Plan:
    """Reads and checks a whole table and compares it with a working version; nothing is written.

    `choices` settle the conflicts of a filled copy: "file" or "ours" by a conflict's id, or by "all".
    Raises FileRefused where reading breaks off, NotAllowed where the person may change nothing of the count.
    """
    with transaction.atomic():
        plan = _stage(table, mapping, OneCount(version, person), mode, progress, choices=choices)
        transaction.set_rollback(True)
    return plan


def apply_plan(
    plan: Plan, person: Person | None, via: str, progress: Progress | None = None, choices: Choices | None = None
) -> Plan:
    """Writes what a plan showed: reads the file again, and all of it is stored or nothing.

    Raises PlanIsOld where the count changed since, FileRefused, VersionLocked, NotAllowed.
    """
    (difference,) = plan.differences
    destinations = OneCount(difference.version, person)
    revisions = plan.revisions
    return import_table(plan.table, plan.mapping, destinations, person, via, plan.mode, revisions, progress, choices)


def import_table(
    table: Table,
    mapping: Mapped | None,
    destinations: Destinations,
    person: Person | None,
    via: str,
    mode: Mode = Mode.ADD_OR_CHANGE,
    revisions: dict[int, int] | None = None,
    progress: Progress | None = None,
    choices: Choices | None = None,
    *,
    only_check: bool = False,
) -> Plan:
    """Checks and writes a table in one pass and one transaction, and returns what was done.

    `only_check` writes nothing, and closes again what it opened. Raises FileRefused, VersionLocked, NotAllowed, and
    PlanIsOld where a version is not at the given revision.
    """
    locked: dict[int, Version] = {}
    with transaction.atomic():
        with acting(person, via):

            def lock() -> None:
                locked.update(lock_versions([one.version.pk for one in destinations.used]))

            plan = _stage(table, mapping, destinations, mode, progress, lock, choices)
            if not plan.is_good:
                raise FileRefused(plan.problems)
            if revisions is not None and plan.revisions != revisions:
                raise PlanIsOld("Somebody changed the count since. Look at what the file would change now.")
            if plan.merge and plan.merge.open:
                raise FileRefused([_unsettled(table, one) for one in plan.merge.conflicts])
            if not only_check:
                _write(plan, destinations, locked)
        transaction.set_rollback(only_check)
    return plan


def _write(plan: Plan, destinations: Destinations, locked: dict[int, Version]) -> None:
    staging.write(_scope(destinations, plan.mode), plan.mapping.keys())
    changed = [locked[one.version.pk] for one in plan.differences if not one.is_empty]
    if changed:
        mark_changed(*changed)


def _stage(
    table: Table,
    mapping: Mapped | None,
    destinations: Destinations,
    mode: Mode,
    progress: Progress | None = None,
    lock: Callable[[], None] = lambda: None,
    choices: Choices | None = None,
) -> Plan:
    """Fills the staging table and says what it would do; `lock` is called before anything is compared."""
    mapping = guess_mapping(table) if mapping is None else mapping
    unfit = mapping_problems(table, mapping)
    problems = Problems([*opening_problems(table, mapping), *unfit])
    if unfit:
        return Plan(table, mapping, mode, problems=problems)
    rows = Rows(table, mapping, destinations, problems, progress)
    is_copy = _is_copy(table, destinations)
    rows.takes_all_bodies = is_copy
    staging.stage(rows)
    duplicates = _add_duplicates(table, problems)
    copy, aside = None, 0
    if is_copy and table.stamp:
        copy = Copy(table.stamp, _scope(destinations, mode), mapping.keys(), choices or {})
        copy.recall()
        aside = _set_aside(copy, destinations, rows)
    if not rows.number and not len(problems):
        problems.add(FileProblem("no-rows", "There is no row of spend below the headings.", sheet=table.sheet))
    notices = (*table.notices, *_notices(table, mapping, rows))
    if table.stamp and not is_copy:
        notices += ("The workbook was downloaded from another count, so it was read like any other file.",)
    problems.sort()
    plan = Plan(table, mapping, mode, rows.number, problems, notices, duplicates=duplicates)
    if not plan.is_good:
        return plan
    destinations.fill()
    lock()
    return _compared(plan, destinations, copy, aside)


def _compared(plan: Plan, destinations: Destinations, copy: Copy | None, aside: int) -> Plan:
    """The plan of checked lines with what they would do to those that are recorded now."""
    scope, version = _scope(destinations, plan.mode), destinations.version
    staging.match(scope)
    kept = keep_left_out(plan.table, plan.mapping, destinations, scope)
    return replace(
        plan,
        notices=(*plan.notices, *kept),
        warnings=tuple(written_over(plan.table, plan.mapping.keys())),
        # The difference is what remains to be written after merging.
        merge=copy.merge(aside) if copy else None,
        differences=tuple(_differences(destinations, plan.mode, plan.mapping)),
        other_unit=other_unit(version, scope, plan.table.unit) if version else None,
    )


def _is_copy(table: Table, destinations: Destinations) -> bool:
    """Whether a table is a filled copy of the very version it is sent to."""
    stamp, version = table.stamp, destinations.version
    if stamp is None or version is None or stamp.version != version.pk:
        return False
    return Version.objects.filter(pk=version.pk, revision__gte=stamp.revision).exists()


def _set_aside(copy: Copy, destinations: Destinations, rows: Rows) -> int:
    """Leaves out untouched rows of bodies that the sender may not change, and refuses those that were touched."""
    aside = 0
    for one in destinations.used:
        if one.editable is not None:
            aside += copy.set_aside(one.editable)
            for row, code in copy.foreign(one.editable):
                rows.refuse_body(row, one.place, code)
    return aside


def _unsettled(table: Table, conflict: Conflict) -> FileProblem:
    what = f"The {conflict.field.replace('_', ' ')}" if conflict.field else "The line"
    message = (
        f"{what} of {conflict.agency}, {conflict.service_line} was changed here since the workbook was downloaded "
        f"(by {conflict.who}): {conflict.ours or 'removed'} here, {conflict.file or 'removed'} in the file. Choose one."
    )
    return FileProblem("conflict", message, table.sheet, conflict.row or None, found=conflict.file)


def _scope(destinations: Destinations, mode: Mode) -> Scope:
    return Scope({one.version.pk: one.editable for one in destinations.used}, mode is Mode.REPLACE)


def _differences(destinations: Destinations, mode: Mode, mapping: Mapped) -> Iterator[Difference]:
    scope = _scope(destinations, mode)
    lines = staging.count_lines(scope, mapping.keys())
    changes: dict[int, list[TotalChange]] = {}
    for change in staging.total_changes(scope):
        changes.setdefault(change.version_id, []).append(change)
    stored = staging.totals(scope)
    used = destinations.used
    versions = Version.objects.filter(pk__in=[one.version.pk for one in used])
    changed = tuple(line_changes(scope, mapping.keys())) if destinations.version else ()
    now = {pk: (revision, status) for pk, revision, status in versions.values_list("pk", "revision", "status")}
    for destination in used:
        version = destination.version
        version.revision, version.status = now[version.pk]
        before = {kind: stored.get((version.pk, kind), Decimal(0)) for kind in KINDS}
        bodies = changes.get(version.pk, [])
        after = {
            kind: before[kind] + sum((one.after - one.before for one in bodies if one.kind == kind), Decimal(0))
            for kind in KINDS
        }
        yield Difference(version, lines.get(version.pk, Lines()), tuple(bodies), before, after, changed)


def _add_duplicates(table: Table, problems: Problems) -> tuple[Duplicate, ...]:
    found = tuple(staging.duplicates(KEPT))
    for one in found:
        message = (
            f"Rows {one.first} and {one.row} are of the same body, funder, service line, spend type and kind: "
            f"{exact(one.first_amount)} and {exact(one.amount)}, {exact(one.first_amount + one.amount)} together. "
            "Add them together in one row, or correct one."
        )
        problems.add(FileProblem("duplicate-key", message, table.sheet, one.row))
    return found


def _notices(table: Table, mapping: Mapped, rows: Rows) -> Iterator[str]:
    """What people should know though it refuses nothing."""
    if unread := unread_columns(table, mapping):
        yield f"Not read, since they name no field: the columns {listed([f'"{one}"' for one in unread])}."
    if alone := [name.replace("_", " ") for name in staging.VALUES if name != "amount" and name not in mapping]:
        yield f"The file has no column for {listed(alone)}: what is recorded there is left alone."
    if taken := [f"{name.replace('_', ' ')} ({words})" for name, words in DEFAULTS.items() if name not in mapping]:
        yield f"Taken for every row, since the file has no column for it: {listed(taken)}."
    if table.unit.places:
        times = 10**table.unit.places
        yield f"Read as {table.unit.words}, as was said: each amount was multiplied by {times:,}."
    if rows.aside:
        yield starting(f"{counted(rows.aside, 'row')} with nothing in the columns read: left out.")

"""Adding, changing and removing spend lines of a working version, one at a time.

Each function takes the version's row lock first, checks the person and the line, writes, and tells those who
wait for `count_changed`. A person of None is a command and may do everything.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from pilots.acting import acting
from pilots.models import Agency, Person, SpendLine, Version
from pilots.permissions import Action, require
from pilots.signals import count_changed

from .checking import AGENCIES, FIELDS, Check, Errors, Recordable
from .columns import KEY, LineColumns


class LineRefused(Exception):
    """A line cannot be recorded as given: `errors` has messages by field ("" for the line as a whole)."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(" ".join(message for messages in errors.values() for message in messages))
        self.errors = errors


class VersionLocked(Exception):
    """Nobody may change this version's lines now; the message says why."""


class StaleLine(Exception):
    """Somebody changed the line since it was read; `current` is how it stands."""

    def __init__(self, current: SpendLine) -> None:
        super().__init__("Somebody changed this line since you read it.")
        self.current = current


def add_line(version: Version, values: Mapping[str, object], person: Person | None, via: str) -> SpendLine:
    """Records a new line and returns it.

    `values` has the fields of `checking.FIELDS`: bodies, service line and spend type by code or name, amounts
    as typed. Raises LineRefused, VersionLocked, NotAllowed.
    """
    with writing(version, person, via) as locked:
        checked = _check(locked, values, person)
        _refuse_second_line(locked, checked)
        line = SpendLine.objects.create(version=locked, **checked.columns())
        mark_changed(locked)
    return line


def change_line(
    version: Version,
    line_id: int,
    values: Mapping[str, object],
    expected: int,
    person: Person | None,
    via: str,
) -> SpendLine:
    """Changes the given fields of a line that was read at row version `expected`, and returns it.

    Raises StaleLine, LineRefused, VersionLocked, NotAllowed, SpendLine.DoesNotExist.
    """
    with writing(version, person, via) as locked:
        line = _expected_line(locked, line_id, expected, person)
        checked = _check(locked, {**values_of(line), **values}, person, keeps=line)
        _refuse_second_line(locked, checked, line)
        changes = {name: value for name, value in checked.columns().items() if getattr(line, name) != value}
        if changes:
            SpendLine.objects.filter(pk=line.pk).update(**changes)
            mark_changed(locked)
    return SpendLine.objects.get(pk=line.pk)


def remove_line(version: Version, line_id: int, expected: int, person: Person | None, via: str) -> None:
    """Removes a line that was read at row version `expected`. Raises as `change_line`."""
    with writing(version, person, via) as locked:
        _expected_line(locked, line_id, expected, person).delete()
        mark_changed(locked)


@contextmanager
def writing(version: Version, person: Person | None, via: str) -> Iterator[Version]:
    """A transaction that holds the version's row: writers of one version queue here. Raises VersionLocked."""
    with acting(person, via):
        yield lock_versions([version.pk])[version.pk]


def lock_versions(version_ids: Collection[int]) -> dict[int, Version]:
    """Holds the rows of versions until the transaction ends, in one order, so that two writers never wait for each
    other. Raises VersionLocked, and Version.DoesNotExist.
    """
    versions = Version.objects.select_for_update(of=("self",)).select_related("count__place", "count__year")
    locked = {version.pk: version for version in versions.filter(pk__in=version_ids).order_by("pk")}
    if missing := set(version_ids) - set(locked):
        raise Version.DoesNotExist(f"There is no version {min(missing)}.")
    for version in locked.values():
        if version.is_locked:
            raise VersionLocked(why_locked(version))
    return locked


def why_locked(version: Version) -> str:
    """Why nobody may change this version now, and what helps."""
    if not version.is_working:
        return f"Snapshot {version.number} is published and never changes. Change the working version."
    return f"The count is {version.status}: it can be changed when it is returned or published."


def mark_changed(*versions: Version) -> None:
    """After a change of locked versions' lines: they are drafts again, and those who wait are told."""
    published = [version for version in versions if version.status == Version.Status.PUBLISHED]
    for version in published:
        version.status = Version.Status.DRAFT
    if published:
        Version.objects.filter(pk__in=[one.pk for one in published]).update(status=Version.Status.DRAFT)
    count_changed.send(sender=Version, version_ids=[version.pk for version in versions])


def _expected_line(version: Version, line_id: int, expected: int, person: Person | None) -> SpendLine:
    lines = SpendLine.objects.select_related("agency", "funder", "receiver", "service_line", "spend_type")
    line = lines.get(version=version, pk=line_id)
    _require(version, line.agency, person)
    if line.row_version != expected:
        raise StaleLine(line)
    return line


def _check(
    version: Version, values: Mapping[str, object], person: Person | None, keeps: SpendLine | None = None
) -> LineColumns:
    recordable = Recordable(version.count.place)
    if keeps is not None:
        # A body that left the place keeps its lines, and they can be corrected.
        recordable.members.add(keeps.agency_id)
    check = Check(recordable, values)
    checked = check()
    if checked is None:
        raise LineRefused(check.errors)
    if person is not None:
        _require(version, Agency.objects.get(pk=checked.agency_id), person)
    return checked


def _require(version: Version, agency: Agency, person: Person | None) -> None:
    if person is not None:
        require(person, Action.EDIT_SPEND, version.count.place, agency)


def _refuse_second_line(version: Version, checked: LineColumns, besides: SpendLine | None = None) -> None:
    same = SpendLine.objects.filter(version=version)
    for name, value in checked.columns().items():
        if name in KEY:
            same = same.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    other = (same.exclude(pk=besides.pk) if besides else same).first()
    if other:
        message = (
            "There is a line of this body, funder, service line and spend type already, of "
            f"£{other.amount:,}. Change that one, or add the two together."
        )
        raise LineRefused({"": [message]})


def values_of(line: SpendLine) -> dict[str, object]:
    """A line's fields as `add_line` takes them: keys by code."""
    values = {name: getattr(line, name) for name in FIELDS}
    for name in (*AGENCIES, "service_line", "spend_type"):
        values[name] = getattr(values[name], "code", None)
    return values

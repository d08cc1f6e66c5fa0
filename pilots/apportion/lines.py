"""Apportioning a line of a working version, and doing it again where what it rests on has changed."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from pilots.models import Agency, Person, ServiceLine, SpendLine, Version
from pilots.permissions import Action, reach, require
from pilots.spend.amounts import LARGEST_WHOLE, PENNY, AmountRefused, parse_amount, share_of
from pilots.spend.checking import Check, Recordable
from pilots.spend.columns import KEY
from pilots.spend.ratios import SHARE_PLACES, Ratio, ratio_from
from pilots.spend.write import LineRefused, mark_changed, writing

from .inputs import BY_PEOPLE, CannotApportion, Inputs

Method = SpendLine.Method
NOTHING = Decimal(0)
# What a line keeps where nothing is given for it.
KEPT = ("source", "note")


class MovesChanged(Exception):
    """What would move is no longer what was shown; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Inputs or lines changed since you looked. Look at what would move now.")


@dataclass(frozen=True)
class Apportioned:
    """A line that was shared out: what it rested on then (`then`, if that is known) and what it would rest on now.

    `now` is none where an input is missing, and `problem` says which. `is_typed_over` where the amount does not
    follow from the whole amount: somebody typed another since, and it is left alone.
    """

    line: SpendLine
    then: Ratio | None
    now: Ratio | None
    problem: str = ""
    is_typed_over: bool = False

    @property
    def would_be(self) -> Decimal:
        """The amount by the inputs as they stand now."""
        if self.now is None or self.is_typed_over or self.line.whole_amount is None:
            return self.line.amount
        return self.now.amount_of(self.line.whole_amount)

    @property
    def change(self) -> Decimal:
        return self.would_be - self.line.amount

    @property
    def rests_on(self) -> str:
        """The method and its inputs, in words."""
        if self.then is not None:
            return str(self.then)
        if self.now is not None and self.now.share == self.line.share:
            return str(self.now)
        share = f"{self.line.share.normalize():f}" if self.line.share is not None else "not stated"
        return f"{self.line.get_method_display()}: {share}"


@dataclass(frozen=True)
class Reapplying:
    """The lines whose amounts would move by the inputs as they stand now, and by how much in all."""

    moves: Sequence[Apportioned]

    @property
    def change(self) -> Decimal:
        return sum((move.change for move in self.moves), NOTHING)

    @property
    def digest(self) -> str:
        """What was shown, so that nothing else is written."""
        rows = [(move.line.pk, move.line.row_version, str(move.would_be)) for move in self.moves]
        return sha256(repr(rows).encode()).hexdigest()


@dataclass(frozen=True)
class SharedOut:
    """A line that was shared out, and as it was before where there was one."""

    line: SpendLine
    before: SpendLine | None


def apportion_line(
    version: Version,
    agency: Agency,
    service_line: ServiceLine,
    whole: object,
    method: str,
    person: Person,
    via: str,
    given_share: object = None,
    more: Mapping[str, object] | None = None,
) -> SharedOut:
    """Records a body's whole amount on a service line as what of it counts in the place.

    `whole` is pounds as typed; `more` has spend_type, funder, source or note. The line of the same key is changed
    where there is one, and keeps its source and note where none are given.
    Raises CannotApportion, LineRefused, VersionLocked, NotAllowed.
    """
    with writing(version, person, via) as locked:
        place = locked.count.place
        require(person, Action.EDIT_SPEND, place, agency)
        ratio = Inputs(place, locked.count.year.label).ratio(agency, method, given_share)
        if method in BY_PEOPLE:
            method = Method.NATIONAL_AVERAGE if agency.apportioned_by else Method.POPULATION_SHARE
        amount = _whole(whole)
        values: dict[str, object] = {
            **(more or {}),
            "agency": agency.code,
            "service_line": service_line.code,
            "amount": ratio.amount_of(amount),
            "whole_amount": amount,
            "share": ratio.share,
            "basis": SpendLine.Basis.APPORTIONED,
            "method": method,
        }
        check = Check(Recordable(place), values)
        checked = check()
        if checked is None:
            raise LineRefused(check.errors)
        columns = checked.columns() | {"ratio": ratio.as_data()}
        before = SpendLine.objects.filter(version=locked, **_same_key(columns)).first()
        if before is None:
            line = SpendLine.objects.create(version=locked, **columns)
        else:
            columns |= {name: getattr(before, name) for name in KEPT if not columns[name]}
            SpendLine.objects.filter(pk=before.pk).update(**columns)
            line = SpendLine.objects.get(pk=before.pk)
        mark_changed(locked)
    return SharedOut(line, before)


def _whole(typed: object) -> Decimal:
    """A whole amount as typed. Raises LineRefused."""
    try:
        pounds = parse_amount(typed, LARGEST_WHOLE).pounds
    except AmountRefused as problem:
        raise LineRefused({"whole_amount": [str(problem)]}) from None
    if pounds is None:
        raise LineRefused({"whole_amount": ["Say the whole amount, in pounds."]})
    return pounds


def _same_key(columns: Mapping[str, object]) -> dict[str, object]:
    """What finds the line of the same key."""
    return {f"{name}__isnull": True for name in KEY if columns[name] is None} | {
        name: columns[name] for name in KEY if columns[name] is not None
    }


def apportioned_lines(version: Version) -> list[Apportioned]:
    """The lines of a version that were shared out, with what they would rest on now."""
    lines = SpendLine.objects.filter(version=version, whole_amount__isnull=False).exclude(method=Method.NONE)
    lines = lines.select_related("agency", "service_line").order_by("agency__name", "service_line__position", "pk")
    inputs = Inputs(version.count.place, version.count.year.label)
    return [_apportioned(line, inputs) for line in lines]


def reapplying(version: Version, person: Person) -> Reapplying:
    """What would move if the inputs as they stand now were applied, of what a person may change."""
    reached, place = reach(person, Action.EDIT_SPEND), version.count.place
    moves = [row for row in apportioned_lines(version) if row.change and reached.covers(place, row.line.agency)]
    return Reapplying(moves)


def reapply(version: Version, person: Person, via: str, seen: str) -> Reapplying:
    """Computes again the lines whose inputs have changed, as `seen` (the digest of what was shown) has it.

    Returns what moved, with the lines as they were before.
    Raises MovesChanged, VersionLocked, NotAllowed.
    """
    with writing(version, person, via) as locked:
        plan = reapplying(locked, person)
        if plan.digest != seen:
            raise MovesChanged
        lines = [_moved(move) for move in plan.moves]
        if lines:
            SpendLine.objects.bulk_update(lines, ["amount", "share", "ratio"], batch_size=1_000)
            mark_changed(locked)
    return plan


def _moved(move: Apportioned) -> SpendLine:
    """A copy of a line as it will stand."""
    assert move.now is not None  # only such lines move
    line = copy(move.line)
    line.amount, line.share, line.ratio = move.would_be, move.now.share, move.now.as_data()
    return line


def _apportioned(line: SpendLine, inputs: Inputs) -> Apportioned:
    then = ratio_from(line.ratio)
    typed_over = not _follows(line, then)
    try:
        now = inputs.ratio(line.agency, line.method, line.share)
    except CannotApportion as problem:
        return Apportioned(line, then, None, str(problem), typed_over)
    return Apportioned(line, then, now, is_typed_over=typed_over)


def _follows(line: SpendLine, then: Ratio | None) -> bool:
    """Whether a line's amount is its share of the whole amount, as far as the share is known."""
    if line.whole_amount is None:
        return False
    if then is not None and then.share == line.share:
        return line.amount == then.amount_of(line.whole_amount)
    if line.share is None:
        return False
    # The share is kept to twelve places: of a national figure that leaves pennies.
    apart = abs(line.amount - share_of(line.whole_amount, line.share))
    return apart <= PENNY + abs(line.whole_amount) * SHARE_PLACES

"""A block that was saved, taken back: its cells as they were before, as the history has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from django.core import signing
from django.db.models.fields.json import KT

from pilots.models import History, Person, ServiceLine, SpendLine, Version
from pilots.spend.amounts import parse_amount
from pilots.spend.write import VersionLocked, writing

from .block import Judgement, save_block
from .cells import shown
from .edits import Edit, Outcome, refused
from .slice import Slice

SALT = "grid.saved-block"


@dataclass(frozen=True)
class SavedBlock:
    """A block that was saved in a slice of a version: all that its history has after one revision, up to another."""

    version: int
    slice: Mapping[str, str]
    before: int
    after: int

    @property
    def token(self) -> str:
        """It as a part of an address, signed: nobody asks for what was no block."""
        return signing.dumps([self.version, dict(self.slice), self.before, self.after], salt=SALT, compress=True)

    @classmethod
    def of_token(cls, token: str) -> Self:
        """The block of an address. Raises signing.BadSignature."""
        return cls(*signing.loads(token, salt=SALT))

    def edits(self) -> list[Edit]:
        """What gives each cell back what it held before."""
        rows = History.objects.filter(
            version_id=self.version, table_name=SpendLine._meta.db_table, id__gt=self.before, id__lte=self.after
        )
        # As text: as JSON it would be a float.
        return [_back(row, row.was) for row in rows.order_by("id").annotate(was=KT("before__amount"))]  # type: ignore[attr-defined]


def _back(row: History, was: str | None) -> Edit:
    line = row.after or row.before
    assert line is not None
    key = line["agency_id"], line["service_line_id"]
    if row.after is None:
        return Edit(*key, was or "", restores=row.row_id)
    return Edit(*key, was or "", row.row_id, line["row_version"])


def save_and_keep(
    version: Version,
    chosen: Slice,
    edits: Sequence[Edit],
    person: Person,
    via: str = "page",
    described: Mapping[str, object] | None = None,
) -> tuple[list[Outcome], SavedBlock | None]:
    """Saves a block as `save_block` does, and says what would take it back."""
    try:
        with writing(version, person, via) as locked:
            outcomes = save_block(version, chosen, edits, person, via, described)
            revision = Version.objects.values_list("revision", flat=True).get(pk=version.pk)
            return outcomes, SavedBlock(version.pk, chosen.query, locked.revision, revision)
    except VersionLocked as problem:
        return [refused(edit, str(problem)) for edit in edits], None


@dataclass(frozen=True)
class ChangedSince:
    """A cell that is not as the block left it, and what it was before the block, in pounds, blank for none.

    `before` is nothing where the cell cannot go back at all, as that of a body that the person may not change.
    """

    name: str
    message: str
    before: str | None


@dataclass
class TakingBack:
    """What taking a block back would do: cells that go back, and those that somebody changed since."""

    edits: list[Edit] = field(default_factory=list)
    # With what stands there now as read, so that they can be put back, too.
    others: list[Edit] = field(default_factory=list)
    changed_since: list[ChangedSince] = field(default_factory=list)


def look_back(version: Version, chosen: Slice, block: SavedBlock, person: Person) -> TakingBack:
    """What taking a block back would do; nothing is written."""
    judgement = Judgement(version, chosen, person, {})
    edits = block.edits()
    names = dict(ServiceLine.objects.filter(pk__in={edit.service_line for edit in edits}).values_list("id", "name"))
    seen = TakingBack()
    for edit, outcome in zip(edits, judgement.all(edits), strict=True):
        if outcome is None:
            seen.edits.append(edit)
        elif not outcome.is_good:
            body = judgement.bodies.get(edit.agency)
            where = f"{body.name if body else 'A body'}, {names.get(edit.service_line, 'a service line')}"
            before = shown(parse_amount(edit.typed).pounds) if outcome.theirs else None
            seen.changed_since.append(ChangedSince(where, outcome.message, before))
            if outcome.theirs:
                seen.others.append(_over(edit, outcome))
    return seen


def _over(edit: Edit, outcome: Outcome) -> Edit:
    """An edit of what stands in its cell now; a line that is not there any more comes back as it was."""
    theirs = outcome.theirs
    assert theirs is not None
    restores = None if theirs.line else edit.restores or edit.line
    return replace(edit, line=theirs.line, row_version=theirs.row_version, restores=restores)

"""The grid's form as a browser without script sends it: every cell that was shown, changed or not."""

from collections.abc import Mapping

from pilots.models import History, Version
from pilots.spend.amounts import AmountRefused, parse_amount

from .cells import NOTHING, Cell, Key, Line, read_cells
from .edits import Edit
from .slice import Slice

PREFIX = "cell-"


def changed_cells(version: Version, chosen: Slice, sent: Mapping[str, str]) -> list[Edit]:
    """The cells of a form whose text is not what the page showed when it was made, at revision `revision`.

    What others changed since stands in the history; where only they changed a cell it is left to them.
    """
    revision = int(sent["revision"]) if sent.get("revision", "").isdecimal() else version.revision
    now = read_cells(version, chosen)
    before = _before(version, now, revision)
    edits = []
    for name, typed in sent.items():
        key = _key(name)
        if key is None:
            continue
        was = before.get(key, NOTHING)
        if not was.is_several and not _same(typed, was):
            line = was.line
            edits.append(Edit(*key, typed, line.id if line else None, line.row_version if line else None))
    return edits


def _before(version: Version, now: Mapping[Key, Cell], revision: int) -> dict[Key, Cell]:
    """The cells as they stood at a revision: those of now, with what happened since taken back."""
    cells = dict(now)
    keys = {line.id: key for key, cell in now.items() for line in cell.lines}
    since = History.objects.filter(version_id=version.pk, table_name="pilots_spendline", id__gt=revision)
    for row in since.order_by("-id"):
        assert row.row_id is not None
        key = keys.get(row.row_id)
        if row.operation == History.Operation.INSERT and key:
            cells[key] = NOTHING
        elif row.before:
            key = (row.before["agency_id"], row.before["service_line_id"])
            amount = parse_amount(row.before["amount"]).pounds
            assert amount is not None
            cells[key] = Cell((Line(row.row_id, row.before["row_version"], amount),))
    return cells


def _same(typed: str, was: Cell) -> bool:
    """Whether a text says what a cell held; what cannot be read says something else."""
    try:
        return parse_amount(typed).pounds == was.amount
    except AmountRefused:
        return False


def _key(name: str) -> Key | None:
    agency, _, service = name.removeprefix(PREFIX).partition("-")
    if not name.startswith(PREFIX) or not (agency.isdecimal() and service.isdecimal()):
        return None
    return int(agency), int(service)

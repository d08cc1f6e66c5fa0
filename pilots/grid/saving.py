"""Saving one cell as soon as it is left."""

from pilots.models import Agency, Person, ServiceLine, Version
from pilots.permissions import Action, NotAllowed, require
from pilots.spend.write import LineRefused, VersionLocked, add_line, change_line, remove_line, writing

from .cells import NOTHING, read_cells
from .edits import Edit, Outcome, amount_of, meanwhile, refused, saved
from .expected import Expected
from .slice import Slice


def save_cell(version: Version, chosen: Slice, edit: Edit, person: Person, via: str = "page") -> Outcome:
    """Records what was typed into a cell: adds, changes or, for a blank, removes its line.

    Never raises for what a person may do wrong: the outcome says it.
    """
    try:
        with writing(version, person, via) as locked:
            return _save(locked, chosen, edit, person, via)
    except VersionLocked as problem:
        return refused(edit, str(problem))
    except NotAllowed as problem:
        return refused(edit, str(problem))
    except LineRefused as problem:
        return refused(edit, str(problem))


def _save(version: Version, chosen: Slice, edit: Edit, person: Person, via: str) -> Outcome:
    place = version.count.place
    agency = Agency.objects.filter(programme=place.programme_id, pk=edit.agency).first()
    # Before anything is said of the cell: what it holds is not everybody's to read.
    require(person, Action.EDIT_SPEND, place, agency)
    read = amount_of(edit)
    if isinstance(read, Outcome):
        return read
    amount, notice = read
    cell = read_cells(version, chosen, [edit.service_line], [edit.agency]).get(edit.key, NOTHING)
    if changed := meanwhile(version, edit, cell, amount):
        return changed
    line = cell.line
    if amount is None:
        if line:
            remove_line(version, line.id, line.row_version, person, via)
    elif line:
        change_line(version, line.id, {"amount": edit.typed}, line.row_version, person, via)
    else:
        values = {**chosen.values(), **Expected(version, chosen).values(edit.key), **_named(version, edit, agency)}
        add_line(version, {**values, "amount": edit.typed}, person, via)
    now = read_cells(version, chosen, [edit.service_line], [edit.agency]).get(edit.key, NOTHING)
    return saved(edit.key, now, notice)


def _named(version: Version, edit: Edit, agency: Agency | None) -> dict[str, object]:
    programme = version.count.place.programme_id
    service = ServiceLine.objects.filter(programme=programme, pk=edit.service_line).first()
    return {"agency": agency and agency.code, "service_line": service and service.code}

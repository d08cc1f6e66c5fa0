"""Who else records in a count just now, in words above its grid."""

from collections.abc import Iterator

from pilots.models import Agency, Person, ServiceLine, Version
from pilots.people.presence import editing_now, note_editing
from pilots.permissions import Action, allows

from .cells import Key
from .edits import name_of


def note_cell(version: Version, person: Person, key: Key) -> None:
    """Somebody who may change it opened or saved a cell."""
    note_editing(version.count.place, version.count.year, person, key)


def others_in_words(version: Version, person: Person) -> str:
    """Ada Example is editing Dover, Schools now. Empty where nobody else edits."""
    return " ".join(_sentences(version, person))


def _sentences(version: Version, person: Person) -> Iterator[str]:
    """Which cell somebody is at is told to those who may read that body's spending."""
    place = version.count.place
    others = editing_now(place, version.count.year, but=person)
    cells = [other.cell for other in others if other.cell]
    agencies = Agency.objects.in_bulk({agency for agency, _ in cells})
    services = ServiceLine.objects.in_bulk({service for _, service in cells})
    for other in others:
        agency, service = (agencies.get(other.cell[0]), services.get(other.cell[1])) if other.cell else (None, None)
        where = "this count"
        if agency and service and allows(person, Action.READ_WORKING, place, agency):
            where = f"{agency.name}, {service.name}"
        yield f"{name_of(other.person)} is editing {where} now."

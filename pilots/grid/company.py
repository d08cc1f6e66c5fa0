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
    for other in editing_now(place, version.count.year, but=person):
        agency_id, service_id = other.cell or (0, 0)
        agency = Agency.objects.filter(pk=agency_id).first()
        service = ServiceLine.objects.filter(pk=service_id).first()
        where = "this count"
        if agency and service and allows(person, Action.READ_WORKING, place, agency):
            where = f"{agency.name}, {service.name}"
        yield f"{name_of(other.person)} is editing {where} now."

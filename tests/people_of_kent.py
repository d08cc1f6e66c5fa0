"""People with roles in the shipped register, for tests of what they may do."""

from pilots.models import Agency, Person, Place, Role

PASSWORD = "a long enough example"


def person(username: str, kind: Role.Kind | None = None, place: str = "", agency: str = "") -> Person:
    """An active person with one role, or none."""
    somebody = Person(username=username, first_name=username.title())
    somebody.set_unusable_password()
    somebody.save()
    if kind is not None:
        held = Place.objects.get(slug=place) if place else None
        body = Agency.objects.get(programme__is_default=True, code=agency) if agency else None
        Role.objects.create(person=somebody, kind=kind, place=held, agency=body)
    return somebody


def lead_of(place: str) -> Person:
    """Somebody who leads one place."""
    return person(f"lead of {place}", Role.Kind.PLACE_LEAD, place)


def contributor_for(agency: str, place: str) -> Person:
    """Somebody who records for one body in one place."""
    return person(f"contributor for {agency}", Role.Kind.CONTRIBUTOR, place, agency)


def leadership_centre() -> Person:
    """Somebody of the Leadership Centre."""
    return person("leadership centre", Role.Kind.LEADERSHIP_CENTRE)


def administrator() -> Person:
    """An administrator."""
    return person("administrator", Role.Kind.ADMINISTRATOR)

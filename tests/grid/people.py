"""People for tests, each with one role."""

from pilots.models import Agency, Person, Place, Role


def make_person(name: str, kind: str, place: Place | None = None, agency: Agency | None = None) -> Person:
    person = Person.objects.create_user(f"test-{name}", first_name=name.capitalize(), last_name="Example")
    Role.objects.create(person=person, kind=kind, place=place, agency=agency)
    return person

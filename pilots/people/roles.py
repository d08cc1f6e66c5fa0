"""What a person is, in words."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from pilots.models import Person, Role

MAY = {
    Role.Kind.CONTRIBUTOR: "Reads and records the spending of this body in this place, in the working version.",
    Role.Kind.PLACE_LEAD: "Reads and records the spending of every body in this place, and invites contributors.",
    Role.Kind.LEADERSHIP_CENTRE: "Reads every count, publishes it, and keeps the register of places and bodies.",
    Role.Kind.ADMINISTRATOR: "Keeps the register, the assumption sets and the settings, and invites everybody.",
}


@dataclass(frozen=True)
class SaidRole:
    """A role as a title and what comes with it; `address` is of its place, if it has one, `pk` of its row."""

    title: str
    may: str
    address: str = ""
    pk: int | None = None


def roles_in_words(person: Person) -> list[SaidRole]:
    """Contributor for Dover in Kent; Lead of Kent; Leadership Centre."""
    prefetch_related_objects([person], "roles__place", "roles__agency")
    said = [
        SaidRole(title_of(role), MAY[Role.Kind(role.kind)], _address(role), role.pk)
        for role in sorted(person.roles.all(), key=title_of)
    ]
    if person.is_superuser:
        said.append(SaidRole("Administrator", MAY[Role.Kind.ADMINISTRATOR]))
    return said


def title_of(role: Role) -> str:
    """A role in words: Lead of Kent."""
    place = role.place.name if role.place else ""
    if role.kind == Role.Kind.CONTRIBUTOR and role.agency:
        return f"Contributor for {role.agency.name} in {place}"
    if role.kind == Role.Kind.PLACE_LEAD:
        return f"Lead of {place}"
    return str(Role.Kind(role.kind).label)


def _address(role: Role) -> str:
    return f"/places/{role.place.slug}/" if role.place else ""

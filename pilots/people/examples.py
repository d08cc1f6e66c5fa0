"""Example sign-ins of an embedded installation: one invented person a role, with random passwords."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from pilots.acting import acting
from pilots.models import Agency, Person, Place, Programme, Role

FILE = "sign-ins.json"
PREFERRED_PLACE = "kent"
VIA = "command make_example_people"


class NotEmbedded(Exception):
    """Example people belong to embedded mode alone."""


@dataclass(frozen=True)
class SignIn:
    """How an example person signs in. `stored` is their password as the database keeps it."""

    username: str
    password: str
    what: str
    stored: str


def make_example_people() -> list[SignIn]:
    """Makes the example people that are missing, and returns how all of them sign in.

    Passwords are kept in a file that only its owner reads, so a second start says the same. A person whose
    password was changed since is left alone, and `password` is empty. Raises NotEmbedded.
    """
    if not settings.EMBEDDED:
        raise NotEmbedded("Example people are made in embedded mode only. Use createsuperuser here.")
    path = settings.TOTALPLACE_HOME / FILE
    kept = _read(path)
    with acting(None, VIA):
        sign_ins = [_sign_in(*wanted, kept.get(wanted[0])) for wanted in _wanted()]
        _write(path, sign_ins)
    return sign_ins


def _wanted() -> Iterator[tuple[str, str, Role.Kind, Place | None, Agency | None]]:
    """Who there should be: user name, what they are, and their role."""
    programme = Programme.objects.filter(is_default=True).first()
    places = Place.objects.filter(programme=programme, retired_on=None, memberships__isnull=False)
    place = places.filter(slug=PREFERRED_PLACE).first() or places.order_by("kind", "name").first()
    if place is not None:
        # The smallest kind of body first: what one finance officer records.
        agency = place.agencies.order_by("gss_code", "name").last()
        assert agency is not None
        name = place.short_name
        yield f"{place.slug}-contributor", f"{agency.name}, {name}", Role.Kind.CONTRIBUTOR, place, agency
        yield f"{place.slug}-lead", f"{name} lead", Role.Kind.PLACE_LEAD, place, None
    yield "leadership-centre", "Leadership Centre", Role.Kind.LEADERSHIP_CENTRE, None, None
    yield "administrator", "Administrator", Role.Kind.ADMINISTRATOR, None, None


def _sign_in(
    username: str, what: str, kind: Role.Kind, place: Place | None, agency: Agency | None, kept: SignIn | None
) -> SignIn:
    person = Person.objects.filter(username=username).first()
    if person is not None and kept is not None:
        return kept if _still_holds(person, kept) else SignIn(username, "", kept.what, "")
    if person is None:
        person = Person(username=username, first_name=f"{what} (example)"[:150], email=f"{username}@example.org")
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    person.save()
    Role.objects.get_or_create(person=person, kind=kind, place=place, agency=agency)
    return SignIn(username, password, what, person.password)


def _still_holds(person: Person, kept: SignIn) -> bool:
    """Whether the kept password is still the person's; comparing what is stored is quick."""
    return person.is_active and (person.password == kept.stored or person.check_password(kept.password))


def _read(path: Path) -> dict[str, SignIn]:
    try:
        return {row["username"]: SignIn(**row) for row in json.loads(path.read_text())}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _write(path: Path, sign_ins: list[SignIn]) -> None:
    """Writes the file anew beside the old one and puts it in its place, readable by its owner alone."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, indent=1)
    beside.replace(path)

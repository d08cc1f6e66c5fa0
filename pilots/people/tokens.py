"""Keys with which a person's programs use the API: made, shown once, revoked. Only a hash is kept."""

from datetime import timedelta

from django.db.models import QuerySet

from pilots.acting import acting
from pilots.models import ApiToken, Person, Place
from pilots.permissions import Action, visible_places


def make_token(
    person: Person,
    name: str,
    days: int | None,
    via: str = "page",
    scope: str = ApiToken.Scope.WRITE,
    place: Place | None = None,
) -> tuple[ApiToken, str]:
    """A new token that lasts so many days (for ever without), and its secret, which nobody can see again.

    `scope` says whether it may write, and `place` where, of what its person may do.
    """
    expiry = timedelta(days=days) if days is not None else None
    with acting(person, via):
        return ApiToken.objects.create(user=person, expiry=expiry, name=name, scope=scope, place=place)


def places_for_tokens(person: Person) -> QuerySet[Place]:
    """The places that a token of a person's may be bound to: those where they may read a working version."""
    return visible_places(person, Action.READ_WORKING, Place.objects.filter(retired_on=None)).order_by("name")


def revoke_token(person: Person, digest: str, via: str = "page") -> str | None:
    """Ends a token of the person's own at once. Returns its name, or nothing where they have no such token."""
    with acting(person, via):
        token = ApiToken.objects.filter(user=person, digest=digest).first()
        if token is None:
            return None
        token.delete()
    return token.name

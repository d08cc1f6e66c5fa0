"""Keys with which a person's programs use the API: made, shown once, revoked. Only a hash is kept."""

from datetime import timedelta

from pilots.acting import acting
from pilots.models import ApiToken, Person


def make_token(person: Person, name: str, days: int | None, via: str = "page") -> tuple[ApiToken, str]:
    """A new token that lasts so many days (for ever without), and its secret, which nobody can see again."""
    expiry = timedelta(days=days) if days is not None else None
    with acting(person, via):
        return ApiToken.objects.create(user=person, expiry=expiry, name=name)


def revoke_token(person: Person, digest: str, via: str = "page") -> str | None:
    """Ends a token of the person's own at once. Returns its name, or nothing where they have no such token."""
    with acting(person, via):
        token = ApiToken.objects.filter(user=person, digest=digest).first()
        if token is None:
            return None
        token.delete()
    return token.name

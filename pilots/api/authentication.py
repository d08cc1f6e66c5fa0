"""Signing in to the API: by token (hashed at rest), or by the session of the pages."""

from datetime import timedelta

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from pilots.models import ApiToken, Person
from pilots.permissions import Anyone, signed_in_by
from totalplace.problems import CHALLENGE, SIGN_IN, Problem

# Last use is kept to the minute, so that a busy client does not write at every request.
NOTED_EVERY = timedelta(minutes=1)


def signed_in(user: Anyone) -> Person:
    """Who asks. Raises Problem where nobody is signed in."""
    if not isinstance(user, Person):
        raise Problem(SIGN_IN, "You may not do this without signing in. Send a token, or sign in.", headers=CHALLENGE)
    return user


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token ...`."""

    def authenticate_credentials(self, token: bytes) -> tuple[Person, ApiToken]:
        if not token.isalnum():
            raise AuthenticationFailed("A token is letters and digits.")
        try:
            person, api_token = super().authenticate_credentials(token)
        except AuthenticationFailed as refused:
            raise AuthenticationFailed(f"{refused.detail} It is unknown, or has expired.") from None
        now = timezone.now()
        if api_token.last_used_at is None or now - api_token.last_used_at > NOTED_EVERY:
            ApiToken.objects.filter(pk=api_token.pk).update(last_used_at=now)
        signed_in_by(person, api_token)
        return person, api_token

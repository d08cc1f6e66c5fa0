"""Who asks for a page."""

from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from pilots.models import Person
from pilots.permissions import NotAllowed


def who(request: HttpRequest) -> Person | AnonymousUser:
    """Whoever asks, signed in or not."""
    return cast(Person | AnonymousUser, request.user)


def signed_in(request: HttpRequest) -> Person:
    """The person who asks. Raises NotAllowed where nobody signed in."""
    person = who(request)
    if not isinstance(person, Person):
        raise NotAllowed("You may not do this without signing in.")
    return person

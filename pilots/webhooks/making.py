"""Making a webhook: where it may lead, and the secret that its receiver checks messages with."""

import base64
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from pilots.acting import acting
from pilots.feed import newest_change
from pilots.models import Person, Webhook

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PREFIX = "whsec_"


class BadTarget(ValueError):
    """Nothing may be sent to this address; the message says why."""


def check_target(url: str) -> None:
    """Raises BadTarget unless an address is HTTPS, or of this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadTarget(f"{url} is no address ({error}).") from error
    if not host or not url.isascii() or any(character <= " " for character in url):
        raise BadTarget(f"{url} is no address. Write it like https://example.org/total-place.")
    if parts.username or parts.fragment:
        raise BadTarget("An address with a user name or a fragment is not taken.")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise BadTarget("Only https:// is taken, or http:// to this machine itself.")


def make_webhook(url: str, events: Sequence[str], person: Person, via: str = "API") -> Webhook:
    """A webhook that is told of everything from now on. Raises BadTarget."""
    check_target(url)
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    with acting(person, via):
        return Webhook.objects.create(
            url=url, events=sorted(set(events)), secret=secret, created_by=person, told=newest_change()
        )

"""Secrets of links that work once: random, signed, and kept only as a hash."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from pilots.models.invitation import OneTimeLink

DAYS = 14


class LinkRefused(Exception):
    """A link is unknown, used, withdrawn or out of date; the message says which and what to do."""


def new_token(purpose: str) -> tuple[str, str]:
    """A secret for a link, signed so that a made-up one is refused unasked, and the hash to keep."""
    secret = secrets.token_urlsafe(32)
    return Signer(salt=purpose).sign(secret), _hash(secret)


def hash_of(token: str, purpose: str) -> str:
    """What was kept of a link's secret. Raises LinkRefused where we never signed it."""
    try:
        return _hash(Signer(salt=purpose).unsign(token))
    except BadSignature as error:
        raise LinkRefused("This link is not complete. Copy all of it, or ask for a new one.") from error


def refuse_spent(link: OneTimeLink | None) -> None:
    """Raises LinkRefused unless the link still works."""
    if link is None:
        raise LinkRefused("This link is not known. Ask for a new one.")
    if link.used_at is not None:
        raise LinkRefused("This link was used already. It works once; sign in, or ask for a new one.")
    if link.withdrawn_at is not None:
        raise LinkRefused("This link was withdrawn. Ask whoever sent it.")
    if link.expires_at <= timezone.now():
        raise LinkRefused(f"This link is out of date: it worked for {DAYS} days. Ask for a new one.")


def lasting() -> dict:
    """When a link that is made now stops working."""
    return {"expires_at": timezone.now() + timedelta(days=DAYS)}


def sends_mail() -> bool:
    """Whether mail leaves this installation. Without, links are shown to be passed on."""
    return "default" in settings.MAILERS


def send(to: str, subject: str, text: str) -> None:
    """Sends one plain mail."""
    EmailMessage(subject, text, to=[to]).send()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

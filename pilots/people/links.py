"""Secrets of links that work once: random, signed, and kept only as a hash."""

import hashlib
import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils import timezone

from pilots.models.invitation import OneTimeLink

log = logging.getLogger(__name__)

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


def whole_address(path: str, request: HttpRequest | None = None) -> str:
    """The address of a page as a mail carries it: of SITE_ADDRESS, else as the request's, else of the first host."""
    if settings.SITE_ADDRESS or request is None:
        return f"{settings.SITE_ADDRESS or first_host()}{path}"
    return request.build_absolute_uri(path)


def first_host() -> str:
    """The first host of ALLOWED_HOSTS that is one host, as an address."""
    host = next((host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))), "localhost")
    return f"{'https' if settings.HTTPS else 'http'}://{host}{f':{settings.PORT}' if settings.EMBEDDED else ''}"


def send(to: str, subject: str, text: str) -> None:
    """Sends one plain mail. Raises SMTPException and OSError."""
    EmailMessage(subject, text, to=[to]).send()


def try_to_send(to: str, subject: str, text: str) -> bool:
    """Sends one plain mail where mail leaves, and says whether it went; a mail that fails is logged."""
    if not (to and sends_mail()):
        return False
    try:
        send(to, subject, text)
    except (SMTPException, OSError):
        log.exception("A mail could not be sent.")
        return False
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

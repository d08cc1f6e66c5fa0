"""How many requests a client may make in a minute, by settings.API_LIMITS, and telling the client so."""

import time
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from totalplace.problems import TOO_MANY_REQUESTS, Problem

MINUTE = 60
# The policies of settings.API_LIMITS.
ANONYMOUS, PERSON = "anonymous", "person"


class Allowance(NamedTuple):
    """What a client may still ask: `left` of `limit` requests, for so many seconds more."""

    policy: str
    limit: int
    left: int
    seconds: int


class RequestLimit(BaseThrottle):
    """So many requests a minute from one address, or from one person, who may make more."""

    def allow_request(self, request: Request, view: object) -> bool:
        """True, or raises Problem with the limit and when to try again."""
        is_known = request.user and request.user.is_authenticated
        count_request(request._request, PERSON if is_known else ANONYMOUS, client_of(request))
        return True


def count_request(request: HttpRequest, policy: str, client: str) -> None:
    """One more request of a client. Raises Problem with the limit and when to try again where it is one too many."""
    limit = settings.API_LIMITS[policy]
    if not limit:
        return
    now = int(time.time())
    asked = _counted(f"api-requests:{client}:{now // MINUTE}")
    wait = MINUTE - now % MINUTE
    request.allowance = Allowance(policy, limit, max(0, limit - asked), wait)  # type: ignore[attr-defined]
    if asked > limit:
        whose = "one person" if policy == PERSON else "one address"
        raise Problem(
            TOO_MANY_REQUESTS,
            f"At most {limit:,} requests a minute from {whose}. Try again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def client_of(request: Request) -> str:
    """Who asks: a person, or an address."""
    if request.user and request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return address_of(request)


def address_of(request: Request | HttpRequest) -> str:
    """Who asks where nobody has signed in."""
    return f"address:{BaseThrottle().get_ident(request)}"  # type: ignore[arg-type]  # either has META


def tell_limits(request: HttpRequest, response: HttpResponseBase) -> None:
    """`RateLimit-Policy` and `RateLimit` (IETF draft-ietf-httpapi-ratelimit-headers-11) on an answer."""
    allowance: Allowance | None = getattr(request, "allowance", None)
    if allowance:
        response["RateLimit-Policy"] = f'"{allowance.policy}";q={allowance.limit};w={MINUTE}'
        response["RateLimit"] = f'"{allowance.policy}";r={allowance.left};t={allowance.seconds}'


def _counted(key: str) -> int:
    """One more in this minute, in one round trip. Without the server nothing is counted and everybody may go on."""
    pipeline = _server().pipeline(transaction=False)
    pipeline.incr(key)
    pipeline.expire(key, 2 * MINUTE)
    try:
        asked, _ = pipeline.execute()
    except (RedisError, OSError):
        return 0
    return asked


@cache
def _server() -> Redis:
    """Where all web processes count."""
    return Redis.from_url(settings.BROKER_URL, socket_connect_timeout=1, socket_timeout=1)

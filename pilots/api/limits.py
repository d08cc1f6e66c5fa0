"""How many requests a client may make in a minute, by settings.API_LIMITS."""

import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from totalplace.problems import TOO_MANY_REQUESTS, Problem

MINUTE = 60


class RequestLimit(BaseThrottle):
    """So many requests a minute from one address, or from one person, who may make more."""

    def allow_request(self, request: Request, view: object) -> bool:
        """True, or raises Problem with the limit and when to try again."""
        is_person = bool(request.user and request.user.is_authenticated)
        limit = settings.API_LIMITS["person" if is_person else "anonymous"]
        if not limit:
            return True
        who = f"person:{request.user.pk}" if is_person else f"address:{self.get_ident(request)}"
        now = int(time.time())
        if _counted(f"api-requests:{who}:{now // MINUTE}") > limit:
            wait = MINUTE - now % MINUTE
            whose = "one person" if is_person else "one address"
            raise Problem(
                TOO_MANY_REQUESTS,
                f"At most {limit:,} requests a minute from {whose}. Try again in {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )
        return True


def _counted(key: str) -> int:
    """One more in this minute. Without the cache nothing is counted and everybody may go on."""
    try:
        cache.add(key, 0, 2 * MINUTE)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):
        return 0

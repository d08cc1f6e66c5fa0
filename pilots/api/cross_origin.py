"""What pages of other origins may read: what is published, without anybody's cookies or tokens."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from .limits import tell_limits

READS = ("GET", "HEAD")
PREFIX = "/api/"
# What scripts of other origins may see of an answer, and may send with a question.
EXPOSED = "Content-Disposition, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After"
MAY_SEND = "Accept, If-Modified-Since, If-None-Match"
A_DAY = "86400"


class ApiHeaders:
    """Middleware of the API: limits told on every answer, and reading what is published from other origins.

    `settings.API_CORS_ORIGINS` names the origins, or "*" for any. Credentials are never allowed, so that what
    another origin reads is what anybody reads; an answer meant for one person says nothing of other origins.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if _asks_before_reading(request):
            response: HttpResponseBase = HttpResponse(status=204)
            _allow(request, response)
            response["Access-Control-Allow-Methods"] = ", ".join(READS)
            response["Access-Control-Allow-Headers"] = MAY_SEND
            response["Access-Control-Max-Age"] = A_DAY
            return response
        response = self.get_response(request)
        tell_limits(request, response)
        if request.method in READS and "private" not in response.get("Cache-Control", ""):
            _allow(request, response)
            response["Access-Control-Expose-Headers"] = EXPOSED
        return response


def _asks_before_reading(request: HttpRequest) -> bool:
    """Whether a browser asks if it may read (a preflight)."""
    wanted = request.headers.get("Access-Control-Request-Method")
    return request.method == "OPTIONS" and "Origin" in request.headers and wanted in READS


def _allow(request: HttpRequest, response: HttpResponseBase) -> None:
    origins, origin = settings.API_CORS_ORIGINS, request.headers.get("Origin")
    if "*" in origins:
        response["Access-Control-Allow-Origin"] = "*"
        return
    patch_vary_headers(response, ["Origin"])
    if origin in origins:
        response["Access-Control-Allow-Origin"] = origin

"""Gzip for everything that is not packed already, and brotli for the answers of the API.

Not for pages: they carry CSRF tokens beside what a visitor typed, and gzip with its random padding is the safer one.
"""

from collections.abc import Callable, Iterable, Iterator

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

SMALLEST = 200
# As fast as gzip usually is, and smaller.
QUALITY = 4
TEXT = ("application/json", "application/problem+json", "application/yaml", "text/csv")


# What is compressed in itself: packing it again costs time, and the length that a download shows.
PACKED = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.apache.parquet",
)


class Gzip(GZipMiddleware):
    """Django's, which would compress a zip as well."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.get("Content-Type", "") in PACKED:
            return response
        return super().process_response(request, response)


class Brotli:
    """Middleware: compresses what is text and large enough to be worth it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.has_header("Content-Encoding"):
            return response
        if response.get("Content-Type", "").partition(";")[0] not in TEXT:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if takes_brotli(request.headers.get("Accept-Encoding", "")):
            _compress(response)
        return response


def takes_brotli(accepted: str) -> bool:
    """Whether `Accept-Encoding` names br, and not with a weight of nothing."""
    for one in accepted.split(","):
        name, _, parameters = one.strip().partition(";")
        if name.strip().lower() == "br":
            return parameters.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _compress(response: HttpResponseBase) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = _pieces(response.streaming_content)  # type: ignore[arg-type]
        del response["Content-Length"]
    elif isinstance(response, HttpResponse):
        if len(response.content) < SMALLEST:
            return
        response.content = brotli.compress(response.content, quality=QUALITY)
        response["Content-Length"] = str(len(response.content))
    etag = response.get("ETag", "")
    if etag.startswith('"'):
        # Other bytes of the same answer.
        response["ETag"] = f"W/{etag}"
    response["Content-Encoding"] = "br"


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    compressor = brotli.Compressor(quality=QUALITY)
    for piece in content:
        if compressed := compressor.process(piece):
            yield compressed
    yield compressor.finish()

"""The product's web application with one more address: a bare view that answers with the bytes it was given."""

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from totalplace.wsgi import application

BYTES = Path(os.environ.get("BENCH_BYTES", os.devnull)).read_bytes()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BYTES, content_type="application/json")


def _add_bare_view() -> None:
    # Addresses can be read only when the application above has been made.
    from totalplace import urls

    urls.urlpatterns += [path("bench/bare", bare)]  # type: ignore[list-item]


_add_bare_view()
__all__ = ["application"]

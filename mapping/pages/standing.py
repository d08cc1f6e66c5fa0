"""Whether a page is still what it was: small queries for what its figures are made from.

A page's ETag is a digest of the versions it shows, their maps, and what those would be made from now. So a
browser that holds the page is told so without the page being made, and a page that waits for a map finds out by
asking for its own headers.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import F, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from pilots.models import History, Place, Programme, Version
from pilots.quality.flags import standing_of


def answer_if_new(
    request: HttpRequest,
    programme: Programme,
    versions: QuerySet[Version],
    also: Sequence[object],
    make: Callable[[str], HttpResponse],
) -> HttpResponseBase:
    """304 where the reader holds this very page, its headers alone where only they are asked for, else the page.

    `make` is given the ETag, for a page that waits for figures to look for another one. `also` is what else the
    page shows: the years that it offers, whom to ask.
    """
    etag = f'"{_digest(request, [*also, *standing(programme, versions)])}"'
    messages = get_messages(request)
    if len(messages):
        response: HttpResponseBase = make(etag)
    else:
        held = get_conditional_response(request, etag)
        response = held or (HttpResponse() if request.method == "HEAD" else make(etag))
        response.headers["ETag"] = etag
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True, no_cache=True)
    return response


def standing(programme: Programme, versions: QuerySet[Version]) -> list[tuple[Any, ...]]:
    """What the figures of these versions are made from, and what they would be made from now; and their quality.

    Whenever any count is published or begun a place may lag behind another: the last change of those counts, too.
    """
    last_of_counts = History.objects.filter(table_name="pilots_count").order_by("-pk").values("pk")[:1]
    current = Programme.objects.filter(pk=programme.pk).values_list(
        "register_revision", "current_assumptions__assumption_set", "name", Subquery(last_of_counts)
    )
    made = versions.order_by("pk").values_list(
        *("pk", "revision", "status", "current_map__map", "failed_map__reason"),
        *(f"count__place__{name}" for name in ("name", "short_name", "kind", "participation", "retired_on")),
    )
    return [*current, *made, *standing_of(Place.objects.filter(counts__versions__in=versions))]


def published_versions(programme: Programme, year: Any) -> QuerySet[Version]:
    """The published versions of a year, over all places."""
    return Version.objects.filter(count__published=F("pk"), count__year=year, count__place__programme=programme)


def _digest(request: HttpRequest, parts: list[object]) -> str:
    person = request.user.pk if request.user.is_authenticated else None
    asked = [_edition(), request.get_full_path(), person, request.COOKIES.get(settings.CSRF_COOKIE_NAME), parts]
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:32]


@cache
def _edition() -> str:
    """A digest of the templates and the built files: another edition of the product makes other pages."""
    folders = [settings.BASE_DIR / "templates", *settings.STATICFILES_DIRS]
    files = sorted(file for folder in map(Path, folders) for file in folder.rglob("*") if file.is_file())
    stamps = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]

"""The history of a count: when, who, what, before and after; and all of it as a file."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pilots.models import Agency, Version
from pilots.permissions import Action, reach
from pilots.review.history import KIND_WORDS, Kind, Told, history_of, told
from totalplace.formulas import defused

from .asking import who
from .choosing import frame, place_meant
from .grid_views import working_version

ON_A_PAGE = 100
COLUMNS = ("at", "who", "via", "kind", "agency", "what", "before", "after")


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, slug: str, year: str) -> HttpResponse | StreamingHttpResponse:
    """What became of a count, for readers of its working version; who reads single bodies sees theirs."""
    version = working_version(request, place_meant(slug), year)
    place = version.count.place
    bodies = _bodies(request, version)
    body = next((one for one in bodies if one.code == request.GET.get("body")), None)
    kind = _kind(request.GET.get("kind", ""))
    sees_all = reach(who(request), Action.READ_WORKING).covers(place, None)
    of = [body.pk] if body else None if sees_all else [one.pk for one in bodies]
    rows = history_of(version, kind, of)
    if request.GET.get("format") == "csv":
        return _file(told(version, rows.iterator(chunk_size=2_000)), f"history-{slug}-{year}.csv")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year,
        "page": page,
        "changes": list(told(version, page.object_list)),
        "bodies": bodies,
        "body": body,
        "kinds": KIND_WORDS,
        "kind": kind,
        "sees_all": sees_all,
    }
    return render(request, "spend/history.html", context)


def _bodies(request: HttpRequest, version: Version) -> list[Agency]:
    """The bodies of the count that a person may read, members and those that have lines."""
    place = version.count.place
    bodies = Agency.objects.filter(memberships__place=place) | Agency.objects.filter(
        pk__in=version.lines.values("agency")
    )
    reached = reach(who(request), Action.READ_WORKING)
    if not reached.covers(place, None):
        bodies = bodies.filter(pk__in=reached.bodies_in(place))
    return list(bodies.distinct().order_by("name", "code"))


def _kind(asked: str) -> Kind | None:
    if not asked:
        return None
    if asked not in list(Kind):
        raise Http404(f'There is no kind of change "{asked}". There are {", ".join(Kind)}.')
    return Kind(asked)


class _Echo:
    """What a CSV writer writes is handed on, line by line."""

    def write(self, line: str) -> str:
        return line


def _file(changes: Iterable[Told], name: str) -> StreamingHttpResponse:
    def lines() -> Iterator[Any]:
        writer = csv.writer(_Echo())
        yield writer.writerow(COLUMNS)
        for row in changes:
            cells = (row.at.isoformat(), row.who, row.via, row.kind, row.agency, row.what, row.before, row.after)
            yield writer.writerow([defused(cell) for cell in cells])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

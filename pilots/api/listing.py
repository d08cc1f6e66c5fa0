"""Lists: by pages or whole, in each of the formats; what is large goes out in constant memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from totalplace.problems import NOT_FOUND, Problem

from .formats import csv_pieces, is_browser, json_pieces
from .parameters import Asked
from .views import answer

LARGEST_PAGE = 1000
ROWS_FETCHED = 2000

Row = Mapping[str, Any]


class Rows(Protocol):
    """The rows of a list, in an order that ends in a unique key."""

    def count(self) -> int: ...

    def some(self, start: int, stop: int) -> Iterable[Row]:
        """Those from `start` up to `stop`."""

    def all(self) -> Iterator[Row]:
        """Every row, without ever holding all of them."""


class QueryRows:
    """Rows of a queryset, each made by `shape` from what the queryset yields."""

    def __init__(self, queryset: QuerySet, shape: Callable[[Any], Row]) -> None:
        self.queryset, self.shape = queryset, shape

    def count(self) -> int:
        return self.queryset.count()

    def some(self, start: int, stop: int) -> Iterable[Row]:
        return [self.shape(row) for row in self.queryset[start:stop]]

    def all(self) -> Iterator[Row]:
        # A server-side cursor within a transaction: rows come as they are read.
        with transaction.atomic():
            for row in self.queryset.iterator(chunk_size=ROWS_FETCHED):
                yield self.shape(row)


class HeldRows:
    """A short list that is there already."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def count(self) -> int:
        return len(self.rows)

    def some(self, start: int, stop: int) -> Iterable[Row]:
        return self.rows[start:stop]

    def all(self) -> Iterator[Row]:
        return iter(self.rows)


@dataclass(frozen=True)
class Listing:
    """A list to answer with: its rows, the columns of its CSV, what its file is called.

    `about` stands beside the rows in JSON. Where it `streams`, JSON without `page` holds every row. `shape` is that
    of a row, where the list is to be had with typed columns.
    """

    rows: Rows
    columns: Sequence[str]
    name: str
    about: Mapping[str, Any] = field(default_factory=dict)
    streams: bool = False
    shape: Any = None


def answer_list(request: Request, asked: Asked, listing: Listing) -> HttpResponseBase:
    """A list as asked for: a page of it, or all of it."""
    is_paged = asked.get("page") is not None or asked.get("page_size") is not None
    format = request.accepted_renderer.format
    if format == "csv":
        return _csv(request, asked, listing, is_paged)
    if format != "json":
        if not is_paged:
            return _file(request, asked, listing, listing.rows.all())
        page = Page(asked, listing.rows.count())
        return linked(_file(request, asked, listing, listing.rows.some(page.start, page.stop)), page, request)
    if listing.streams and not is_paged:
        envelope = {"count": listing.rows.count(), "next": None, "previous": None, **listing.about}
        return StreamingHttpResponse(json_pieces(envelope, listing.rows.all()), content_type="application/json")
    page = Page(asked, listing.rows.count())
    envelope = {"count": page.count, **page.links(request), **listing.about}
    response = answer({**envelope, "results": list(listing.rows.some(page.start, page.stop))})
    return linked(response, page, request)


def _csv(request: Request, asked: Asked, listing: Listing, is_paged: bool) -> HttpResponseBase:
    if is_paged:
        page = Page(asked, listing.rows.count())
        rows = listing.rows.some(page.start, page.stop)
        pieces = csv_pieces(listing.columns, rows, is_browser(request))
        response: HttpResponseBase = linked(HttpResponse(b"".join(pieces)), page, request)
    else:
        pieces = csv_pieces(listing.columns, listing.rows.all(), is_browser(request))
        response = StreamingHttpResponse(pieces)
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = attachment(asked, listing, "csv")
    return response


def attachment(asked: Asked, listing: Listing, extension: str) -> str:
    """What the file of a list is called; that of an illustrative programme is known by its name."""
    name = f"illustrative-{listing.name}" if asked.is_illustrative else listing.name
    return f'attachment; filename="{name}.{extension}"'


def _file(request: Request, asked: Asked, listing: Listing, rows: Iterable[Row]) -> HttpResponseBase:
    """Rows as a file with typed columns."""
    # Loading what writes them takes longer than starting all the rest: only who asks for one waits for it.
    from .tables import Book, arrow_pieces, arrow_schema, temporary, write_parquet

    schema, format = arrow_schema(listing.shape), request.accepted_renderer.format
    if format == "arrow":
        response: HttpResponseBase = StreamingHttpResponse(arrow_pieces(schema, rows))
    else:
        file = temporary()
        if format == "parquet":
            write_parquet(schema, rows, file)
        else:
            book = Book()
            book.add_sheet(listing.name.partition("-")[0].capitalize(), listing.columns, rows)
            book.save(file)
        file.seek(0)
        response = FileResponse(file)
    response["Content-Type"] = request.accepted_renderer.media_type
    response["Content-Disposition"] = attachment(asked, listing, format)
    return response


class Page:
    """Which rows a page holds. Raises Problem where there is no such page."""

    def __init__(self, asked: Asked, count: int, usual_size: int = LARGEST_PAGE) -> None:
        self.count = count
        self.number, self.size = asked.number("page", 1), asked.number("page_size", usual_size)
        self.last = max(1, -(-count // self.size))
        if self.number > self.last:
            raise Problem(NOT_FOUND, f"There is no page {self.number}; the last of this list is {self.last}.")
        self.start = (self.number - 1) * self.size
        self.stop = self.start + self.size

    def links(self, request: Request) -> dict[str, str | None]:
        """The addresses of the pages after and before it."""
        return {
            "next": self._address(request, self.number + 1) if self.number < self.last else None,
            "previous": self._address(request, self.number - 1) if self.number > 1 else None,
        }

    def _address(self, request: Request, number: int) -> str:
        query = request._request.GET.copy()
        query["page"] = str(number)
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def linked[Response: HttpResponseBase](response: Response, page: Page, request: Request) -> Response:
    """The same addresses in the header `Link` (RFC 8288), which CSV has too."""
    names = {"next": "next", "previous": "prev"}
    links = [f'<{link}>; rel="{names[name]}"' for name, link in page.links(request).items() if link]
    if links:
        response["Link"] = ", ".join(links)
    return response

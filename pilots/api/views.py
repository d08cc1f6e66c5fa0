"""What all API views share: strict parameters, one way to answer, and honest caching headers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.views import APIView

from pilots.permissions import Action, require
from totalplace.problems import STALE, Problem

from .authentication import signed_in
from .formats import Arrow, Csv, Json, Parquet, Xlsx, encode, is_browser
from .parameters import PAGING, Asked, Parameter, read_query

# A second, and what a commit may take after the time that it writes down.
TOLD_AFTER = timedelta(seconds=3)


class ApiView(APIView):
    """A view of single objects. `parameters` are those of reading; `write_parameters` those of POST."""

    http_method_names = ["get", "head", "post", "patch", "delete"]
    parameters: Sequence[Parameter] = ()
    write_parameters: Sequence[Parameter] = ()
    # Whether the answer is meant for the person who asked alone. One that is not, and has an ETag, is made from the
    # database alone: `shared` gives it again until something is committed there.
    is_private = False
    asked: Asked

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        self._require_somebody(request)
        self.asked = read_query(request.query_params, self.query_parameters(request.method or "GET"))
        require(request.user, Action.READ_PUBLISHED)

    def _require_somebody(self, request: Request) -> None:
        """Says who may do what before it says what there is: nobody learns more by not signing in."""
        method = request.method or ""
        described = getattr(getattr(self, method.lower(), None), "described", None)
        if described is not None and not described.is_for_anybody(method):
            signed_in(request.user)

    @classmethod
    def query_parameters(cls, method: str) -> list[Parameter]:
        """The parameters of a method."""
        of_method = {"GET": cls.parameters, "HEAD": cls.parameters, "POST": cls.write_parameters}
        return [*of_method.get(method, ()), *cls.format_parameters()]

    @classmethod
    def format_parameters(cls) -> list[Parameter]:
        """`format`, where there is a choice; else it may still say json."""
        formats = tuple(renderer.format for renderer in cls.renderer_classes)
        if len(formats) == 1:
            return [JSON_ONLY]
        words = f"{', '.join(formats[:-1])} or {formats[-1]}; wins over the header `Accept`."
        return [Parameter("format", words, choices=formats)]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
        is_private = self.is_private or not settings.PUBLIC_READING or request.method not in ("GET", "HEAD")
        response.headers.setdefault("Cache-Control", "private, no-cache" if is_private else "public, no-cache")
        return response


JSON_ONLY = Parameter("format", "There is json alone.", choices=("json",))


class ListView(ApiView):
    """A view of a list: JSON by pages, or CSV."""

    renderer_classes = [Json, Csv]

    @classmethod
    def query_parameters(cls, method: str) -> list[Parameter]:
        paging = PAGING if method in ("GET", "HEAD") else ()
        return [*super().query_parameters(method), *paging]


class TableView(ListView):
    """A view of a list that is to be had as a workbook and in columns, too."""

    renderer_classes = [Json, Csv, Xlsx, Parquet, Arrow]


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer in JSON."""
    return HttpResponse(encode(data), status=status, content_type="application/json", headers=dict(headers or {}))


def answer_object(request: Request, data: Any, modified: datetime | None = None) -> HttpResponseBase:
    """An answer in JSON whose ETag is made from its own bytes, for objects that no digest stands for."""
    response = answer(data)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return conditional(request, etag, modified, lambda: response)


def conditional(
    request: Request, etag: str, modified: datetime | None, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """304 where the client holds this very answer, without building it; else what `build` makes.

    `modified` is None where the answer may change without its time changing: then only the ETag counts. Times of HTTP
    are whole seconds, so that a change is not told by its time until its second is over: another may follow in it.
    """
    is_told = modified is not None and timezone.now() - modified > TOLD_AFTER
    time = int(modified.timestamp()) if modified and is_told else None
    held = get_conditional_response(request, etag, time)
    if held is not None and held.status_code == 412:
        raise Problem(STALE, "This is not what `If-Match` or `If-Unmodified-Since` expects.")
    response = held if held is not None else build()
    response.headers["ETag"] = etag
    if time is not None:
        response.headers["Last-Modified"] = http_date(time)
    return response


def etag_of(request: Request, *parts: object) -> str:
    """A strong ETag from what an answer is made of, and from the question as it was put."""
    query = sorted((name, value) for name, value in request.query_params.items() if value)
    format = request.accepted_renderer.format
    asked = [request.path, format, format == "csv" and is_browser(request), query, parts]
    return f'"{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"'

"""A shared cache of what is published, in the memory of the process: answers that everybody gets alike.

An answer is given again only while nothing at all was committed to the database since it was asked for. PostgreSQL
says so itself: `pg_current_snapshot()` names the transactions that a reader sees, and never the same way again once
another one has ended. So there is no list of what an answer depends on that could forget something, and no message
that could be late. After a commit the view is asked whether the kept answer still holds, by its ETag, as any cache of
HTTP would ask (RFC 9111, 4.3): it then builds the answer only where it has changed.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date

from pilots.permissions import Action, allows
from totalplace.problems import Problem, problem_response

from .limits import ANONYMOUS, address_of, count_request

PREFIX = "/api/v1/"
MOST_BYTES = 64 << 20
"""Bytes that the answers of one process may take."""
LARGEST = 1 << 20
"""Bytes of the largest answer that is kept."""
# What an answer may depend on besides its address: the first two are part of what it is kept under, and who asks with
# one of the others is not anybody.
VARIES = frozenset({"accept", "accept-encoding", "authorization", "cookie"})
# Preconditions of writing are the view's to judge; a client's own questions of reading are not asked over ours.
OF_WRITING = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
OF_READING = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# What an answer that still holds may newly say of itself.
TOLD_AGAIN = ("Last-Modified", "Cache-Control")

Key = tuple[str | None, ...]
State = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, and the state of the database in which it held."""

    state: State
    headers: Mapping[str, str]
    content: bytes

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """It once more: 304 where the client holds it already."""
        response = HttpResponse(self.content, headers=self.headers)
        modified = self.headers.get("Last-Modified")
        time = parse_http_date(modified) if modified else None
        return get_conditional_response(request, self.etag, time, response) or response


class Shelf:
    """Answers by what was asked; of too many those go that nobody has asked for longest."""

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._kept[key] = kept
            self.held += _size(key, kept) - (_size(key, before) if before else 0)
            while self.held > self.most:
                self.held -= _size(*self._kept.popitem(last=False))


class SharedAnswers:
    """Middleware: gives what is kept to anybody who asks for it, and keeps what views call public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.shelf = Shelf(MOST_BYTES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        state = state_of_database() if _asks_as_anybody(request) else None
        if state is None:
            return self.get_response(request)
        key = _key(request)
        kept = self.shelf.get(key)
        if kept is None or kept.state != state:
            return self._ask(request, key, kept, state)
        try:
            count_request(request, ANONYMOUS, address_of(request))
        except Problem as refused:
            return problem_response(refused, request.get_full_path())
        return kept.answer(request)

    def _ask(self, request: HttpRequest, key: Key, kept: Kept | None, state: State) -> HttpResponseBase:
        """Asks the view: whether what is kept still holds, or for the answer.

        The state was read before. Should anything be committed meanwhile, that state is over and never comes again.
        """
        is_ours = kept is not None and not any(name in request.META for name in OF_READING)
        if kept is not None and is_ours:
            request.META["HTTP_IF_NONE_MATCH"] = kept.etag
        response = self.get_response(request)
        if kept is not None and is_ours:
            del request.META["HTTP_IF_NONE_MATCH"]
            if response.status_code == 304:
                told = {name: response[name] for name in TOLD_AGAIN if response.has_header(name)}
                still = Kept(state, {**kept.headers, **told}, kept.content)
                self.shelf.put(key, still)
                return still.answer(request)
        if request.method == "GET" and _may_be_kept(response):
            self.shelf.put(key, Kept(state, dict(response.items()), response.content))  # type: ignore[attr-defined]
        return response


def state_of_database() -> State | None:
    """What a reader sees now; None inside a transaction, which sees more, and without a database."""
    if connection.in_atomic_block:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            [snapshot] = cursor.fetchone()
    except OperationalError:
        return None
    return connection.settings_dict["NAME"], snapshot


def _asks_as_anybody(request: HttpRequest) -> bool:
    """Whether somebody who is not signed in reads, and anybody may."""
    return (
        request.method in ("GET", "HEAD")
        and request.path.startswith(PREFIX)
        and "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not any(name in request.META for name in OF_WRITING)
        and allows(None, Action.READ_PUBLISHED)
    )


def _key(request: HttpRequest) -> Key:
    """What an answer is kept under: the question as it was put. Links in answers name host and scheme."""
    asked = ("HTTP_HOST", "HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING")
    return (request.scheme, request.get_full_path(), *(request.META.get(name) for name in asked))


def _may_be_kept(response: HttpResponseBase) -> bool:
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return (
        response.status_code == 200
        and not response.streaming
        and response.has_header("ETag")
        and "public" in response.get("Cache-Control", "")
        and not response.cookies
        and varies <= VARIES
        and len(response.content) <= LARGEST  # type: ignore[attr-defined]
    )


def _size(key: Key, kept: Kept) -> int:
    return len(kept.content) + sum(len(part or "") for part in key) + sum(map(len, kept.headers.values()))

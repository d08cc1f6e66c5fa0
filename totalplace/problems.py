"""The one maker of problem documents (RFC 9457): every refusal and failure under /api/ is made here."""

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.core import signals
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PROBLEMS_PAGE = "/api/docs/problems/"
API_PREFIX = "/api/"
SUGGESTED, LISTED = 3, 40


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name in the address of its explanation, its status, and what a client can do."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def address(self) -> str:
        """The `type` of its documents: where it is explained."""
        return f"{PROBLEMS_PAGE}#{self.name}"


BAD_PARAMETER = Kind(
    "bad-parameter",
    400,
    "A query parameter cannot be used",
    "Nothing in a query is ignored: a name that the operation does not know, a value that it cannot read and a "
    "parameter given twice are refused. `errors` names each and, where there are any near, the valid names.",
)
BAD_BODY = Kind(
    "bad-body",
    400,
    "The body cannot be used",
    "`errors` points at each field that is missing, unknown or wrong, and says what is accepted. Nothing was stored.",
)
BAD_REQUEST = Kind("bad-request", 400, "The request cannot be understood", "Check the address and the headers.")
SIGN_IN = Kind(
    "sign-in",
    401,
    "Sign in first",
    "Send `Authorization: Token ...` with a token that is known, not expired, and of an active person.",
)
NOT_ALLOWED = Kind(
    "not-allowed",
    403,
    "You may not do this",
    "The person signed in holds no role that allows it. A place's lead or the Leadership Centre can give one. "
    "Writing with a browser session needs its CSRF token, too.",
)
NOT_FOUND = Kind(
    "not-found",
    404,
    "There is nothing here",
    "The address names a place, year, line, set or page that does not exist. `detail` says which are known, or "
    "which list holds them.",
)
WRONG_METHOD = Kind("wrong-method", 405, "This address has no such method", "The header `Allow` lists those it has.")
NO_SUCH_FORMAT = Kind(
    "no-such-format",
    406,
    "This is not to be had in that format",
    "Every list is to be had as `application/json` and as `text/csv`; single objects and summaries as JSON.",
)
FILE_REFUSED = Kind(
    "file-refused",
    422,
    "The file was not taken in",
    "Nothing of it was stored. `errors` names sheet, row and column of each fault, what was found there and what to "
    "do; `error_count` counts them all. Correct the file and send it again.",
)
JOB_FAILED = Kind(
    "job-failed",
    500,
    "The job broke off on our side",
    "Nothing was half stored. Ask for it again, and if it fails again give `request_id` to whoever runs this system.",
)
JOB_BEGUN = Kind(
    "job-begun",
    409,
    "The job cannot be changed now",
    "Only a job that has not begun can be cancelled; only one that is finished has a file.",
)
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    "This Idempotency-Key was sent with another request",
    "A key stands for one request for a day. Send a new key with a new request.",
)
KEY_IN_USE = Kind(
    "idempotency-key-in-use",
    409,
    "The first request with this Idempotency-Key is still being answered",
    "Wait a moment and send it again: the answer will be the first one's.",
)
CONFLICT = Kind(
    "conflict",
    409,
    "The line cannot be changed now",
    "A published snapshot never changes: change the working version, which `detail` names. A count that was "
    "submitted or approved is locked until it is returned or published.",
)
LINE_REFUSED = Kind(
    "line-refused",
    422,
    "The line cannot be recorded like this",
    "The body is well formed, and names a body or service that is not in the register, breaks a rule of recording, or "
    "says what another line says already. `errors` points at each member. Nothing was stored.",
)
STALE = Kind(
    "stale",
    412,
    "Somebody changed this since you read it",
    "`current` is the line as it stands. Compare, and send the change again with its ETag.",
)
TOO_LARGE = Kind("too-large", 413, "The body is too large", "`detail` states the limit.")
WRONG_MEDIA_TYPE = Kind(
    "wrong-media-type",
    415,
    "The body is of another type than expected",
    "Send `application/json`; an upload takes `multipart/form-data`, or the file as it is.",
)
IF_MATCH_REQUIRED = Kind(
    "if-match-required",
    428,
    "Say which version of the line you read",
    "Send `If-Match` with the line's ETag, so that nobody's change is overwritten unseen.",
)
TOO_MANY_REQUESTS = Kind(
    "too-many-requests",
    429,
    "Too many requests",
    "Wait as many seconds as `Retry-After` says. `detail` states the limit; it is higher with a token.",
)
FAILED = Kind(
    "failed",
    500,
    "Something went wrong on our side",
    "Nothing was half stored. Try again, and if it fails again give `request_id` to whoever runs this system.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The database cannot be reached",
    "Try again when `Retry-After` has passed.",
)

KINDS = (
    *(BAD_PARAMETER, BAD_BODY, BAD_REQUEST, SIGN_IN, NOT_ALLOWED, NOT_FOUND, WRONG_METHOD, NO_SUCH_FORMAT),
    *(
        CONFLICT,
        STALE,
        LINE_REFUSED,
        FILE_REFUSED,
        JOB_BEGUN,
        JOB_FAILED,
        KEY_REUSED,
        KEY_IN_USE,
        TOO_LARGE,
        WRONG_MEDIA_TYPE,
        IF_MATCH_REQUIRED,
        TOO_MANY_REQUESTS,
        FAILED,
        UNAVAILABLE,
    ),
)


class Problem(exceptions.APIException):
    """Raised anywhere behind an API view to answer with a problem document.

    `errors` are its single faults, each with `parameter` or `pointer` and `detail`; `more` are further members.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.status_code = kind, kind.status
        self.errors, self.more, self.headers = errors, more or {}, headers or {}

    def __str__(self) -> str:
        return str(self.detail)


def unknown(what: str, said: str, known: Sequence[str], listed_at: str = "") -> str:
    """There is no lever "ict-x": did you mean "ict"? Known: ...; or where they are listed."""
    near = nearest(said, known)
    words = f'There is no {what} "{said}".'
    if near:
        words += f" Did you mean {' or '.join(near)}?"
    if listed_at:
        words += f" {listed_at} lists them."
    elif known and len(known) <= LISTED:
        words += f" Known: {', '.join(known)}."
    elif not known:
        words += " There is none yet."
    return words


def nearest(said: str, known: Sequence[str]) -> list[str]:
    """The known names most like what was said."""
    by_folded = {name.casefold(): name for name in known}
    return [by_folded[name] for name in get_close_matches(said.casefold(), by_folded, SUGGESTED, 0.6)]


def document_of(problem: Problem, instance: str) -> dict[str, Any]:
    """The document that a problem is, with an id of its own to ask after."""
    return {
        "type": problem.kind.address,
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": str(problem.detail),
        "instance": instance,
        "request_id": uuid.uuid4().hex,
        **({"errors": list(problem.errors)} if problem.errors else {}),
        **problem.more,
    }


def problem_response(problem: Problem, instance: str, cause: Exception | None = None) -> HttpResponse:
    """The answer that a problem is: the same for REST framework views and for Django's own handlers.

    A failure of ours is logged with its cause under the `request_id` that the client is told.
    """
    document = document_of(problem, instance)
    response = HttpResponse(
        json.dumps(document, ensure_ascii=False), status=problem.kind.status, content_type=MEDIA_TYPE
    )
    for name, value in problem.headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    if problem.kind.status >= 500:
        log.error("request %s failed: %s", document["request_id"], instance, exc_info=cause)
    return response


def answer_exception(exc: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """REST framework's exception handler: whatever was raised becomes a problem document."""
    request = context["request"]._request
    problem = _problem_of(exc, context)
    if problem.kind.status >= 500:
        signals.got_request_exception.send(sender=None, request=request)
    return problem_response(problem, request.get_full_path(), exc)


def _problem_of(exc: Exception, context: Mapping[str, Any]) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, PermissionDenied):
        # Whoever is not signed in is told to sign in, not that they may not.
        if getattr(context["request"].user, "is_authenticated", False):
            return Problem(NOT_ALLOWED, str(exc) or NOT_ALLOWED.title)
        return Problem(SIGN_IN, f"{exc} Sign in first." if str(exc) else SIGN_IN.advice, headers=CHALLENGE)
    if isinstance(exc, Http404):
        return Problem(NOT_FOUND, NOT_THERE)
    if isinstance(exc, OperationalError):
        return Problem(UNAVAILABLE, UNAVAILABLE.title + ".", headers={"Retry-After": "10"})
    if isinstance(exc, exceptions.APIException):
        return _framework_problem(exc, context)
    return Problem(FAILED, FAILED.advice)


CHALLENGE = {"WWW-Authenticate": "Token"}
NOT_THERE = "There is nothing at this address. /api/docs/ lists the addresses there are."


def _framework_problem(exc: exceptions.APIException, context: Mapping[str, Any]) -> Problem:
    detail = str(exc.detail)
    match exc:
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem(SIGN_IN, detail, headers=CHALLENGE)
        case exceptions.PermissionDenied():
            return Problem(NOT_ALLOWED, detail)
        case exceptions.ParseError():
            return Problem(BAD_BODY, f"The body is not JSON: {detail.removeprefix('JSON parse error - ')}")
        case exceptions.UnsupportedMediaType():
            return Problem(WRONG_MEDIA_TYPE, f"{detail} Send application/json.")
        case exceptions.MethodNotAllowed():
            return Problem(WRONG_METHOD, detail)
        case exceptions.NotAcceptable():
            types = [renderer.media_type for renderer in context["view"].get_renderers()]
            return Problem(NO_SUCH_FORMAT, f"This is to be had as {' or '.join(types)}.")
    return Problem(BAD_REQUEST if exc.status_code < 500 else FAILED, detail)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 400: a problem document under /api/, a page elsewhere."""
    if _is_api(request):
        return problem_response(Problem(BAD_REQUEST, BAD_REQUEST.title + "."), request.get_full_path())
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 403."""
    if _is_api(request):
        return problem_response(Problem(NOT_ALLOWED, NOT_ALLOWED.advice), request.get_full_path())
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 404."""
    if _is_api(request):
        return problem_response(Problem(NOT_FOUND, NOT_THERE), request.get_full_path())
    return defaults.page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of 500."""
    if _is_api(request):
        return problem_response(Problem(FAILED, FAILED.advice), request.get_full_path())
    return defaults.server_error(request)

"""Text that the database cannot hold, a character of code 0, is refused before a page asks the database about it."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.template.loader import render_to_string

from totalplace.problems import API_PREFIX

NUL = "\0"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
WORDS = "The address or the form holds a character that cannot be stored (code 0). Leave it out and send it again."


class StorableText:
    """Middleware: a path, query or form with a character of code 0 is a bad request.

    The API looks at what it is sent itself. So does a view that is exempt from the check of forgery: it says
    how its files are read before it reads what came.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple[Any, ...], options: Mapping[str, Any]
    ) -> HttpResponse | None:
        if request.path.startswith(API_PREFIX):
            return None
        query = unquote_plus(request.META.get("QUERY_STRING", ""))
        if NUL in request.path or NUL in query or _holds(_form(request, view)):
            # Without the request, whose programme is looked up for what stands around a page.
            return HttpResponseBadRequest(render_to_string("400.html", {"problem": WORDS}))
        return None


def _form(request: HttpRequest, view: Callable) -> QueryDict:
    is_read_here = request.content_type in FORMS and not getattr(view, "csrf_exempt", False)
    return request.POST if is_read_here else QueryDict()


def _holds(form: QueryDict) -> bool:
    return any(NUL in name or any(NUL in text for text in texts) for name, texts in form.lists())

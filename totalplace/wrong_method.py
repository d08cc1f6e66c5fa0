"""The page for an address that takes only what a form sends: opened by hand it says so and leads on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from totalplace.problems import API_PREFIX

Answer = Callable[[HttpRequest], HttpResponse]


def page_for_wrong_method(get_response: Answer) -> Answer:
    """Middleware: an empty 405 becomes a page. The API says it in its own way."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.path.startswith(API_PREFIX):
            return response
        page = render(request, "405.html", {"above": page_above(request.path)}, status=405)
        page["Allow"] = response["Allow"]
        return page

    return answer


def page_above(path: str) -> str:
    """The nearest address above a path that there is: a list rather than one of its numbered things."""
    steps = path.strip("/").split("/")
    while steps := steps[:-1]:
        above = f"/{'/'.join(steps)}/"
        if not steps[-1].isdigit() and _is_there(above):
            return above
    return "/"


def _is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True

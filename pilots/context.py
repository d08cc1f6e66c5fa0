"""What every page knows."""

from typing import Any

from django.http import HttpRequest

from pilots.models import Programme
from pilots.permissions import Action, allows
from pilots.register import boundaries
from pilots.review.queue import number_waiting

SECTIONS = {"": "programme", "agencies": "places", "accounts": "account", "questions": "progress"}
"""The first part of an address to the entry of the menu that it belongs to, where that has another name."""


def site(request: HttpRequest) -> dict[str, Any]:
    """Which programme is meant and which part of the site this is, for the frame of every page.

    A view that knows its programme leaves it as `request.programme`; else `?programme=` or the default is taken.
    """
    programme = _programme(request)
    section = request.path.strip("/").partition("/")[0]
    may_review = request.user.is_authenticated and allows(request.user, Action.APPROVE)
    return {
        "site_programme": programme,
        "programme_query": f"?programme={programme.slug}" if programme and not programme.is_default else "",
        "section": SECTIONS.get(section, section),
        "may_review": may_review,
        "number_to_review": number_waiting(programme) if may_review and programme else 0,
        "is_illustrative": bool(programme and programme.is_illustrative),
        "boundaries_attribution": boundaries.attribution(),
    }


def _programme(request: HttpRequest) -> Programme | None:
    if hasattr(request, "programme"):
        return request.programme
    slug = request.GET.get("programme", "")
    named = Programme.objects.filter(slug=slug).first() if slug else None
    return named or Programme.objects.filter(is_default=True).first()

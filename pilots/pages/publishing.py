"""The one button that publishes a count."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from pilots.models import Count
from pilots.permissions import Action, require
from pilots.review.transitions import CannotReview, publish_approved
from pilots.spend.publish import CannotPublish

from .asking import signed_in, who
from .choosing import place_meant, year_meant


@require_POST
def publish(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Publishes the working version that was looked at, unless it changed since."""
    place = place_meant(slug)
    require(who(request), Action.PUBLISH, place)
    count = Count.objects.select_related("place").filter(place=place, year=year_meant(place, year)).first()
    if count is None:
        raise Http404(f"{place.name} has no count of {year}.")
    seen = request.POST.get("revision", "")
    try:
        snapshot = publish_approved(count, signed_in(request), seen_revision=int(seen) if seen.isdecimal() else None)
    except (CannotPublish, CannotReview) as refused:
        messages.warning(request, str(refused))
        return redirect("spend", slug, year)
    messages.success(
        request,
        f"{place.name}, {year} is published as snapshot {snapshot.number}. The maps follow within seconds.",
    )
    return redirect("spend", slug, year)

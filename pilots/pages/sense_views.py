"""What the sense checks say of a count: coverage, warnings and their answers."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pilots import sense
from pilots.models import Version
from pilots.permissions import Action, Anyone, reach
from pilots.review.sense import visible, with_answers, without_warning
from pilots.sense.coverage import Matrix

from .asking import who
from .choosing import frame, place_meant
from .grid_views import working_version


@never_cache
@login_required
@require_safe
def checks(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """What to look at in a count, with the form to answer each; with X-Part the line above the grid alone."""
    version = working_version(request, place_meant(slug), year)
    facts = sense.facts_of(version)
    everything = sense.warned(facts)
    rows = with_answers(version, visible(everything, version, who(request)))
    place = version.count.place
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year,
        "version": version,
        "warnings": rows,
        "unanswered": [row for row in rows if not row.is_answered],
    }
    if request.headers.get("X-Part") == "checks":
        return render(request, "spend/grid/checks.html", context)
    sees_all = reach(who(request), Action.READ_WORKING).covers(place, None)
    context |= {
        "answered_before": without_warning(version, everything) if sees_all else [],
        "matrix": _readable(sense.matrix_of(facts), version, who(request)),
        "may_answer": not version.is_locked and reach(who(request), Action.EDIT_SPEND).touches(place),
        "last_label": facts.last_label if facts.last else "",
        "places": facts.places,
    }
    return render(request, "spend/checks.html", context)


def _readable(matrix: Matrix, version: Version, person: Anyone) -> Matrix:
    """The rows of the bodies that a person may read."""
    reached, place = reach(person, Action.READ_WORKING), version.count.place
    if reached.covers(place, None):
        return matrix
    bodies = reached.bodies_in(place)
    return Matrix(matrix.branches, [(body, states) for body, states in matrix.rows if body.id in bodies])

"""Apportioning what wider bodies spend."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pilots.apportion import (
    CannotApportion,
    MovesChanged,
    SharedOut,
    apportion_line,
    apportioned_lines,
    reapply,
    reapplying,
)
from pilots.apportion.lines import KEPT
from pilots.models import Version
from pilots.permissions import Action, NotAllowed, allows, reach, refusal
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import LineRefused, VersionLocked, why_locked
from totalplace import money

from .apportion_forms import ApportionForm
from .asking import signed_in, who
from .choosing import frame, place_meant, year_meant

VIA = "page"
FORM_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORM_METHODS)
def apportion(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """The lines of a count that are shared out, and the form that shares out another."""
    version = _editable(request, slug, year)
    place = version.count.place
    form = ApportionForm(request.POST or None, signed_in(request), place)
    if form.is_valid() and _record(request, version, form):
        return redirect("apportion", slug, year)
    reached = reach(who(request), Action.READ_WORKING)
    rows = [row for row in apportioned_lines(version) if reached.covers(place, row.line.agency)]
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year,
        "version": version,
        "form": form,
        "rows": rows,
        "plan": reapplying(version, signed_in(request)),
        "locked": why_locked(version) if version.is_locked else "",
        "may_edit_inputs": allows(who(request), Action.EDIT_REGISTER),
    }
    return render(request, "spend/apportion.html", context, status=422 if form.errors else 200)


def _record(request: HttpRequest, version: Version, form: ApportionForm) -> bool:
    given = form.cleaned_data
    try:
        done = apportion_line(
            version,
            given["agency"],
            given["service_line"],
            given["whole_amount"],
            given["method"],
            signed_in(request),
            VIA,
            given["given_share"],
            form.more(),
        )
    except CannotApportion as problem:
        form.refuse(problem)
    except LineRefused as refused:
        form.refuse_line(refused.errors)
    except VersionLocked as locked:
        form.add_error(None, str(locked))
    else:
        messages.success(request, _said(done))
        return True
    return False


def _said(done: SharedOut) -> str:
    """What counts now, and what it replaced."""
    line, before = done.line, done.before
    said = (
        f"{line.agency.name}, {line.service_line.name}: {money.exact(line.amount)} counts in "
        f"{line.version.count.place.name}, {money.percent(line.share or 0, 1, 2)} of the whole amount."
    )
    if before is None:
        return said
    replaced = [money.exact(before.amount)]
    replaced += [
        f'the {name} "{old}"' for name in KEPT if (old := getattr(before, name)) != getattr(line, name) and old
    ]
    kept = [name for name in KEPT if getattr(before, name) and getattr(before, name) == getattr(line, name)]
    return f"{said} It replaces {money.listed(replaced)}" + (
        f"; the {money.listed(kept)} {'stays' if len(kept) == 1 else 'stay'}." if kept else "."
    )


@require_POST
def apply_inputs(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Computes lines again by the inputs as they stand now, exactly as the page showed it."""
    version = _editable(request, slug, year)
    try:
        done = reapply(version, signed_in(request), VIA, request.POST.get("seen", ""))
    except (MovesChanged, VersionLocked) as problem:
        messages.warning(request, str(problem))
    else:
        moved = money.counted(len(done.moves), "line")
        messages.success(request, f"{money.starting(moved)} moved by {money.exact(done.change)} in all.")
    return redirect("apportion", slug, year)


def _editable(request: HttpRequest, slug: str, year: str) -> Version:
    """The working version of a count of which somebody may change something."""
    place = place_meant(slug)
    if not reach(who(request), Action.EDIT_SPEND).touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    person = signed_in(request)
    version = open_working_version(open_count(place, year_meant(place, year), person, VIA), person, VIA)
    return Version.objects.select_related("count__place__programme", "count__year").get(pk=version.pk)

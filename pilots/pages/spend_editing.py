"""Adding, changing and removing one spend line of the working version in the browser."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from pilots.models import FinancialYear, History, Person, Place, SpendLine, Version
from pilots.permissions import Action, NotAllowed, reach, refusal, require
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import LineRefused, StaleLine, VersionLocked, add_line, change_line
from pilots.spend.write import remove_line as remove
from totalplace import money

from .asking import signed_in, who
from .choosing import frame, place_meant, year_meant
from .fields import BODIES_LIST, bodies_to_pick
from .line_forms import LineForm
from .spend import cell_address

FORM_METHODS = ["GET", "HEAD", "POST"]
VIA = "page"
REMOVED = "Somebody removed this line since you opened it. Your values are below: save them to record it again."


@require_http_methods(FORM_METHODS)
def new_line(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Records a new line."""
    place, financial_year, version = _recording(request, slug, year)
    form = LineForm(request.POST or None, signed_in(request), place, financial_year)
    if form.is_valid():
        try:
            line = add_line(version, form.values(), signed_in(request), VIA)
        except LineRefused as refused:
            form.refuse(refused.errors)
        except VersionLocked as locked:
            form.add_error(None, str(locked))
        else:
            return _saved(request, slug, year, line, "recorded")
    return _page(request, place, year, form)


@require_http_methods(FORM_METHODS)
def edit_line(request: HttpRequest, slug: str, year: str, line_id: int) -> HttpResponse:
    """Changes a line; what somebody else changed meanwhile is shown beside what was typed, and asked about."""
    place, financial_year, version = _recording(request, slug, year)
    line = _line(version, line_id)
    if line is None and request.method != "POST":
        raise Http404("This line is not in the working version any more.")
    if line is not None:
        require(who(request), Action.EDIT_SPEND, place, line.agency)
    form = LineForm(request.POST or None, signed_in(request), place, financial_year, line)
    if line is None:
        form.is_valid()
        return _page(request, place, year, form, conflict=REMOVED)
    if form.is_valid():
        expected = form.cleaned_data["row_version"] or 0
        try:
            changed = change_line(version, line_id, form.values(), expected, signed_in(request), VIA)
        except StaleLine as stale:
            return _ask(request, place, year, form, stale.current)
        except LineRefused as refused:
            form.refuse(refused.errors)
        except VersionLocked as locked:
            form.add_error(None, str(locked))
        except SpendLine.DoesNotExist:
            return _page(request, place, year, form, conflict=REMOVED)
        else:
            return _saved(request, slug, year, changed, "changed")
    return _page(request, place, year, form, line=line)


@require_POST
def remove_line(request: HttpRequest, slug: str, year: str, line_id: int) -> HttpResponse:
    """Removes a line that nobody changed meanwhile."""
    _, _, version = _recording(request, slug, year)
    expected = request.POST.get("row_version", "")
    try:
        remove(version, line_id, int(expected) if expected.isdecimal() else 0, signed_in(request), VIA)
    except StaleLine as stale:
        messages.warning(
            request,
            f"{_who_changed(stale.current)} changed this line since you opened it: it is "
            f"{money.exact(stale.current.amount)} now. It was not removed.",
        )
        return redirect("edit-line", slug, year, line_id)
    except VersionLocked as locked:
        messages.warning(request, str(locked))
    except SpendLine.DoesNotExist:
        messages.warning(request, "This line had been removed already.")
    else:
        messages.success(request, "The line was removed from the working version.")
    return _back(slug, year)


def _recording(request: HttpRequest, slug: str, year: str) -> tuple[Place, FinancialYear, Version]:
    """The working version in which somebody may record anything at all."""
    place = place_meant(slug)
    if not reach(who(request), Action.EDIT_SPEND).touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    financial_year = year_meant(place, year)
    count = open_count(place, financial_year, signed_in(request), VIA)
    return place, financial_year, open_working_version(count, signed_in(request), VIA)


def _line(version: Version, line_id: int) -> SpendLine | None:
    lines = SpendLine.objects.select_related("agency", "funder", "receiver", "service_line", "spend_type")
    return lines.filter(version=version, pk=line_id).first()


def _ask(request: HttpRequest, place: Place, year: str, form: LineForm, current: SpendLine) -> HttpResponse:
    conflicts = form.conflicts(current)
    form.take_over(current)
    return _page(
        request,
        place,
        year,
        form,
        line=current,
        conflict=f"{_who_changed(current)} changed this line since you opened it. Nothing of yours is saved yet.",
        conflicts=conflicts,
    )


def _who_changed(line: SpendLine) -> str:
    newest = History.objects.filter(table_name=SpendLine._meta.db_table, row_id=line.pk).order_by("id").last()
    person = Person.objects.filter(pk=newest.actor_id).first() if newest and newest.actor_id else None
    return person.name if person else "Somebody"


def _page(request: HttpRequest, place: Place, year: str, form: LineForm, **more: Any) -> HttpResponse:
    line = more.get("line")
    action = (
        reverse("edit-line", args=[place.slug, year, line.pk]) if line else reverse("new-line", args=[place.slug, year])
    )
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year,
        "form": form,
        "action": action,
        "bodies": bodies_to_pick(place.programme),
        "bodies_list": BODIES_LIST,
        "remove_address": reverse("remove-line", args=[place.slug, year, line.pk]) if line else "",
        "cell_address": cell_address(place, year, line) if line else "",
        "back_address": _lines(place.slug, year),
        **more,
    }
    status = 409 if more.get("conflict") else 422 if form.errors else 200
    return render(request, "spend/line.html", context, status=status)


def _saved(request: HttpRequest, slug: str, year: str, line: SpendLine, done: str) -> HttpResponse:
    messages.success(
        request,
        f"{line.agency.name}, {line.service_line.name}: {money.exact(line.amount)} was {done}. It is in the working "
        "version until it is published.",
    )
    return _back(slug, year)


def _back(slug: str, year: str) -> HttpResponse:
    return redirect(_lines(slug, year))


def _lines(slug: str, year: str) -> str:
    """The page of lines, also for those who see a grid first."""
    return f"{reverse('spend', args=[slug, year])}?view=lines"

"""The page of a count as a grid, and what its script and its form send."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.grid.answers import outcome_as_data
from pilots.grid.block import save_block
from pilots.grid.choices import choices_of, what_totals_cover
from pilots.grid.company import note_cell, others_in_words
from pilots.grid.edits import Edit, Outcome, State
from pilots.grid.form import changed_cells
from pilots.grid.problems import problems_of
from pilots.grid.reading import GridReader, branch_to_open
from pilots.grid.saving import save_cell
from pilots.grid.shown import Across, Mark
from pilots.grid.slice import Slice, UnknownSlice
from pilots.grid.totals import origin_of
from pilots.grid.tree import Tree
from pilots.models import Place, Version
from pilots.permissions import Action, NotAllowed, allows, reach, refusal
from pilots.review.sense import to_check
from pilots.spend.versions import open_count, open_working_version
from totalplace import money

from .choosing import frame, place_meant, year_meant
from .spend import spend

# A block larger than this is not pasted by hand; a file is.
LARGEST_BLOCK = 20_000
# What only the page of lines understands.
LINES_ASK = {"version", "body", "page"}


def grid_or_lines(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """A count as a grid for those who may change it, and as lines for everybody else; ?view= asks for the other."""
    place = place_meant(slug)
    asked = request.GET.get("view", "")
    if LINES_ASK & request.GET.keys():
        asked = "lines"
    by_default = "grid" if reach(request.user, Action.EDIT_SPEND).touches(place) else "lines"  # type: ignore[arg-type]
    if request.method == "POST" or (asked or by_default) == "grid":
        return grid(request, slug, year)
    return spend(request, slug, year)


def working_version(request: HttpRequest, place: Place, label: str) -> Version:
    """The working version of a place's year that a page is about. Raises NotAllowed."""
    year = year_meant(place, label)
    if not reach(request.user, Action.READ_WORKING).touches(place):  # type: ignore[arg-type]
        raise NotAllowed(refusal(Action.READ_WORKING, place))
    version = open_working_version(open_count(place, year))
    about = ("count__place", "count__year", "count__published", "begun_from__count__year")
    return Version.objects.select_related(*about).get(pk=version.pk)


def reader_of(request: HttpRequest, version: Version, parameters: Any) -> GridReader:
    """The grid that an address asks for. A branch, kind, type or funder that there is not is a 404."""
    place = version.count.place
    try:
        chosen = Slice.asked(parameters, place)
    except UnknownSlice as problem:
        raise Http404(str(problem)) from None
    tree = Tree(place.programme_id)
    across = Across.SERVICES if parameters.get("across") == Across.SERVICES else Across.BODIES
    branch = branch_to_open(tree, parameters.get("branch", ""))
    lines, only = parameters.get("lines", ""), parameters.get("only", "")
    return GridReader(version, request.user, chosen, tree, branch, across, lines, only)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """The grid of a count. Without script its form sends every cell that is shown."""
    version = working_version(request, place_meant(slug), year)
    reader = reader_of(request, version, request.GET)
    if request.method == "POST":
        return _save_form(request, reader)
    return _grid_page(request, reader)


def _save_form(request: HttpRequest, reader: GridReader) -> HttpResponse:
    version = reader.version
    edits = changed_cells(version, reader.chosen, request.POST)
    outcomes = save_block(version, reader.chosen, edits, request.user)  # type: ignore[arg-type]
    if all(outcome.is_good for outcome in outcomes):
        messages.success(request, f"{money.starting(money.counted(len(edits), 'change'))} saved.")
        return redirect(request.get_full_path())
    again = reader_of(request, working_version(request, version.count.place, version.count.year.label), request.GET)
    again.unsaved = {outcome.key: outcome for outcome in outcomes}
    return _grid_page(request, again)


def _grid_page(request: HttpRequest, reader: GridReader) -> HttpResponse:
    version = reader.version
    place = version.count.place
    table = {
        **frame(request, place.programme),
        "place": place,
        "year": version.count.year.label,
        "version": version,
        "reader": reader,
        "grid": reader.grid(),
        "covers": what_totals_cover(reader),
        "query": request.GET.urlencode(),
    }
    if request.headers.get("X-Part") == "grid":
        return render(request, "spend/grid/table.html", table)
    context = {
        **table,
        "origin": origin_of(version),
        "choices": choices_of(reader),
        "problems": problems_of(reader),
        "present": others_in_words(version, request.user),  # type: ignore[arg-type]
        "marks": list(Mark),
        "upload_address": _address_or_none(f"{request.path}upload/"),
        "submit_address": _submit_address(request, version),
        "unanswered": to_check(version, request.user),  # type: ignore[arg-type]
    }
    return render(request, "spend/grid.html", context, status=422 if reader.unsaved else 200)


def _submit_address(request: HttpRequest, version: Version) -> str:
    """Where a lead submits the count, while there is something to submit."""
    if version.is_locked or not allows(request.user, Action.SUBMIT, version.count.place):  # type: ignore[arg-type]
        return ""
    return _address_or_none(f"{request.path}submit/")


def _address_or_none(path: str) -> str:
    """An address of the product, or nothing where no page answers it."""
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def answers_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for the page's script: whoever was signed out meanwhile is told so, not sent to another page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"detail": "Sign in again. What you typed is kept in this browser."}, status=401)
        return view(request, *args, **options)

    return wrapped


@never_cache
@answers_json
@require_POST
def save_cells(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Saves changes one after another, each of one cell or of several that are saved together or not at all.

    Answers with what became of every cell, and with every total of the page as text.
    """
    try:
        sent = json.loads(request.body)
        changes = [[edit_from(cell) for cell in change] for change in sent["changes"]]
        asked, shown = (_parameters(sent.get(name)) for name in ("slice", "shown"))
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return JsonResponse({"detail": "The cells cannot be understood. Load the page again."}, status=400)
    if not 0 < sum(map(len, changes)) <= LARGEST_BLOCK or not all(changes):
        words = f"A block has at most {LARGEST_BLOCK:,} cells. Upload a file instead."
        return JsonResponse({"detail": words}, status=413)
    version = working_version(request, place_meant(slug), year)
    chosen = reader_of(request, version, asked).chosen
    outcomes = [_save(version, chosen, edits, request.user) for edits in changes]
    person: Any = request.user
    note_cell(version, person, changes[-1][-1].key)
    answer: dict[str, Any] = {
        "changes": [[outcome_as_data(outcome) for outcome in change] for change in outcomes],
        "present": others_in_words(version, person),
    }
    if any(outcome.state is State.SAVED for change in outcomes for outcome in change):
        version.refresh_from_db(fields=["status", "revision"])
        answer["totals"] = reader_of(request, version, shown).totals()
    return JsonResponse(answer)


@never_cache
@answers_json
@require_safe
def present(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Who else edits this count now, for a page that is open and otherwise quiet.

    Who is signed in, and the token that their sending needs, let a page go on after somebody signed in again.
    """
    version = working_version(request, place_meant(slug), year)
    person: Any = request.user
    words = others_in_words(version, person)
    return JsonResponse({"present": words, "person": person.pk, "token": get_token(request)})


def _save(version: Version, chosen: Slice, edits: list[Edit], person: Any) -> list[Outcome]:
    if len(edits) == 1 and not edits[0].restores:
        return [save_cell(version, chosen, edits[0], person)]
    return save_block(version, chosen, edits, person)


def _parameters(sent: Any) -> dict[str, str]:
    """What the script sends of an address's parameters, each as text. Raises AttributeError, ValueError."""
    parameters = {name: "" if value is None else str(value) for name, value in (sent or {}).items()}
    if any("\0" in value for value in parameters.values()):
        raise ValueError("No code holds a character of code 0.")
    return parameters


def edit_from(sent: dict[str, Any]) -> Edit:
    """An edit as the script sends it. Raises KeyError, TypeError, ValueError, OverflowError, AttributeError."""
    numbers = {name: sent.get(name) for name in ("line", "row_version", "restores")}
    return Edit(
        _id(sent["agency"]),
        _id(sent["service_line"]),
        str(sent["typed"]),
        **{name: None if number is None else _id(number) for name, number in numbers.items()},
    )


def _id(sent: Any) -> int:
    number = int(sent)
    if not 0 <= number <= BigIntegerField.MAX_BIGINT:
        raise ValueError(f"{number} is no id.")
    return number

"""One cell of a count in full: what it rests on, comments, history; beside the grid or on its own."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pilots.grid.company import note_cell, others_in_words
from pilots.grid.panel import CommentRefused, add_comment, read_panel
from pilots.grid.reading import GridReader
from pilots.models import Agency, ServiceLine, SpendLine, SpendType
from pilots.spend.write import LineRefused, StaleLine, VersionLocked, change_line

from .choosing import frame, place_meant
from .grid_views import reader_of, working_version

DESCRIBED = ("basis", "spend_type", "source", "note")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Shows a cell; a POST describes its line or adds a comment."""
    reader = reader_of(request, working_version(request, place_meant(slug), year), request.GET)
    agency, service_line = _named(reader, request)
    problem = _act(request, reader, agency, service_line) if request.method == "POST" else ""
    is_part = request.headers.get("X-Part") == "panel"
    if request.method == "POST" and not problem and not is_part:
        return redirect(request.get_full_path())
    place, person = reader.version.count.place, request.user
    panel = read_panel(reader.version, reader.chosen, agency, service_line, person)
    if panel.may_edit:
        note_cell(reader.version, person, (agency.pk, service_line.pk))  # type: ignore[arg-type]
    context = {
        **frame(request, place.programme),
        "panel": panel,
        "present": others_in_words(reader.version, person),  # type: ignore[arg-type]
        "place": place,
        "year": year,
        "bases": SpendLine.Basis.choices,
        "types": SpendType.objects.values_list("code", "name"),
        "chosen": reader.chosen,
        "problem": problem,
        "address": request.get_full_path(),
        "back_address": "../../",
    }
    template = "spend/grid/panel.html" if is_part else "spend/grid/cell.html"
    return render(request, template, context, status=422 if problem else 200)


def _named(reader: GridReader, request: HttpRequest) -> tuple[Agency, ServiceLine]:
    programme = reader.version.count.place.programme_id
    ids = [request.GET.get(name, "") for name in ("agency", "service_line")]
    if not all(pk.isdecimal() for pk in ids):
        raise Http404("Say which body and which service line.")
    agency = Agency.objects.filter(programme=programme, pk=ids[0]).first()
    service_line = ServiceLine.objects.filter(programme=programme, pk=ids[1]).first()
    if agency is None or service_line is None:
        raise Http404("There is no such body or service line.")
    return agency, service_line


def _act(request: HttpRequest, reader: GridReader, agency: Agency, service_line: ServiceLine) -> str:
    """Does what a form of the panel asks for; what stood in the way, in words."""
    person: Any = request.user
    if request.POST.get("act") == "comment":
        try:
            add_comment(reader.version, agency, service_line, request.POST.get("text", ""), person)
        except CommentRefused as refused:
            return str(refused)
        return ""
    values = {name: request.POST[name] for name in DESCRIBED if name in request.POST}
    line, expected = request.POST.get("line", ""), request.POST.get("row_version", "")
    if not (line.isdecimal() and expected.isdecimal()):
        return "There is no amount yet. Type one first."
    try:
        change_line(reader.version, int(line), values, int(expected), person, "page")
    except StaleLine:
        return (
            "Somebody changed this line meanwhile, so nothing was saved. Look at it as it stands now,"
            " and save again if it should be changed."
        )
    except SpendLine.DoesNotExist:
        return "Somebody removed this line meanwhile."
    except (LineRefused, VersionLocked) as refused:
        return str(refused)
    return ""

"""Uploading a file of spend lines: sent, checked by the worker, looked at, and written with one button."""

import io
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Upload, UploadPiece, Version
from pilots.permissions import Action, NotAllowed, reach, refusal
from pilots.spend.files import UPLOADED, FileRefused, Mode
from pilots.spend.files.changes import write_changes
from pilots.spend.files.correcting import merged, undone
from pilots.spend.files.destinations import editable_bodies
from pilots.spend.files.exporting import write_csv, write_package
from pilots.spend.files.marking import write_problems
from pilots.spend.files.open_document import write_open_document
from pilots.spend.files.pieces import pieces_of
from pilots.spend.files.template import write_workbook
from pilots.spend.files.units import Unit
from pilots.spend.files.uploads import (
    check_again,
    drops_corrections,
    progress_of,
    receive_upload,
    same_content_before,
    write_upload,
)
from pilots.spend.write import why_locked
from pilots.tasks import import_file

from .asking import signed_in
from .choosing import frame, place_meant
from .grid_views import working_version
from .upload_forms import MEGABYTES, SETTLED_BY_CHOOSING, FileForm, ReadingForm
from .upload_problems import choices_for, corrections_in, problems_of, undo_name
from .upload_shapes import SHOWN, change_of, chosen_in, conflicts_of

State = Upload.State
# Files that are listed, and problems of one file that its summary leads to.
NEWEST, LINKED = 10, 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
READ_AT_MOST = 10 * UPLOADED.bytes
TOO_LARGE = f"The file has more than {MEGABYTES} MB, which is the most. Split it, or save it as CSV."


class WithinLimit(FileUploadHandler):
    """Keeps no more of a file than may be sent. The rest is read and dropped, so that the answer arrives."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        size = start + len(raw_data)
        if size > READ_AT_MOST:
            raise StopUpload(connection_reset=True)
        if size <= UPLOADED.bytes:
            return raw_data
        self.request.is_too_large = True  # type: ignore[union-attr]
        return None

    def file_complete(self, file_size: int) -> None:
        return None


@csrf_exempt
def upload(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Asks for a file. What is sent goes to disk as it comes in; the token is checked by `_upload`."""
    request.upload_handlers = [WithinLimit(request), TemporaryFileUploadHandler(request)]
    return _upload(request, slug, year)


@never_cache
@login_required
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _upload(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    version = _count_to_change(request, slug, year)
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    if is_sent and getattr(request, "is_too_large", False):
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
    elif is_sent and version.is_locked:
        form.add_error(None, why_locked(version))
    elif form.is_valid():
        sent, mode = form.cleaned_data["file"], Mode(form.cleaned_data["mode"])
        try:
            received = receive_upload(version, sent.name, sent.chunks(), signed_in(request), "page", mode)
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            _tell_worker(received)
            return redirect("upload-of-count", slug, year, received.pk)
    uploads = Upload.objects.filter(version=version, via="page").select_related("person").defer("report")
    if not reach(request.user, Action.EDIT_SPEND).covers(version.count.place, None):  # type: ignore[arg-type]
        uploads = uploads.filter(person=signed_in(request))
    context = {**_frame(request, version), "form": form, "uploads": list(uploads[:NEWEST])}
    return render(request, "spend/upload.html", context, status=422 if form.errors else 200)


def _count_to_change(request: HttpRequest, slug: str, year: str) -> Version:
    """The working version of a place's year. Raises NotAllowed for whoever may change nothing of it."""
    place = place_meant(slug)
    if not reach(request.user, Action.EDIT_SPEND).touches(place):  # type: ignore[arg-type]
        raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    return working_version(request, place, year)


def _frame(request: HttpRequest, version: Version) -> dict[str, Any]:
    place = version.count.place
    return {
        **frame(request, place.programme),
        "place": place,
        "year": version.count.year.label,
        "locked": why_locked(version) if version.is_locked else "",
        "is_own_part": editable_bodies(signed_in(request), place) is not None,
    }


def _tell_worker(sent: Upload) -> None:
    """Without a broker the sweep tells it later."""
    transaction.on_commit(partial(import_file.delay, sent.pk), robust=True)


def _sent(request: HttpRequest, slug: str, year: str, upload_id: int) -> tuple[Version, Upload]:
    """An upload of whoever asks; anybody else's is not there."""
    version = _count_to_change(request, slug, year)
    found = Upload.objects.filter(pk=upload_id, version=version, person=signed_in(request)).first()
    if found is None:
        raise Http404("You sent no such file.")
    return version, found


@never_cache
@login_required
@require_safe
def upload_of_count(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """How far an upload is: being checked, what it would change, what is wrong with it, or that it is written."""
    version, sent = _sent(request, slug, year, upload_id)
    return _upload_page(request, version, sent, ReadingForm(sent))


def _upload_page(
    request: HttpRequest, version: Version, sent: Upload, form: ReadingForm, *, unchosen: int = 0, status: int = 200
) -> HttpResponse:
    report, choices = sent.report, chosen_in(request.POST) or sent.choices
    problems, shown = report.get("problems", []), problems_of(sent)
    merge = report.get("merge") or {}
    context = {
        **_frame(request, version),
        "upload": sent,
        "is_waiting": sent.state in Upload.UNFINISHED,
        "rows": progress_of(sent),
        "same": same_content_before(sent),
        "change": change_of(sent),
        "merge": merge,
        "conflicts": list(conflicts_of(sent, choices)),
        "unchosen": unchosen,
        "problems": shown,
        "can_be_corrected": any(one.cell or one.leave for one in shown),
        "problem_count": report.get("problem_count", 0),
        "first_problems": shown[:LINKED],
        "unit": Unit(sent.unit),
        "shown_count": sum(max(1, len(one.rows)) for one in shown),
        "other_unit": _other_unit(report),
        "codes": choices_for(shown, version, editable_bodies(signed_in(request), version.count.place)),
        "is_about_columns": bool(problems) and {one["code"] for one in problems} <= SETTLED_BY_CHOOSING,
        "has_marked": sent.pieces.filter(part=UploadPiece.Part.MARKED).exists(),
        "has_content": sent.pieces.exists(),
        "corrected": report.get("corrected", []),
        "corrected_shown": [{**one, "name": undo_name(one)} for one in report.get("corrected", [])[:SHOWN]],
        "can_undo": sent.state in (State.CHECKED, State.REFUSED) and sent.pieces.exists(),
        "seen": _seen(sent),
        "form": form,
    }
    return render(request, "spend/upload_sent.html", context, status=status)


def _other_unit(report: dict[str, Any]) -> dict[str, str] | None:
    """The unit that the file seems to be in, with its words; its unit is empty where none would fit."""
    other = report.get("other_unit")
    return {**other, "name": Unit(other["unit"]).words if other["unit"] else ""} if other else None


def _seen(sent: Upload) -> str:
    """What somebody looked at: another check shows something else."""
    return sent.finished_at.isoformat() if sent.finished_at else ""


@login_required
@require_POST
def read_again(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Has a file checked with other columns, another sheet, or other plans for lines that it lacks."""
    version, sent = _sent(request, slug, year, upload_id)
    form = ReadingForm(sent, request.POST)
    if not form.is_valid():
        return _upload_page(request, version, sent, form, status=422)
    choices = form.choices()
    if drops_corrections(sent, choices["sheet"]):
        messages.warning(request, "What was corrected belongs to another sheet, so nothing of it is kept.")
    return _again(request, sent, slug, year, **choices)


@login_required
@require_POST
def read_in_unit(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Has a file checked with its amounts in another unit, and everything else as it was read."""
    _, sent = _sent(request, slug, year, upload_id)
    unit = request.POST.get("unit", "")
    if unit not in Unit:
        raise Http404("There is no such unit.")
    return _again(request, sent, slug, year, unit=unit)


@login_required
@require_POST
def choose(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Keeps what is chosen of two values, and shows what the file changes then."""
    version, sent = _sent(request, slug, year, upload_id)
    chosen = chosen_in(request.POST)
    conflicts = list(conflicts_of(sent, chosen))
    unchosen = sum(not one.chosen for one in conflicts)
    if unchosen:
        return _upload_page(request, version, sent, ReadingForm(sent), unchosen=unchosen, status=422)
    return _again(request, sent, slug, year, choices=chosen)


@login_required
@require_POST
def correct(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Keeps cells put right and rows left out, and has the file checked with them."""
    _, sent = _sent(request, slug, year, upload_id)
    corrections = corrections_in(request.POST, sent)
    if not corrections:
        messages.warning(request, "Nothing was corrected: change a cell below, or tick the row to leave out.")
        return redirect("upload-of-count", slug, year, sent.pk)
    return _again(request, sent, slug, year, corrections=merged(sent.corrections, corrections))


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Takes a correction back, or all, and has the file checked without."""
    _, sent = _sent(request, slug, year, upload_id)
    chosen = [one for one in sent.report.get("corrected", []) if request.POST.get("undo") in ("all", undo_name(one))]
    return _again(request, sent, slug, year, corrections=undone(sent.corrections, chosen))


def _again(request: HttpRequest, sent: Upload, slug: str, year: str, **choices: Any) -> HttpResponse:
    if check_again(sent, **choices):
        _tell_worker(sent)
    else:
        messages.warning(request, "The file cannot be read again: it is being checked, was written, or is too old.")
    return redirect("upload-of-count", slug, year, sent.pk)


@login_required
@require_POST
def write(request: HttpRequest, slug: str, year: str, upload_id: int) -> HttpResponse:
    """Has the worker write what was shown: all of it or nothing."""
    version, sent = _sent(request, slug, year, upload_id)
    if version.is_locked:
        messages.warning(request, why_locked(version))
    elif request.POST.get("seen") != _seen(sent) or (sent.report.get("merge") or {}).get("open"):
        messages.warning(request, "This is not what you looked at. Look again before it is written.")
    elif write_upload(sent):
        _tell_worker(sent)
    return redirect("upload-of-count", slug, year, upload_id)


@never_cache
@login_required
@require_safe
def problems_file(request: HttpRequest, slug: str, year: str, upload_id: int) -> FileResponse:
    """Every problem of a refused file as CSV."""
    _, sent = _sent(request, slug, year, upload_id)
    return _csv(f"problems-{sent.pk}.csv", partial(write_problems, sent.report.get("problems", [])))


@never_cache
@login_required
@require_safe
def changes_file(request: HttpRequest, slug: str, year: str, upload_id: int) -> FileResponse:
    """The lines that a file adds, changes and removes as CSV, the largest changes first."""
    _, sent = _sent(request, slug, year, upload_id)
    differences = sent.report.get("differences") or []
    if not differences:
        raise Http404("The file was not compared with the count.")
    return _csv(f"changes-{sent.pk}.csv", partial(write_changes, differences[0].get("changes", [])))


def _csv(name: str, write_to: Callable[[TextIO], None]) -> FileResponse:
    text = io.StringIO(newline="")
    write_to(text)
    content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    return FileResponse(content, as_attachment=True, filename=name, content_type=CSV)


@never_cache
@login_required
@require_safe
def marked_file(request: HttpRequest, slug: str, year: str, upload_id: int) -> StreamingHttpResponse:
    """A refused file as a workbook with its problems marked."""
    _, sent = _sent(request, slug, year, upload_id)
    marked = UploadPiece.Part.MARKED
    if not sent.pieces.filter(part=marked).exists():
        raise Http404("There is no workbook with marks of this file.")
    name = f"{sent.file_name.rpartition('.')[0] or sent.file_name} (marked).xlsx"
    response = StreamingHttpResponse(pieces_of(sent, marked), content_type=XLSX)
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return response


@never_cache
@login_required
@require_safe
def download(request: HttpRequest, slug: str, year: str, kind: str) -> FileResponse:
    """The count as a workbook to fill in, or as CSV or a package; a contributor's holds their own bodies."""
    version = _count_to_change(request, slug, year)
    bodies = editable_bodies(signed_in(request), version.count.place)
    file = tempfile.TemporaryFile(prefix="download-")  # noqa: SIM115 - the response closes it
    match kind:
        case "xlsx":
            write_workbook(version, file, bodies)
        case "ods":
            write_open_document(version, file, bodies)
        case "zip":
            write_package(version, file, bodies)
        case _:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            write_csv(version, text, bodies)
            text.detach()
    file.seek(0)
    kinds = {"xlsx": XLSX, "ods": ODS, "zip": "application/zip", "csv": CSV}
    return FileResponse(file, as_attachment=True, filename=f"{slug}-{year}.{kind}", content_type=kinds[kind])

"""What was sent: received, checked by the worker, looked at, and written when somebody says so."""

import logging
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from pilots.models import Person, Upload, UploadPiece, Version
from pilots.permissions import NotAllowed
from pilots.spend.write import VersionLocked

from .alike import alike
from .correcting import corrected, told
from .destinations import OneCount, editable_bodies
from .earlier import earlier_mapping
from .headings import REQUIRED, mapping_of, spoken_units
from .marking import mark_problems
from .pieces import content_of, digest_of, store_content, store_marked
from .plan import Mode, Plan, PlanIsOld, import_table, plan_import
from .problems import KEPT, FileRefused, Problems, refused, shown
from .reading import read_table
from .table import Row, Table
from .units import Unit

log = logging.getLogger(__name__)

PROGRESS_KEPT = 3_600
# Rows that the choice of columns shows of a file, and characters of each cell.
SAMPLES, SAMPLE_LENGTH = 3, 40
# Problems whose rows are described, so that they can be put right without opening the file.
DESCRIBED = 200
# An upload that no worker took up in this time is asked for again, and given up after that one.
UNHEARD, GIVEN_UP = timedelta(seconds=20), timedelta(hours=1)
# How long the content of what was never written is kept.
CONTENT_KEPT = timedelta(days=14)
State = Upload.State


def receive_upload(
    version: Version,
    name: str,
    pieces: Iterable[bytes],
    person: Person | None,
    via: str,
    mode: Mode = Mode.ADD_OR_CHANGE,
    **choices,
) -> Upload:
    """Stores a file as it comes in and returns its upload, for the worker to check (pilots.tasks.import_file).

    `choices` are mapping, sheet, unit and write_at_once. Raises NotAllowed, and FileRefused for more than UPLOADED
    allows.
    """
    place = version.count.place
    editable_bodies(person, place)
    with transaction.atomic():
        upload = Upload.objects.create(
            place=place, version=version, file_name=name[-255:], person=person, via=via, mode=mode.value, **choices
        )
        store_content(upload, pieces)
    return upload


def same_content_before(upload: Upload) -> Upload | None:
    """The newest earlier upload of the same bytes to the same count that was written."""
    same = Upload.objects.filter(sha256=upload.sha256, state=State.DONE, version=upload.version)
    return same.exclude(pk=upload.pk).first()


def progress_of(upload: Upload) -> int:
    """How many rows are checked so far."""
    return upload.rows or cache.get(_progress_key(upload), 0)


def _progress_key(upload: Upload) -> str:
    return f"upload-{upload.pk}-rows"


def process_upload(upload: Upload) -> None:
    """Checks an upload that was received, or writes one that was checked; how it went is kept in the upload.

    Safe to repeat: an upload that is finished, looked at or in another worker's hands is left alone.
    """
    writes = _begin(upload.pk)
    if writes is None:
        return
    upload.refresh_from_db()
    try:
        # What is written and that it is written are stored together: a repeated message finds it done.
        with transaction.atomic():
            if _held(upload.pk) is None:
                return
            _run(upload, writes)
    except FileRefused as error:
        _refuse(upload, error.problems, {})
    except PlanIsOld as error:
        _finish(upload, State.RECEIVED, {}, f"{error} Nothing was written.")
        process_upload(upload)
    except (VersionLocked, NotAllowed) as error:
        _finish(upload, State.REFUSED, {}, str(error))
    except Exception as error:  # whatever happens, whoever waits is told
        log.exception("Upload %s broke off", upload.pk)
        what = "The database refused the lines." if isinstance(error, DatabaseError) else "The file broke the reader."
        _finish(upload, State.FAILED, {}, f"{what} Nothing was written. Send the file again, or as CSV.")


def _begin(upload_id: int) -> bool | None:
    """Marks an upload as being checked or written; whether it is to be written, None where there is nothing to do."""
    with transaction.atomic():
        upload = _held(upload_id)
        if upload is None:
            return None
        writes = upload.write_at_once or upload.state == State.WRITING
        if upload.state == State.RECEIVED:
            upload.state = State.CHECKING
            upload.save(update_fields=["state"])
    return writes


def _held(upload_id: int) -> Upload | None:
    """The row of an unfinished upload, locked; None where it is finished or somebody else holds it."""
    waiting = Upload.objects.select_for_update(skip_locked=True).filter(state__in=Upload.UNFINISHED)
    return waiting.filter(pk=upload_id).first()


def write_upload(upload: Upload) -> bool:
    """Marks a checked upload as one to write; the worker does it. False where it is not waiting for that."""
    return _ask(upload, [State.CHECKED], state=State.WRITING)


def check_again(upload: Upload, **choices) -> bool:
    """Has an upload checked anew with other choices (mapping, sheet, mode, unit, choices, corrections).

    What was put right on another sheet than the one to be read now is dropped. False where it is too late.
    """
    if drops_corrections(upload, choices.get("sheet", upload.sheet)):
        choices["corrections"] = {}
    return _ask(upload, [State.CHECKED, State.REFUSED], state=State.RECEIVED, problem="", **choices)


def drops_corrections(upload: Upload, sheet: str) -> bool:
    """Whether cells or rows were put right, and on another sheet than this: rows of two sheets share nothing."""
    return bool(upload.corrections) and sheet not in (upload.sheet, upload.report.get("sheet"))


def _ask(upload: Upload, states: list[State], **changes) -> bool:
    waiting = Upload.objects.filter(pk=upload.pk, state__in=states, pieces__isnull=False)
    asked = Upload.objects.filter(pk__in=waiting.values("pk"))
    return bool(asked.update(finished_at=None, rows=0, asked_at=timezone.now(), **changes))


def _run(upload: Upload, writes: bool) -> None:
    """Reads, checks and compares, writes if that is wanted, and keeps what came of it."""

    def progress(rows: int) -> None:
        cache.set(_progress_key(upload), rows, PROGRESS_KEPT)

    version, mode, person = _version_of(upload), Mode(upload.mode), upload.person
    with content_of(upload) as path:
        table = read_table(path, upload.file_name, sheet=upload.sheet)
        put_right = told(table, upload.corrections)
        table = replace(corrected(table, upload.corrections), unit=Unit(upload.unit))
        earlier = None if upload.mapping else earlier_mapping(upload, table.headings)
        if earlier:
            upload.mapping = earlier.mapping
            upload.save(update_fields=["mapping"])
        mapping = mapping_of(table, upload.mapping)
        if writes:
            counts, revisions = OneCount(version, person), _revisions(upload)
            plan = import_table(
                table, mapping, counts, person, upload.via, mode, revisions, progress, upload.choices or None
            )
        else:
            plan = plan_import(version, table, mapping, person, mode, progress, upload.choices)
        report = {**plan.as_data(KEPT), **_columns(table, plan), "corrected": put_right}
        if earlier:
            report["notices"] = [*report["notices"], earlier.words]
        if not plan.is_good:
            report["rows_with_problems"] = _rows_with_problems(table, plan)
            _refuse(upload, plan.problems, report, table, path)
        else:
            _finish(
                upload, State.DONE if writes else State.CHECKED, report, "" if writes else upload.problem, plan.rows
            )


def _columns(table: Table, plan: Plan) -> dict:
    """What the choice of columns needs to know of a file: headings, first rows, and how they are understood."""
    first = [row for (_, row), _ in zip(table.read(), range(SAMPLES), strict=False)]
    return {
        "headings": list(table.headings),
        "samples": [[str(cell)[:SAMPLE_LENGTH] for cell in row[: len(table.headings)]] for row in first],
        "mapped": dict(plan.mapping),
        "sheet": table.sheet,
        "heading_row": table.heading_row,
        "spoken_units": sorted({unit for unit in spoken_units(table, plan.mapping).values() if unit}),
    }


def _rows_with_problems(table: Table, plan: Plan) -> dict[str, str]:
    """What rows with problems are about, by row number: their body, service line and amount as the file has them.

    Of problems that are alike, the first row.
    """
    problems = alike((one.as_data() for one in plan.problems.kept), plan.mapping)
    wanted = {one.rows[0] for one in problems[:DESCRIBED] if one.rows}
    last = max(wanted, default=0)
    columns = [plan.mapping[field] for field in (*REQUIRED, "amount") if field in plan.mapping]

    def about(row: Row) -> str:
        cells = [str(row[1][column]) for column in columns if column < len(row[1]) and row[1][column] is not None]
        return shown(", ".join(cell for cell in cells if cell.strip()))

    rows = takewhile(lambda row: row[0] <= last, table.read())
    return {str(row[0]): about(row) for row in rows if row[0] in wanted}


def _version_of(upload: Upload) -> Version:
    if upload.version_id is None:
        raise refused("no-count", "The upload belongs to no count.")
    return Version.objects.select_related("count__place", "count__year").get(pk=upload.version_id)


def _revisions(upload: Upload) -> dict[int, int] | None:
    """The revision that the difference was shown for; none where nobody was shown one."""
    shown = upload.report.get("differences") or []
    return {one["version"]: one["revision"] for one in shown} if shown else None


def _refuse(
    upload: Upload, problems: Problems, report: dict, table: Table | None = None, path: Path | None = None
) -> None:
    """Keeps what is wrong, and for whoever looks at it a workbook that shows it where it is."""
    kept = [one.as_data() for one in problems.kept]
    if path and table and not upload.write_at_once and any(one.row for one in problems):
        with tempfile.TemporaryFile(prefix="marked-") as file:
            whole = mark_problems(path, table, problems, file, upload.corrections)
            file.seek(0)
            store_marked(upload, file)
        report = {**report, "marked_in_part": not whole}
    words = str(FileRefused(problems))
    _finish(upload, State.REFUSED, {**report, "problem_count": len(problems), "problems": kept}, words)


def _finish(upload: Upload, state: State, report: dict, problem: str = "", rows: int = 0) -> None:
    upload.state, upload.report, upload.problem, upload.rows = state, report, problem, rows
    upload.finished_at = timezone.now()
    upload.save(update_fields=["state", "report", "problem", "rows", "finished_at"])
    cache.delete(_progress_key(upload))
    # While somebody may still correct its columns or choose, the content stays.
    if state == State.DONE or (upload.write_at_once and state in (State.REFUSED, State.FAILED)):
        upload.pieces.all().delete()


def sweep_uploads() -> list[int]:
    """Uploads whose message was lost or whose worker died, for the worker; gives up and forgets what is too old."""
    now, left = timezone.now(), []
    waiting = Upload.objects.filter(state__in=Upload.UNFINISHED, write_at_once=False)
    with transaction.atomic():
        for upload in waiting.filter(asked_at__lt=now - UNHEARD).select_for_update(skip_locked=True).order_by("pk"):
            if upload.asked_at > now - GIVEN_UP:
                left.append(upload.pk)
            else:
                _finish(upload, State.FAILED, {}, "No worker could finish it within an hour. Send the file again.")
    UploadPiece.objects.filter(upload__asked_at__lt=now - CONTENT_KEPT).delete()
    return left


def already_loaded(path: Path) -> str:
    """When and by whom the same bytes were written before, in words; empty for new ones."""
    earlier = Upload.objects.filter(sha256=digest_of(path), state=State.DONE).first()
    if earlier is None:
        return ""
    when = timezone.localtime(earlier.finished_at or earlier.created_at)
    return f"as {earlier.file_name} on {when:%-d %B %Y at %H:%M}"


def record_load(path: Path, plan: Plan) -> Upload:
    """Remembers a file that a command wrote."""
    versions = [one.version for one in plan.differences]
    only = versions[0] if len(versions) == 1 else None
    return Upload.objects.create(
        place=only.count.place if only else None,
        version=only,
        file_name=path.name[-255:],
        size=path.stat().st_size if path.is_file() else 0,
        sha256=digest_of(path),
        mode=plan.mode.value,
        rows=plan.rows,
        via="command load_counts",
        state=State.DONE,
        report=plan.as_data(),
        finished_at=timezone.now(),
    )

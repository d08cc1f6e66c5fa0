"""Keeping what was sent: receiving a file in pieces, checking and writing it in the worker, noticing a second time."""

import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.utils import timezone

from pilots.models import Person, Upload, UploadPiece, Version
from pilots.permissions import NotAllowed
from pilots.spend.write import VersionLocked

from .destinations import OneCount, editable_bodies
from .headings import mapping_of
from .plan import Mode, Plan, PlanIsOld, import_table, plan_import
from .problems import FileRefused, refused
from .reading import read_table
from .table import UPLOADED

log = logging.getLogger(__name__)

PIECE = 1_000_000
PROGRESS_KEPT = 3_600
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

    `choices` are mapping, sheet and write_at_once. Raises NotAllowed, and FileRefused for more than UPLOADED allows.
    """
    place = version.count.place
    editable_bodies(person, place)
    with transaction.atomic():
        upload = Upload.objects.create(
            place=place, version=version, file_name=name[-255:], person=person, via=via, mode=mode.value, **choices
        )
        digest = hashlib.sha256()
        for position, piece in enumerate(_even(pieces)):
            digest.update(piece)
            upload.size += len(piece)
            if upload.size > UPLOADED.bytes:
                raise refused(
                    "too-large", f"{name} has more than {UPLOADED.bytes // 1_000_000:,} MB, which is the most."
                )
            UploadPiece.objects.create(upload=upload, position=position, content=piece)
        upload.sha256 = digest.hexdigest()
        upload.save(update_fields=["size", "sha256"])
    return upload


def _even(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of PIECE at most."""
    for piece in pieces:
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]


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

    Safe to repeat: an upload that is finished or looked at is left alone.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state not in Upload.UNFINISHED:
            return
        writes = upload.write_at_once or upload.state == State.WRITING
        upload.state = State.WRITING if upload.state == State.WRITING else State.CHECKING
        upload.save(update_fields=["state"])
    try:
        # What is written and that it is written are stored together: a repeated message finds it done.
        with transaction.atomic():
            plan = _run(upload, writes)
            _finish(upload, State.DONE if writes else State.CHECKED, plan.as_data(), rows=plan.rows)
    except FileRefused as error:
        kept = [one.as_data() for one in error.problems.kept[:1_000]]
        report = {"problem_count": len(error.problems), "problems": kept}
        _finish(upload, State.REFUSED, report, str(error))
    except (VersionLocked, NotAllowed, PlanIsOld) as error:
        _finish(upload, State.REFUSED, {}, str(error))
    except DatabaseError:
        log.exception("Upload %s broke off", upload.pk)
        _finish(upload, State.FAILED, {}, "The database refused the lines. Send the file again.")


def write_upload(upload: Upload) -> bool:
    """Marks a checked upload as one to write; the worker does it. False where it is not waiting for that."""
    waiting = Upload.objects.filter(pk=upload.pk, state=State.CHECKED)
    return bool(waiting.update(state=State.WRITING, finished_at=None))


def _run(upload: Upload, writes: bool) -> Plan:
    def progress(rows: int) -> None:
        cache.set(_progress_key(upload), rows, PROGRESS_KEPT)

    with content_of(upload) as path:
        table = read_table(path, upload.file_name, sheet=upload.sheet)
        mapping = mapping_of(table.headings, upload.mapping)
        mode, version = Mode(upload.mode), _version_of(upload)
        if writes:
            revisions = _revisions(upload)
            counts = OneCount(version, upload.person)
            return import_table(table, mapping, counts, upload.person, upload.via, mode, revisions, progress)
        plan = plan_import(version, table, mapping, upload.person, mode, progress)
        if not plan.is_good:
            raise FileRefused(plan.problems)
        return plan


def _version_of(upload: Upload) -> Version:
    if upload.version_id is None:
        raise refused("no-count", "The upload belongs to no count.")
    return Version.objects.select_related("count__place", "count__year").get(pk=upload.version_id)


def _revisions(upload: Upload) -> dict[int, int] | None:
    """The revision that the difference was shown for; none where nobody was shown one."""
    shown = upload.report.get("differences") or []
    return {one["version"]: one["revision"] for one in shown} if shown else None


def _finish(upload: Upload, state: State, report: dict, problem: str = "", rows: int = 0) -> None:
    upload.state, upload.report, upload.problem, upload.rows = state, report, problem, rows
    upload.finished_at = timezone.now()
    upload.save(update_fields=["state", "report", "problem", "rows", "finished_at"])
    if state != State.CHECKED:
        upload.pieces.all().delete()


@contextmanager
def content_of(upload: Upload) -> Iterator[Path]:
    """The content of an upload as a file, for as long as it is needed."""
    with tempfile.NamedTemporaryFile(prefix="upload-") as file:
        for piece in upload.pieces.values_list("content", flat=True).iterator(chunk_size=4):
            file.write(piece)
        file.flush()
        yield Path(file.name)


def already_loaded(path: Path) -> str:
    """When and by whom the same bytes were written before, in words; empty for new ones."""
    earlier = Upload.objects.filter(sha256=_digest(path), state=State.DONE).first()
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
        sha256=_digest(path),
        mode=plan.mode.value,
        rows=plan.rows,
        via="command load_counts",
        state=State.DONE,
        report=plan.as_data(),
        finished_at=timezone.now(),
    )


def _digest(path: Path) -> str:
    """The SHA-256 of a file, or of a folder's files by name."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest() if path.is_dir() else b"")
                if not path.is_dir():
                    return hashlib.file_digest(opened, "sha256").hexdigest()
    return digest.hexdigest()

"""Files that people send, as jobs: received, checked and written by the worker, all or nothing."""

from decimal import Decimal
from typing import Any

from pilots.models import Job, Upload
from pilots.spend.files.uploads import process_upload, progress_of
from totalplace.problems import FILE_REFUSED, JOB_FAILED, Problem

from .running import Telling, runs

# Faults of a file that a problem document holds; all of them are counted.
TOLD = 1_000
BOTH = ("before", "after")


@runs(Job.Kind.UPLOAD)
def import_upload(job: Job, tell: Telling) -> dict[str, Any]:
    """Takes a file in. Raises Problem with the faults of its rows."""
    upload = job.upload
    assert upload is not None
    process_upload(upload)
    upload.refresh_from_db()
    job.done = job.total = progress_of(upload)
    if upload.state == Upload.State.REFUSED:
        raise Problem(FILE_REFUSED, upload.problem, faults_of(upload.report), {"error_count": _number(upload)})
    if upload.state == Upload.State.FAILED:
        raise Problem(JOB_FAILED, upload.problem)
    return result_of(upload.report)


def _number(upload: Upload) -> int:
    return upload.report.get("problem_count", 0)


def faults_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The faults of a file as a problem document has them: where they are, what was found, what to do."""
    return [
        {name: said for name, said in {**one, "detail": one["message"]}.items() if said and name != "message"}
        for one in report.get("problems", [])[:TOLD]
    ]


def result_of(report: dict[str, Any]) -> dict[str, Any]:
    """What taking a file in came to: its rows, how its columns were understood, and the difference it makes."""
    (difference,) = report["differences"]
    return {
        "rows": report["rows"],
        "columns": [{"field": field, "heading": heading} for field, heading in report["columns"].items()],
        "notices": [*report["notices"], *report.get("warnings", []), *_doubts(report)],
        **{name: difference[name] for name in ("place", "year", "lines")},
        **{when: {kind: _pounds(said) for kind, said in difference[when].items()} for when in BOTH},
        "bodies": [{**body, **{when: _pounds(body[when]) for when in BOTH}} for body in difference["bodies"]],
    }


def _doubts(report: dict[str, Any]) -> list[str]:
    other = report.get("other_unit")
    return [other["words"]] if other else []


def _pounds(said: str) -> str:
    return f"{Decimal(said):.2f}"

"""Jobs: how far each came, what it came to, its file; and taking one back."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.jobs import CannotCancel, cancel_job
from pilots.jobs.files import exports
from pilots.jobs.running import progress_of
from pilots.models import Job, Person
from pilots.permissions import Action, Anyone, NotAllowed, reach
from totalplace.problems import JOB_BEGUN, NOT_FOUND, Problem

from . import job_shapes
from .formats import Arrow, Csv, Json, Parquet, Xlsx
from .operations import operation
from .parameters import Parameter
from .views import ApiView, answer, answer_object

# Seconds after which it is worth looking again.
LOOK_AGAIN = "2"
ZIP = "application/zip"


def accepted(job: Job) -> HttpResponse:
    """202: the job that was accepted, and where to look."""
    return answer(job_row(job), 202, {"Location": job.address, "Retry-After": LOOK_AGAIN})


def job_row(job: Job) -> dict[str, Any]:
    """A job as clients see it."""
    done, total = progress_of(job)
    by = job.created_by
    return {
        "id": str(job.key),
        "kind": job.kind,
        "state": job.state,
        "progress": {"done": done, "total": total, "unit": job.unit},
        "created_by": by.name if by else None,
        "created_at": job.created_at,
        "begun_at": job.begun_at,
        "finished_at": job.finished_at,
        "request": job.request,
        "result": job.result,
        "problem": job.problem,
        "file": f"{job.address}file/" if job.file else None,
    }


def job_named(key: UUID, person: Anyone) -> Job:
    """A job for whoever may see it: who asked for it, or of an upload who may read the whole count. Raises Problem."""
    jobs = Job.objects.select_related("created_by", "upload__place")
    job = jobs.filter(key=key).first()
    if job is None:
        raise Problem(NOT_FOUND, f"There is no job {key}. Jobs are kept for 30 days after their end.")
    if job.created_by_id is None or (isinstance(person, Person) and person.pk == job.created_by_id):
        return job
    place = job.upload.place if job.upload else None
    if place is None or not reach(person, Action.READ_WORKING).covers(place, None):
        raise NotAllowed("You may not see what others asked for.")
    return job


class OneJob(ApiView):
    is_private = True

    @operation("getJob", "Files", gives=job_shapes.Job)
    def get(self, request: Request, job: UUID) -> HttpResponseBase:
        """A job

        How far it came; in the end its result, or the problem why it failed. While it is open `Retry-After` says when
        it is worth looking again.
        """
        found = job_named(job, request.user)
        if found.state == Job.State.CANCELLED:
            raise Problem(NOT_FOUND, "This job was cancelled before it began. Ask again for what it was to do.")
        response = answer_object(request, job_row(found))
        if found.state in Job.OPEN:
            response.headers["Retry-After"] = LOOK_AGAIN
        return response

    @operation("cancelJob", "Files", status=204, refuses=(JOB_BEGUN,), is_public=True)
    def delete(self, request: Request, job: UUID) -> HttpResponseBase:
        """Cancel a job

        One that has not begun: from then on it is not found. What has begun goes on to its end.
        """
        person = request.user if isinstance(request.user, Person) else None
        found = job_named(job, request.user)
        if found.created_by_id != (person.pk if person else None):
            raise NotAllowed("You may not cancel what others asked for.")
        try:
            cancel_job(found, person)
        except CannotCancel as refused:
            raise Problem(JOB_BEGUN, str(refused)) from refused
        return HttpResponse(status=204)


class Zip(Json):
    """Stands for a zip."""

    media_type = ZIP
    format = "zip"


class JobFile(ApiView):
    # Whatever is asked for, there is one file.
    renderer_classes = [Zip, Xlsx, Parquet, Arrow, Csv, Json]
    is_private = True

    @classmethod
    def format_parameters(cls) -> list[Parameter]:
        return []

    @operation("getJobFile", "Files", gives=job_shapes.Job, gives_files=(ZIP, Xlsx.media_type), refuses=(JOB_BEGUN,))
    def get(self, request: Request, job: UUID) -> HttpResponseBase:
        """The file that a job made

        As often as it is wanted, for 30 days.
        """
        found = job_named(job, request.user)
        if not found.file or found.state != Job.State.FINISHED:
            raise Problem(JOB_BEGUN, f"There is no file: the job is {found.state}. {found.address} says how far it is.")
        if not exports().exists(found.file):
            raise Problem(NOT_FOUND, "The file is no longer here. Ask for it again: a backup does not hold exports.")
        result = found.result or {}
        response = FileResponse(exports().open(found.file), as_attachment=True, filename=result["file_name"])
        response["Content-Type"] = result["media_type"]
        response["ETag"] = f'"{result["sha256"]}"'
        return response

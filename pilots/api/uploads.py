"""Files of spend lines: sent, checked and taken in by the worker, all or nothing; or only checked."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.jobs import queue_job
from pilots.jobs.uploads import faults_of, result_of
from pilots.models import Job, Person, Place, Version
from pilots.permissions import Action, Anyone, NotAllowed, reach, refusal
from pilots.spend.files import UPLOADED, FileRefused, Mode, mapping_of, plan_import, read_table
from pilots.spend.files.units import Unit
from pilots.spend.files.uploads import receive_upload
from pilots.spend.versions import open_count, open_working_version
from totalplace.problems import CONFLICT, FILE_REFUSED, Problem

from . import job_shapes
from .authentication import signed_in
from .finding import place_named, year_asked
from .jobs import accepted
from .operations import operation
from .parameters import YEAR_PARAMETER, Asked, Parameter, refuse_value
from .received import FormFile, WholeBody, received
from .repeats import once
from .views import ApiView, answer
from .writing import VIA

MODES = {"add-or-change": Mode.ADD_OR_CHANGE, "replace": Mode.REPLACE}
MODE = Parameter(
    "mode",
    "What becomes of lines that the file does not have: with add-or-change (the default) they stay, with replace "
    "they go.",
    choices=tuple(MODES),
)
MAPPING = Parameter(
    "mapping",
    "Columns whose meaning cannot be guessed, as heading:field, several with a bar between; nothing behind the colon "
    "leaves a column out.",
    example="Council:agency|Net cost:amount",
    pattern=r"^[^:|\x00-\x1f]+:[a-z_]*(\|[^:|\x00-\x1f]+:[a-z_]*)*$",
    longest=4000,
)
UNIT = Parameter(
    "unit",
    "What the amounts of the file count. Thousands and millions are multiplied, exactly; a heading that says "
    "otherwise is refused.",
    choices=tuple(unit.value for unit in Unit),
)
SHEET = Parameter("sheet", "The sheet of a workbook, or the resource of a package.", example="Count")
FILE_NAME = Parameter("file_name", "The name of a file that is sent as it is.", example="count.csv")
OF_FILE = (replace(YEAR_PARAMETER, about="The year of the count; else the newest complete published one."),)
OF_FILE += (MODE, MAPPING, UNIT, SHEET, FILE_NAME)  # type: ignore[assignment]
# Bytes that are checked while the client waits.
CHECKED = 5_000_000


class UploadsOfPlace(ApiView):
    parser_classes = [FormFile, WholeBody]
    write_parameters = OF_FILE

    @operation(
        "uploadSpend",
        "Files",
        takes_file=True,
        gives=job_shapes.Job,
        status=202,
        refuses=(CONFLICT,),
        repeats=True,
        query={"year": "2010-11"},
    )
    def post(self, request: Request, place: str) -> HttpResponseBase:
        """Send a file of spend lines

        CSV, XLSX, ODS, XLS or a Fiscal Data Package of at most 40 MB, in a form or as it is. The worker checks every
        row and writes all of them into the working version, or none. The job says how far it is, what was wrong and
        where, and what changed.
        """
        person, version = _destination(place, self.asked, request.user)
        file = received(request, UPLOADED.bytes)

        def accept() -> Any:
            upload = receive_upload(
                version,
                file.name,
                file.pieces(),
                person,
                VIA,
                MODES[self.asked.get("mode") or "add-or-change"],
                mapping=_mapping(self.asked),
                unit=_unit(self.asked),
                sheet=self.asked.get("sheet") or "",
                write_at_once=True,
            )
            said = {"place": place, "year": version.count.year.label, "file_name": file.name, "size": file.size}
            return accepted(queue_job(Job.Kind.UPLOAD, said | {"mode": upload.mode}, person, upload=upload))

        with transaction.atomic():
            return once(request, file.sha256, accept)


class CheckUpload(ApiView):
    parser_classes = [FormFile, WholeBody]
    write_parameters = (Parameter("place", "The slug of the place.", example="kent"), *OF_FILE)

    @operation(
        "checkUpload",
        "Files",
        takes_file=True,
        gives=job_shapes.UploadResult,
        refuses=(CONFLICT, FILE_REFUSED),
        query={"place": "kent", "year": "2010-11"},
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Check a file without storing anything

        The same report as of a real upload, at once, for files of at most 5 MB: every fault with its sheet, row and
        column, or the difference that the file would make.
        """
        slug = self.asked.get("place")
        if not slug:
            raise refuse_value("place", '"place" is missing: say whose count the file belongs to.')
        with transaction.atomic():
            person, version = _destination(slug, self.asked, request.user)
            file = received(request, CHECKED)
            result = _checked(version, b"".join(file.pieces()), file.name, self.asked, person)
            transaction.set_rollback(True)
        return answer(result)


def _checked(version: Version, content: bytes, name: str, asked: Asked, person: Person) -> dict[str, Any]:
    """What a file would do. Raises Problem with every fault."""
    try:
        table = replace(read_table(content, name, sheet=asked.get("sheet") or ""), unit=_unit(asked))
        mapping = mapping_of(table, _mapping(asked))
        plan = plan_import(version, table, mapping, person, MODES[asked.get("mode") or "add-or-change"])
        if not plan.is_good:
            raise FileRefused(plan.problems)
    except FileRefused as refused:
        report = {"problems": [one.as_data() for one in refused.problems.kept]}
        raise Problem(
            FILE_REFUSED, str(refused), faults_of(report), {"error_count": len(refused.problems)}
        ) from refused
    return result_of(plan.as_data())


def _unit(asked: Asked) -> Unit:
    return Unit(asked.get("unit") or Unit.POUNDS)


def _mapping(asked: Asked) -> dict[str, str]:
    """The fields by heading that `mapping=` says."""
    pairs = [one.rpartition(":") for one in (asked.get("mapping") or "").split("|") if one]
    return {heading: field for heading, _, field in pairs}


def _destination(slug: str, asked: Asked, user: Anyone) -> tuple[Person, Version]:
    """Who sends a file, and the working version that it goes to. Raises Problem, and NotAllowed."""
    person = signed_in(user)
    place: Place = place_named(slug)
    if not reach(person, Action.EDIT_SPEND).touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place, person=person))
    version = open_working_version(open_count(place, year_asked(place.programme, asked)), person, VIA)
    if version.is_locked:
        raise Problem(CONFLICT, f"The count of {place.name} is {version.status}, and so is locked.")
    return person, version

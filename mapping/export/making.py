"""The job that makes an export: everything from one moment of the database, written as it is read."""

import hashlib
from typing import Any

from mapping.recompute import one_snapshot
from pilots.api.formats import Xlsx
from pilots.jobs import Telling, runs
from pilots.jobs.files import file_of
from pilots.models import Job

from .contents import Contents, Counting
from .files import write_book, write_parquet_files
from .package import write_package

# By format: what writes it, the ending of its name, and what it is.
FORMATS = {
    "package": (write_package, "zip", "application/zip"),
    "xlsx": (write_book, "xlsx", Xlsx.media_type),
    "parquet": (write_parquet_files, "parquet.zip", "application/zip"),
}


@runs(Job.Kind.EXPORT)
def make_export(job: Job, tell: Telling) -> dict[str, Any]:
    """Makes what a job asks for."""
    write, ending, media_type = FORMATS[job.request["format"]]
    with one_snapshot():
        contents = Contents.of(job.request)
        counting = Counting(tell, contents.size())
        with file_of(job, ending) as file:
            write(contents, file, counting)
            size = file.seek(0, 2)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    job.done = job.total = counting.total
    return {
        "file_name": f"{contents.name}.{ending}",
        "media_type": media_type,
        "size": size,
        "sha256": sha256,
        "tables": [{"name": name, "rows": rows} for name, rows in counting.rows.items()],
    }

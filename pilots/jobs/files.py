"""Files that jobs make: written beside, seen when they are complete, in the storage "exports"."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages

from pilots.models import Job


def exports() -> Storage:
    """Where they are kept (settings.STORAGES)."""
    return storages["exports"]


@contextmanager
def file_of(job: Job, ending: str) -> Iterator[IO[bytes]]:
    """A file to write, which becomes the job's when the block ends well. Its former one is removed."""
    with tempfile.TemporaryFile(prefix="export-") as written:
        yield written
        written.seek(0)
        if job.file:
            exports().delete(job.file)
        job.file = exports().save(f"{job.key}.{ending}", File(written))

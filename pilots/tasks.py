"""What the worker does for the count."""

from celery import shared_task

from pilots.models import Upload
from pilots.spend.files.uploads import process_upload


@shared_task(name="pilots.tasks.import_file")
def import_file(upload_id: int) -> None:
    """Checks an upload, or writes one that was checked."""
    process_upload(Upload.objects.get(pk=upload_id))

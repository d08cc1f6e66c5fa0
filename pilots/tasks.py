"""What the worker does for the count."""

from celery import shared_task

from pilots.models import Upload
from pilots.spend.files.uploads import process_upload, sweep_uploads

# Seconds between two sweeps, after which an unbegun message of one is worth nothing.
SWEPT_EVERY = 30


@shared_task(name="pilots.tasks.import_file")
def import_file(upload_id: int) -> None:
    """Checks an upload, or writes one that was checked."""
    process_upload(Upload.objects.get(pk=upload_id))


@shared_task(name="pilots.tasks.sweep_uploads")
def sweep_uploads_of_pages() -> None:
    """Asks for every upload that a lost message or a dead worker left behind."""
    for upload_id in sweep_uploads():
        import_file.apply_async([upload_id], expires=SWEPT_EVERY)

"""What the worker does with files of spend and for webhooks."""

from celery import shared_task

from pilots import webhooks
from pilots.models import Upload
from pilots.spend.files.uploads import process_upload, sweep_uploads

# Seconds between two sweeps, after which an unbegun message of one is worth nothing.
SWEPT_EVERY = 30


@shared_task(name="pilots.tasks.import_file")
def import_file(upload_id: int) -> None:
    """Checks an upload, or writes one that was checked."""
    process_upload(Upload.objects.get(pk=upload_id))


@shared_task(name="pilots.tasks.tell_webhooks")
def tell_webhooks() -> None:
    """Asks for each webhook that has something to be told."""
    for webhook_id in webhooks.due_webhooks():
        tell_webhook.apply_async([webhook_id], expires=webhooks.EVERY)


@shared_task(name="pilots.tasks.tell_webhook")
def tell_webhook(webhook_id: int) -> None:
    """Sends a webhook what it has not been told."""
    webhooks.tell_webhook(webhook_id)


@shared_task(name="pilots.tasks.sweep_uploads")
def sweep_uploads_of_pages() -> None:
    """Asks for every upload that a lost message or a dead worker left behind."""
    for upload_id in sweep_uploads():
        import_file.apply_async([upload_id], expires=SWEPT_EVERY)

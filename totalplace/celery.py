"""The Celery application: a worker and a beat run it."""

import os

from celery import Celery
from celery.signals import heartbeat_sent, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "totalplace.settings")

app = Celery("totalplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
@heartbeat_sent.connect
def say_that_a_worker_is_there(**signal: object) -> None:
    """What /readyz looks for."""
    from totalplace.health import worker_seen

    worker_seen()

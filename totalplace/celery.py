"""The Celery application: a worker and a beat run it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "totalplace.settings")

app = Celery("totalplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""The product's Celery application with one more task, which does nothing but say that it ran."""

from django.core.cache import cache

from totalplace.celery import app


@app.task
def answer(key: str) -> None:
    cache.set(key, "here", 60)

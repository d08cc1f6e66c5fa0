"""Answers to writes that are kept for a day, so that a client may send the same one again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class KeptAnswer(models.Model):
    """The answer to a write with an `Idempotency-Key`. Key and person are kept as a hash, the request as another."""

    key_digest = models.CharField(max_length=64, unique=True)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    # "Name: value", those that a client needs.
    headers = ArrayField(models.TextField(), default=list)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.status} of {self.created_at}"

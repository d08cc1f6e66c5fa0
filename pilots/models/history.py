"""The append-only history, written by the database itself (sql/history.sql)."""

from django.db import models


class History(models.Model):
    """One row before and after one change. Nothing points to it and it refuses change."""

    class Operation(models.TextChoices):
        INSERT = "insert", "Added"
        UPDATE = "update", "Changed"
        DELETE = "delete", "Removed"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField()
    # Who: the person's id, or null for a command; and through what: page, API, command.
    actor_id = models.BigIntegerField(null=True)
    via = models.CharField(max_length=80, blank=True)
    table_name = models.CharField(max_length=63)
    operation = models.CharField(max_length=6, choices=Operation)
    row_id = models.BigIntegerField(null=True)
    programme_id = models.BigIntegerField(null=True)
    version_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "history"
        indexes = [
            models.Index(fields=["version_id", "id"], name="history_of_a_version"),
            models.Index(fields=["table_name", "row_id"], name="history_of_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"

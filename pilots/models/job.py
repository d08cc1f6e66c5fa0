"""What clients ask for and wait for: files to be taken in, and files to be made."""

import uuid

from django.db import models
from django.db.models import Q

from .person import Person
from .upload import Upload


class Job(models.Model):
    """One piece of work that was accepted. It is finished, or it failed with a problem that says what to do.

    `key` is its name in addresses. What it makes is `file`, a name in the storage "exports".
    """

    class Kind(models.TextChoices):
        UPLOAD = "upload", "Upload"
        EXPORT = "export", "Export"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to begin"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.QUEUED, State.RUNNING)
    ENDED = (State.FINISHED, State.FAILED, State.CANCELLED)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    # How far it came: `done` of `total`, which is null while nobody knows, in `unit`.
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, default="rows")
    # Null where nobody was signed in: then whoever knows the key may read it.
    created_by = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="jobs")
    upload = models.OneToOneField(Upload, on_delete=models.CASCADE, null=True, blank=True, related_name="job")
    request = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    # A problem document without its instance (RFC 9457).
    problem = models.JSONField(null=True, blank=True)
    file = models.CharField(max_length=255, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "finished", "failed", "cancelled"]), name="job_state_known"
            ),
            # A job that ended badly always says why.
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(problem__isnull=False), name="failed_job_has_a_problem"
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="job_state_created")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}, {self.get_state_display()}"

    @property
    def address(self) -> str:
        return f"/api/v1/jobs/{self.key}/"

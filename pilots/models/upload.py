"""Files that people sent or commands loaded: what they held and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .count import Version
from .person import Person
from .place import Place


class Upload(models.Model):
    """One file of spend lines. What it would change is in `report` (pilots.spend.files.plan.Plan.as_data)."""

    class State(models.TextChoices):
        RECEIVED = "received", "Waiting to be checked"
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked: look at what it would change"
        WRITING = "writing", "Being written"
        DONE = "done", "Written"
        REFUSED = "refused", "Refused: nothing was written"
        FAILED = "failed", "Broke off: nothing was written"

    UNFINISHED = (State.RECEIVED, State.CHECKING, State.WRITING)

    # Null where a command's file holds many places.
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, null=True, blank=True, related_name="uploads")
    file_name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    # Corrections of the guessed columns, fields by heading; a sheet or resource; add or change, or replace.
    mapping = models.JSONField(default=dict, blank=True)
    sheet = models.CharField(max_length=255, blank=True)
    mode = models.CharField(max_length=20, default="add or change")
    # What its amounts count (pilots.spend.files.units.Unit), as somebody said.
    unit = models.CharField(max_length=9, default="pounds", db_default="pounds")
    # Cells and rows put right on its page (pilots.spend.files.correcting).
    corrections = models.JSONField(default=dict, blank=True)
    # Which value a conflict keeps, "file" or "ours", by the conflict's id (pilots.spend.files.merging).
    choices = models.JSONField(default=dict, blank=True)
    # Whether it is written at once if nothing is wrong, without anybody looking at the difference first.
    write_at_once = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads")
    via = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    # Why it was refused or broke off, in words.
    problem = models.TextField(blank=True)
    report = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When somebody last asked the worker to check or write it.
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "checking", "checked", "writing", "done", "refused", "failed"]),
                name="upload_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.get_state_display()}"


class UploadPiece(models.Model):
    """A part of an upload's content, so that no process holds all of it; removed once the upload is written.

    Besides what was sent, a refused upload has its workbook with the problems marked.
    """

    class Part(models.TextChoices):
        CONTENT = "content", "As it was sent"
        MARKED = "marked", "With its problems marked"

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    part = models.CharField(max_length=7, choices=Part, default=Part.CONTENT, db_default=Part.CONTENT)
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["upload", "part", "position"], name="one_piece_of_a_position")]

    def __str__(self) -> str:
        return f"{self.upload_id}, {self.part}, piece {self.position}"

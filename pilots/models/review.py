"""The review of a count: what was submitted and answered, and what was said of single cells."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .agency import Agency
from .classification import ServiceLine
from .count import Version
from .person import Person


class Submission(models.Model):
    """One submission of a count and what became of it. Where it stands is its snapshot's status.

    What was submitted never changes; the database sees to it (sql/review.sql).
    """

    snapshot = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="submission")
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField(auto_now_add=True)
    # The checklist as it was asked and answered: code, question, answer, note.
    answers = models.JSONField(default=list)
    message = models.TextField(blank=True)
    # What the sense checks said and what was answered, as it stood then; none where that was not kept yet.
    warnings = models.JSONField(null=True)
    # What the reviewer sets it beside: the last submission, else what was published. Both are sealed, so what
    # differs is found once.
    compared_with = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    # Revenue without what is passed on, in pounds.
    total_before = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    total_after = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    # The last decision on it, returned or approved, for lists; all of them are in Decision.
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    # How many warnings nobody answered, where the queue asked; not stored.
    to_check: int | None = None
    # What was published of its count before it, where that was asked (review/effect.py); not stored.
    published_number: int | None
    published_total: Decimal

    class Meta:
        ordering = ["submitted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decision_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Submission of {self.snapshot}"

    @property
    def total_change(self) -> Decimal:
        """What the revenue rose by against what it is set beside, in pounds."""
        return self.total_after - self.total_before

    @property
    def publishing_moves(self) -> Decimal:
        """What the published total rises by when it is published, in pounds."""
        return self.total_after - self.published_total


class Decision(models.Model):
    """What was decided on a submission, one row each: it was returned, approved or published, and with which words."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="decisions")
    stage = models.CharField(max_length=20, choices=Version.Status)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions_made")
    at = models.DateTimeField(default=timezone.now)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["returned", "approved", "published"]), name="decision_leads_to_a_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.stage}"


class ReviewComment(models.Model):
    """What a reviewer says of one cell of a submitted snapshot: a body's spend on a service line."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="review_comments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="review_comments")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="review_comments")
    text = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="review_comments")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.agency}, {self.service_line}: {self.text}"


class WarningAnswer(models.Model):
    """What somebody answered to a warning of a sense check; the answer stays with the working version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="warning_answers")
    check_code = models.CharField(max_length=60)
    # Which line, cell or body of the version it is about, as the check names it.
    subject = models.CharField(max_length=200, blank=True)
    note = models.TextField()
    # What the warning said when it was answered; blank where that was not kept yet.
    said = models.TextField(blank=True, default="", db_default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="warning_answers")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "check_code", "subject"], name="one_answer_to_a_warning"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code} {self.subject}: {self.note}"

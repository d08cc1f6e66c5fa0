"""A count, a place's spend for a year, and its versions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .person import Person
from .place import Place
from .programme import FinancialYear


class Count(models.Model):
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="counts")
    year = models.ForeignKey(FinancialYear, on_delete=models.PROTECT, related_name="counts")
    # The newest published snapshot: what the public, the programme, the API and exports show.
    published = models.ForeignKey(
        "Version", on_delete=models.PROTECT, null=True, blank=True, related_name="published_for"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "year"], name="one_count_of_a_year")]

    def __str__(self) -> str:
        return f"{self.place} {self.year}"


class Version(models.Model):
    """The working version of a count, or one of its immutable snapshots.

    A snapshot is written unsealed, filled, and sealed in one transaction; from then on the database
    refuses any change to its lines. The working version is never sealed.
    """

    class Kind(models.TextChoices):
        WORKING = "working", "Working version"
        SNAPSHOT = "snapshot", "Snapshot"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"

    LOCKED = (Status.SUBMITTED, Status.APPROVED)

    count = models.ForeignKey(Count, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=10, choices=Kind)
    # Snapshots are numbered from 1; the working version is 0.
    number = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    label = models.CharField(max_length=80, blank=True)
    # Whole kinds of body that the count lacks; a count that lacks any is partial.
    missing = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # What its source holds and the count leaves out: agency, what, amount in the place, why.
    left_out = models.JSONField(default=list, blank=True)
    begun_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # The id of the last history row of a working version's lines; written by the database alone.
    revision = models.BigIntegerField(default=0, db_default=0, editable=False)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="published_versions"
    )

    class Meta:
        ordering = ["count", "number"]
        constraints = [
            models.UniqueConstraint(fields=["count", "number"], name="one_version_of_a_number"),
            models.CheckConstraint(
                condition=Q(kind="working", number=0, sealed_at__isnull=True) | Q(kind="snapshot", number__gt=0),
                name="working_version_is_0_and_unsealed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "returned", "approved", "published"]),
                name="version_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count}, {'working version' if self.is_working else f'snapshot {self.number}'}"

    @property
    def is_working(self) -> bool:
        return self.kind == self.Kind.WORKING

    @property
    def is_partial(self) -> bool:
        return bool(self.missing)

    @property
    def is_locked(self) -> bool:
        """Whether nobody may change its lines now: a snapshot, or submitted or approved."""
        return not self.is_working or self.status in self.LOCKED

"""Spend lines: who delivers what, with whose money, for how much."""

from django.db import models
from django.db.models import Q

from .agency import Agency
from .classification import ServiceLine, SpendType
from .count import Version


class SpendLine(models.Model):
    """One agency's spend on one service line in one version of a count (method, Counting each pound once)."""

    class Basis(models.TextChoices):
        ACTUAL = "actual", "Actual: a body's own return"
        BUDGET = "budget", "Budget"
        ESTIMATE = "estimate", "Estimate"
        APPORTIONED = "apportioned", "Apportioned: shared out from a wider figure"

    class Method(models.TextChoices):
        """How an apportioned amount was shared out."""

        NONE = "", "Not shared out"
        POPULATION_SHARE = "population share", "A wider body's return, shared out by population"
        NATIONAL_AVERAGE = "national average", "A national figure, shared out by population"
        CLAIMANTS = "claimants", "Shared out by claimants"
        PUPILS = "pupils", "Shared out by pupils"
        GIVEN_SHARE = "given share", "A given share"

    # Written in bulk: the unique key below serves for an index, by version and agency.
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, related_name="lines")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False, related_name="spend_lines")
    funder = models.ForeignKey(
        Agency, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="funded_lines"
    )
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="spend_lines")
    spend_type = models.ForeignKey(SpendType, on_delete=models.PROTECT, db_index=False, related_name="spend_lines")
    is_capital = models.BooleanField(default=False)
    is_transfer = models.BooleanField(default=False)
    receiver = models.ForeignKey(
        Agency, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="received_lines"
    )
    # What is counted in the place, after the share, in pounds.
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    whole_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    # Twelve places: a national figure is shared out by the exact ratio of populations, shown rounded.
    share = models.DecimalField(max_digits=13, decimal_places=12, null=True, blank=True)
    basis = models.CharField(max_length=12, choices=Basis, default=Basis.ACTUAL)
    method = models.CharField(max_length=20, choices=Method, default=Method.NONE, blank=True)
    # What `method` shared it out by, as it was then (pilots.spend.ratios); null where that is not known.
    ratio = models.JSONField(null=True, blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    # Rises by one with every change; the database sees to it. It is the line's ETag.
    row_version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "version",
                    "agency",
                    "funder",
                    "service_line",
                    "spend_type",
                    "is_capital",
                    "is_transfer",
                    "receiver",
                ],
                nulls_distinct=False,
                name="one_spend_line_of_a_key",
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | Q(is_transfer=True),
                name="only_a_transfer_has_a_receiver",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["actual", "budget", "estimate", "apportioned"]), name="basis_known"
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="line_share_above_0_up_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.service_line}: £{self.amount}"

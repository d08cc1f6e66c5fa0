"""A programme: a set of places that count the same years by the same services."""

from django.db import models
from django.db.models import Q


class Programme(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)
    is_illustrative = models.BooleanField(default=False)
    # The id of the last history row of this programme's register; written by the database alone.
    register_revision = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_programme"),
        ]

    def __str__(self) -> str:
        return self.name


class FinancialYear(models.Model):
    """A financial year of a programme, named as people write it: 2010-11."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="years")
    label = models.CharField(max_length=7)
    # GDP deflator index; real terms stay off until it is loaded.
    deflator = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "label"], name="one_year_of_a_label"),
            models.CheckConstraint(condition=Q(label__regex=r"^\d{4}-\d{2}$"), name="year_label_like_2010_11"),
        ]

    def __str__(self) -> str:
        return self.label

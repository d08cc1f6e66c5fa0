"""How far a place has come."""

from django.db import models

from .place import Place


class Milestone(models.Model):
    class Kind(models.TextChoices):
        COUNT = "count", "Count"
        DEEP_DIVE = "deep_dive", "Deep dive"
        CUSTOMER_INSIGHT = "customer_insight", "Customer insight"
        INTERIM_REPORT = "interim_report", "Interim report"
        FINAL_REPORT = "final_report", "Final report"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=20, choices=Kind)
    due_on = models.DateField(null=True, blank=True)
    reached_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "kind"], name="one_milestone_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_kind_display()}"

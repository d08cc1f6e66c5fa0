"""What others published about the same money, to reconcile with."""

from django.db import models

from .agency import Agency
from .place import Place
from .programme import Programme


class ControlTotal(models.Model):
    """A published figure, with its source. Where two sources differ both are kept."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="control_totals")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="control_totals")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="control_totals")
    # As printed: which bodies or theme, and what was measured.
    subject = models.CharField(max_length=200)
    measure = models.CharField(max_length=200)
    # Pounds; null where the source gives no amount.
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    financial_year = models.CharField(max_length=7, blank=True)
    # Whether it is a total of the place's public spending, to set beside the mapped total.
    is_total = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    source = models.TextField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.place or self.programme}: {self.subject}, {self.measure}"

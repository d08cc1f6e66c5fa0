"""What wider bodies' spending is shared out by, besides people (which are of the register)."""

from django.db import models
from django.db.models import Q

from .agency import Agency
from .place import Place
from .programme import Programme


class ApportionmentInput(models.Model):
    """How much of a measure there is in a place, or in all that a body serves, in a financial year."""

    class Measure(models.TextChoices):
        CLAIMANTS = "claimants", "Claimants"
        PUPILS = "pupils", "Pupils"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="apportionment_inputs")
    measure = models.CharField(max_length=20, choices=Measure)
    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, null=True, blank=True, related_name="apportionment_inputs"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="apportionment_inputs"
    )
    financial_year = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["measure", "financial_year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "measure", "place", "agency", "financial_year"],
                nulls_distinct=False,
                name="one_apportionment_input_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True, agency__isnull=False) | Q(place__isnull=False, agency__isnull=True),
                name="input_of_a_place_or_an_agency",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="input_above_0"),
            models.CheckConstraint(condition=Q(measure__in=["claimants", "pupils"]), name="measure_known"),
            models.CheckConstraint(condition=Q(financial_year__regex=r"^\d{4}-\d{2}$"), name="input_year_like_2010_11"),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {self.place or self.agency}, {self.financial_year}: {self.value}"

"""Quality beside cost: what a service is like, measured before and after."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .classification import ServiceLine
from .place import Place


class QualityMeasure(models.Model):
    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="quality_measures")
    indicator = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=6, choices=Direction)
    baseline = models.DecimalField(max_digits=16, decimal_places=4)
    baseline_on = models.DateField()
    target = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    service_lines = models.ManyToManyField(ServiceLine, blank=True, related_name="quality_measures")
    lever_codes = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "indicator"], name="one_measure_of_an_indicator"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.indicator}"


class QualityReading(models.Model):
    measure = models.ForeignKey(QualityMeasure, on_delete=models.CASCADE, related_name="readings")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)

    class Meta:
        ordering = ["measured_on"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "measured_on"], name="one_reading_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.measured_on}: {self.value}"

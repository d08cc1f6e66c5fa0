"""Bodies that spend public money."""

from django.db import models
from django.db.models import F, Q

from .programme import Programme


class AgencyType(models.Model):
    """A kind of body, by the name the levers' rules use: shire district, police authority ..."""

    code = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Agency(models.Model):
    """One body with one management."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="agencies")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    type = models.ForeignKey(AgencyType, on_delete=models.PROTECT, related_name="agencies")
    region = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")
    # First and last financial year in which the body exists; blank is open.
    first_year = models.CharField(max_length=7, blank=True)
    last_year = models.CharField(max_length=7, blank=True)
    # Only lowest-tier areas have one: it joins the boundaries.
    gss_code = models.CharField(max_length=9, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    # How a national body's spending is shared out over places: "population", or blank.
    apportioned_by = models.CharField(max_length=40, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_agency_of_a_code"),
            models.UniqueConstraint(
                fields=["programme", "gss_code"], condition=~Q(gss_code=""), name="one_agency_of_a_gss_code"
            ),
            models.CheckConstraint(condition=~Q(id=F("parent")), name="agency_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(id=F("successor")), name="agency_not_its_own_successor"),
            models.CheckConstraint(
                condition=Q(first_year="") | Q(last_year="") | Q(first_year__lte=F("last_year")),
                name="agency_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_lowest_tier(self) -> bool:
        """Whether the body stands for a lowest-tier area, which belongs to at most one active place."""
        return bool(self.gss_code)


class Coverage(models.Model):
    """A lowest-tier area that a wider body serves."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="coverage")
    area = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="covered_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "area"], name="one_coverage_of_an_area")]

    def __str__(self) -> str:
        return f"{self.agency} covers {self.area}"

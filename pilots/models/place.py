"""Places: the areas whose public spending is counted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from .agency import Agency
from .programme import Programme


class Place(models.Model):  # type: ignore[django-manager-missing]
    class Kind(models.TextChoices):
        PILOT = "pilot", "Pilot"
        PARALLEL = "parallel", "Parallel place"

    class Participation(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed by a source"
        CANDIDATE = "candidate", "Candidate"

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="places")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    participation = models.CharField(max_length=10, choices=Participation)
    region = models.CharField(max_length=60, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    # The names of what the place chose to study (a Theme is a set of service lines).
    studied = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    lead_body = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)
    retired_on = models.DateField(null=True, blank=True)
    agencies = models.ManyToManyField(Agency, through="Membership", related_name="places")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "name"], name="one_place_of_a_name"),
            models.CheckConstraint(condition=Q(kind__in=["pilot", "parallel"]), name="place_kind_known"),
            models.CheckConstraint(
                condition=Q(participation__in=["confirmed", "candidate"]), name="place_participation_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.retired_on is None


class Membership(models.Model):
    """A body serves a place, with the share of the body that counts there.

    The database refuses shares of one body that add to more than one over the active places of a
    programme, and a lowest-tier area in two active places (sql/membership.sql).
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    share = models.DecimalField(max_digits=7, decimal_places=6, default=1)
    share_basis = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "agency"], name="one_membership_of_an_agency"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_above_0_up_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} in {self.place}"


class Population(models.Model):
    """People counted in a place or served by a body, by the year of the count."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="populations")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="populations")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="populations")
    year = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "agency", "year"], nulls_distinct=False, name="one_population_of_a_year"
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True, agency__isnull=False) | Q(place__isnull=False, agency__isnull=True),
                name="population_of_a_place_or_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place or self.agency} {self.year}: {self.people}"


class PlaceOutline(models.Model):
    """A place's outline as an SVG path in the map's plane, dissolved from its lowest-tier areas."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True, related_name="outline")
    path = models.TextField()
    # Left, top, width and height in the plane of the map.
    bounds = ArrayField(models.FloatField(), size=4)
    label_x = models.FloatField()
    label_y = models.FloatField()
    # Digest of the areas it was dissolved from.
    made_from = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Outline of {self.place}"

"""How spending is classified: the service tree, CIPFA's spend types, and themes across the tree."""

from django.db import models
from django.db.models import F, Q

from .place import Place
from .programme import Programme


class ServiceLine(models.Model):
    """A branch or leaf of the service tree. Spend is recorded on leaves only; the database sees to it."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="service_lines")
    code = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120)
    cofog = models.CharField(max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="one_service_line_of_a_code"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(parent__isnull=True), name="one_root_of_a_service_tree"
            ),
            models.CheckConstraint(condition=~Q(id=F("parent")), name="service_line_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceLineAncestor(models.Model):
    """Every service line with each of its ancestors and itself; kept by the database.

    `level` is the ancestor's depth below the root, which is 0.
    """

    pk = models.CompositePrimaryKey("service_line_id", "ancestor_id")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.CASCADE, related_name="ancestry")
    ancestor = models.ForeignKey(ServiceLine, on_delete=models.CASCADE, related_name="descent")
    level = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.service_line_id} under {self.ancestor_id}"


class SpendType(models.Model):
    """CIPFA's subjective analysis."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A set of shares of service lines, for the programme or for one place. Themes overlap."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="themes")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="themes")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "place", "name"], nulls_distinct=False, name="one_theme_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ThemeLine(models.Model):
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="lines")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.CASCADE, related_name="theme_lines")
    share = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theme", "service_line"], name="one_theme_line_of_a_service_line"),
            models.CheckConstraint(condition=Q(share__gte=0, share__lte=1), name="theme_share_0_to_1"),
        ]

    def __str__(self) -> str:
        return f"{self.theme}: {self.service_line}"

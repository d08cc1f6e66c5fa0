"""People, what they may be, and the tokens their programs sign in with."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from knox.models import AbstractAuthToken


class Person(AbstractUser):  # type: ignore[django-manager-missing]
    """Someone who signs in. What they may do follows from their roles (pilots.permissions)."""

    # The history keeps no password; that there is a new one it tells by this.
    password_set_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "people"

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    @property
    def name(self) -> str:
        """What others call them."""
        return self.get_full_name() or self.get_username()


class Role(models.Model):
    """One person may hold several roles in several places."""

    class Kind(models.TextChoices):
        CONTRIBUTOR = "contributor", "Contributor"
        PLACE_LEAD = "place_lead", "Place lead"
        LEADERSHIP_CENTRE = "leadership_centre", "Leadership Centre"
        ADMINISTRATOR = "administrator", "Administrator"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind)
    place = models.ForeignKey("pilots.Place", on_delete=models.CASCADE, null=True, blank=True, related_name="roles")
    agency = models.ForeignKey("pilots.Agency", on_delete=models.CASCADE, null=True, blank=True, related_name="roles")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "place", "agency"], nulls_distinct=False, name="one_role_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="contributor", place__isnull=False, agency__isnull=False)
                | Q(kind="place_lead", place__isnull=False, agency__isnull=True)
                | Q(kind__in=["leadership_centre", "administrator"], place__isnull=True, agency__isnull=True),
                name="role_in_its_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_kind_display()}"


class ApiToken(AbstractAuthToken):
    """A program's key to the API: only its hash is stored."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"

    name = models.CharField(max_length=80, default="unnamed")
    # What it may be used for, of what its person may do; where a place is set only that place's.
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE)
    place = models.ForeignKey("pilots.Place", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)

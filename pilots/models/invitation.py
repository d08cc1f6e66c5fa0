"""Links that work once: an invitation to take part, and a new password for somebody who takes part."""

from django.db import models
from django.db.models import Q

from .agency import Agency
from .person import Person, Role
from .place import Place


class OneTimeLink(models.Model):
    """A secret sent to somebody, of which only a hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Invitation(OneTimeLink):
    """An invitation to a role."""

    email = models.EmailField()
    kind = models.CharField(max_length=20, choices=Role.Kind)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    accepted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted_invitations"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="contributor", place__isnull=False, agency__isnull=False)
                | Q(kind="place_lead", place__isnull=False, agency__isnull=True)
                | Q(kind__in=["leadership_centre", "administrator"], place__isnull=True, agency__isnull=True),
                name="invitation_to_a_role_in_its_place",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, accepted_by__isnull=True)
                | Q(used_at__isnull=False, accepted_by__isnull=False),
                name="invitation_used_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_kind_display()}"


class PasswordReset(OneTimeLink):
    """A way to a new password for a person who forgot theirs; made by nobody where they asked themselves."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="password_resets")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"New password for {self.person}"

"""Addresses that are told of changes, and how telling them went."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .change import Change
from .person import Person


class Webhook(models.Model):
    """An address that every change of some kinds is sent to, in order, at least once.

    `told` is the last change of the feed that was laid out for it. After a failure nothing is sent before
    `next_at`, and later after each failure in a row.
    """

    url = models.CharField(max_length=500)
    # Whoever holds it can tell that a message is ours; shown once, and needed to sign, so it is no hash.
    secret = models.CharField(max_length=80)
    events = ArrayField(models.CharField(max_length=20, choices=Change.Event))
    is_active = models.BooleanField(default=True)
    told = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="webhooks")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One change for one webhook, and how the last attempt to send it went."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the receiver answered last, or why there was no answer.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["webhook", "change"], name="one_delivery_of_a_change")]

    def __str__(self) -> str:
        return f"{self.change_id} to {self.webhook_id}, {self.get_state_display()}"

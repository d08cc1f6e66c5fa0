"""How far a place has come: milestones, updates, how it stands, and what was asked about its figures."""

from django.db import models

from .person import Person
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
    # The last day on which its leads were reminded by mail.
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "kind"], name="one_milestone_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_kind_display()}"


class ProgressUpdate(models.Model):
    """A short text of how a place is coming on, by its lead or the Leadership Centre."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="updates")
    text = models.TextField(max_length=2000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="updates")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.place}, {self.at:%d %B %Y}: {self.text}"


class Judgement(models.Model):
    """How a place stands in the eyes of the Leadership Centre, instead of what its dates and stage say."""

    class Standing(models.TextChoices):
        ON_COURSE = "on_course", "On course"
        CHECK = "check", "Needs a check"
        STUCK = "stuck", "Stuck"

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="judgement")
    standing = models.CharField(max_length=10, choices=Standing)
    reason = models.CharField(max_length=300)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="judgements")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.place}: {self.get_standing_display()}"


class Question(models.Model):
    """What somebody asked about a place's published figures, for its lead to answer."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="questions")
    # The address of the page that it is about, on this site.
    page = models.CharField(max_length=300, blank=True)
    text = models.TextField(max_length=4000)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="questions")
    email = models.EmailField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.place}, {self.at:%d %B %Y}: {self.text}"

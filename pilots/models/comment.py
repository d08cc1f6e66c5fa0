"""What people say to each other about single cells of a count."""

from django.db import models

from .agency import Agency
from .classification import ServiceLine
from .count import Count
from .person import Person


class CellComment(models.Model):
    """A comment on a cell, one body's spend on one service line. It stays when the line under it changes."""

    count = models.ForeignKey(Count, on_delete=models.CASCADE, related_name="comments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="comments")
    service_line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["count", "agency", "service_line"], name="comments_of_a_cell")]

    def __str__(self) -> str:
        return f"{self.agency}, {self.service_line}: {self.text}"

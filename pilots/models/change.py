"""What became new for everybody, in order: the feed that clients pull and that webhooks push."""

from django.db import models

from .count import Version
from .place import Place


class Change(models.Model):
    """A count that was published, or a map that became current of a published version.

    Rows are written by the database itself (mapping/migrations/sql/feed.sql), at the very end of the transaction
    that made the change, so that ids rise in the order in which changes can be seen.
    """

    class Event(models.TextChoices):
        COUNT_PUBLISHED = "count.published", "A count was published"
        MAP_CURRENT = "map.current", "A map became current"

    event = models.CharField(max_length=20, choices=Event)
    at = models.DateTimeField()
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="changes")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="changes")
    # The number of a map; maps are no concern of this room, so it is no foreign key.
    map_number = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.version}"

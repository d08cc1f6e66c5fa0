"""The columns of a place's earlier file, offered again, so that nobody maps the same headings every year."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from pilots.models import Upload

# How many earlier files are looked at.
NEWEST = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """Corrections of columns as somebody once made them, and where they are from in words."""

    mapping: dict[str, str]
    words: str


def earlier_mapping(upload: Upload, headings: Sequence[str]) -> Earlier | None:
    """The newest correction of columns of the same place whose headings this file has, too."""
    written = Upload.objects.filter(place=upload.place_id, state=Upload.State.DONE).exclude(mapping={})
    for one in written.exclude(pk=upload.pk).only("mapping", "file_name", "finished_at", "created_at")[:NEWEST]:
        if set(one.mapping) <= set(headings):
            when = timezone.localtime(one.finished_at or one.created_at)
            words = f"Columns are read as in {one.file_name} of {when:%-d %B %Y}: correct them if they differ."
            return Earlier(dict(one.mapping), words)
    return None

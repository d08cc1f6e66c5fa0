"""What others may wait for. The receivers run inside the transaction that made the change."""

from django.dispatch import Signal

# Spend lines of a working version changed, or a snapshot was published: `version_ids`, a list of ids.
count_changed = Signal()

"""manage.py load_shipped_counts: the shipped figures of 2010-11 as the first published counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pilots.outturn import ReturnRefused
from pilots.register.counts import load_shipped_counts
from pilots.register.load import default_programme
from totalplace.money import counted


class Command(BaseCommand):
    help = "Publishes the shipped official return of 2010-11 for every place that has no count of that year."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            published = load_shipped_counts(default_programme())
        except ReturnRefused as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        if published is None:
            self.stdout.write("Shipped counts: every place has a count already.")
        else:
            places, lines = len(published.counts), f"{published.lines:,} spend lines"
            self.stdout.write(f"Shipped counts: {counted(places, 'place')}, {lines}, {published.year}.")

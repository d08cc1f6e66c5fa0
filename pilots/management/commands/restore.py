"""manage.py restore FILE: a backup in place of what is here."""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError

from totalplace.backup import BackupRefused, restore_backup


class Command(BaseCommand):
    help = "Restores a backup into an empty system, all of it or nothing. Everybody is signed out."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="remove everything that is here first")

    def handle(self, *args: Any, file: Path, replace: bool = False, verbosity: int = 1, **options: Any) -> None:
        try:
            manifest = restore_backup(
                file, replace=replace, tell=self.stdout.write if verbosity > 1 else lambda line: None
            )
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        cache.clear()
        self.stdout.write(
            f"{file}: restored {len(manifest.tables)} tables and {manifest.rows:,} rows as of {manifest.made_at}."
        )

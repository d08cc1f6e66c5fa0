"""manage.py backup FILE: the whole system's data as one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from totalplace.backup import write_backup


class Command(BaseCommand):
    help = "Writes all data as it is at this moment to one file, readable by its owner alone: it holds people's e-mail."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def handle(self, *args: Any, file: Path, force: bool = False, verbosity: int = 1, **options: Any) -> None:
        if file.exists() and not force:
            raise CommandError(f"{file} exists. Give another name, or --force.")
        try:
            manifest = write_backup(file, self.stdout.write if verbosity > 1 else lambda line: None)
        except OSError as error:
            raise CommandError(f"{file} could not be written: {error.strerror or error}.") from error
        size = file.stat().st_size / 1e6
        self.stdout.write(f"{file}: {len(manifest.tables)} tables, {manifest.rows:,} rows, {size:,.1f} MB.")

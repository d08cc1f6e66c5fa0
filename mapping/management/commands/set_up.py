"""manage.py set_up: brings the database and the static files up to date, and fills an empty system."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from pilots.models import Programme
from pilots.people.examples import make_example_people

COLLECTED = "collected-from"


class Command(BaseCommand):
    help = (
        "Applies migrations, collects static files, and where the system is empty loads the shipped register, "
        "assumption sets and counts and computes their savings maps. With nothing to do it does nothing."
    )

    # Runs at every start, where each second counts; the checks gate changes, and doctor runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--empty", action="store_true", help="leave an empty system empty")
        parser.add_argument("--static", action="store_true", help="collect static files and nothing else")

    def handle(self, *args: Any, empty: bool = False, static: bool = False, **options: Any) -> None:
        self._collect_static()
        if static:
            return
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            with self._step("Database tables"):
                call_command("migrate", verbosity=0, interactive=False)
        if not empty and not Programme.objects.exists():
            self._load_what_is_shipped()
        if settings.EMBEDDED:
            make_example_people()  # the supervisor says how they sign in

    def _collect_static(self) -> None:
        """Gives the built files their names with digests, where they were built anew since the last time."""
        if not settings.STATICFILES_DIRS:
            raise CommandError("static/dist is not built. Run script/server, or npm ci and npm run build.")
        stamp = settings.STATIC_ROOT / COLLECTED
        digest = _digest_of(Path(settings.STATICFILES_DIRS[0]))
        if stamp.exists() and stamp.read_text() == digest:
            return
        with self._step("Static files"):
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(digest)

    def _load_what_is_shipped(self) -> None:
        for words, command, options in (
            ("Places, bodies and services", "load_register", {}),
            ("Ways to save", "load_assumptions", {}),
            ("Official returns of 2010-11", "load_shipped_counts", {}),
            ("Savings maps", "recompute", {"here": True}),
        ):
            with self._step(words):
                call_command(command, verbosity=0, stdout=self.stdout, **options)

    @contextmanager
    def _step(self, words: str) -> Iterator[None]:
        start = time.monotonic()
        yield
        self.stdout.write(f"{words}: done in {time.monotonic() - start:.1f} s")
        self.stdout.flush()


def _digest_of(folder: Path) -> str:
    """A fingerprint of the built files by name, size and time: enough to see that they were built anew."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    known = [(str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(known).encode()).hexdigest()

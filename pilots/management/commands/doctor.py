"""manage.py doctor: whether this installation is in order, with what to do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from totalplace.doctor import examine


class Command(BaseCommand):
    help = (
        "Looks at database, migrations, broker, worker, static files, security settings and disk; exit 1 if any fails."
    )
    # The checks would stop it where it is needed most.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for finding in examine():
            self.stdout.write(str(finding))
            failed += not finding.is_good
        if failed:
            raise CommandError(f"{failed} to put right.")
        self.stdout.write("All in order.")

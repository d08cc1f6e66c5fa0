"""manage.py load_register: the shipped register into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from pilots.models import Programme
from pilots.register.load import LoadedElsewhere, load_register
from totalplace.money import listed


class Command(BaseCommand):
    help = (
        "Adds what is missing of the shipped places, bodies, memberships, service lines, spend types and "
        "published figures. What was edited or removed here stays so, and every difference is printed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--programme", metavar="SLUG", help="the programme to load into (the default one)")

    def handle(self, *args: Any, programme: str | None = None, verbosity: int = 1, **options: Any) -> None:
        try:
            outcome = load_register(Programme.objects.get(slug=programme) if programme else None)
        except Programme.DoesNotExist as error:
            raise CommandError(f'There is no programme "{programme}".') from error
        except (IntegrityError, LoadedElsewhere) as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        added = [
            f"{number:,} {one if number == 1 else many}" for (one, many), number in outcome.added.items() if number
        ]
        self.stdout.write(f"Register: added {listed(added)}." if added else "Register: nothing to add.")
        for difference in outcome.differences:
            self.stdout.write(f"Differs, and was left as it is: {difference}")
        for removed in outcome.removed:
            self.stdout.write(f"Was changed or removed here, and was not added again: {removed}")

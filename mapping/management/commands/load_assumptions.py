"""manage.py load_assumptions: assumption sets from their folders into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.assumption_sets import AssumptionsRefused, load_assumption_sets, make_current
from mapping.models import AssumptionSet
from pilots.models import Programme
from pilots.register.load import default_programme
from totalplace.money import listed


class Command(BaseCommand):
    help = (
        "Publishes the assumption sets that are not stored yet. A published set is never changed: where its "
        "folder says something else, that is printed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--programme", metavar="SLUG", help="the programme to load into (the default one)")
        parser.add_argument("--make-current", type=int, metavar="N", help="make the programme's maps with set N")

    def handle(self, *args: Any, programme: str | None = None, make_current: int | None = None, **options: Any) -> None:
        chosen = programme_of(programme)
        try:
            loaded = load_assumption_sets(chosen)
        except AssumptionsRefused as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        numbers = [str(published.number) for published in loaded.published]
        self.stdout.write(
            f"Assumption sets: published {listed(numbers)}." if numbers else "Assumption sets: nothing to publish."
        )
        for difference in loaded.differences:
            self.stdout.write(f"Differs, and was left as it is: {difference}")
        current = _made_current(chosen, make_current) if make_current is not None else loaded.current
        if current:
            self.stdout.write(f"Maps are made with set {current.number}.")


def programme_of(slug: str | None) -> Programme:
    """The programme of a slug, or the default one. Raises CommandError for an unknown one."""
    if slug is None:
        return default_programme()
    try:
        return Programme.objects.get(slug=slug)
    except Programme.DoesNotExist as error:
        raise CommandError(f'There is no programme "{slug}".') from error


def _made_current(programme: Programme, number: int) -> AssumptionSet:
    try:
        chosen = AssumptionSet.objects.get(programme=programme, number=number)
        make_current(chosen)
    except (AssumptionSet.DoesNotExist, ValueError) as error:
        raise CommandError(f"There is no published assumption set {number} in {programme}.") from error
    return chosen

"""manage.py make_example_people: invented people to sign in as, one a role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pilots.people.examples import NotEmbedded, make_example_people

CHANGED = "(changed since)"


class Command(BaseCommand):
    help = (
        "Makes one invented person a role with a random password, in embedded mode only, and prints how they sign "
        "in. The passwords are kept under TOTALPLACE_HOME; a second call prints the same."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people = make_example_people()
        except NotEmbedded as refused:
            raise CommandError(str(refused)) from refused
        rows = [
            ("Sign in as", "Password", "Who"),
            *((row.username, row.password or CHANGED, row.what) for row in people),
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        for name, password, who in rows:
            self.stdout.write(f"  {name:<{widths[0]}}  {password:<{widths[1]}}  {who}")

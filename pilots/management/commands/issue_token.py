"""manage.py issue_token USER: a key to the API, shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pilots.models import ApiToken, Person, Place
from pilots.people.tokens import make_token

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "Makes an API token for a person and prints it, once: only its hash is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help="the person's user name")
        parser.add_argument("--name", default="unnamed", help="what the token is for")
        parser.add_argument("--expires", metavar="DAYS", type=int, help="days until it expires (default: never)")
        scopes = ApiToken.Scope.values
        parser.add_argument("--scope", choices=scopes, default="write", help="read alone, or write, too (the default)")
        parser.add_argument("--place", metavar="SLUG", help="the one place it is for (default: all of the person's)")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["user"]).first()
        if person is None:
            raise CommandError(f'There is no person "{options["user"]}".')
        if not person.is_active:
            raise CommandError(f"{person.username} is not active, and so may not sign in.")
        days = options["expires"]
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--expires takes 1 to {LONGEST_DAYS:,} days.")
        longest = ApiToken._meta.get_field("name").max_length
        if not options["name"].strip() or len(options["name"]) > longest:
            raise CommandError(f"--name takes 1 to {longest} characters.")
        place = Place.objects.filter(slug=options["place"]).first() if options["place"] else None
        if options["place"] and place is None:
            raise CommandError(f'There is no place "{options["place"]}".')
        via = "command issue_token"
        _, token = make_token(person, options["name"].strip(), days, via, options["scope"], place)
        self.stdout.write(token)

"""Who reviews counts: the Leadership Centre, and of them nobody a count that they submitted themselves."""

from pilots.models import Person, Role, Submission
from totalplace.money import listed

# How many names a message lists.
NAMED = 5


def reviewers() -> list[Person]:
    """Everybody who may review, by name."""
    people = Person.objects.filter(roles__kind=Role.Kind.LEADERSHIP_CENTRE, is_active=True)
    return list(people.distinct().order_by("first_name", "username"))


def why_not_own(submission: Submission, person: Person) -> str:
    """Why a person may not approve or publish a submission, and who else may; nothing where they may."""
    if submission.submitted_by_id != person.pk:
        return ""
    others = [one.name for one in reviewers() if one != person][:NAMED]
    who = f"{listed(others)} may" if others else "nobody else may yet, so an administrator invites a second reviewer"
    return f"You submitted this count yourself, so somebody else approves and publishes it: {who}."

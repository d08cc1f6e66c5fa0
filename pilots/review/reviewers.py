"""Who reviews counts: the Leadership Centre, and of them nobody a count that they submitted themselves."""

from pilots.models import Person, Submission
from pilots.people.keeping import leadership_centre
from totalplace.money import listed

# How many names a message lists.
NAMED = 5


def why_not_own(submission: Submission, person: Person) -> str:
    """Why a person may not approve or publish a submission, and who else may; nothing where they may."""
    if submission.submitted_by_id != person.pk:
        return ""
    others = [one.name for one in leadership_centre() if one != person][:NAMED]
    who = f"{listed(others)} may" if others else "nobody else may yet, so an administrator invites a second reviewer"
    return f"You submitted this count yourself, so somebody else approves and publishes it: {who}."

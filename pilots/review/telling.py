"""Mails on the way of a count: to the reviewers when it is submitted, to its place when something is decided.

Each is sent when the transaction is through, where mail leaves; the pages say the same in any case.
"""

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction

from pilots.models import Decision, Person, ReviewComment, Role, Submission, Version
from pilots.people.keeping import leadership_centre, leads_of
from pilots.people.links import sends_mail, try_to_send, whole_address
from totalplace import money

from .effect import with_effect

Status = Version.Status
WHAT_FOLLOWS = {
    Status.RETURNED: "It can be changed again, and is submitted again when it is right.",
    Status.APPROVED: "It stays locked until it is published.",
    Status.PUBLISHED: "Everybody sees it now.",
}


def tell_submitted(submission: Submission) -> None:
    """Tells the Leadership Centre that a count waits for it, after commit."""
    transaction.on_commit(partial(_mail_submitted, submission.pk), robust=True)


def tell_decided(decision: Decision, comments: Sequence[ReviewComment]) -> None:
    """Tells a place's leads of a decision, and contributors of what was said of their cells, after commit."""
    transaction.on_commit(partial(_mail_decided, decision.pk, comments), robust=True)


def _mail_submitted(pk: int) -> None:
    if not sends_mail():
        return
    about = ("snapshot__count__place", "snapshot__count__year", "submitted_by")
    submission = with_effect(Submission.objects.select_related(*about)).get(pk=pk)
    count = _count_in_words(submission)
    by = submission.publishing_moves
    moves = f"moves the published total by {money.signed_exact(by)}" if by else "leaves the published total as it is"
    said = f"\n{submission.message}\n" if submission.message else ""
    text = (
        f"{submission.submitted_by.name} submitted the count of {count}.\n\n"
        f"Publishing it {moves}.\n{said}\nRead it and decide at {_review_page(submission)}\n"
    )
    for person in leadership_centre():
        if person != submission.submitted_by:
            try_to_send(person.email, f"{count} was submitted", text)


def _mail_decided(pk: int, comments: Sequence[ReviewComment]) -> None:
    if not sends_mail():
        return
    about = ("submission__snapshot__count__place", "submission__snapshot__count__year", "person")
    decision = Decision.objects.select_related(*about).get(pk=pk)
    submission = decision.submission
    if submission.decisions.filter(pk__gt=pk).exists():
        return  # approved and published in one go: told once, with the publication
    place = submission.snapshot.count.place
    count = _count_in_words(submission)
    subject = f"{count} was {decision.stage}"
    begins = f"{decision.person.name} {decision.stage} the count of {count}. {WHAT_FOLLOWS[Status(decision.stage)]}\n"
    said = f"\n{decision.comment}\n" if decision.comment else ""
    leads = leads_of(place)
    for lead in leads:
        if lead != decision.person:
            text = f"{begins}{said}{_listed(comments)}\nSee {_review_page(submission)}\n"
            try_to_send(lead.email, subject, text)
    grid = whole_address(f"/places/{place.slug}/spend/{submission.snapshot.count.year.label}/")
    for person, bodies in _contributors(place.pk, comments).items():
        if person not in leads:
            own = [comment for comment in comments if comment.agency_id in bodies]
            try_to_send(person.email, subject, f"{begins}{_listed(own)}\nSee the cells at {grid}\n")


def _contributors(place_id: int, comments: Sequence[ReviewComment]) -> dict[Person, set[int]]:
    """Who records the cells that something was said of, with the ids of their bodies."""
    roles = Role.objects.filter(
        kind=Role.Kind.CONTRIBUTOR,
        place=place_id,
        agency__in={comment.agency_id for comment in comments},
        person__is_active=True,
    )
    found: dict[Person, set[int]] = {}
    for role in roles.select_related("person"):
        if role.agency_id is not None:
            found.setdefault(role.person, set()).add(role.agency_id)
    return found


def _listed(comments: Iterable[ReviewComment]) -> str:
    lines = [f"- {row.agency.name}, {row.service_line.name}: {row.text}" for row in comments]
    return "\nOf single cells:\n" + "\n".join(lines) + "\n" if lines else ""


def _count_in_words(submission: Submission) -> str:
    count = submission.snapshot.count
    return f"{count.place.name}, {count.year.label}"


def _review_page(submission: Submission) -> str:
    count = submission.snapshot.count
    return whole_address(f"/review/{count.place.slug}/{count.year.label}/?number={submission.snapshot.number}")

"""The way of a count through its review: submitted, returned, approved, published.

Each function is one act of one person. It takes the rows of the count and of its working version first, so that
of two people who decide at the same moment the second is told what the first did.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pilots.acting import acting
from pilots.models import Agency, Count, Decision, Person, ReviewComment, ServiceLine, Submission, Version
from pilots.permissions import Action, require
from pilots.spend.checking import LONGEST_TEXT
from pilots.spend.publish import publish_count
from pilots.spend.snapshots import digest_of, take_snapshot
from pilots.spend.versions import open_working_version

from .checklist import answered
from .difference import difference
from .reviewers import why_not_own
from .sense import as_submitted, warnings_of
from .telling import tell_decided, tell_submitted

Status = Version.Status


class CannotReview(Exception):
    """The count is not at a stage where this can be done; the message says why and what can."""


class NothingSaid(CannotReview):
    """A count is returned without a word."""

    def __init__(self) -> None:
        super().__init__("Say what is to be changed, so that the place knows what to do.")


class ChangedSince(CannotReview):
    """Somebody changed the count since it was looked at."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed this count since you opened this page. "
            "What differs now is shown: look at it, then submit."
        )


@dataclass(frozen=True)
class CellRemark:
    """What is said of one cell, a body's spend on a service line: by their codes."""

    agency: str
    service_line: str
    text: str


def submit_count(
    count: Count,
    answers: Mapping[str, tuple[str, str]],
    person: Person,
    message: str = "",
    seen_revision: int | None = None,
    via: str = "page",
) -> Submission:
    """Submits a count: its working version is locked, and a sealed snapshot of it goes to the Leadership Centre.

    `answers` are those of the checklist, (yes or no, note) by question code; `seen_revision` is the revision that
    whoever submits has looked at. Raises NotAllowed, ChecklistUnanswered, CannotReview where there is nothing to
    submit, and ChangedSince where the working version is not what was looked at.
    """
    require(person, Action.SUBMIT, count.place)
    kept = answered(answers)
    open_working_version(count, person, via)
    with _reviewing(count, person, via) as working:
        _refuse_submission(working)
        if seen_revision is not None and seen_revision != working.revision:
            raise ChangedSince
        before = last_submission(count)
        snapshot = take_snapshot(working, Status.SUBMITTED)
        compared_with = before.snapshot if before else count.published
        differs = difference(compared_with, snapshot)
        submission = Submission.objects.create(
            snapshot=snapshot,
            submitted_by=person,
            answers=kept,
            message=message.strip(),
            warnings=as_submitted(warnings_of(working)),
            compared_with=compared_with,
            added=differs.number("added"),
            changed=differs.number("changed"),
            removed=differs.number("removed"),
            total_before=differs.revenue.before,
            total_after=differs.revenue.after,
        )
        _move(working, Status.SUBMITTED)
        tell_submitted(submission)
    return submission


def return_count(
    count: Count, comment: str, person: Person, cells: Sequence[CellRemark] = (), via: str = "page"
) -> Submission:
    """Returns a submitted or approved count to its place with a comment, and unlocks it.

    Raises NotAllowed, and CannotReview where nothing waits, nothing is said, or a cell is unknown.
    """
    require(person, Action.RETURN, count.place)
    if not comment.strip() and not cells:
        raise NothingSaid
    with _reviewing(count, person, via) as working:
        _refuse_unless(working, (Status.SUBMITTED, Status.APPROVED), "returned")
        submission = _decide(count, person, Status.RETURNED, comment, cells)
        _move(working, Status.RETURNED)
    return submission


def approve_count(
    count: Count, person: Person, comment: str = "", cells: Sequence[CellRemark] = (), via: str = "page"
) -> Submission:
    """Approves a submitted count; it stays locked until it is published or returned.

    Raises NotAllowed, and CannotReview where nothing waits, the person submitted it, its lines are not those that
    were submitted, or a cell is unknown.
    """
    require(person, Action.APPROVE, count.place)
    with _reviewing(count, person, via) as working:
        _refuse_unless(working, (Status.SUBMITTED,), "approved")
        _refuse_own(count, person)
        submission = _decide(count, person, Status.APPROVED, comment, cells)
        if digest_of(working) != submission.snapshot.digest:
            raise CannotReview("The working version is not what was submitted. Return the count and ask for it again.")
        _move(working, Status.APPROVED)
    return submission


def publish_approved(
    count: Count,
    person: Person,
    comment: str = "",
    cells: Sequence[CellRemark] = (),
    seen_revision: int | None = None,
    via: str = "page",
) -> Version:
    """Publishes an approved count, with what is said of it.

    Raises as `publish_count`, and CannotReview where the person submitted it or a cell is unknown.
    """
    require(person, Action.PUBLISH, count.place)
    with acting(person, via):
        _refuse_own(count, person)
        snapshot = publish_count(count, person, via=via, seen_revision=seen_revision)
        _keep(snapshot.submission, person, Status.PUBLISHED, comment, cells)
    return snapshot


def approve_and_publish(
    count: Count, person: Person, comment: str = "", cells: Sequence[CellRemark] = (), via: str = "page"
) -> Version:
    """Approves a submitted count and publishes it at once, both or neither. Raises as `approve_count`."""
    require(person, Action.PUBLISH, count.place)
    with acting(person, via):
        approve_count(count, person, via=via)
        # What is said comes with the publication, so that the place still finds what was said of cells open.
        return publish_approved(count, person, comment, cells, via=via)


def last_submission(count: Count) -> Submission | None:
    """The newest submission of a count, decided or not."""
    submissions = Submission.objects.filter(snapshot__count=count).select_related("snapshot")
    return submissions.order_by("snapshot__number").last()


@contextmanager
def _reviewing(count: Count, person: Person, via: str) -> Iterator[Version]:
    """A transaction that holds the count and its working version, which is given."""
    with acting(person, via):
        Count.objects.select_for_update(of=("self",)).get(pk=count.pk)
        working = Version.objects.select_for_update(of=("self",)).filter(count=count, kind=Version.Kind.WORKING).first()
        if working is None:
            raise CannotReview("Nothing was recorded yet, so nothing can be reviewed.")
        yield working


def _move(working: Version, status: Version.Status) -> None:
    working.status = status
    working.save(update_fields=["status"])


def _decide(
    count: Count, person: Person, status: Version.Status, comment: str, cells: Sequence[CellRemark]
) -> Submission:
    submission = last_submission(count)
    if submission is None:
        raise CannotReview("This count was never submitted.")
    decision = _keep(submission, person, status, comment, cells)
    submission.decided_by, submission.decided_at, submission.comment = person, decision.at, decision.comment
    submission.save(update_fields=["decided_by", "decided_at", "comment"])
    submission.snapshot.status = status
    submission.snapshot.save(update_fields=["status"])
    return submission


def _keep(
    submission: Submission, person: Person, stage: Version.Status, comment: str, cells: Sequence[CellRemark]
) -> Decision:
    """Keeps a decision with all that was said, and tells the place."""
    comments = ReviewComment.objects.bulk_create(_comments(submission.snapshot, cells, person))
    decision = Decision.objects.create(submission=submission, person=person, stage=stage, comment=comment.strip())
    tell_decided(decision, comments)
    return decision


def _refuse_own(count: Count, person: Person) -> None:
    submission = last_submission(count)
    if submission is not None and (words := why_not_own(submission, person)):
        raise CannotReview(words)


def _refuse_submission(working: Version) -> None:
    if working.is_locked:
        raise CannotReview(f"This count is {working.status} already. It can be submitted again when it is returned.")
    if working.status == Status.PUBLISHED:
        raise CannotReview("Nothing has changed since this count was published, so there is nothing to submit.")
    if not working.lines.exists():
        raise CannotReview("This count has no spend lines yet. Record some before you submit it.")


STAGES = {
    Status.DRAFT: "is a draft that its place has not submitted",
    Status.SUBMITTED: "was submitted and waits for a decision",
    Status.RETURNED: "was returned to its place and not submitted since",
    Status.APPROVED: "is approved already",
    Status.PUBLISHED: "is published, and nothing was submitted since",
}


def _refuse_unless(working: Version, stages: tuple[Version.Status, ...], act: str) -> None:
    if working.status not in stages:
        raise CannotReview(f"This count cannot be {act}: it {STAGES[Status(working.status)]}.")


def _comments(snapshot: Version, cells: Sequence[CellRemark], person: Person) -> list[ReviewComment]:
    if not cells:
        return []
    programme = snapshot.count.place.programme_id
    bodies = {body.code: body for body in Agency.objects.filter(programme=programme)}
    services = {line.code: line for line in ServiceLine.objects.filter(programme=programme)}
    for cell in cells:
        if cell.agency not in bodies or cell.service_line not in services:
            raise CannotReview(f'There is no cell "{cell.agency}, {cell.service_line}" to comment on.')
        if len(cell.text) > LONGEST_TEXT:
            raise CannotReview(
                f"The comment on {cell.agency}, {cell.service_line} has {len(cell.text):,} characters; "
                f"{LONGEST_TEXT:,} are kept at most."
            )
    return [
        ReviewComment(
            version=snapshot,
            agency=bodies[cell.agency],
            service_line=services[cell.service_line],
            text=cell.text.strip(),
            person=person,
        )
        for cell in cells
        if cell.text.strip()
    ]

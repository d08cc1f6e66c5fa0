"""What the Leadership Centre's queue shows: what waits, since when, and what was decided last."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pilots.models import Count, Programme, ReviewComment, Submission, Version
from pilots.permissions import Action, Anyone, require

from .effect import with_effect
from .sense import unanswered

Status = Version.Status
# How many decisions the queue looks back on.
RECENT = 10


def waiting(programme: Programme, person: Anyone) -> QuerySet[Submission]:
    """Submitted counts that wait for a decision, the longest wait first. Raises NotAllowed."""
    return _submissions(programme, person, Status.SUBMITTED).order_by("submitted_at", "pk")


def number_waiting(programme: Programme) -> int:
    """How many counts wait for a decision; one query, for the menu of those who review."""
    return Version.objects.filter(
        kind=Version.Kind.SNAPSHOT,
        status=Status.SUBMITTED,
        count__place__programme=programme,
        count__place__retired_on__isnull=True,
    ).count()


def approved(programme: Programme, person: Anyone) -> QuerySet[Submission]:
    """Approved counts that wait to be published, the longest wait first."""
    return _submissions(programme, person, Status.APPROVED).order_by("decided_at", "pk")


def decided(programme: Programme, person: Anyone) -> QuerySet[Submission]:
    """The last counts that were returned or published."""
    found = _submissions(programme, person, Status.RETURNED, Status.PUBLISHED).filter(decided_at__isnull=False)
    return found.order_by("-decided_at", "-pk")[:RECENT]


def with_checks(submissions: Iterable[Submission]) -> list[Submission]:
    """Submissions that know how many warnings nobody answered (`to_check`)."""
    found = list(submissions)
    for submission in found:
        submission.to_check = unanswered(submission)
    return found


def submissions_of(count: Count) -> QuerySet[Submission]:
    """All submissions of a count, the newest first."""
    submissions = Submission.objects.filter(snapshot__count=count)
    people = ("submitted_by", "decided_by", "snapshot__published_by", "snapshot__count__place", "compared_with")
    return with_effect(submissions.select_related(*people)).order_by("-snapshot__number")


def comments_on(count: Count) -> QuerySet[ReviewComment]:
    """What the reviewer said of single cells when the count was returned last; none while it is not returned.

    For the grid: each names agency and service_line.
    """
    returned = Version.objects.filter(count=count, kind=Version.Kind.SNAPSHOT).order_by("-number")[:1]
    comments = ReviewComment.objects.filter(version__in=returned.values("pk"), version__status=Status.RETURNED)
    return comments.select_related("agency", "service_line", "person")


def _submissions(programme: Programme, person: Anyone, *stages: Version.Status) -> QuerySet[Submission]:
    require(person, Action.APPROVE)
    submissions = Submission.objects.filter(
        snapshot__count__place__programme=programme,
        snapshot__count__place__retired_on__isnull=True,
        snapshot__status__in=stages,
    )
    people = ("snapshot__count__place", "snapshot__count__year", "submitted_by", "decided_by", "compared_with")
    return with_effect(submissions.select_related(*people))

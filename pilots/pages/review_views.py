"""The review of counts: the queue of those that wait, one submission and the decision on it."""

import csv
from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pilots.models import Count, Person, Place, Submission, Version
from pilots.permissions import Action, Anyone, NotAllowed, allows, reach, refusal, require
from pilots.review.difference import difference
from pilots.review.queue import approved, decided, submissions_of, waiting, with_checks
from pilots.review.reviewers import why_not_own
from pilots.review.sense import submitted_warnings
from pilots.review.transitions import (
    CannotReview,
    CellRemark,
    NothingSaid,
    approve_and_publish,
    approve_count,
    last_submission,
    publish_approved,
    return_count,
)
from pilots.spend.publish import CannotPublish
from totalplace.formulas import defused

from .asking import signed_in
from .choosing import frame, place_meant, programme_meant
from .review_forms import DecisionForm, cell_comments
from .review_shown import conversations_shown, count_frame, count_meant, differs_shown

Status = Version.Status
CHANGE_COLUMNS = (
    *("change", "agency", "agency_name", "service_line", "service_line_name", "spend_type", "funder", "receiver"),
    *("is_capital", "is_transfer", "before", "after", "fields"),
)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the Leadership Centre."""
    programme, person = programme_meant(request), request.user
    context = {
        **frame(request, programme, "review"),
        "waiting": with_checks(waiting(programme, person)),  # type: ignore[arg-type]
        "approved": with_checks(approved(programme, person)),  # type: ignore[arg-type]
        "decided": list(decided(programme, person)),  # type: ignore[arg-type]
    }
    return render(request, "review/queue.html", context)


@require_safe
def submission(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """A submission of a count, the newest or ?number= of its snapshot, with what differs and the decision on it."""
    place = place_meant(slug)
    _require_reading(request.user, place)  # type: ignore[arg-type]
    count = count_meant(place, year)
    return _submission_page(request, count, DecisionForm())


@require_POST
def decide(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Returns, approves or publishes a count, by the button that was pressed."""
    place = place_meant(slug)
    require(request.user, Action.APPROVE, place)  # type: ignore[arg-type]
    count = count_meant(place, year)
    form = DecisionForm(request.POST)
    act = DECISIONS.get(request.POST.get("decision", ""))
    if act is None:
        form.add_error(None, "Choose what to do with the count: approve, publish or return it.")
    if act is None or not form.is_valid():
        return _submission_page(request, count, form, status=422)
    try:
        _refuse_another(count, request.POST.get("number", ""))
        done = act(count, signed_in(request), form.cleaned_data["comment"], cell_comments(request.POST))
    except (CannotReview, CannotPublish) as refused:
        form.add_error("comment" if isinstance(refused, NothingSaid) else None, str(refused))
        return _submission_page(request, count, form, status=422)
    messages.success(request, f"{place.name}, {year} {done}")
    return redirect("review-queue")


@require_safe
def changes(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Every line that differs, as CSV."""
    place = place_meant(slug)
    _require_reading(request.user, place)  # type: ignore[arg-type]
    found = _submission(count_meant(place, year), request.GET.get("number", ""))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="changes-{slug}-{year}-{found.snapshot.number}.csv"'
    writer = csv.writer(answer)
    writer.writerow(CHANGE_COLUMNS)
    for line in difference(found.compared_with, found.snapshot).lines:
        cells: list[object] = [
            line.kind,
            line.agency_code,
            line.agency,
            line.service_code,
            line.service_line,
            line.spend_type,
        ]
        cells += [line.funder, line.receiver, line.is_capital, line.is_transfer, line.before, line.after]
        cells.append(" ".join(line.fields))
        writer.writerow([defused("" if cell is None else str(cell)) for cell in cells])
    return answer


Act = Callable[[Count, Person, str, Sequence[CellRemark]], str]


def _return(count: Count, person: Person, comment: str, cells: Sequence[CellRemark]) -> str:
    return_count(count, comment, person, cells)
    return "was returned to its place with your comments. It can be changed again."


def _approve(count: Count, person: Person, comment: str, cells: Sequence[CellRemark]) -> str:
    approve_count(count, person, comment, cells)
    return "was approved. It stays locked until you publish it."


def _publish(count: Count, person: Person, comment: str, cells: Sequence[CellRemark]) -> str:
    snapshot = publish_approved(count, person, comment, cells)
    return f"is published as snapshot {snapshot.number}. The maps follow within seconds."


def _approve_and_publish(count: Count, person: Person, comment: str, cells: Sequence[CellRemark]) -> str:
    snapshot = approve_and_publish(count, person, comment, cells)
    return f"was approved and is published as snapshot {snapshot.number}. The maps follow within seconds."


DECISIONS: dict[str, Act] = {
    "return": _return,
    "approve": _approve,
    "publish": _publish,
    "approve-and-publish": _approve_and_publish,
}


def _submission_page(request: HttpRequest, count: Count, form: DecisionForm, status: int = 200) -> HttpResponse:
    found = _submission(count, request.GET.get("number", ""))
    everything = list(submissions_of(count))
    is_newest = found == everything[0]
    may_decide = is_newest and allows(request.user, Action.APPROVE, count.place)  # type: ignore[arg-type]
    stage = found.snapshot.status
    differs = differs_shown(difference(found.compared_with, found.snapshot), request.POST)
    own = why_not_own(found, signed_in(request)) if may_decide else ""
    context = {
        **count_frame(request, count.place, count.year.label),
        "submission": found,
        "stage": stage,
        "form": form,
        **differs,
        "conversations": conversations_shown(count, differs["lines"], request.POST) if is_newest else [],
        "warnings": submitted_warnings(found),
        "decisions": found.decisions.select_related("person"),
        "comments": found.snapshot.review_comments.select_related("agency", "service_line", "person"),
        "is_newest": is_newest,
        "earlier": [row for row in everything if row != found],
        "may_approve": may_decide and stage == Status.SUBMITTED and not own,
        "may_publish": may_decide and stage == Status.APPROVED and not own,
        "own": own,
        "may_return": may_decide and stage in (Status.SUBMITTED, Status.APPROVED),
        "may_submit": is_newest and stage == Status.RETURNED and allows(request.user, Action.SUBMIT, count.place),  # type: ignore[arg-type]
    }
    return render(request, "review/submission.html", context, status=status)


def _refuse_another(count: Count, number: str) -> None:
    """A decision is on the submission that was looked at."""
    newest = last_submission(count)
    if newest is None or str(newest.snapshot.number) != number:
        raise CannotReview("The count was submitted again since you opened it. Look at the newest submission.")


def _submission(count: Count, number: str) -> Submission:
    found = submissions_of(count)
    if number.isdecimal():
        found = found.filter(snapshot__number=int(number))
    one = found.first()
    if one is None:
        raise Http404(f"{count.place.name} has not submitted its count of {count.year.label}.")
    return one


def _require_reading(person: Anyone, place: Place) -> None:
    if not reach(person, Action.READ_WORKING).covers(place, None):
        raise NotAllowed(refusal(Action.READ_WORKING, place))

"""The review of counts: submitting one, the queue of those that wait, one submission and the decision on it."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Count, FinancialYear, Person, Place, Submission, Version
from pilots.permissions import Action, Anyone, NotAllowed, allows, reach, refusal, require
from pilots.review.checklist import ChecklistUnanswered
from pilots.review.conversation import Conversation, open_conversations
from pilots.review.difference import Difference, LineChange, difference
from pilots.review.effect import revenue_of
from pilots.review.queue import approved, decided, submissions_of, waiting, with_checks
from pilots.review.sense import answer_warning, warnings_of
from pilots.review.transitions import (
    CannotReview,
    CellRemark,
    approve_and_publish,
    approve_count,
    last_submission,
    publish_approved,
    return_count,
    submit_count,
)
from pilots.spend.publish import CannotPublish
from pilots.spend.versions import open_working_version
from totalplace import money
from totalplace.formulas import defused

from .asking import signed_in
from .choosing import frame, place_meant, programme_meant, year_meant
from .review_forms import CELL, DecisionForm, SubmitForm, cell_comments

Status = Version.Status
# Lines that a page shows; all are in the file.
SHOWN = 200
CHANGE_COLUMNS = (
    *("change", "agency", "agency_name", "service_line", "service_line_name", "spend_type", "funder", "receiver"),
    *("is_capital", "is_transfer", "before", "after", "fields"),
)


@dataclass(frozen=True)
class ShownLine:
    """A line that differs; `comment_name` is the field of a comment on its cell, on the first line of each cell.

    `said` is what was typed into it and not kept yet.
    """

    change: LineChange
    comment_name: str
    said: str


@dataclass(frozen=True)
class ShownConversation:
    """What was said of a cell; `comment_name` is the field to say more, where the lines have none for the cell."""

    about: Conversation
    comment_name: str
    said: str


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


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """The checklist and what differs, before a count is submitted."""
    place = place_meant(slug)
    require(request.user, Action.SUBMIT, place)  # type: ignore[arg-type]
    count = _count(place, year_meant(place, year))
    form = SubmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            submit_count(count, form.answers(), request.user, form.cleaned_data["message"])  # type: ignore[arg-type]
        except ChecklistUnanswered as refused:
            form.refuse(refused)
        except CannotReview as refused:
            messages.warning(request, str(refused))
            return redirect("submit-count", slug, year)
        else:
            messages.success(
                request, f"{place.name}, {year} was submitted. It is locked until it is returned or published."
            )
            return redirect("review", slug, year)
    working = open_working_version(count, request.user)  # type: ignore[arg-type]
    before = last_submission(count)
    compared = before.snapshot if before else count.published
    found = difference(compared, working)
    context = {
        **_frame(request, place, year),
        "published": count.published,
        "publishing_moves": found.revenue.after - revenue_of(count.published),
        "form": form,
        "working": working,
        "before": before,
        "compared": compared,
        **_differs(found),
        "warnings": warnings_of(working),
        "returned": before if before and before.snapshot.status == Status.RETURNED else None,
    }
    return render(request, "review/submit.html", context, status=422 if form.errors else 200)


@require_safe
def submission(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """A submission of a count, the newest or ?number= of its snapshot, with what differs and the decision on it."""
    place = place_meant(slug)
    _require_reading(request.user, place)  # type: ignore[arg-type]
    count = _count(place, year_meant(place, year))
    return _submission_page(request, count, DecisionForm())


@require_POST
def decide(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Returns, approves or publishes a count, by the button that was pressed."""
    place = place_meant(slug)
    require(request.user, Action.APPROVE, place)  # type: ignore[arg-type]
    count = _count(place, year_meant(place, year))
    form = DecisionForm(request.POST)
    act = DECISIONS.get(request.POST.get("decision", ""))
    if act is None or not form.is_valid():
        return _submission_page(request, count, form, status=422)
    try:
        _refuse_another(count, request.POST.get("number", ""))
        done = act(count, signed_in(request), form.cleaned_data["comment"], cell_comments(request.POST))
    except (CannotReview, CannotPublish) as refused:
        form.add_error("comment", str(refused))
        return _submission_page(request, count, form, status=422)
    messages.success(request, f"{place.name}, {year} {done}")
    return redirect("review-queue")


@require_safe
def changes(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Every line that differs, as CSV."""
    place = place_meant(slug)
    _require_reading(request.user, place)  # type: ignore[arg-type]
    found = _submission(_count(place, year_meant(place, year)), request.GET.get("number", ""))
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


@require_POST
def answer(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Keeps the answer to a warning."""
    place = place_meant(slug)
    working = open_working_version(_count(place, year_meant(place, year)))
    given = request.POST
    try:
        answer_warning(working, given.get("check", ""), given.get("subject", ""), given.get("note", ""), request.user)  # type: ignore[arg-type]
    except ValueError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "Your answer is kept with the warning.")
    return redirect("spend-checks" if given.get("back") == "checks" else "submit-count", slug, year)


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
    differs = _differs(difference(found.compared_with, found.snapshot), request.POST)
    context = {
        **_frame(request, count.place, count.year.label),
        "submission": found,
        "stage": stage,
        "form": form,
        **differs,
        "conversations": _conversations(count, differs["lines"], request.POST) if is_newest else [],
        "warnings": warnings_of(open_working_version(count), found.snapshot),
        "decisions": found.decisions.select_related("person"),
        "comments": found.snapshot.review_comments.select_related("agency", "service_line", "person"),
        "is_newest": is_newest,
        "earlier": [row for row in everything if row != found],
        "may_approve": may_decide and stage == Status.SUBMITTED,
        "may_publish": may_decide and stage == Status.APPROVED,
        "may_return": may_decide and stage in (Status.SUBMITTED, Status.APPROVED),
        "may_submit": is_newest and stage == Status.RETURNED and allows(request.user, Action.SUBMIT, count.place),  # type: ignore[arg-type]
    }
    return render(request, "review/submission.html", context, status=status)


def _differs(found: Difference, posted: Any = None) -> dict[str, Any]:
    """What a page shows of a difference; what was typed into comments stays."""
    cells: set[str] = set()
    lines = []
    for line in found.lines[:SHOWN]:
        name = f"{CELL}{line.agency_code}:{line.service_code}"
        lines.append(ShownLine(line, "" if name in cells else name, (posted or {}).get(name, "")))
        cells.add(name)
    return {
        "difference": found,
        "lines": lines,
        "not_shown": max(0, len(found.lines) - SHOWN),
        "lines_title": _lines_title(found),
        "moved": [row for row in found.totals if row.change],
        "unmoved": [row for row in found.totals if not row.change],
    }


def _conversations(count: Count, lines: list[ShownLine], posted: Any) -> list[ShownConversation]:
    """What was said of cells since the count was published last, in the grid and in reviews."""
    among = {line.comment_name for line in lines}
    shown = []
    for about in open_conversations(count):
        name = f"{CELL}{about.agency.code}:{about.service_line.code}"
        shown.append(ShownConversation(about, "" if name in among else name, posted.get(name, "")))
    return shown


def _lines_title(found: Difference) -> str:
    """Three lines added and one line changed."""
    numbers = [(found.number(kind), kind) for kind in ("added", "changed", "removed")]
    said = [f"{money.counted(number, 'line')} {kind}" for number, kind in numbers if number]
    return money.starting(money.listed(said)) if said else "No line differs"


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


def _count(place: Place, year: FinancialYear) -> Count:
    count = Count.objects.select_related("place__programme", "year", "published").filter(place=place, year=year).first()
    if count is None:
        raise Http404(f"{place.name} has no count of {year.label} yet.")
    return count


def _require_reading(person: Anyone, place: Place) -> None:
    if not reach(person, Action.READ_WORKING).covers(place, None):
        raise NotAllowed(refusal(Action.READ_WORKING, place))


def _frame(request: HttpRequest, place: Place, year: str) -> dict[str, Any]:
    return {**frame(request, place.programme), "place": place, "year": year}

"""Submitting a count, and answering what the sense checks ask about it."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from pilots.models import Count, Version
from pilots.permissions import Action, require
from pilots.review.checklist import ChecklistUnanswered
from pilots.review.difference import difference
from pilots.review.effect import revenue_of
from pilots.review.sense import Subject, answer_warnings, warnings_of
from pilots.review.transitions import CannotReview, ChangedSince, last_submission, submit_count
from pilots.spend.versions import open_working_version

from .asking import signed_in
from .choosing import place_meant
from .review_forms import SubmitForm, warning_answers
from .review_shown import count_frame, count_meant, differs_shown

Status = Version.Status
NOTHING: Mapping[Subject, str] = {}


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """The checklist, what differs and the warnings with their answers, before a count is submitted.

    Answers to warnings are fields of the same form, so that neither button loses what was typed.
    """
    place = place_meant(slug)
    require(request.user, Action.SUBMIT, place)  # type: ignore[arg-type]
    count = count_meant(place, year)
    form = SubmitForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, count, form, warning_answers(request.POST))
    unkept = _answer_warnings(request, count)
    if "save" in request.POST or unkept:
        if form.cleaned_data["seen"] != open_working_version(count).revision:
            form.add_error(None, str(ChangedSince()))
        return _page(request, count, form, unkept)
    try:
        submit_count(
            count, form.answers(), signed_in(request), form.cleaned_data["message"], form.cleaned_data["seen"] or 0
        )
    except ChecklistUnanswered as unanswered:
        form.refuse(unanswered)
        return _page(request, count, form)
    except ChangedSince as changed:
        form.add_error(None, str(changed))
        return _page(request, count, form, status=409)
    except CannotReview as cannot:
        messages.warning(request, str(cannot))
        return redirect("submit-count", slug, year)
    messages.success(request, f"{place.name}, {year} was submitted. It is locked until it is returned or published.")
    return redirect("review", slug, year)


@require_POST
def answer(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Keeps the answer to one warning."""
    working = open_working_version(count_meant(place_meant(slug), year))
    given = request.POST
    subject = (given.get("check", ""), given.get("subject", ""))
    refused = answer_warnings(working, {subject: given.get("note", "")}, signed_in(request))
    for words in refused.values():
        messages.warning(request, words)
    if not refused:
        messages.success(request, "Your answer is kept with the warning.")
    return redirect("spend-checks", slug, year)


def _answer_warnings(request: HttpRequest, count: Count) -> dict[Subject, str]:
    """Keeps what was typed about warnings, and returns what of it could not be kept; a message says why."""
    typed = warning_answers(request.POST)
    if not typed:
        return {}
    refused = answer_warnings(open_working_version(count), typed, signed_in(request))
    for words in refused.values():
        messages.warning(request, words)
    return {subject: typed[subject] for subject in refused}


def _page(
    request: HttpRequest, count: Count, form: SubmitForm, unkept: Mapping[Subject, str] = NOTHING, status: int = 0
) -> HttpResponse:
    working = open_working_version(count, request.user)  # type: ignore[arg-type]
    before = last_submission(count)
    compared = before.snapshot if before else count.published
    found = difference(compared, working)
    context = {
        **count_frame(request, count.place, count.year.label),
        "form": form,
        "working": working,
        "published": count.published,
        "publishing_moves": found.revenue.after - revenue_of(count.published),
        "before": before,
        "compared": compared,
        **differs_shown(found),
        "warnings": [
            replace(row, typed=unkept.get((row.warning.check, row.warning.subject), "")) for row in warnings_of(working)
        ],
        "returned": before if before and before.snapshot.status == Status.RETURNED else None,
    }
    return render(request, "review/submit.html", context, status=status or (422 if form.errors or unkept else 200))

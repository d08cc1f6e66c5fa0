"""Asking about a place's published figures, and answering."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Question
from pilots.people.asking import (
    AnsweredAlready,
    TooManyQuestions,
    answer_question,
    ask,
    contact_of,
    mail_answer,
    mail_question,
    may_answer,
    open_questions,
)
from pilots.permissions import Action, NotAllowed, require
from pilots.spend.years import default_year

from .asking import who
from .choosing import frame, place_meant
from .progress_forms import QuestionForm


@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom to ask about a place's figures, and a form to ask them."""
    place = place_meant(slug)
    require(request.user, Action.READ_PUBLISHED, place)  # type: ignore[arg-type]
    form = QuestionForm(request.POST or None, initial={"page": request.GET.get("page", "")[:300]})
    if request.user.is_authenticated:
        del form.fields["email"]
    if form.is_valid():
        given = form.cleaned_data
        address = request.META.get("REMOTE_ADDR", "")
        try:
            asked = ask(place, given["text"], given["page"], who(request), given.get("email", ""), address)
        except TooManyQuestions as refused:
            form.add_error(None, str(refused))
        else:
            mail_question(asked)
            messages.success(request, "Your question was kept for those who answer for this place.")
            return redirect(given["page"] or f"/places/{slug}/")
    year = default_year(place.programme)
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year.label if year else "",
        "contact": contact_of(place),
        "form": form,
    }
    return render(request, "progress/ask.html", context, status=422 if form.errors else 200)


@require_POST
def answer(request: HttpRequest, slug: str, question_id: int) -> HttpResponse:
    """Keeps the answer to a question."""
    place = place_meant(slug)
    asked = Question.objects.select_related("place", "person", "answered_by")
    question = asked.filter(place=place, pk=question_id).first()
    if question is None:
        raise Http404(f"{place.name} was not asked that.")
    text = request.POST.get("answer", "")[:4000]
    try:
        answer_question(question, text, request.user)  # type: ignore[arg-type]
    except AnsweredAlready as refused:
        return _questions(request, status=409, question=question, why=str(refused), text=text)
    except ValueError as refused:
        messages.warning(request, str(refused))
    else:
        mail_answer(question)
        messages.success(request, "Your answer is kept with the question.")
    if request.POST.get("from") == "questions":
        return redirect("questions")
    return redirect("place-progress", slug)


@never_cache
@login_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions that wait for whoever asks for the page, of all places that they answer for."""
    if not may_answer(who(request)):
        raise NotAllowed("You may not answer questions about figures.")
    return _questions(request)


def _questions(request: HttpRequest, status: int = 200, **refused: object) -> HttpResponse:
    context = {"section": "progress", "questions": open_questions(who(request)), **refused}
    return render(request, "progress/questions.html", context, status=status)

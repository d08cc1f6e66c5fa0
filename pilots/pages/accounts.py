"""Signing in and out, and what a person sees of themselves: roles, password, tokens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.acting import acting
from pilots.models import ApiToken
from pilots.people.asking import may_answer, open_questions
from pilots.people.keeping import looks_after_people
from pilots.people.roles import roles_in_words
from pilots.people.tokens import make_token, revoke_token

from .account_forms import OwnPasswordForm, SignInForm, TokenForm
from .asking import signed_in

FRAME = {"section": "account"}


class SignIn(auth.LoginView):
    """The session changes its key on the way in; `next` leads to addresses of this site only."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    extra_context = FRAME


class SignOut(auth.LogoutView):
    """By POST only: a link elsewhere cannot sign anybody out."""


@method_decorator(never_cache, name="dispatch")
class ChangePassword(auth.PasswordChangeView):
    """A new password; other sessions of the person end, this one goes on."""

    form_class = OwnPasswordForm
    template_name = "accounts/password.html"
    success_url = "/accounts/"
    extra_context = FRAME

    def form_valid(self, form: Any) -> HttpResponse:
        with acting(signed_in(self.request), "page"):
            response = super().form_valid(form)
        messages.success(self.request, "Your password was changed. Other devices have been signed out.")
        return response


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is signed in, what they may do, what they asked and are asked, and their tokens."""
    person = signed_in(request)
    context = {
        **FRAME,
        "roles": roles_in_words(person),
        "may_answer": may_answer(person),
        "waiting": open_questions(person).count(),
        "own_questions": person.questions.select_related("place", "answered_by"),
        "tokens": ApiToken.objects.filter(user=request.user).select_related("place").order_by("-created"),
        "now": timezone.now(),
        "looks_after_people": looks_after_people(person),
    }
    return render(request, "accounts/account.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Asks what a token is for, makes it, and shows its secret this once."""
    person = signed_in(request)
    form = TokenForm(person, request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        token, secret = make_token(person, said["name"], said["days"], "page", said["scope"], said["place"])
        return render(request, "accounts/token_made.html", {**FRAME, "token": token, "secret": secret})
    return _token_page(request, form)


def _token_page(request: HttpRequest, form: Form) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "accounts/new_token.html", {**FRAME, "form": form}, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Ends one of the person's own tokens."""
    name = revoke_token(signed_in(request), request.POST.get("token", ""))
    if name is None:
        messages.warning(request, "That token had ended already.")
    else:
        messages.success(request, f"The token “{name}” was revoked. Programs that use it are refused from now on.")
    return redirect("account")

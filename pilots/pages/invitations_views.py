"""Inviting people, and taking an invitation up."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pilots.models import Invitation, Person, Role
from pilots.people.attempts import WAIT_MINUTES, forget_failures, note_failure, too_many_attempts
from pilots.people.invitations import (
    CannotInvite,
    accept_invitation,
    invitation_of,
    invite,
    withdraw_invitation,
)
from pilots.people.links import DAYS, LinkRefused, sends_mail, try_to_send, whole_address
from pilots.permissions import NotAllowed

from .choosing import frame, programme_meant
from .fields import BODIES_LIST
from .invitations_forms import AcceptForm, InviteForm, KnownForm

FORM_METHODS = ["GET", "HEAD", "POST"]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def new_invitation(request: HttpRequest) -> HttpResponse:
    """Invites somebody: by mail, or by a link that is shown once to be passed on."""
    programme = programme_meant(request)
    form = InviteForm(request.POST or None, programme, request.user)  # type: ignore[arg-type]
    if not form.fields["kind"].choices:  # type: ignore[attr-defined]
        raise NotAllowed("You may not invite people.")
    if form.is_valid():
        try:
            invited = invite(form.cleaned_data["email"], by=request.user, **form.role())  # type: ignore[arg-type]
        except (CannotInvite, NotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            address = whole_address(reverse("accept-invitation", args=[invited.token]), request)
            what = invited_to(invited.invitation)
            text = f"You are invited to {what} in Total Place.\n\nThis link works once, for {DAYS} days:\n{address}\n"
            return deliver(request, invited.invitation.email, "An invitation to Total Place", text, address)
    context = {
        **frame(request, programme, "account"),
        "form": form,
        "bodies": form.bodies(),
        "bodies_list": BODIES_LIST,
    }
    return render(request, "invitations/invite.html", context, status=422 if form.errors else 200)


def deliver(request: HttpRequest, to: str, subject: str, text: str, address: str) -> HttpResponse:
    """Mails a link; where no mail leaves, or it fails, the link is shown this once."""
    if sends_mail() and to:
        if try_to_send(to, subject, text):
            messages.success(request, f"A link was sent to {to}. It works once, for {DAYS} days.")
            return redirect("people")
        messages.warning(request, "The mail could not be sent. Pass the link on yourself.")
    context = {"section": "account", "address": address, "to": to, "days": DAYS, "subject": subject}
    return render(request, "invitations/link.html", context)


def invited_to(invitation: Invitation) -> str:
    """What an invitation is to, in words: record the spending of Dover in Kent."""
    place = invitation.place.name if invitation.place else ""
    if invitation.kind == Role.Kind.CONTRIBUTOR and invitation.agency:
        return f"record the spending of {invitation.agency.name} in {place}"
    if invitation.kind == Role.Kind.PLACE_LEAD:
        return f"lead the count of {place}"
    return f"work as {invitation.get_kind_display()}"


@login_required
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Makes an invitation useless."""
    invitation = Invitation.objects.select_related("place").filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404("There is no such invitation.")
    try:
        withdraw_invitation(invitation, request.user)  # type: ignore[arg-type]
    except LinkRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"The invitation of {invitation.email} was withdrawn.")
    return redirect("people")


@never_cache
@require_http_methods(FORM_METHODS)
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Takes an invitation up: a name and a password, or the password of an account there is."""
    try:
        invitation = invitation_of(token)
    except LinkRefused as refused:
        return _refused(request, str(refused))
    known = Person.objects.filter(email__iexact=invitation.email).exists()
    form = (KnownForm if known else AcceptForm)(request.POST or None)
    if form.is_valid() and _may_try(request, form, invitation.email):
        try:
            person = accept_invitation(token, form.cleaned_data.get("name", ""), form.cleaned_data["password"])
        except ValidationError as refused:
            note_failure(invitation.email, request.META.get("REMOTE_ADDR", ""))
            form.add_error("password", refused)
        except LinkRefused as refused:
            return _refused(request, str(refused))
        else:
            forget_failures(invitation.email, request.META.get("REMOTE_ADDR", ""))
            login(request, person, BACKEND)
            messages.success(request, f"Welcome. You may now {invited_to(invitation)}.")
            return redirect("account")
    context = {"section": "account", "invitation": invitation, "what": invited_to(invitation), "form": form}
    return render(request, "invitations/accept.html", context, status=422 if form.errors else 200)


def _may_try(request: HttpRequest, form: KnownForm | AcceptForm, email: str) -> bool:
    if too_many_attempts(email, request.META.get("REMOTE_ADDR", "")):
        form.add_error(None, f"There were too many attempts. Wait {WAIT_MINUTES} minutes and try again.")
        return False
    return True


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "invitations/refused.html", {"section": "account", "why": why}, status=410)

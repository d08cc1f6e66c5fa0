"""Looking after people: the list of those whom somebody may, their roles, passwords and accounts, handing over."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Person, Role
from pilots.people.attempts import WAIT_MINUTES, note_failure, too_many_attempts
from pilots.people.invitations import open_invitations
from pilots.people.keeping import (
    CannotKeep,
    deactivate,
    hand_over,
    leads_of,
    looks_after_people,
    make_reset,
    may_keep,
    name_of,
    people_near,
    reactivate,
    reset_of,
    take_role_away,
    takeable,
    use_reset,
)
from pilots.people.links import DAYS, LinkRefused, sends_mail, try_to_send, whole_address
from pilots.people.roles import SaidRole, roles_in_words, title_of
from pilots.permissions import Action, NotAllowed, require

from .choosing import frame, place_meant
from .invitations_forms import ForgottenForm, HandOverForm, NewPasswordForm
from .invitations_views import deliver

FORM_METHODS = ["GET", "HEAD", "POST"]
SUBJECT = "A new password for Total Place"


@dataclass(frozen=True)
class Kept:
    """Somebody as the list of people shows them: each role with whether it may be taken away, and the account."""

    person: Person
    name: str
    roles: list[tuple[SaidRole, bool]]
    may_keep: bool


@never_cache
@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whose account one may look after, and the invitations that are open."""
    by = request.user
    if not looks_after_people(by):  # type: ignore[arg-type]
        raise NotAllowed("You may not look after people.")
    context = {
        "section": "account",
        "people": [_kept(by, person) for person in people_near(by)],  # type: ignore[arg-type]
        "invitations": open_invitations(by),  # type: ignore[arg-type]
        "sends_mail": sends_mail(),
    }
    return render(request, "invitations/people.html", context)


def _kept(by: Person, person: Person) -> Kept:
    ends = {role.pk for role in takeable(by, person)}
    roles = [(role, role.pk in ends) for role in roles_in_words(person)]
    return Kept(person, name_of(person), roles, may_keep(by, person))


@login_required
@require_POST
def take_away(request: HttpRequest, role_id: int) -> HttpResponse:
    """Takes one role of a person away."""
    role = Role.objects.select_related("person", "place", "agency").filter(pk=role_id).first()
    if role is None:
        messages.warning(request, "That role has ended already.")
        return redirect("people")
    try:
        take_role_away(role, request.user)  # type: ignore[arg-type]
    except CannotKeep as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{name_of(role.person)} is no longer: {title_of(role)}.")
    return redirect("people")


@never_cache
@login_required
@require_POST
def new_password_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Makes a link to a new password for somebody: mailed, or shown this once."""
    person = _person(person_id)
    return _send_link(request, person, make_reset(person, request.user))  # type: ignore[arg-type]


@login_required
@require_POST
def close(request: HttpRequest, person_id: int) -> HttpResponse:
    """Closes an account."""
    person = _person(person_id)
    try:
        deactivate(person, request.user)  # type: ignore[arg-type]
    except CannotKeep as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"The account of {name_of(person)} is closed. Sessions and tokens have ended.")
    return redirect("people")


@login_required
@require_POST
def reopen(request: HttpRequest, person_id: int) -> HttpResponse:
    """Opens a closed account again."""
    person = _person(person_id)
    reactivate(person, request.user)  # type: ignore[arg-type]
    messages.success(request, f"The account of {name_of(person)} is open again.")
    return redirect("people")


@never_cache
@require_http_methods(FORM_METHODS)
def ask_for_password(request: HttpRequest) -> HttpResponse:
    """Somebody forgot the password: a mail where mail leaves; whom to ask where it does not."""
    form = ForgottenForm(request.POST or None)
    if sends_mail() and form.is_valid():
        said, address = form.cleaned_data["who"].strip(), request.META.get("REMOTE_ADDR", "")
        if too_many_attempts(said, address):
            form.add_error(None, f"There were too many attempts. Wait {WAIT_MINUTES} minutes and try again.")
        else:
            note_failure(said, address)
            _mail_links(request, said)
            messages.success(request, "If there is an account of that name, a mail is on its way to its address.")
            return redirect("sign-in")
    context = {"section": "account", "form": form, "sends_mail": sends_mail()}
    return render(request, "invitations/forgotten.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(FORM_METHODS)
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Sets a new password by a link that works once."""
    form = NewPasswordForm(request.POST or None)
    try:
        reset = reset_of(token)
        if form.is_valid():
            try:
                use_reset(token, form.cleaned_data["password"])
            except ValidationError as refused:
                form.add_error("password", refused)
            else:
                messages.success(request, "Your password is set. Sign in with it.")
                return redirect("sign-in")
    except LinkRefused as refused:
        return render(request, "invitations/refused.html", {"section": "account", "why": str(refused)}, status=410)
    context = {"section": "account", "form": form, "person": reset.person}
    return render(request, "invitations/new_password.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM_METHODS)
def hand_place_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Makes somebody the lead of a place instead of those who lead it now."""
    place = place_meant(slug)
    require(request.user, Action.INVITE_LEAD, place)  # type: ignore[arg-type]
    form = HandOverForm(request.POST or None)
    if form.is_valid():
        new = form.cleaned_data["who"]
        try:
            hand_over(place, new, request.user)  # type: ignore[arg-type]
        except CannotKeep as refused:
            form.add_error("who", str(refused))
        else:
            messages.success(request, f"{name_of(new)} leads {place.name} now.")
            return redirect("place-progress", slug)
    leads = [name_of(person) for person in leads_of(place)]
    context = {**frame(request, place.programme), "place": place, "leads": leads, "form": form}
    return render(request, "invitations/hand_over.html", context, status=422 if form.errors else 200)


def _mail_links(request: HttpRequest, said: str) -> None:
    """Mails a link to whoever has an account of that name; a mail that fails is logged, and nothing is told apart."""
    known = Person.objects.filter(Q(username__iexact=said) | Q(email__iexact=said), is_active=True)
    for person in known.exclude(email=""):
        link = whole_address(reverse("set-password", args=[make_reset(person, None)]), request)
        try_to_send(person.email, SUBJECT, _text(link))


def _send_link(request: HttpRequest, person: Person, token: str) -> HttpResponse:
    address = whole_address(reverse("set-password", args=[token]), request)
    return deliver(request, person.email, SUBJECT, _text(address), address)


def _text(address: str) -> str:
    return f"Set a new password by this link. It works once, for {DAYS} days:\n{address}\n"


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404("There is no such person.")
    return person

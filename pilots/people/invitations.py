"""Inviting people to a role: by mail, or by a link that works once and is passed on by hand."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from pilots.acting import acting
from pilots.models import Agency, Invitation, Person, Place, Role
from pilots.permissions import Action, Anyone, NotAllowed, allows, reach, refusal

from .links import LinkRefused, hash_of, lasting, new_token, refuse_spent

PURPOSE = "invitation"
ACTION_OF = {
    Role.Kind.CONTRIBUTOR: Action.INVITE_CONTRIBUTOR,
    Role.Kind.PLACE_LEAD: Action.INVITE_LEAD,
    Role.Kind.LEADERSHIP_CENTRE: Action.INVITE_STAFF,
    Role.Kind.ADMINISTRATOR: Action.INVITE_STAFF,
}


class CannotInvite(Exception):
    """The invitation makes no sense as it stands; the message says why."""


@dataclass(frozen=True)
class Invited:
    """An invitation with the secret of its link, which nobody can see again."""

    invitation: Invitation
    token: str


def may_give(person: Anyone, kind: str, place: Place | None = None) -> bool:
    """Whether somebody may invite to a role, in all of a place if it has one."""
    return allows(person, ACTION_OF[Role.Kind(kind)], place)


def invite(
    email: str, kind: str, by: Person, place: Place | None = None, agency: Agency | None = None, via: str = "page"
) -> Invited:
    """Invites whoever reads a mailbox to a role. Raises NotAllowed and CannotInvite."""
    if not may_give(by, kind, place):
        raise NotAllowed(refusal(ACTION_OF[Role.Kind(kind)], place))
    _refuse_odd(kind, place, agency)
    token, kept = new_token(PURPOSE)
    with acting(by, via):
        invitation = Invitation.objects.create(
            email=email, kind=kind, place=place, agency=agency, made_by=by, token_hash=kept, **lasting()
        )
    return Invited(invitation, token)


def invitation_of(token: str) -> Invitation:
    """The invitation that a link is for, if it still works. Raises LinkRefused."""
    found = Invitation.objects.select_related("place", "agency", "made_by")
    invitation = found.filter(token_hash=hash_of(token, PURPOSE)).first()
    refuse_spent(invitation)
    assert invitation is not None
    return invitation


def accept_invitation(token: str, name: str, password: str, via: str = "page") -> Person:
    """Takes an invitation up: a new person with a name, a password and the role.

    Somebody who has an account with the invitation's address gives its password, and gets the role besides.
    Raises LinkRefused, and ValidationError where the password will not do.
    """
    seen = invitation_of(token)
    known = Person.objects.filter(email__iexact=seen.email).first()
    person = known or Person(username=_user_name(seen.email), email=seen.email, first_name=name.strip()[:150])
    if known is None:
        validate_password(password, person)
        person.set_password(password)
    elif not known.is_active or not known.check_password(password):
        raise ValidationError("There is an account with this address. Give its password.")
    with acting(known, via):
        # Whoever takes up the same invitation at this moment waits here, and then finds it used.
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        refuse_spent(invitation)
        if known is None:
            person.save()
        Role.objects.get_or_create(
            person=person, kind=invitation.kind, place=invitation.place, agency=invitation.agency
        )
        invitation.used_at, invitation.accepted_by = timezone.now(), person
        invitation.save(update_fields=["used_at", "accepted_by"])
    return person


def withdraw_invitation(invitation: Invitation, by: Person, via: str = "page") -> None:
    """Makes an invitation's link useless. Raises NotAllowed, and LinkRefused where it is so already."""
    if not may_give(by, invitation.kind, invitation.place):
        raise NotAllowed(refusal(ACTION_OF[Role.Kind(invitation.kind)], invitation.place))
    with acting(by, via):
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        refuse_spent(locked)
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])


def open_invitations(by: Anyone) -> QuerySet[Invitation]:
    """Invitations that still work, of those that somebody may give."""
    within = Q(pk__in=[])
    for kind, action in ACTION_OF.items():
        reached = reach(by, action)
        if reached.everywhere:
            within |= Q(kind=kind)
        elif reached.places:
            within |= Q(kind=kind, place__in=reached.places)
    working = Invitation.objects.filter(
        within, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )
    return working.select_related("place", "agency", "made_by")


def _refuse_odd(kind: str, place: Place | None, agency: Agency | None) -> None:
    if kind == Role.Kind.CONTRIBUTOR:
        if place is None or agency is None:
            raise CannotInvite("A contributor records for one body of one place. Choose both.")
        if not place.memberships.filter(agency=agency).exists():
            raise CannotInvite(f"{agency.name} does not serve {place.name}.")
    elif kind == Role.Kind.PLACE_LEAD:
        if place is None or agency is not None:
            raise CannotInvite("A lead leads one place. Choose it.")
    elif place is not None or agency is not None:
        raise CannotInvite("This role belongs to no single place.")


def _user_name(email: str) -> str:
    """The mailbox's address as a user name, with a number where somebody has it."""
    name, number = email.lower()[:140], 1
    while Person.objects.filter(username=name if number == 1 else f"{name}-{number}").exists():
        number += 1
    return name if number == 1 else f"{name}-{number}"


__all__ = [
    "CannotInvite",
    "Invited",
    "LinkRefused",
    "accept_invitation",
    "invitation_of",
    "invite",
    "may_give",
    "open_invitations",
    "withdraw_invitation",
]

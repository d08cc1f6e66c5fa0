"""Looking after people: who may, new passwords, closing and reopening an account, what roles they have."""

from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from pilots.acting import acting
from pilots.models import ApiToken, Invitation, PasswordReset, Person, Place, Role
from pilots.permissions import Action, NotAllowed, allows, reach, require

from .invitations import ACTION_OF, may_give
from .links import hash_of, lasting, new_token, refuse_spent

PURPOSE = "password"


class CannotKeep(Exception):
    """What was asked would leave things in disorder; the message says why."""


def may_keep(by: Person, person: Person) -> bool:
    """Whether somebody may look after an account: who may give all of its roles, and administrators.

    A lead looks after contributors of own places, unless they are something else besides. Who has no role any more is
    looked after by those who may give what they were invited to.
    """
    if allows(by, Action.INVITE_STAFF):
        return True
    roles: list[Role | Invitation] = [*person.roles.all()]
    held = roles or [*person.accepted_invitations.all()]
    return bool(held) and not person.is_superuser and all(may_give(by, one.kind, one.place) for one in held)


def looks_after_people(by: Person) -> bool:
    """Whether somebody may invite anybody at all, and so look after accounts."""
    reaches = [reach(by, action) for action in ACTION_OF.values()]
    return any(reached.everywhere or reached.places for reached in reaches)


def people_near(by: Person) -> list[Person]:
    """Everybody whose account somebody may look after, or of whose roles they may give one, by name.

    Each has roles and accepted invitations at hand.
    """
    near = ("roles__place", "roles__agency", "accepted_invitations__place")
    people: QuerySet[Person] = Person.objects.prefetch_related(*near).order_by("first_name", "username")
    if allows(by, Action.INVITE_STAFF):
        return list(people)
    known = people.filter(Q(roles__isnull=False) | Q(accepted_invitations__isnull=False)).distinct()
    return [person for person in known if person.pk != by.pk and (takeable(by, person) or may_keep(by, person))]


def takeable(by: Person, person: Person) -> list[Role]:
    """Of a person's roles those that somebody may take away: who may give them, but nobody their own."""
    if person.pk == by.pk:
        return []
    return [role for role in person.roles.all() if may_give(by, role.kind, role.place)]


def take_role_away(role: Role, by: Person, via: str = "page") -> None:
    """Ends one role of a person. Links that they sent by it stop working. Raises NotAllowed and CannotKeep."""
    require(by, ACTION_OF[Role.Kind(role.kind)], role.place)
    if role.person_id == by.pk:
        raise CannotKeep("You cannot take your own role away. Ask somebody else who may.")
    with acting(by, via):
        role.delete()
        _withdraw_links_of(role.person_id)


def make_reset(person: Person, by: Person | None, via: str = "page") -> str:
    """The secret of a link to a new password, for somebody who asked (`by` is None) or for whom it was asked.

    Earlier links stop working: of the same kind, so that nobody makes useless what a keeper sent. Raises NotAllowed.
    """
    if by is not None:
        _require_keeping(by, person)
    token, kept = new_token(PURPOSE)
    with acting(by, via):
        now = timezone.now()
        earlier = PasswordReset.objects.filter(person=person, used_at=None, withdrawn_at=None)
        earlier.filter(made_by__isnull=by is None).update(withdrawn_at=now)
        PasswordReset.objects.create(person=person, made_by=by, token_hash=kept, **lasting())
    return token


def reset_of(token: str) -> PasswordReset:
    """What a link to a new password is for, if it still works. Raises LinkRefused."""
    reset = PasswordReset.objects.select_related("person").filter(token_hash=hash_of(token, PURPOSE)).first()
    refuse_spent(reset if reset is None or reset.person.is_active else None)
    assert reset is not None
    return reset


def use_reset(token: str, password: str, via: str = "page") -> Person:
    """Sets a new password by a link. Sessions that began with the old one end.

    Raises LinkRefused, and ValidationError where the password will not do.
    """
    seen = reset_of(token)
    validate_password(password, seen.person)
    with acting(seen.person, via):
        reset = PasswordReset.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        refuse_spent(reset)
        reset.used_at = timezone.now()
        reset.save(update_fields=["used_at"])
        seen.person.set_password(password)
        seen.person.save(update_fields=["password", "password_set_at"])
    return seen.person


def deactivate(person: Person, by: Person, via: str = "page") -> None:
    """Closes an account: its sessions and tokens end at once. What the person did stays.

    Raises NotAllowed and CannotKeep.
    """
    _require_keeping(by, person)
    if person.pk == by.pk:
        raise CannotKeep("You cannot close your own account. Ask somebody else who may.")
    with acting(by, via):
        person.is_active = False
        person.save(update_fields=["is_active"])
        ApiToken.objects.filter(user=person).delete()
        PasswordReset.objects.filter(person=person, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        _withdraw_links_of(person.pk)
        _end_sessions(person)


def reactivate(person: Person, by: Person, via: str = "page") -> None:
    """Opens a closed account again; the password is the old one, sessions and tokens are not. Raises NotAllowed."""
    _require_keeping(by, person)
    with acting(by, via):
        person.is_active = True
        person.save(update_fields=["is_active"])


def hand_over(place: Place, to: Person, by: Person, via: str = "page") -> None:
    """Makes somebody the lead of a place instead of those who lead it now, whose links to the place stop working.

    Raises NotAllowed, and CannotKeep where they cannot lead.
    """
    require(by, Action.INVITE_LEAD, place)
    if to == by:
        raise CannotKeep("You cannot hand a place to yourself. Ask somebody else who may, or choose somebody else.")
    if not to.is_active:
        raise CannotKeep("This account is closed. Reopen it first, or choose somebody else.")
    with acting(by, via):
        Place.objects.select_for_update().get(pk=place.pk)
        leads = Role.objects.filter(place=place, kind=Role.Kind.PLACE_LEAD)
        gone = leads.exclude(person=to)
        former = list(gone.values_list("person_id", flat=True))
        gone.delete()
        Role.objects.get_or_create(person=to, kind=Role.Kind.PLACE_LEAD, place=place, agency=None)
        for person in former:
            _withdraw_links_of(person)


def leads_of(place: Place) -> list[Person]:
    """Who leads a place now, by name."""
    return leads_by_place([place])[place.pk]


def leadership_centre() -> list[Person]:
    """Everybody of the Leadership Centre, by name."""
    people = Person.objects.filter(roles__kind=Role.Kind.LEADERSHIP_CENTRE, is_active=True)
    return list(people.distinct().order_by("first_name", "username"))


def leads_by_place(places: Collection[Place]) -> dict[int, list[Person]]:
    """Who leads each of some places now, by name."""
    leading = Role.objects.filter(place__in=places, kind=Role.Kind.PLACE_LEAD, person__is_active=True)
    found: dict[int, list[Person]] = {place.pk: [] for place in places}
    for role in leading.select_related("person").order_by("person__first_name", "person__username"):
        if role.place_id is not None and role.person not in found[role.place_id]:
            found[role.place_id].append(role.person)
    return found


def name_of(person: Person | None) -> str:
    """A person as pages say them."""
    return "" if person is None else person.name


def _require_keeping(by: Person, person: Person) -> None:
    if not may_keep(by, person):
        raise NotAllowed("You may not look after this account: it has roles that are not yours to give.")


def _withdraw_links_of(person_id: int) -> None:
    """Makes useless the open links that a person made and may give no more, as they are now."""
    by = Person.objects.get(pk=person_id)
    now = timezone.now()
    invitations = Invitation.objects.filter(made_by=by, used_at=None, withdrawn_at=None).select_related("place")
    refused = [row.pk for row in invitations if not may_give(by, row.kind, row.place)]
    Invitation.objects.filter(pk__in=refused).update(withdrawn_at=now)
    resets = PasswordReset.objects.filter(made_by=by, used_at=None, withdrawn_at=None).select_related("person")
    refused = [row.pk for row in resets if not may_keep(by, row.person)]
    PasswordReset.objects.filter(pk__in=refused).update(withdrawn_at=now)


def _end_sessions(person: Person) -> None:
    """Ends the person's sessions. They are told by their content, so all that have not ended are read."""
    ended = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()

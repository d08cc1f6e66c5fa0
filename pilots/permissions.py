"""Who may do what: the one place where every page, command and API operation asks.

| | anonymous | contributor | place lead | Leadership Centre | administrator |
| --- | --- | --- | --- | --- | --- |
| read published | by a setting | yes | yes | yes | yes |
| read the working version | | own bodies in own places | own places | all | all |
| edit spend | | own bodies in own places | own places | returns it | |
| submit | | | own places | | |
| approve, publish | | | | yes | |
| register of places and bodies | | | | yes | yes |
| invite people | | | contributors of own places | leads | all |
| assumption sets, settings | | | | | yes |
| updates, milestones, answers to questions | | | own places | all | |
| judge how a place stands | | | | yes | |
| quality measures | | | own places | | |

What the table does not grant is refused. An inactive person may do what anybody may. Whoever signs in with a token
may do what the token is for and no more: a token to read changes nothing, and one of a place reaches no other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, QuerySet

from pilots.models import Agency, ApiToken, Person, Place, Role, SpendLine

CONTRIBUTOR, LEAD = Role.Kind.CONTRIBUTOR, Role.Kind.PLACE_LEAD
CENTRE, ADMINISTRATOR = Role.Kind.LEADERSHIP_CENTRE, Role.Kind.ADMINISTRATOR
Anyone = Person | AnonymousUser | None


class Action(Enum):
    """What somebody may want to do; the value says it in words: "You may not ..."."""

    READ_PUBLISHED = "read what is published"
    READ_WORKING = "read the working version"
    EDIT_SPEND = "change spending"
    SUBMIT = "submit a count"
    RETURN = "return a count"
    APPROVE = "approve a count"
    PUBLISH = "publish a count"
    EDIT_REGISTER = "change the register of places and bodies"
    INVITE_CONTRIBUTOR = "invite contributors"
    INVITE_LEAD = "invite place leads"
    INVITE_STAFF = "invite Leadership Centre staff and administrators"
    CHANGE_ASSUMPTIONS = "change assumption sets"
    CHANGE_SETTINGS = "change settings"
    UPDATE_PROGRESS = "say how a place is coming on"
    JUDGE_PROGRESS = "judge how a place stands"
    RECORD_QUALITY = "record quality"


# All that may be done with a token to read; everything else writes.
READING = frozenset({Action.READ_PUBLISHED, Action.READ_WORKING})


class Scope(Enum):
    """How far a role reaches in one action."""

    EVERYWHERE = "everywhere"
    OWN_PLACES = "own places"
    OWN_BODIES = "own bodies in own places"


GRANTS: Mapping[Action, Mapping[str, Scope]] = {
    Action.READ_PUBLISHED: dict.fromkeys(Role.Kind.values, Scope.EVERYWHERE),
    Action.READ_WORKING: {
        CONTRIBUTOR: Scope.OWN_BODIES,
        LEAD: Scope.OWN_PLACES,
        CENTRE: Scope.EVERYWHERE,
        ADMINISTRATOR: Scope.EVERYWHERE,
    },
    Action.EDIT_SPEND: {CONTRIBUTOR: Scope.OWN_BODIES, LEAD: Scope.OWN_PLACES},
    Action.SUBMIT: {LEAD: Scope.OWN_PLACES},
    Action.RETURN: {CENTRE: Scope.EVERYWHERE},
    Action.APPROVE: {CENTRE: Scope.EVERYWHERE},
    Action.PUBLISH: {CENTRE: Scope.EVERYWHERE},
    Action.EDIT_REGISTER: {CENTRE: Scope.EVERYWHERE, ADMINISTRATOR: Scope.EVERYWHERE},
    Action.INVITE_CONTRIBUTOR: {LEAD: Scope.OWN_PLACES, ADMINISTRATOR: Scope.EVERYWHERE},
    Action.INVITE_LEAD: {CENTRE: Scope.EVERYWHERE, ADMINISTRATOR: Scope.EVERYWHERE},
    Action.INVITE_STAFF: {ADMINISTRATOR: Scope.EVERYWHERE},
    Action.CHANGE_ASSUMPTIONS: {ADMINISTRATOR: Scope.EVERYWHERE},
    Action.CHANGE_SETTINGS: {ADMINISTRATOR: Scope.EVERYWHERE},
    Action.UPDATE_PROGRESS: {LEAD: Scope.OWN_PLACES, CENTRE: Scope.EVERYWHERE},
    Action.JUDGE_PROGRESS: {CENTRE: Scope.EVERYWHERE},
    Action.RECORD_QUALITY: {LEAD: Scope.OWN_PLACES},
}


class NotAllowed(PermissionDenied):
    """A person may not do this; the message says so in words and can be shown."""


@dataclass(frozen=True)
class Reach:
    """How far a person reaches in one action: everywhere, whole places, single bodies in places (ids)."""

    everywhere: bool = False
    places: frozenset[int] = frozenset()
    bodies: frozenset[tuple[int, int]] = frozenset()

    def covers(self, place: Place | None, agency: Agency | None) -> bool:
        """Whether it reaches all of a place, or one body in it."""
        if self.everywhere:
            return True
        if place is None:
            return False
        return place.pk in self.places or (agency is not None and (place.pk, agency.pk) in self.bodies)

    def bodies_in(self, place: Place) -> frozenset[int]:
        """The ids of the single bodies it reaches in a place, whole places aside."""
        return frozenset(agency for reached, agency in self.bodies if reached == place.pk)

    def within(self, place_id: int) -> "Reach":
        """What of it lies in one place."""
        is_there = self.everywhere or place_id in self.places
        bodies = frozenset((place, agency) for place, agency in self.bodies if place == place_id)
        return Reach(places=frozenset({place_id} if is_there else ()), bodies=bodies)

    def touches(self, place: Place) -> bool:
        """Whether it reaches anything at all in a place."""
        return self.covers(place, None) or bool(self.bodies_in(place))


def allows(person: Anyone, action: Action, place: Place | None = None, agency: Agency | None = None) -> bool:
    """Whether a person may do this: everywhere, in all of a place, or for one body in it.

    Without `place` only a reach of everywhere will do, without `agency` only one of the whole place.
    """
    return reach(person, action).covers(place, agency)


def require(person: Anyone, action: Action, place: Place | None = None, agency: Agency | None = None) -> None:
    """Raises NotAllowed, with a message to show, unless `allows`."""
    if not allows(person, action, place, agency):
        raise NotAllowed(refusal(action, place, agency, person))


def refusal(action: Action, place: Place | None = None, agency: Agency | None = None, person: Anyone = None) -> str:
    """You may not change spending of Dover in Kent."""
    words = action.value
    if agency is not None:
        words += f" of {agency.name}"
    where = f" in {place.name}" if place is not None else ""
    return f"You may not {words}{where}.{_why_the_token_does_not(token_of(person), action)}"


def _why_the_token_does_not(token: ApiToken | None, action: Action) -> str:
    if token is None or action is Action.READ_PUBLISHED:
        return ""
    if token.scope == ApiToken.Scope.READ and action not in READING:
        return " Your token is for reading."
    return f" Your token is for {token.place.name} alone." if token.place else ""


def signed_in_by(person: Person, token: ApiToken) -> None:
    """Remembers the token that a person signed in with: from now on it bounds what they may do."""
    person._token = token  # type: ignore[attr-defined]


def token_of(person: Anyone) -> ApiToken | None:
    """The token that a person signed in with, if it was one."""
    return getattr(person, "_token", None)


def reach(person: Anyone, action: Action) -> Reach:
    """How far a person reaches in an action; one query a person, the first time it is asked."""
    if action is Action.READ_PUBLISHED and settings.PUBLIC_READING:
        return Reach(everywhere=True)
    token = token_of(person)
    if token is None or action is Action.READ_PUBLISHED:
        return _reach(person, action)
    if token.scope == ApiToken.Scope.READ and action not in READING:
        return Reach()
    return _reach(person, action).within(token.place_id) if token.place_id else _reach(person, action)


def _reach(person: Anyone, action: Action) -> Reach:
    """The same by the person's roles alone."""
    scopes = GRANTS.get(action, {})
    everywhere, places, bodies = False, set(), set()
    for kind, place_id, agency_id in roles_of(person):
        scope = scopes.get(kind)
        if scope is Scope.EVERYWHERE:
            everywhere = True
        elif scope is Scope.OWN_PLACES and place_id is not None:
            places.add(place_id)
        elif scope is Scope.OWN_BODIES and place_id is not None and agency_id is not None:
            bodies.add((place_id, agency_id))
    return Reach(everywhere, frozenset(places), frozenset(bodies))


def visible_places(person: Anyone, action: Action, places: QuerySet[Place]) -> QuerySet[Place]:
    """The places in which a person may do this to anything at all."""
    reached = reach(person, action)
    if reached.everywhere:
        return places
    return places.filter(pk__in=reached.places | {place for place, _ in reached.bodies})


def visible_agencies(person: Anyone, action: Action, place: Place, agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """The bodies for which a person may do this in a place."""
    reached = reach(person, action)
    return agencies if reached.covers(place, None) else agencies.filter(pk__in=reached.bodies_in(place))


def visible_lines(person: Anyone, action: Action, place: Place, lines: QuerySet[SpendLine]) -> QuerySet[SpendLine]:
    """Of a place's spend lines those that a person may do this to."""
    reached = reach(person, action)
    return lines if reached.covers(place, None) else lines.filter(Q(agency_id__in=reached.bodies_in(place)))


# A contributor of a body contributes for the body that followed it, too.
ROLES = """
    WITH RECURSIVE held AS (
        SELECT kind, place_id, agency_id FROM pilots_role WHERE person_id = %s
        UNION
        SELECT h.kind, h.place_id, a.successor_id FROM held h
            JOIN pilots_agency a ON a.id = h.agency_id WHERE a.successor_id IS NOT NULL
    ) SELECT kind, place_id, agency_id FROM held
"""


def roles_of(person: Anyone) -> tuple[tuple[str, int | None, int | None], ...]:
    """What an active person is: (kind, place id, agency id), kept on the person for as long as it lives."""
    if not isinstance(person, Person) or not person.is_active:
        return ()
    held: tuple[tuple[str, int | None, int | None], ...] | None = getattr(person, "_roles", None)
    if held is None:
        with connection.cursor() as cursor:
            cursor.execute(ROLES, [person.pk])
            held = tuple(cursor.fetchall())
        if person.is_superuser:
            held += ((ADMINISTRATOR, None, None),)
        person._roles = held  # type: ignore[attr-defined]
    return held

"""Editing the register: places, the bodies that serve them with what share, and the bodies themselves.

Each function is one transaction put down to a person. It asks `permissions` first and changes nothing where it
raises NotAllowed or RegisterRefused. The database has the last word on shares and areas; what it refuses is said
in its own words, which name the body, the places and the shares.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, connection
from django.utils import timezone

from pilots.acting import acting
from pilots.models import Agency, Membership, Person, Place, Population, Programme
from pilots.outlines import refresh_outlines
from pilots.permissions import Action, require
from totalplace.money import listed

from .history import newest_change

Errors = dict[str, list[str]]
# Addresses under /places/ that no place can have for its own.
RESERVED_SLUGS = frozenset({"new"})


class RegisterRefused(Exception):
    """The register cannot be changed so: `errors` has messages by field ("" for the whole)."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(" ".join(message for messages in errors.values() for message in messages))
        self.errors = errors


class ChangedMeanwhile(RegisterRefused):
    """Somebody else changed it since it was read; `newest` is the id of the last change."""

    def __init__(self, newest: int) -> None:
        message = (
            "Somebody changed this since you opened it. Nothing was saved: your values are still below. Look at the "
            "history for what they changed, then save again to keep yours."
        )
        super().__init__({"": [message]})
        self.newest = newest


@dataclass(frozen=True)
class Member:
    """A body that serves a place, with the share of it that counts there and what the share rests on."""

    agency: Agency
    share: Decimal
    basis: str


@dataclass(frozen=True)
class People:
    """The people of a place in a year, with the source of the number."""

    year: int
    number: int
    source: str


def save_place(
    place: Place,
    members: Iterable[Member],
    people: People | None,
    person: Person | None,
    seen: int | None = None,
    via: str = "page",
) -> Place:
    """Stores a new or changed place with all its members and, if given, the people of one year.

    Members that are not named any more leave the place. `seen` is the newest change that whoever edits has seen.
    """
    with _editing(place.programme, person, via):
        if place.pk is not None:
            _refuse_unseen(place, seen)
        _store(place, members, people)
    return place


def swap_place(
    old: Place,
    new: Place,
    members: Iterable[Member],
    people: People | None,
    person: Person | None,
    via: str = "page",
) -> Place:
    """Puts a new place with its own bodies where a candidate was, which retires, in one transaction."""
    with _editing(old.programme, person, via):
        if old.participation != Place.Participation.CANDIDATE:
            raise RegisterRefused({"": [f"{old.name} takes part by a source. Only a candidate can be swapped."]})
        _retire(old)
        _store(new, members, people)
    return new


def retire_place(place: Place, person: Person | None, via: str = "page") -> None:
    """Takes a place out of the programme from today; its counts and its address stay."""
    with _editing(place.programme, person, via):
        _retire(place)


def bring_back_place(place: Place, person: Person | None, via: str = "page") -> None:
    """Makes a retired place active again, unless its bodies have gone to others meanwhile."""
    with _editing(place.programme, person, via):
        place.retired_on = None
        place.save(update_fields=["retired_on"])


def save_agency(agency: Agency, person: Person | None, seen: int | None = None, via: str = "page") -> Agency:
    """Stores a new or changed body."""
    with _editing(agency.programme, person, via):
        if agency.pk is not None:
            _refuse_unseen(agency, seen)
        if agency.type.pk is None:
            # A kind of body that nobody used before comes with the first body of it.
            agency.type.save()
        agency.save()
        refresh_outlines(agency.programme)
    return agency


def retire_agency(agency: Agency, person: Person | None, via: str = "page") -> None:
    """Marks a body as gone from today. One that still serves a place is refused, with the places named."""
    with _editing(agency.programme, person, via):
        serves = list(agency.places.filter(retired_on=None).values_list("name", flat=True))
        if serves:
            raise RegisterRefused(
                {"": [f"{agency.name} still serves {listed(serves)}. Take it out of its places first."]}
            )
        agency.retired_on = timezone.localdate()
        agency.save(update_fields=["retired_on"])


def bring_back_agency(agency: Agency, person: Person | None, via: str = "page") -> None:
    """Makes a retired body available again."""
    with _editing(agency.programme, person, via):
        agency.retired_on = None
        agency.save(update_fields=["retired_on"])


def shares_elsewhere(programme: Programme, besides: Place | None) -> dict[int, list[tuple[str, Decimal]]]:
    """By body: the active places it serves, one aside, with its share in each."""
    memberships = Membership.objects.filter(place__programme=programme, place__retired_on=None)
    if besides is not None and besides.pk is not None:
        memberships = memberships.exclude(place=besides)
    found: dict[int, list[tuple[str, Decimal]]] = {}
    for agency, place, share in memberships.order_by("place__name").values_list("agency", "place__name", "share"):
        found.setdefault(agency, []).append((place, share))
    return found


def why_share_is_refused(agency: Agency, share: Decimal, elsewhere: list[tuple[str, Decimal]]) -> str:
    """Why a body cannot serve a place with this share beside the others it serves; empty where it can."""
    if not elsewhere:
        return ""
    where = listed([f"{place} ({said_share(other)})" for place, other in elsewhere])
    if agency.is_lowest_tier:
        return f"{agency.name} is a lowest-tier area, belongs to one active place, and is in {where}."
    total = share + sum((other for _, other in elsewhere), Decimal(0))
    if total <= 1:
        return ""
    return (
        f"The shares of {agency.name} would add to {said_share(total)}, more than one: "
        f"{said_share(share)} here and {where}."
    )


def said_share(share: Decimal) -> str:
    """A share without trailing noughts: 0.6, 1."""
    return f"{share.normalize():f}"


@contextmanager
def _editing(programme: Programme, person: Person | None, via: str) -> Iterator[None]:
    """A transaction in which one person at a time edits a programme's register; shares are checked at its end."""
    if person is not None:
        require(person, Action.EDIT_REGISTER)
    try:
        with acting(person, via):
            Programme.objects.select_for_update().get(pk=programme.pk)
            yield
            _check_now()
    except IntegrityError as refused:
        raise RegisterRefused({"": [_in_words(refused)]}) from refused


def _check_now() -> None:
    """What the database checks at commit it checks here, where it can still be answered."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _in_words(refused: IntegrityError) -> str:
    """The database's own sentence where it has one for people."""
    diagnosis = getattr(refused.__cause__, "diag", None)
    said = getattr(diagnosis, "message_primary", "") or ""
    return said if said.endswith(".") else f"The database refuses this: {said or refused}."


def _refuse_unseen(row: Place | Agency, seen: int | None) -> None:
    newest = newest_change(row)
    if seen is not None and seen != newest:
        raise ChangedMeanwhile(newest)


def _retire(place: Place) -> None:
    place.retired_on = timezone.localdate()
    place.save(update_fields=["retired_on"])


def _store(place: Place, members: Iterable[Member], people: People | None) -> None:
    if place.slug in RESERVED_SLUGS:
        raise RegisterRefused({"slug": [f'"{place.slug}" is an address of the product. Choose another.']})
    place.save()
    _store_members(place, list(members))
    if people is not None:
        Population.objects.update_or_create(
            programme=place.programme,
            place=place,
            year=people.year,
            defaults={"people": people.number, "source": people.source},
        )
    refresh_outlines(place.programme)


def _store_members(place: Place, members: list[Member]) -> None:
    stored = {membership.agency_id: membership for membership in place.memberships.all()}
    wanted = {member.agency.pk: member for member in members}
    if len(wanted) < len(members):
        raise RegisterRefused({"": ["A body is named twice. A place has each body once, with one share."]})
    place.memberships.filter(agency_id__in=stored.keys() - wanted.keys()).delete()
    for agency_id, member in wanted.items():
        membership = stored.get(agency_id)
        if membership is None:
            Membership.objects.create(place=place, agency=member.agency, share=member.share, share_basis=member.basis)
        elif (membership.share, membership.share_basis) != (member.share, member.basis):
            membership.share, membership.share_basis = member.share, member.basis
            membership.save(update_fields=["share", "share_basis"])

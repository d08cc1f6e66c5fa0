"""Looking after accounts: new passwords, closing, reopening, handing over; who may, and what ends."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pilots.models import ApiToken, PasswordReset, Person
from pilots.people.keeping import (
    CannotKeep,
    deactivate,
    hand_over,
    kept_people,
    leads_of,
    make_reset,
    may_keep,
    reactivate,
    reset_of,
    use_reset,
)
from pilots.people.links import LinkRefused
from pilots.people.presence import editing_now, note_editing
from pilots.people.tokens import make_token
from pilots.permissions import NotAllowed
from tests.review.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"

EVERYBODY = {"nobody", "contributor", "lead", "other_lead", "centre", "administrator"}
KEEPS = {
    "nobody": set(),
    "contributor": set(),
    "lead": {"contributor"},
    "other_lead": set(),
    "centre": {"lead", "other_lead"},
    "administrator": EVERYBODY,
}


@pytest.mark.parametrize("role", KEEPS)
def test_who_may_give_all_of_a_persons_roles_looks_after_the_account(world: World, role: str) -> None:
    by = world.people[role]
    assert {name for name, person in world.people.items() if may_keep(by, person)} == KEEPS[role]
    listed = {person.username for person in kept_people(by)}
    assert listed & EVERYBODY == KEEPS[role]


@pytest.mark.parametrize("act", [make_reset, deactivate, reactivate])
def test_nobody_else_touches_the_account(world: World, act) -> None:
    for role in EVERYBODY - {"lead", "administrator"}:
        with pytest.raises(NotAllowed):
            act(world.people["contributor"], world.people[role])


def test_a_lead_does_not_reach_a_contributor_who_is_more_elsewhere(world: World) -> None:
    contributor = world.people["contributor"]
    contributor.roles.create(kind="place_lead", place=world.other_place)
    with pytest.raises(NotAllowed):
        make_reset(contributor, world.people["lead"])


def test_a_closed_account_loses_its_sessions_and_tokens_for_good(world: World, client: Client) -> None:
    person = world.people["contributor"]
    client.force_login(person)
    make_token(person, "export", 30)
    assert client.get("/accounts/").status_code == 200
    deactivate(person, world.people["lead"])
    assert client.get("/accounts/").status_code == 302
    reactivate(Person.objects.get(pk=person.pk), world.people["lead"])
    assert client.get("/accounts/").status_code == 302
    assert not ApiToken.objects.filter(user=person).exists()


def test_closing_ends_only_the_persons_own_sessions(world: World, client: Client) -> None:
    client.force_login(world.people["lead"])
    deactivate(world.people["contributor"], world.people["lead"])
    assert client.get("/accounts/").status_code == 200


def test_nobody_closes_their_own_account(world: World) -> None:
    with pytest.raises(CannotKeep, match="your own"):
        deactivate(world.people["administrator"], world.people["administrator"])


def test_a_new_password_is_set_once_and_ends_older_sessions(world: World, client: Client) -> None:
    person = world.people["contributor"]
    client.force_login(person)
    token = make_reset(person, world.people["lead"])
    use_reset(token, PASSWORD)
    assert client.get("/accounts/").status_code == 302
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)
    with pytest.raises(LinkRefused, match="used already"):
        use_reset(token, "eight quiet herons")


def test_a_new_link_makes_earlier_ones_useless(world: World) -> None:
    first = make_reset(world.people["lead"], world.people["centre"])
    make_reset(world.people["lead"], world.people["centre"])
    with pytest.raises(LinkRefused, match="withdrawn"):
        use_reset(first, PASSWORD)


def test_who_asks_in_somebodys_name_does_not_make_useless_what_the_centre_sent(world: World) -> None:
    sent = make_reset(world.people["lead"], world.people["centre"])
    make_reset(world.people["lead"], None)
    assert use_reset(sent, PASSWORD) == world.people["lead"]


def test_a_reset_out_of_date_or_of_a_closed_account_is_refused(world: World) -> None:
    person = world.people["contributor"]
    token = make_reset(person, world.people["lead"])
    with pytest.raises(ValidationError):
        use_reset(token, "short")
    PasswordReset.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkRefused, match="out of date"):
        reset_of(token)
    token = make_reset(person, world.people["lead"])
    deactivate(person, world.people["lead"])
    with pytest.raises(LinkRefused):
        reset_of(token)


def test_a_place_is_handed_to_a_new_lead(world: World) -> None:
    new = world.people["other_lead"]
    with pytest.raises(NotAllowed):
        hand_over(world.place, new, world.people["lead"])
    hand_over(world.place, new, world.people["centre"])
    assert leads_of(world.place) == [new]
    new.is_active = False
    with pytest.raises(CannotKeep, match="closed"):
        hand_over(world.place, new, world.people["centre"])


def test_nobody_hands_a_place_to_themselves(world: World) -> None:
    with pytest.raises(CannotKeep, match="to yourself"):
        hand_over(world.place, world.people["centre"], world.people["centre"])
    assert leads_of(world.place) == [world.people["lead"]]


def test_who_is_editing_now_is_known_for_two_minutes(world: World) -> None:
    lead, contributor = world.people["lead"], world.people["contributor"]
    note_editing(world.place, world.year, contributor)
    assert [row.person for row in editing_now(world.place, world.year, but=lead)] == [contributor]
    assert editing_now(world.place, world.year, but=contributor) == []
    assert editing_now(world.other_place, world.year) == []

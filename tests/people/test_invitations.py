"""Invitations: who may give which, once, for fourteen days, and nobody can read the secret afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pilots.models import History, Invitation, Person, Role
from pilots.people.invitations import (
    CannotInvite,
    accept_invitation,
    invitation_of,
    invite,
    open_invitations,
    withdraw_invitation,
)
from pilots.people.links import LinkRefused
from pilots.permissions import NotAllowed
from tests.review.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet herons"

MAY_GIVE = {
    "nobody": set(),
    "contributor": set(),
    "lead": {"contributor"},
    "other_lead": set(),
    "centre": {"place_lead"},
    "administrator": {"contributor", "place_lead", "leadership_centre", "administrator"},
}


def where(world: World, kind: str) -> dict:
    """The place and the body that a role of Dunshire has."""
    agency = world.programme.agencies.get(code="E1")
    places: dict[str, dict] = {
        "contributor": {"place": world.place, "agency": agency},
        "place_lead": {"place": world.place},
    }
    return places.get(kind, {})


@pytest.mark.parametrize("kind", ["contributor", "place_lead", "leadership_centre", "administrator"])
@pytest.mark.parametrize("role", MAY_GIVE)
def test_a_role_invites_to_roles_that_are_its_to_give(world: World, role: str, kind: str) -> None:
    by = world.people[role]
    if kind in MAY_GIVE[role]:
        invited = invite("new@example.org", kind, by, **where(world, kind))
        person = accept_invitation(invited.token, "Ada Example", PASSWORD)
        assert list(person.roles.values_list("kind", flat=True)) == [kind]
        assert person.get_full_name() == "Ada Example"
        assert person.check_password(PASSWORD)
    else:
        with pytest.raises(NotAllowed):
            invite("new@example.org", kind, by, **where(world, kind))
        assert not Invitation.objects.exists()


def invited(world: World) -> str:
    return invite("new@example.org", "place_lead", world.people["centre"], world.place).token


def test_an_invitation_used_twice_is_refused(world: World) -> None:
    token = invited(world)
    accept_invitation(token, "Ada Example", PASSWORD)
    with pytest.raises(LinkRefused, match="used already"):
        accept_invitation(token, "Eve Example", PASSWORD)
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_an_invitation_out_of_date_is_refused(world: World) -> None:
    token = invited(world)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(LinkRefused, match="out of date"):
        accept_invitation(token, "Ada Example", PASSWORD)


def test_an_invitation_lasts_fourteen_days(world: World) -> None:
    invited(world)
    lasts = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < lasts <= timedelta(days=14)


def test_a_withdrawn_invitation_is_refused(world: World) -> None:
    token = invited(world)
    with pytest.raises(NotAllowed):
        withdraw_invitation(Invitation.objects.get(), world.people["lead"])
    withdraw_invitation(Invitation.objects.get(), world.people["centre"])
    with pytest.raises(LinkRefused, match="withdrawn"):
        invitation_of(token)


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "", str.upper])
def test_a_link_that_was_not_ours_is_refused_without_looking(world: World, spoil, django_assert_num_queries) -> None:
    token = invited(world)
    with django_assert_num_queries(0), pytest.raises(LinkRefused, match="not complete"):
        invitation_of(spoil(token))


def test_the_secret_stands_neither_in_the_table_nor_in_the_history(world: World) -> None:
    secret = invited(world).partition(":")[0]
    told = History.objects.filter(table_name="pilots_invitation").get()
    assert "token_hash" not in told.after
    assert secret not in str(Invitation.objects.values().get())


def test_a_weak_password_is_refused_and_the_link_still_works(world: World) -> None:
    token = invited(world)
    with pytest.raises(ValidationError):
        accept_invitation(token, "Ada Example", "password")
    assert accept_invitation(token, "Ada Example", PASSWORD).is_active


def test_who_has_an_account_gives_its_password_and_gets_the_role_besides(world: World) -> None:
    person = world.people["other_lead"]
    person.set_password(PASSWORD)
    person.save()
    token = invite(person.email, "place_lead", world.people["centre"], world.place).token
    with pytest.raises(ValidationError, match="Give its password"):
        accept_invitation(token, "Somebody else", "another long password")
    assert accept_invitation(token, "Ignored", PASSWORD) == person
    assert set(person.roles.values_list("place__slug", flat=True)) == {"dunshire", "otherton"}


def test_a_contributor_is_invited_for_a_body_that_serves_the_place(world: World) -> None:
    elsewhere = world.programme.agencies.get(code="E3")
    with pytest.raises(CannotInvite, match="does not serve Dunshire"):
        invite("new@example.org", "contributor", world.people["lead"], world.place, elsewhere)
    with pytest.raises(CannotInvite, match="one body"):
        invite("new@example.org", "contributor", world.people["lead"], world.place)


def test_the_list_shows_what_is_open_and_one_may_give(world: World) -> None:
    invited(world)
    assert open_invitations(world.people["centre"]).count() == 1
    assert open_invitations(world.people["administrator"]).count() == 1
    assert not open_invitations(world.people["lead"]).exists()
    assert Role.objects.filter(kind="place_lead").count() == 2

"""Looking after accounts: new passwords, closing, reopening, handing over; who may, and what ends."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from pilots.models import ApiToken, PasswordReset, Person
from pilots.people.invitations import accept_invitation, invitation_of, invite
from pilots.people.keeping import (
    CannotKeep,
    deactivate,
    hand_over,
    leads_of,
    make_reset,
    may_keep,
    people_near,
    reactivate,
    reset_of,
    take_role_away,
    takeable,
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
    listed = {person.username for person in people_near(by)}
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


def open_links(world: World) -> tuple[str, str]:
    """An invitation and a password link that the lead made."""
    lead = world.people["lead"]
    agency = world.programme.agencies.get(code="E2")
    invited = invite("friend@example.org", "contributor", lead, world.place, agency)
    return invited.token, make_reset(world.people["contributor"], lead)


def hand_to_other(world: World) -> None:
    hand_over(world.place, world.people["other_lead"], world.people["centre"])


def close_lead(world: World) -> None:
    deactivate(world.people["lead"], world.people["centre"])


def take_lead_away(world: World) -> None:
    take_role_away(world.people["lead"].roles.get(), world.people["centre"])


@pytest.mark.parametrize("end", [hand_to_other, close_lead, take_lead_away])
def test_links_end_with_the_right_of_who_made_them(world: World, end) -> None:
    invitation, reset = open_links(world)
    end(world)
    with pytest.raises(LinkRefused, match="withdrawn"):
        invitation_of(invitation)
    with pytest.raises(LinkRefused, match="withdrawn"):
        use_reset(reset, PASSWORD)


def test_links_that_their_maker_may_still_give_work_on(world: World) -> None:
    lead = world.people["lead"]
    lead.roles.create(kind="place_lead", place=world.other_place)
    agency = world.programme.agencies.get(code="E3")
    kept = invite("friend@example.org", "contributor", lead, world.other_place, agency).token
    hand_to_other(world)
    assert invitation_of(kept).email == "friend@example.org"


def test_one_role_is_taken_away_by_who_may_give_it_and_others_stay(world: World) -> None:
    contributor, lead = world.people["contributor"], world.people["lead"]
    elsewhere = contributor.roles.create(kind="place_lead", place=world.other_place)
    here = contributor.roles.get(place=world.place)
    assert takeable(lead, contributor) == [here]
    assert contributor in people_near(lead)
    for role in ("nobody", "other_lead", "contributor"):
        with pytest.raises(NotAllowed):
            take_role_away(here, world.people[role])
    with pytest.raises(NotAllowed):
        take_role_away(elsewhere, lead)
    take_role_away(here, lead)
    assert list(contributor.roles.all()) == [elsewhere]


def test_nobody_takes_their_own_role_away(world: World) -> None:
    administrator = world.people["administrator"]
    assert takeable(administrator, administrator) == []
    with pytest.raises(CannotKeep, match="your own"):
        take_role_away(administrator.roles.get(), administrator)


def test_who_has_no_role_any_more_is_kept_by_those_who_may_give_what_they_were_invited_to(world: World) -> None:
    agency = world.programme.agencies.get(code="E2")
    token = invite("friend@example.org", "contributor", world.people["lead"], world.place, agency).token
    friend = accept_invitation(token, "A Friend", PASSWORD)
    take_role_away(friend.roles.get(), world.people["lead"])
    friend = Person.objects.get(pk=friend.pk)
    assert friend in people_near(world.people["lead"])
    assert may_keep(world.people["lead"], friend)
    assert not may_keep(world.people["other_lead"], friend)


def test_the_page_of_people_takes_a_role_away(world: World, client: Client) -> None:
    client.force_login(world.people["lead"])
    role = world.people["contributor"].roles.get()
    address = f"/accounts/people/roles/{role.pk}/end/"
    assert address in client.get("/accounts/people/").content.decode()
    assert "is no longer: Contributor for Dunshire" in client.post(address, follow=True).content.decode()
    assert not world.people["contributor"].roles.exists()
    assert "ended already" in client.post(address, follow=True).content.decode()


def test_people_are_listed_in_queries_that_do_not_grow_with_them(
    world: World, client: Client, django_assert_max_num_queries
) -> None:
    agency = world.programme.agencies.get(code="E1")
    for number in range(12):
        person = Person.objects.create(username=f"more {number}", password="!")
        person.roles.create(kind="contributor", place=world.place, agency=agency)
    client.force_login(world.people["lead"])
    with django_assert_max_num_queries(14):
        client.get("/accounts/people/")


def test_who_is_editing_now_is_known_for_two_minutes(world: World) -> None:
    lead, contributor = world.people["lead"], world.people["contributor"]
    note_editing(world.place, world.year, contributor)
    assert [row.person for row in editing_now(world.place, world.year, but=lead)] == [contributor]
    assert editing_now(world.place, world.year, but=contributor) == []
    assert editing_now(world.other_place, world.year) == []

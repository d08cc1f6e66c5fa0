"""Editing the register: shares, areas, moves, swaps and outlines, by the actions and by the database alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from pilots.models import Agency, History, Membership, Place, PlaceOutline, Population, Programme
from pilots.outlines import refresh_outlines
from pilots.permissions import NotAllowed
from pilots.register.editing import (
    ChangedMeanwhile,
    Member,
    People,
    RegisterRefused,
    bring_back_place,
    retire_agency,
    retire_place,
    save_agency,
    save_place,
    swap_place,
)
from pilots.register.history import history_of_agency, history_of_place, newest_change
from pilots.register.load import default_programme
from tests.people_of_kent import administrator, lead_of, leadership_centre, person

pytestmark = pytest.mark.django_db
DOVER, POLICE, MEDWAY = "E2234", "E6022", "E2201"


def body(code: str) -> Agency:
    return Agency.objects.get(programme__is_default=True, code=code)


def place(slug: str) -> Place:
    return Place.objects.select_related("programme").get(slug=slug)


def members_of(slug: str, **changed: Any) -> list[Member]:
    """The members of a place, some with another share, or none."""
    rows = Membership.objects.filter(place__slug=slug).select_related("agency")
    members = {row.agency.code: Member(row.agency, row.share, row.share_basis) for row in rows}
    for code, share in changed.items():
        members.pop(code, None)
        if share is not None:
            members[code] = Member(body(code), Decimal(share), "given")
    return list(members.values())


def new_place(**facts: Any) -> Place:
    given = {"slug": "new-town", "name": "New Town", "short_name": "New Town", "kind": "parallel"}
    return Place(programme=default_programme(), participation="candidate", **{**given, **facts})


@contextmanager
def refused_at_commit(said: str) -> Iterator[None]:
    """Plain SQL that the database takes at first and refuses when it would be committed."""
    refused = pytest.raises(IntegrityError, match=said)
    with refused, transaction.atomic():
        yield
        check_now()


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def outline(slug: str) -> str:
    return PlaceOutline.objects.get(place__slug=slug).path


def test_a_changed_share_raises_the_revision_of_the_register_and_is_told() -> None:
    who = leadership_centre()
    before = Programme.objects.get(is_default=True).register_revision
    save_place(place("kent"), members_of("kent", E6022="0.8"), None, who)
    assert Membership.objects.get(place__slug="kent", agency__code=POLICE).share == Decimal("0.8")
    assert Programme.objects.get(is_default=True).register_revision > before
    newest = history_of_place(place("kent"))[0]
    assert (newest.who, newest.via) == ("Leadership Centre", "page")
    assert [(told.what, told.before, told.after) for told in newest.differences] == [
        ("Member Kent Police Authority", "share 0.847236, population 2011", "share 0.8, given")
    ]
    assert history_of_agency(body(POLICE))[0].differences[0].what == "Serves Kent"


def test_shares_over_one_are_refused_with_the_body_and_the_shares_named() -> None:
    with pytest.raises(RegisterRefused, match=r"Kent Police Authority add to more than one: Kent 0\.9.*Medway 0\.15"):
        save_place(place("kent"), members_of("kent", E6022="0.9"), None, leadership_centre())
    assert Membership.objects.get(place__slug="kent", agency__code=POLICE).share == Decimal("0.847236")


def test_the_database_alone_refuses_shares_over_one_with_the_body_and_the_shares_named() -> None:
    with refused_at_commit(r"Kent Police Authority add to more than one: Kent 1\.0"):
        Membership.objects.filter(place__slug="kent", agency__code=POLICE).update(share=1)


def test_shares_that_add_to_exactly_one_are_kept() -> None:
    elsewhere = sum(
        Membership.objects.filter(agency__code=POLICE).exclude(place__slug="kent").values_list("share", flat=True)
    )
    rest = 1 - elsewhere
    save_place(place("kent"), members_of("kent", E6022=str(rest)), None, leadership_centre())
    assert Membership.objects.get(place__slug="kent", agency__code=POLICE).share == rest


def test_an_area_in_two_active_places_is_refused_by_name() -> None:
    with pytest.raises(RegisterRefused, match="Dover"):
        save_place(place("medway"), members_of("medway", E2234="0.5"), None, leadership_centre())
    with refused_at_commit("Dover is a lowest-tier area and belongs to at most one active place"):
        Membership.objects.filter(place__slug="kent", agency__code=DOVER).update(share="0.4")
        Membership.objects.create(place=place("medway"), agency=body(DOVER), share="0.4", share_basis="given")


def test_an_area_moves_from_one_place_to_another_in_one_transaction_and_the_outlines_follow() -> None:
    kent, medway = outline("kent"), outline("medway")
    with transaction.atomic():
        moved = Membership.objects.get(place__slug="kent", agency__code=DOVER)
        moved.place = place("medway")
        moved.save()
        refresh_outlines(default_programme())
        check_now()
    assert outline("kent") != kent
    assert outline("medway") != medway


def test_a_place_without_an_area_any_more_has_no_outline() -> None:
    save_place(place("medway"), members_of("medway", E2201=None), None, leadership_centre())
    assert not PlaceOutline.objects.filter(place__slug="medway").exists()


def test_a_new_place_takes_its_bodies_and_its_people() -> None:
    who = administrator()
    save_place(place("medway"), [], None, who)
    made = save_place(
        new_place(), [Member(body(MEDWAY), Decimal(1), "wholly inside")], People(2011, 263925, "Census"), who
    )
    assert list(made.agencies.values_list("code", flat=True)) == [MEDWAY]
    assert Population.objects.get(place=made).people == 263925
    assert outline("new-town").startswith("M")


def test_a_body_named_twice_is_refused() -> None:
    twice = [*members_of("kent"), Member(body(DOVER), Decimal("0.1"), "given")]
    with pytest.raises(RegisterRefused, match="named twice"):
        save_place(place("kent"), twice, None, leadership_centre())


def test_a_place_cannot_take_an_address_of_the_product() -> None:
    with pytest.raises(RegisterRefused, match="address of the product"):
        save_place(new_place(slug="new"), [], None, administrator())


def test_a_candidate_is_swapped_for_another_place_with_its_own_bodies_in_one_transaction() -> None:
    old = place("barnet")
    made = swap_place(old, new_place(), members_of("barnet"), None, leadership_centre())
    assert not place("barnet").is_active
    assert made.agencies.count() == old.agencies.count()
    transactions = History.objects.filter(table_name="pilots_place", row_id__in=[old.pk, made.pk]).order_by("-id")
    assert len(set(transactions.values_list("transaction", flat=True)[:2])) == 1


def test_a_confirmed_place_is_not_swapped() -> None:
    with pytest.raises(RegisterRefused, match="Only a candidate"):
        swap_place(place("bexley"), new_place(), [], None, leadership_centre())
    assert place("bexley").is_active


def test_a_retired_place_comes_back_unless_its_bodies_went_elsewhere() -> None:
    who = leadership_centre()
    retire_place(place("barnet"), who)
    bring_back_place(place("barnet"), who)
    assert place("barnet").is_active
    swap_place(place("barnet"), new_place(), members_of("barnet"), None, who)
    with pytest.raises(RegisterRefused, match="Barnet"):
        bring_back_place(place("barnet"), who)
    assert not place("barnet").is_active


def test_the_database_alone_refuses_a_place_back_whose_bodies_went_elsewhere() -> None:
    swap_place(place("barnet"), new_place(), members_of("barnet"), None, leadership_centre())
    with refused_at_commit("add to more than one: Barnet"):
        Place.objects.filter(slug="barnet").update(retired_on=None)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen() -> None:
    who = leadership_centre()
    seen = newest_change(place("kent"))
    save_place(place("kent"), members_of("kent", E6022="0.8"), None, who, seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        save_place(place("kent"), members_of("kent", E6022="0.7"), None, who, seen)
    assert refused.value.newest == newest_change(place("kent")) > seen
    assert Membership.objects.get(place__slug="kent", agency__code=POLICE).share == Decimal("0.8")


def test_a_body_that_serves_a_place_is_not_retired_and_the_place_is_named() -> None:
    who = leadership_centre()
    with pytest.raises(RegisterRefused, match=r"Dover still serves Kent"):
        retire_agency(body(DOVER), who)
    save_place(place("kent"), members_of("kent", E2234=None), None, who)
    retire_agency(body(DOVER), who)
    assert body(DOVER).retired_on is not None


def test_a_renamed_body_is_told_with_before_and_after() -> None:
    agency = body(DOVER)
    agency.name = "Dover District"
    save_agency(agency, administrator())
    newest = history_of_agency(agency)[0]
    assert [(told.what, told.before, told.after) for told in newest.differences] == [
        ("Name", "Dover", "Dover District")
    ]


@pytest.mark.parametrize("who", [lambda: lead_of("kent"), lambda: person("somebody")])
def test_only_the_leadership_centre_and_administrators_edit_the_register(who) -> None:
    somebody = who()
    with pytest.raises(NotAllowed):
        save_place(place("kent"), [], None, somebody)
    with pytest.raises(NotAllowed):
        save_agency(body(DOVER), somebody)
    with pytest.raises(NotAllowed):
        retire_place(place("kent"), somebody)
    assert Membership.objects.filter(place__slug="kent").count() == 17

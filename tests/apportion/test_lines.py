"""Apportioning lines, and doing it again where inputs change."""

from decimal import Decimal
from typing import Any

import pytest

from pilots.acting import acting
from pilots.apportion import (
    CannotApportion,
    MovesChanged,
    apportion_line,
    apportioned_lines,
    reapply,
    reapplying,
)
from pilots.models import Agency, History, Membership, Person, Place, Population, Programme, ServiceLine, Version
from pilots.permissions import NotAllowed
from pilots.review.transitions import submit_count
from pilots.sense import warnings_of
from pilots.spend.publish import publish_count
from pilots.spend.snapshots import digest_of
from pilots.spend.write import LineRefused, VersionLocked, change_line
from tests.people_of_kent import contributor_for
from tests.review.approved import ANSWERS, approved
from tests.spend.kent import DOVER

from .conftest import number_of_pupils

Shared = tuple[Version, Agency, ServiceLine]


@pytest.fixture
def shared(working: Version, dwp: Agency, training: ServiceLine) -> Shared:
    return working, dwp, training


def test_pupils_share_out_by_the_exact_ratio_and_stay_with_the_line(shared: Shared, lead: Person, pupils: None) -> None:
    line = apportion_line(*shared, "100,000.00", "pupils", lead, "page", more={"source": "Budget book"}).line
    assert (line.amount, line.whole_amount, line.share) == (
        Decimal("33333.33"),
        Decimal("100000.00"),
        Decimal("0.333333333333"),
    )
    assert (line.basis, line.method, line.source) == ("apportioned", "pupils", "Budget book")
    (row,) = [row for row in apportioned_lines(shared[0]) if row.line == line]
    assert row.rests_on == "Pupils 2010-11: 210,000 of 630,000 (School census)"
    assert row.change == 0


def test_people_share_out_a_national_body_by_populations(shared: Shared, lead: Person, kent: Place) -> None:
    line = apportion_line(*shared, "61371315", "population share", lead, "page").line
    people = Population.objects.filter(place=kent).latest("year").people
    assert line.amount == people
    assert line.method == "national average"


def test_people_share_out_a_wider_body_by_its_share_in_the_register(
    working: Version, training: ServiceLine, lead: Person, kent: Place
) -> None:
    member = Membership.objects.filter(place=kent, share__lt=1, agency__apportioned_by="").select_related("agency")[0]
    line = apportion_line(working, member.agency, training, "1000000", "population share", lead, "page").line
    assert line.amount == 1_000_000 * member.share
    assert line.method == "population share"


def test_a_given_share_is_kept_and_never_moves(shared: Shared, lead: Person, pupils: None) -> None:
    line = apportion_line(*shared, "1000", "given share", lead, "page", "0.125").line
    assert line.amount == Decimal("125.00")
    assert not reapplying(shared[0], lead).moves


def test_apportioning_again_changes_the_same_line(shared: Shared, lead: Person, pupils: None) -> None:
    first = apportion_line(*shared, "300", "pupils", lead, "page").line
    second = apportion_line(*shared, "600", "pupils", lead, "page").line
    assert (second.pk, second.amount, second.row_version) == (first.pk, Decimal("200.00"), first.row_version + 1)


def test_apportioning_again_keeps_the_source_and_note_that_are_not_given_anew(
    shared: Shared, lead: Person, pupils: None, client: Any
) -> None:
    more = {"source": "Budget book", "note": "As agreed with the DWP."}
    apportion_line(*shared, "300", "pupils", lead, "page", more=more)
    again = apportion_line(*shared, "600", "pupils", lead, "page", more={"source": "Accounts", "note": ""})
    assert (again.line.source, again.line.note) == ("Accounts", "As agreed with the DWP.")
    assert again.before is not None
    assert (again.before.amount, again.before.source) == (Decimal("100.00"), "Budget book")
    client.force_login(lead)
    form = {"agency": shared[1].pk, "service_line": shared[2].pk, "spend_type": "unspecified", "whole_amount": "900"}
    address = "/places/kent/spend/2010-11/apportion/"
    page = client.post(address, form | {"method": "pupils", "source": "Outturn"}, follow=True).content.decode()
    assert "It replaces £200.00 and the source &quot;Accounts&quot;; the note stays." in page


@pytest.mark.parametrize(
    ("method", "share", "field", "words"),
    [
        ("claimants", None, "method", "no number of claimants of both Kent and"),
        ("given share", None, "given_share", "Say which share"),
        ("given share", "1.5", "given_share", "at most 1"),
        ("by weight", None, "method", "Say how"),
    ],
)
def test_what_cannot_be_shared_out_says_why(
    shared: Shared, lead: Person, method: str, share: str | None, field: str, words: str
) -> None:
    with pytest.raises(CannotApportion, match=words) as refused:
        apportion_line(*shared, "1000", method, lead, "page", share)
    assert refused.value.field == field


def test_more_pupils_in_the_place_than_the_body_serves_is_refused(
    shared: Shared, lead: Person, centre: Person, programme: Programme
) -> None:
    number_of_pupils(programme, centre, "kent", "10")
    number_of_pupils(programme, centre, "", "9")
    with pytest.raises(CannotApportion, match="more pupils"):
        apportion_line(*shared, "1000", "pupils", lead, "page")


@pytest.mark.parametrize("typed", ["", "12k", "NaN", "1.234"])
def test_a_whole_amount_that_is_none_is_refused(shared: Shared, lead: Person, pupils: None, typed: str) -> None:
    with pytest.raises(LineRefused) as refused:
        apportion_line(*shared, typed, "pupils", lead, "page")
    assert list(refused.value.errors) == ["whole_amount"]


def test_the_years_own_numbers_go_before_later_and_earlier_ones(
    shared: Shared, lead: Person, centre: Person, programme: Programme
) -> None:
    for year, value in (("2008-09", "1"), ("2009-10", "2"), ("2011-12", "4")):
        number_of_pupils(programme, centre, "kent", value, year)
        number_of_pupils(programme, centre, "", "8", year)
    assert apportion_line(*shared, "800", "pupils", lead, "page").line.amount == Decimal("200.00")
    number_of_pupils(programme, centre, "kent", "8", "2010-11")  # of the body there is none in that year
    assert apportion_line(*shared, "800", "pupils", lead, "page").line.amount == Decimal("200.00")


class TestReapplying:
    def test_the_shipped_return_follows_from_its_inputs_to_the_penny(self, working: Version, lead: Person) -> None:
        rows = apportioned_lines(working)
        assert {row.line.method for row in rows} == {"population share", "national average"}
        assert [row.line for row in rows if row.change or row.is_typed_over or row.now is None] == []

    def test_a_changed_number_is_shown_before_it_is_applied(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        line = apportion_line(*shared, "630", "pupils", lead, "page").line
        number_of_pupils(programme, centre, "kent", "315000")
        plan = reapplying(shared[0], lead)
        assert [(row.line.pk, row.line.amount, row.would_be) for row in plan.moves] == [
            (line.pk, Decimal("210.00"), Decimal("315.00"))
        ]
        assert plan.change == Decimal("105.00")
        line.refresh_from_db()
        assert line.amount == Decimal("210.00")

    def test_applying_writes_exactly_what_was_shown_and_the_history_tells(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        line = apportion_line(*shared, "630", "pupils", lead, "page").line
        number_of_pupils(programme, centre, "kent", "315000")
        reapply(shared[0], lead, "page", reapplying(shared[0], lead).digest)
        line.refresh_from_db()
        assert (line.amount, line.share) == (Decimal("315.00"), Decimal("0.5"))
        assert line.ratio["part"] == "315000"
        newest = History.objects.filter(table_name="pilots_spendline", row_id=line.pk).latest("id")
        assert newest.actor_id == lead.pk
        assert not reapplying(shared[0], lead).moves

    def test_what_changed_since_it_was_shown_is_not_written(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        line = apportion_line(*shared, "630", "pupils", lead, "page").line
        number_of_pupils(programme, centre, "kent", "315000")
        seen = reapplying(shared[0], lead).digest
        number_of_pupils(programme, centre, "kent", "420000")
        with pytest.raises(MovesChanged):
            reapply(shared[0], lead, "page", seen)
        line.refresh_from_db()
        assert line.amount == Decimal("210.00")

    def test_a_changed_share_in_the_register_moves_the_return(
        self, working: Version, lead: Person, kent: Place
    ) -> None:
        member = Membership.objects.filter(place=kent, share__lt=1, agency__apportioned_by="")[0]
        with acting(None, "test"):
            Membership.objects.filter(pk=member.pk).update(share=member.share / 2)
        moves = reapplying(working, lead).moves
        assert {row.line.agency_id for row in moves} == {member.agency_id}

    def test_an_amount_that_was_typed_over_is_left_alone(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        line = apportion_line(*shared, "630", "pupils", lead, "page").line
        change_line(shared[0], line.pk, {"amount": "999"}, line.row_version, lead, "page")
        number_of_pupils(programme, centre, "kent", "315000")
        assert not reapplying(shared[0], lead).moves
        (row,) = [row for row in apportioned_lines(shared[0]) if row.line == line]
        assert row.is_typed_over

    def test_a_changed_number_never_alters_a_snapshot(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        apportion_line(*shared, "630", "pupils", lead, "page")
        snapshot = publish_count(approved(shared[0].count), centre, via="page")
        before = digest_of(snapshot)
        kept = snapshot.lines.get(service_line=shared[2], agency=shared[1])
        assert kept.ratio["part"] == "210000"
        number_of_pupils(programme, centre, "kent", "315000")
        reapply(shared[0], lead, "page", reapplying(shared[0], lead).digest)
        assert digest_of(snapshot) == before
        kept.refresh_from_db()
        assert kept.amount == Decimal("210.00")

    def test_a_submitted_count_is_locked(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        apportion_line(*shared, "630", "pupils", lead, "page")
        submit_count(shared[0].count, ANSWERS, lead)
        number_of_pupils(programme, centre, "kent", "315000")
        with pytest.raises(VersionLocked):
            reapply(shared[0], lead, "page", reapplying(shared[0], lead).digest)

    def test_each_moves_and_apportions_only_what_they_may_change(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None
    ) -> None:
        of_dover = contributor_for(DOVER, "kent")
        for somebody in (of_dover, centre):
            with pytest.raises(NotAllowed):
                apportion_line(*shared, "630", "pupils", somebody, "page")
        apportion_line(*shared, "630", "pupils", lead, "page")
        number_of_pupils(programme, centre, "kent", "315000")
        assert not reapplying(shared[0], of_dover).moves


class TestWhoIsTold:
    """Whoever looks at a count is told that what it was shared out by has changed."""

    def test_the_checks_of_a_count_say_what_would_move_and_lead_to_it(
        self, shared: Shared, lead: Person, centre: Person, programme: Programme, pupils: None, client: Any
    ) -> None:
        apportion_line(*shared, "630", "pupils", lead, "page")
        assert [warning for warning in warnings_of(shared[0]) if warning.check == "inputs-changed"] == []
        number_of_pupils(programme, centre, "kent", "315000")
        (said,) = [warning for warning in warnings_of(shared[0]) if warning.check == "inputs-changed"]
        assert said.text == "Inputs changed: one line would move by £105 in all if shared out again."
        client.force_login(lead)
        for path in ("checks/", "", "submit/"):
            page = client.get(f"/places/kent/spend/2010-11/{path}").content.decode()
            assert said.text in page
        assert 'href="/places/kent/spend/2010-11/apportion/"' in page
        reapply(shared[0], lead, "page", reapplying(shared[0], lead).digest)
        assert [warning for warning in warnings_of(shared[0]) if warning.check == "inputs-changed"] == []

"""Recording one spend line of a working version: what is refused, who may, and what the history tells."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from pilots.models import Agency, AgencyType, Count, FinancialYear, History, Membership, Place, SpendLine, Version
from pilots.permissions import NotAllowed
from pilots.register.beginning import begin_programme
from pilots.spend.versions import open_count, open_working_version, version_for, with_status
from pilots.spend.write import LineRefused, StaleLine, VersionLocked, add_line, change_line, remove_line, writing
from tests.people_of_kent import administrator, contributor_for, lead_of, leadership_centre, person

from .kent import ASHFORD, COUNTY, DOVER, YEAR, added, count_of_kent, line, working_version_of_kent

pytestmark = pytest.mark.django_db


def revision_of(version: Version) -> int:
    return Version.objects.values_list("revision", flat=True).get(pk=version.pk)


def test_the_working_version_begins_as_the_published_snapshot_is() -> None:
    count, working = count_of_kent(), working_version_of_kent()
    assert count.published is not None
    assert working.lines.count() == count.published.lines.count() > 100
    assert (working.begun_from, working.status) == (count.published, Version.Status.PUBLISHED)
    assert open_working_version(count) == working


def test_an_amount_is_stored_to_the_penny_and_read_back_as_typed() -> None:
    assert added(working_version_of_kent(), amount="£1,234.50").amount == Decimal("1234.50")
    assert SpendLine.objects.get(spend_type__code="employees", agency__code=DOVER).amount == Decimal("1234.50")


def test_bodies_and_services_are_named_by_code_or_by_name() -> None:
    recorded = added(working_version_of_kent(), agency="Dover", service_line="Central services", funder="kent")
    assert (recorded.agency.code, recorded.service_line.code) == (DOVER, "central-services")
    assert recorded.funder is not None
    assert recorded.funder.code == COUNTY


def test_the_amount_follows_from_the_whole_and_the_share_where_it_is_left_blank() -> None:
    assert added(working_version_of_kent(), amount="", whole_amount="1,000.01", share="0.5").amount == Decimal("500.00")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"amount": "£3.2m"}, "amount", "Did you mean 3,200,000.00"),
        ({"amount": ""}, "amount", "Say how much"),
        ({"amount": "NaN"}, "amount", "not a number"),
        ({"agency": "E0101"}, "agency", "does not serve Kent"),
        ({"agency": "nobody"}, "agency", 'no body "nobody"'),
        ({"service_line": "public-services"}, "service_line", "has lines below it"),
        ({"service_line": ""}, "service_line", "Say which"),
        ({"receiver": COUNTY}, "receiver", "Only a transfer has a receiver"),
        ({"share": "1.5"}, "share", "at most 1"),
        ({"basis": "rumour"}, "basis", "none of actual"),
        ({"note": "a\x00b"}, "note", "cannot be stored"),
        ({"colour": "red"}, "colour", "no field"),
    ],
)
def test_a_line_that_cannot_be_is_refused_at_the_field_that_is_wrong(changes: dict, field: str, said: str) -> None:
    working = working_version_of_kent()
    before = revision_of(working)
    with pytest.raises(LineRefused) as refused:
        add_line(working, line(**changes), None, "page")
    assert said in " ".join(refused.value.errors[field])
    assert revision_of(working) == before


def test_a_second_line_of_the_same_key_is_refused_with_the_amount_of_the_first() -> None:
    working = working_version_of_kent()
    added(working)
    with pytest.raises(LineRefused, match=r"£1,234\.50"):
        added(working, amount="1")
    other = added(working, funder=COUNTY)
    with pytest.raises(LineRefused, match="already"):
        change_line(working, other.pk, {"funder": None}, other.row_version, None, "page")


def test_the_database_alone_refuses_a_second_line_of_the_same_key() -> None:
    recorded = added(working_version_of_kent())
    recorded.pk = None
    with pytest.raises(IntegrityError, match="one_spend_line_of_a_key"), transaction.atomic():
        recorded.save(force_insert=True)


def test_a_stale_line_is_not_overwritten_and_says_how_it_stands() -> None:
    working = working_version_of_kent()
    read = added(working)
    change_line(working, read.pk, {"amount": "2"}, read.row_version, None, "page")
    with pytest.raises(StaleLine) as stale:
        change_line(working, read.pk, {"amount": "3"}, read.row_version, None, "page")
    assert (stale.value.current.amount, stale.value.current.row_version) == (Decimal("2.00"), read.row_version + 1)
    with pytest.raises(StaleLine):
        remove_line(working, read.pk, read.row_version, None, "page")
    assert SpendLine.objects.get(pk=read.pk).amount == Decimal("2.00")


def test_saving_what_is_stored_already_changes_neither_the_line_nor_the_revision() -> None:
    working = working_version_of_kent()
    read = added(working)
    before = revision_of(working)
    assert change_line(working, read.pk, {"amount": "1234.5"}, read.row_version, None, "page").row_version == 1
    assert revision_of(working) == before


def test_the_revision_rises_with_every_change_of_a_line() -> None:
    working = working_version_of_kent()
    revisions = [revision_of(working)]
    read = added(working)
    revisions.append(revision_of(working))
    read = change_line(working, read.pk, {"note": "checked"}, read.row_version, None, "page")
    revisions.append(revision_of(working))
    remove_line(working, read.pk, read.row_version, None, "page")
    revisions.append(revision_of(working))
    assert revisions == sorted(set(revisions))


def test_the_history_tells_who_changed_what_and_through_what() -> None:
    working, who = working_version_of_kent(), lead_of("kent")
    read = added(working, who)
    read = change_line(working, read.pk, {"amount": "7"}, read.row_version, who, "API")
    remove_line(working, read.pk, read.row_version, who, "page")
    told = History.objects.filter(table_name="pilots_spendline", row_id=read.pk).order_by("id")
    assert list(told.values_list("operation", "actor_id", "via", "version_id")) == [
        ("insert", who.pk, "page", working.pk),
        ("update", who.pk, "API", working.pk),
        ("delete", who.pk, "page", working.pk),
    ]
    assert list(told.values_list("before__amount", "after__amount"))[1] == (1234.50, 7)


@pytest.mark.parametrize("status", Version.LOCKED)
def test_nobody_changes_a_version_that_was_submitted_or_approved(status: Version.Status) -> None:
    working = working_version_of_kent()
    read = added(working)
    for stage in Version.LOCKED[: Version.LOCKED.index(status) + 1]:
        Version.objects.filter(pk=working.pk).update(status=stage)
    with pytest.raises(VersionLocked, match=status):
        added(working, spend_type="premises")
    with pytest.raises(VersionLocked):
        remove_line(working, read.pk, read.row_version, None, "page")
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        SpendLine.objects.filter(pk=read.pk).update(amount=1)


def test_a_snapshot_is_locked_for_every_writer() -> None:
    published = count_of_kent().published
    assert published is not None
    with pytest.raises(VersionLocked, match="Snapshot 1 is published"):
        add_line(published, line(), None, "command load_counts")


def test_a_contributor_changes_lines_of_their_own_body_alone() -> None:
    working, who = working_version_of_kent(), contributor_for(DOVER, "kent")
    own, other = added(working, who), added(working, agency=ASHFORD)
    with pytest.raises(NotAllowed, match="Ashford"):
        added(working, who, agency=ASHFORD, spend_type="premises")
    with pytest.raises(NotAllowed):
        change_line(working, other.pk, {"amount": "1"}, other.row_version, who, "page")
    with pytest.raises(NotAllowed):
        change_line(working, own.pk, {"agency": ASHFORD, "spend_type": "premises"}, own.row_version, who, "page")
    with pytest.raises(NotAllowed):
        remove_line(working, other.pk, other.row_version, who, "page")


@pytest.mark.parametrize("who", [leadership_centre, administrator, person])
def test_who_neither_leads_nor_contributes_changes_no_line(who) -> None:
    somebody = who("somebody") if who is person else who()
    with pytest.raises(NotAllowed):
        added(working_version_of_kent(), somebody)


def test_a_lead_changes_no_line_of_another_place() -> None:
    with pytest.raises(NotAllowed):
        added(working_version_of_kent(), lead_of("birmingham"))


def test_a_person_who_was_deactivated_changes_nothing() -> None:
    who = lead_of("kent")
    who.is_active = False
    who.save()
    with pytest.raises(NotAllowed):
        added(working_version_of_kent(), who)


def test_a_body_that_left_the_place_keeps_its_lines_and_they_can_be_corrected() -> None:
    working = working_version_of_kent()
    read = added(working)
    Membership.objects.filter(place__slug="kent", agency__code=DOVER).delete()
    assert change_line(working, read.pk, {"amount": "5"}, read.row_version, None, "page").amount == 5
    with pytest.raises(LineRefused, match="does not serve Kent"):
        added(working, spend_type="premises")


def test_the_working_version_is_read_by_those_who_may() -> None:
    count = count_of_kent()
    assert version_for(count, "working", lead_of("kent")) == working_version_of_kent()
    assert version_for(count, "published", None) == count.published
    for outsider in (None, lead_of("birmingham"), person("somebody")):
        with pytest.raises(NotAllowed):
            version_for(count, "working", outsider)


def test_a_line_stays_within_its_programme_by_the_database_alone() -> None:
    other = begin_programme("Other", "other", ["2010-11"], None, None)
    kind = AgencyType.objects.get(code="district council")
    stranger = Agency.objects.create(programme=other, code="X", name="Stranger", type=kind)
    recorded = added(working_version_of_kent())
    with pytest.raises(IntegrityError, match="stays within its programme"), transaction.atomic():
        SpendLine.objects.filter(pk=recorded.pk).update(agency=stranger)


def test_a_place_is_not_started_then_draft_then_published() -> None:
    place, year = Place.objects.get(slug="kent"), FinancialYear.objects.get(label="2008-09", programme__is_default=True)

    def status() -> str:
        return getattr(with_status(Place.objects.filter(pk=place.pk), year).get(), "status")  # noqa: B009

    assert status() == "not_started"
    working = open_working_version(open_count(place, year))
    assert status() == "not_started"
    add_line(working, line(), None, "page")
    assert status() == "draft"


def test_opening_a_count_is_told_in_the_history_with_who_did_it() -> None:
    place, who = Place.objects.get(slug="kent"), lead_of("kent")
    count = open_count(place, FinancialYear.objects.get(label="2008-09", programme__is_default=True), who, "page")
    told = History.objects.get(table_name="pilots_count", row_id=count.pk)
    assert (told.actor_id, told.via, Count.objects.filter(pk=count.pk).exists()) == (who.pk, "page", True)


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_version_queue_and_none_waits_for_another_place() -> None:
    kent = working_version_of_kent()
    elsewhere = open_working_version(Count.objects.get(place__slug="birmingham", year__label=YEAR))
    somebody_else = connection.copy()
    lock = "SELECT id FROM pilots_version WHERE id = %s FOR UPDATE NOWAIT"
    try:
        with writing(kent, None, "page"), somebody_else.cursor() as cursor:
            cursor.execute(lock, [elsewhere.pk])
            with pytest.raises(OperationalError, match="could not obtain lock"):
                cursor.execute(lock, [kent.pk])
    finally:
        somebody_else.close()
        somebody_else.close_pool()  # type: ignore[attr-defined]

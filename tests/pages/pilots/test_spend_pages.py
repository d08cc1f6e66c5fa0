"""Spend lines in the browser: who sees which version, and recording a line at a time."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pilots.models import Agency, Role, SpendLine, Version
from pilots.spend.write import change_line, remove_line
from tests.people_of_kent import administrator, contributor_for, lead_of, leadership_centre, person
from tests.review.approved import approved
from tests.spend.kent import ASHFORD, DOVER, added, count_of_kent, published_version, working_version_of_kent

pytestmark = pytest.mark.django_db
PAGE = "/places/kent/spend/2010-11/"
LINES = f"{PAGE}?view=lines"
NEW = f"{PAGE}lines/new/"


def text(answer: Any) -> str:
    return answer.content.decode()


def as_(client: Client, who: Any) -> Client:
    client.force_login(who)
    return client


def typed(**changes: str) -> dict[str, str]:
    return {
        "agency": DOVER,
        "service_line": "central-services",
        "spend_type": "employees",
        "amount": "1,234.50",
        "basis": "actual",
        **changes,
    }


def test_the_address_without_a_year_leads_to_the_default_year(client: Client) -> None:
    assert client.get("/places/kent/spend/")["Location"] == PAGE


def test_the_public_reads_the_published_version_to_the_penny(client: Client) -> None:
    page = client.get(PAGE)
    assert page.context["which"] == "published"
    assert "£8,259,406,210.78" in text(page)
    assert sum(len(lines) for _, lines, _ in page.context["groups"]) == published_version().lines.count()
    assert "Add a line" not in text(page)


def test_what_bodies_spend_adds_to_the_total(client: Client) -> None:
    page = client.get(PAGE)
    assert sum(total for _, _, total in page.context["groups"]) == page.context["total"]


def test_the_public_may_not_read_the_working_version(client: Client) -> None:
    assert client.get(f"{PAGE}?version=working").status_code == 403
    as_(client, lead_of("birmingham"))
    assert client.get(f"{PAGE}?version=working").status_code == 403
    assert client.get(PAGE).context["which"] == "published"


def test_an_unknown_year_or_version_is_not_found(client: Client) -> None:
    assert client.get("/places/kent/spend/1999-00/").status_code == 404
    assert client.get(f"{PAGE}?version=secret").status_code == 404


def test_a_contributor_sees_and_changes_only_their_own_body(client: Client) -> None:
    other = added(working_version_of_kent(), agency=ASHFORD)
    page = as_(client, contributor_for(DOVER, "kent")).get(LINES)
    assert [name for name, _, _ in page.context["groups"]] == ["Dover"]
    assert client.get(f"{PAGE}lines/{other.pk}/").status_code == 403
    assert client.post(f"{PAGE}lines/{other.pk}/remove/", {"row_version": "1"}).status_code == 403
    assert [code for code, _ in client.get(NEW).context["form"].fields["agency"].choices] == [DOVER]
    assert client.post(NEW, typed(agency=ASHFORD, spend_type="premises")).status_code == 422
    assert not SpendLine.objects.filter(agency__code=ASHFORD, spend_type__code="premises").exists()


@pytest.mark.parametrize("who", [leadership_centre, administrator])
def test_staff_read_the_working_version_and_change_no_line(client: Client, who: Any) -> None:
    line = added(working_version_of_kent())
    page = as_(client, who()).get(PAGE)
    assert page.context["which"] == "working"
    assert not page.context["may_edit"]
    for address in (NEW, f"{PAGE}lines/{line.pk}/"):
        assert client.get(address).status_code == 403
        assert client.post(address, typed()).status_code == 403


def test_a_lead_records_a_line_and_is_told_what_was_recorded(client: Client) -> None:
    answer = as_(client, lead_of("kent")).post(NEW, typed(funder="Kent (E2221)", note="from the ledger"), follow=True)
    assert "Dover, Central services: £1,234.50 was recorded" in text(answer)
    assert "£1,234.50 more than what is published." in text(answer)
    line = SpendLine.objects.get(version=working_version_of_kent(), note="from the ledger")
    assert line.funder == Agency.objects.get(code="E2221")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "£3.2m"}, "Did you mean 3,200,000.00?"),
        ({"amount": "1.234"}, "money has two"),
        ({"amount": ""}, "Say how much"),
        ({"service_line": ""}, "Choose one"),
        ({"funder": "Atlantis"}, "There is no body"),
        ({"receiver": "E2221"}, "Only a transfer has a receiver"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_what_was_typed_stays(client: Client, changes: dict, said: str) -> None:
    answer = as_(client, lead_of("kent")).post(NEW, typed(note="kept", **changes))
    assert answer.status_code == 422
    assert said in text(answer)
    assert "There is a problem" in text(answer)
    assert answer.context["form"]["note"].value() == "kept"


def test_a_second_line_of_the_same_key_is_refused_with_the_first_amount(client: Client) -> None:
    added(working_version_of_kent())
    answer = as_(client, lead_of("kent")).post(NEW, typed(amount="1"))
    assert "of £1,234.50. Change that one" in text(answer)


def test_a_lead_changes_and_removes_a_line(client: Client) -> None:
    line = added(working_version_of_kent())
    address = f"{PAGE}lines/{line.pk}/"
    as_(client, lead_of("kent"))
    assert client.get(address).context["form"]["amount"].value() == "1,234.50"
    client.post(address, typed(amount="(5)", row_version="1"))
    line.refresh_from_db()
    assert (line.amount, line.row_version) == (-5, 2)
    client.post(f"{address}remove/", {"row_version": "2"})
    assert not SpendLine.objects.filter(pk=line.pk).exists()


def test_a_line_that_somebody_else_changed_shows_both_values_and_asks(client: Client) -> None:
    working, other = working_version_of_kent(), lead_of("kent")
    line = added(working)
    change_line(working, line.pk, {"amount": "77"}, 1, other, "page")
    me = person("me", Role.Kind.PLACE_LEAD, "kent")
    asked = as_(client, me).post(f"{PAGE}lines/{line.pk}/", typed(amount="99", row_version="1"))
    assert asked.status_code == 409
    assert "Lead Of Kent changed this line" in text(asked)
    assert ("Amount counted in the place, £", "77.00", "99") in asked.context["conflicts"]
    line.refresh_from_db()
    assert line.amount == 77
    assert 'value="99"' in text(asked)
    sent = {field.html_name: field.value() or "" for field in asked.context["form"]}
    client.post(f"{PAGE}lines/{line.pk}/", {name: value for name, value in sent.items() if value is not False})
    line.refresh_from_db()
    assert line.amount == 99


def test_a_line_that_somebody_else_removed_keeps_what_was_typed(client: Client) -> None:
    working = working_version_of_kent()
    line = added(working)
    remove_line(working, line.pk, 1, None, "page")
    answer = as_(client, lead_of("kent")).post(f"{PAGE}lines/{line.pk}/", typed(amount="99", row_version="1"))
    assert answer.status_code == 409
    assert "Somebody removed this line" in text(answer)
    assert answer.context["action"] == NEW
    assert answer.context["form"]["amount"].value() == "99"


def test_a_line_that_somebody_else_changed_is_not_removed(client: Client) -> None:
    working = working_version_of_kent()
    line = added(working)
    change_line(working, line.pk, {"amount": "77"}, 1, None, "page")
    as_(client, lead_of("kent"))
    answer = client.post(f"{PAGE}lines/{line.pk}/remove/", {"row_version": "1"}, follow=True)
    assert "it is £77.00 now. It was not removed." in text(answer)
    assert SpendLine.objects.filter(pk=line.pk).exists()


def test_a_locked_version_is_shown_as_locked_and_takes_no_line(client: Client) -> None:
    working = working_version_of_kent()
    added(working)
    Version.objects.filter(pk=working.pk).update(status=Version.Status.SUBMITTED)
    page = as_(client, lead_of("kent")).get(LINES)
    assert "The count is submitted" in text(page)
    assert not page.context["may_edit"]
    assert "The count is submitted" in text(client.post(NEW, typed()))


def test_the_leadership_centre_publishes_what_was_approved(client: Client) -> None:
    added(working_version_of_kent())
    as_(client, leadership_centre())
    assert not client.get(PAGE).context["may_publish"]
    approved(count_of_kent())
    page = client.get(PAGE)
    assert page.context["may_publish"]
    answer = client.post(f"{PAGE}publish/", {"revision": str(page.context["revision"])}, follow=True)
    assert "published as snapshot 2. The maps follow within seconds." in text(answer)
    assert not answer.context["may_publish"]
    client.logout()
    assert "£8,259,407,445.28" in text(client.get(PAGE))


def test_what_changed_since_it_was_seen_is_not_published(client: Client) -> None:
    working = working_version_of_kent()
    added(working)
    page = as_(client, leadership_centre()).get(PAGE)
    added(working, spend_type="premises")
    answer = client.post(f"{PAGE}publish/", {"revision": str(page.context["revision"])}, follow=True)
    assert "Somebody changed this count since you opened it" in text(answer)
    assert published_version().number == 1


@pytest.mark.parametrize("who", [lambda: lead_of("kent"), administrator, lambda: contributor_for(DOVER, "kent")])
def test_nobody_else_publishes(client: Client, who: Any) -> None:
    added(working_version_of_kent())
    approved(count_of_kent())
    assert as_(client, who()).post(f"{PAGE}publish/").status_code == 403
    assert published_version().number == 1


def test_what_was_not_approved_is_not_published_and_that_is_said(client: Client) -> None:
    added(working_version_of_kent())
    answer = as_(client, leadership_centre()).post(f"{PAGE}publish/", follow=True)
    assert "This count has not been approved" in text(answer)
    assert published_version().number == 1


def test_one_body_at_a_time_shows_its_lines_and_its_total(client: Client) -> None:
    page = client.get(f"{PAGE}?body={DOVER}")
    ((name, lines, total),) = page.context["groups"]
    assert (name, total) == ("Dover", page.context["total"])
    assert len(lines) < 30


def test_a_page_of_many_lines_asks_the_database_a_few_times_only(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one_body:
        client.get(f"{PAGE}?body={DOVER}")
    with CaptureQueriesContext(connection) as all_bodies:
        client.get(PAGE)
    assert len(all_bodies) <= len(one_body)


def test_an_empty_year_says_who_records_and_offers_it_to_those_who_may(client: Client) -> None:
    empty = "/places/kent/spend/2008-09/"
    assert "Nothing recorded yet" in text(client.get(empty))
    page = as_(client, lead_of("kent")).get(f"{empty}?view=lines")
    assert "Add the first line" in text(page)


def test_reading_an_empty_year_stores_nothing(client: Client) -> None:
    before = Version.objects.count()
    as_(client, administrator()).get("/places/kent/spend/2008-09/")
    assert Version.objects.count() == before

"""The pages of the register: what everybody reads, and what those who may change in the browser."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pilots.models import Agency, Membership, Person, Place, Programme
from pilots.register.beginning import begin_programme
from pilots.register.history import history_of_place
from tests.people_of_kent import administrator, contributor_for, lead_of, leadership_centre

pytestmark = pytest.mark.django_db
POLICE = "E6022"


@pytest.fixture
def centre(client: Client) -> Client:
    client.force_login(leadership_centre())
    return client


def text(answer: Any) -> str:
    return answer.content.decode()


def fields_of(answer: Any) -> dict[str, str]:
    """What a browser would send of a place's form as it was shown."""
    editor = answer.context["editor"]
    bound = [*editor.form, *editor.rows.management_form, *(field for row in editor.rows.forms for field in row)]
    sent = {field.html_name: field.value() for field in bound}
    return {name: str(value) for name, value in sent.items() if value is not None and value is not False}


def row_of(sent: dict[str, str], code: str) -> str:
    """The prefix of the row of one body."""
    return next(name.removesuffix("-agency") for name, value in sent.items() if value.endswith(f"({code})"))


def test_everybody_reads_the_list_of_places(client: Client) -> None:
    page = client.get("/places/")
    rows = page.context["rows"]
    assert len(rows) == 93
    kent = next(place for place, _ in rows if place.slug == "kent")
    assert (kent.bodies, kent.population) == (17, 1463740)
    assert {place.slug: status for place, status in rows}["kent"] == "Published"
    assert "Add a place" not in text(page)


@pytest.mark.parametrize(
    ("query", "number"),
    [("kind=pilot", 13), ("kind=parallel", 80), ("q=kent", 1), ("region=London&kind=pilot", 2), ("q=zzz", 0)],
)
def test_the_list_of_places_is_narrowed(client: Client, query: str, number: int) -> None:
    assert len(client.get(f"/places/?{query}").context["rows"]) == number


def test_an_unknown_programme_place_or_body_is_not_found_in_words(client: Client) -> None:
    for address in ("/places/?programme=nowhere", "/places/nowhere/history/", "/agencies/X0000/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is no" in text(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/places/new/",
        "/places/kent/edit/",
        "/places/barnet/swap/",
        "/agencies/new/",
        "/agencies/E2234/edit/",
        "/programmes/new/",
    ],
)
def test_forms_of_the_register_are_for_those_who_may(client: Client, address: str) -> None:
    assert client.get(address).status_code == 403
    for who in (lead_of("kent"), contributor_for("E2234", "kent")):
        client.force_login(who)
        assert client.get(address).status_code == 403
        assert client.post(address, {"name": "Taken over"}).status_code == 403
    client.force_login(administrator())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/places/kent/retire/", "/places/kent/bring-back/", "/agencies/E2234/retire/"])
def test_places_and_bodies_are_retired_by_post_of_those_who_may(client: Client, address: str) -> None:
    client.force_login(lead_of("kent"))
    assert client.get(address).status_code in (403, 405)
    assert client.post(address).status_code == 403
    assert Place.objects.get(slug="kent").is_active


@pytest.mark.parametrize(
    ("page", "address"),
    [("/places/kent/history/", "/places/kent/retire/"), ("/agencies/E2234/", "/agencies/E2234/retire/")],
)
def test_whoever_retires_is_asked_first(centre: Client, page: str, address: str) -> None:
    assert f'href="{address}"' in centre.get(page).content.decode()
    asked = centre.get(address)
    assert asked.status_code == 200
    assert "Back without retiring it" in text(asked)
    assert Place.objects.get(slug="kent").is_active


def test_retiring_a_place_is_told_as_a_change(centre: Client) -> None:
    centre.post("/places/kent/retire/")
    newest = history_of_place(Place.objects.get(slug="kent"))[0]
    assert (newest.is_beginning, [row.what for row in newest.differences]) == (False, ["Retired on"])
    assert history_of_place(Place.objects.get(slug="kent"))[-1].is_beginning


def test_a_form_that_is_sent_back_as_it_was_shown_changes_nothing(centre: Client) -> None:
    before = Programme.objects.get(is_default=True).register_revision
    sent = fields_of(centre.get("/places/kent/edit/"))
    assert centre.post("/places/kent/edit/", sent).status_code == 302
    assert Programme.objects.get(is_default=True).register_revision == before
    assert Membership.objects.filter(place__slug="kent").count() == 17


def test_a_place_is_renamed_and_its_share_and_members_change_in_one_go(centre: Client) -> None:
    sent = fields_of(centre.get("/places/kent/edit/"))
    police, dover = row_of(sent, POLICE), row_of(sent, "E2234")
    sent |= {"name": "Kent County", f"{police}-share": "0.8", f"{dover}-remove": "on"}
    answer = centre.post("/places/kent/edit/", sent, follow=True)
    assert "Kent County was changed" in text(answer)
    assert "share 0.847236, population 2011" in text(answer)
    assert Membership.objects.get(place__slug="kent", agency__code=POLICE).share == Decimal("0.8")
    assert not Membership.objects.filter(place__slug="kent", agency__code="E2234").exists()


def test_a_share_that_would_put_a_pound_in_two_places_is_refused_by_name_and_nothing_is_stored(centre: Client) -> None:
    sent = fields_of(centre.get("/places/kent/edit/"))
    sent |= {"name": "Half written", f"{row_of(sent, POLICE)}-share": "0.9"}
    answer = centre.post("/places/kent/edit/", sent)
    assert answer.status_code == 422
    assert "The shares of Kent Police Authority would add to 1.05" in text(answer)
    assert "Medway (0.15" in text(answer)
    assert Place.objects.get(slug="kent").name == "Kent"


def test_an_area_of_another_place_is_refused_by_name(centre: Client) -> None:
    sent = fields_of(centre.get("/places/kent/edit/"))
    sent |= {"members-17-agency": "Medway Towns", "members-17-share": "0.1", "members-17-basis": "given"}
    sent["members-17-agency"] = Agency.objects.get(code="E2201").name
    answer = centre.post("/places/kent/edit/", sent)
    assert answer.status_code == 422
    assert "is a lowest-tier area, belongs to one active place, and is in Medway" in text(answer)


def test_an_unknown_body_is_refused_where_it_stands(centre: Client) -> None:
    sent = fields_of(centre.get("/places/kent/edit/")) | {"members-18-agency": "Atlantis"}
    answer = centre.post("/places/kent/edit/", sent)
    assert "There is no body &quot;Atlantis&quot;" in text(answer)
    assert 'href="#id_members-18-agency"' in text(answer)


def test_what_somebody_else_changed_meanwhile_is_asked_about_before_it_is_overwritten(centre: Client) -> None:
    sent = fields_of(centre.get("/places/kent/edit/"))
    other = fields_of(centre.get("/places/kent/edit/")) | {"region": "South"}
    centre.post("/places/kent/edit/", other)
    asked = centre.post("/places/kent/edit/", sent | {"name": "Mine"})
    assert "Somebody changed this since you opened it" in text(asked)
    assert Place.objects.get(slug="kent").name == "Kent"
    assert centre.post("/places/kent/edit/", fields_of(asked)).status_code == 302
    assert Place.objects.get(slug="kent").name == "Mine"


def test_a_place_is_added_with_its_bodies(centre: Client) -> None:
    free = Agency.objects.filter(memberships=None).exclude(gss_code="").first()
    assert free is not None
    sent = fields_of(centre.get("/places/new/"))
    sent |= {"name": "New Town", "short_name": "New Town", "slug": "new-town", "region": "South West"}
    sent |= {"people": "2203", "people_year": "2011", "people_source": "Census"}
    sent |= {"members-0-agency": free.code, "members-0-share": "1", "members-0-basis": "wholly inside"}
    answer = centre.post("/places/new/", sent, follow=True)
    assert "New Town was added" in text(answer)
    assert list(Place.objects.get(slug="new-town").agencies.all()) == [free]


@pytest.mark.parametrize("slug", ["new", "kent"])
def test_a_taken_address_is_refused(centre: Client, slug: str) -> None:
    sent = fields_of(centre.get("/places/new/")) | {"name": "Other", "short_name": "Other", "slug": slug}
    assert "is taken" in text(centre.post("/places/new/", sent))


def test_a_candidate_is_swapped_in_the_browser(centre: Client) -> None:
    sent = fields_of(centre.get("/places/barnet/swap/"))
    sent |= {"name": "Hertsmere", "short_name": "Hertsmere", "slug": "hertsmere"}
    area = Agency.objects.exclude(gss_code="").get(places__slug="barnet")
    sent |= {"members-0-agency": area.code, "members-0-share": "1", "members-0-basis": "wholly inside"}
    answer = centre.post("/places/barnet/swap/", sent, follow=True)
    assert "Hertsmere takes the place of Barnet" in text(answer)
    assert not Place.objects.get(slug="barnet").is_active
    refused = centre.post("/places/barnet/bring-back/", follow=True)
    assert "Barnet cannot come back as it is" in text(refused)


def test_a_body_says_where_it_serves_with_shares_and_what_it_spends_there(client: Client) -> None:
    page = client.get(f"/agencies/{POLICE}/")
    assert [row.place.slug for row in page.context["serves"]] == ["kent", "medway"]
    assert page.context["shares"] == Decimal(1)
    assert page.context["total"] > 100_000_000


def test_a_body_is_added_changed_and_retired_with_its_history(centre: Client) -> None:
    new = {"name": "Cinque Ports", "code": "CP", "new_type": "confederation", "first_year": "2010-11"}
    assert "was added" in text(centre.post("/agencies/new/", new, follow=True))
    changed = {"name": "Cinque Ports", "type": Agency.objects.get(code="CP").type_id, "successor": "Dover"}
    page = centre.post("/agencies/CP/edit/", changed, follow=True)
    assert "Followed by" in text(page)
    assert "retired" in text(centre.post("/agencies/CP/retire/", follow=True))
    assert Agency.objects.get(code="CP").retired_on is not None
    assert "Dover still serves Kent" in text(centre.post("/agencies/E2234/retire/", follow=True))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "E2234"}, "already"),
        ({"first_year": "2010-12"}, "Write a financial year as 2010-11"),
        ({"first_year": "2011-12", "last_year": "2010-11"}, "comes before the first"),
        ({"gss_code": "E07000108"}, "has this area code already"),
        ({"new_type": ""}, "Choose a kind"),
        ({"parent": "Atlantis"}, "There is no body"),
    ],
)
def test_a_body_that_cannot_be_is_refused_with_what_to_do(centre: Client, changes: dict, said: str) -> None:
    new = {"name": "Cinque Ports", "code": "CP", "new_type": "confederation", **changes}
    answer = centre.post("/agencies/new/", new)
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_body_cannot_follow_one_that_follows_it(centre: Client) -> None:
    dover, ashford = Agency.objects.get(code="E2234"), Agency.objects.get(code="E2231")
    Agency.objects.filter(pk=ashford.pk).update(successor=dover)
    answer = centre.post("/agencies/E2234/edit/", {"name": "Dover", "type": dover.type_id, "successor": "E2231"})
    assert "lead back to this body" in text(answer)


def test_an_empty_programme_is_begun_and_filled_in_the_browser(client: Client) -> None:
    client.force_login(administrator())
    begun = client.post(
        "/programmes/new/",
        {"name": "Today", "slug": "today", "years": "2024-25\n2025-26", "like": Programme.objects.get().pk},
        follow=True,
    )
    assert "Today was begun" in text(begun)
    assert "No places yet" in text(begun)
    assert "Today has no places yet" in text(client.get("/?programme=today"))
    client.post(
        "/agencies/new/?programme=today", {"name": "Kent Unitary", "code": "KU", "new_type": "unitary authority"}
    )
    sent = fields_of(client.get("/places/new/?programme=today"))
    sent |= {"name": "Kent", "short_name": "Kent", "slug": "kent-today"}
    sent |= {"members-0-agency": "KU", "members-0-share": "1", "members-0-basis": "wholly inside"}
    client.post("/places/new/?programme=today", sent)
    assert [place.slug for place, _ in client.get("/places/?programme=today").context["rows"]] == ["kent-today"]
    assert client.get("/places/kent-today/spend/")["Location"] == "/places/kent-today/spend/2025-26/"


def test_an_administrator_says_which_programme_is_shown_first(client: Client) -> None:
    begin_programme("Today", "today", ["2025-26"], None, None)
    client.force_login(leadership_centre())
    assert client.post("/programmes/today/default/").status_code == 403
    client.force_login(administrator())
    client.post("/programmes/today/default/")
    assert Programme.objects.get(is_default=True).slug == "today"


@pytest.mark.parametrize("years", ["2024", "2024-26", "", "twenty"])
def test_a_year_that_is_none_is_refused(centre: Client, years: str) -> None:
    answer = centre.post("/programmes/new/", {"name": "Today", "slug": "today", "years": years})
    assert answer.status_code == 422
    assert not Programme.objects.filter(slug="today").exists()


def test_where_nothing_is_published_to_all_the_register_is_for_those_who_signed_in(client: Client, settings) -> None:
    settings.PUBLIC_READING = False
    for address in (
        "/places/",
        "/agencies/",
        "/agencies/E2234/",
        "/places/kent/history/",
        "/places/kent/spend/2010-11/",
    ):
        assert client.get(address).status_code == 403
    client.force_login(Person.objects.create(username="somebody"))
    assert client.get("/places/").status_code == 403


def test_the_history_says_in_one_line_what_a_place_began_with_and_tells_changes_one_by_one(centre: Client) -> None:
    first = text(centre.get("/places/kent/history/"))
    assert "27 values that it began with" in first
    assert '<th scope="col">Before</th>' not in first
    sent = fields_of(centre.get("/places/kent/edit/")) | {"name": "Kent County"}
    centre.post("/places/kent/edit/", sent)
    assert '<th scope="col">Before</th>' in text(centre.get("/places/kent/history/"))

"""Signing in and out, what a person sees of themselves, and their tokens."""

import pytest
from django.core.cache import cache
from django.test import Client

from pilots.models import ApiToken, History, Person
from pilots.people.attempts import PER_NAME
from tests.people_of_kent import contributor_for, lead_of, person

pytestmark = pytest.mark.django_db
PASSWORD = "four words in a row"


@pytest.fixture(autouse=True)
def _nobody_failed_yet():
    cache.clear()


@pytest.fixture
def lead() -> Person:
    somebody = lead_of("kent")
    somebody.set_password(PASSWORD)
    somebody.save()
    return somebody


@pytest.fixture
def browser(client: Client, lead: Person) -> Client:
    client.force_login(lead)
    return client


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/accounts/sign-in/", {"username": username, "password": password, **more})


def test_a_person_signs_in_and_is_led_on(client: Client, lead: Person) -> None:
    answer = sign_in(client, lead.username, next="/places/kent/spend/2010-11/")
    assert answer["Location"] == "/places/kent/spend/2010-11/"
    assert int(client.session["_auth_user_id"]) == lead.pk


def test_whoever_comes_from_nowhere_is_led_to_what_they_may_do(client: Client, lead: Person) -> None:
    landed = client.get(sign_in(client, lead.username)["Location"]).content.decode()
    assert "Lead of Kent" in landed
    assert 'href="/places/kent/spend/"' in landed


def test_nobody_is_led_to_another_site(client: Client, lead: Person) -> None:
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert sign_in(client, lead.username, next=elsewhere)["Location"] == "/accounts/"
        client.logout()


def test_the_session_gets_another_key_on_the_way_in_and_ends_on_the_way_out(client: Client, lead: Person) -> None:
    client.get("/accounts/sign-in/")
    session = client.session
    session["before"] = "signing in"
    session.save()
    before = session.session_key
    sign_in(client, lead.username)
    assert client.session.session_key != before
    assert client.get("/accounts/sign-out/").status_code == 405
    client.post("/accounts/sign-out/")
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_is_refused_without_saying_which_of_the_two_is_wrong(client: Client, lead: Person) -> None:
    known, unknown = sign_in(client, lead.username, "wrong"), sign_in(client, "nobody", "wrong")
    words = "The user name or the password is not right."
    assert words in known.content.decode()
    assert words in unknown.content.decode()


def test_a_deactivated_person_cannot_sign_in_and_loses_the_session_they_had(browser: Client, lead: Person) -> None:
    assert browser.get("/accounts/").status_code == 200
    lead.is_active = False
    lead.save()
    assert browser.get("/accounts/")["Location"].startswith("/accounts/sign-in/")
    assert browser.get("/places/kent/spend/2010-11/?version=working").status_code == 403
    assert sign_in(Client(), lead.username).status_code == 200


def test_too_many_attempts_are_refused_even_with_the_right_password(client: Client, lead: Person) -> None:
    for _ in range(PER_NAME):
        sign_in(client, lead.username, "wrong")
    refused = sign_in(client, lead.username)
    assert "too many attempts" in refused.content.decode()
    assert "_auth_user_id" not in client.session
    cache.clear()
    assert sign_in(client, lead.username).status_code == 302


def test_another_name_from_the_same_address_can_still_sign_in(client: Client, lead: Person) -> None:
    for _ in range(PER_NAME):
        sign_in(client, "nobody", "wrong")
    assert sign_in(client, lead.username).status_code == 302


def test_the_account_says_in_words_what_a_person_may_do(client: Client) -> None:
    client.force_login(contributor_for("E2234", "kent"))
    assert "Contributor for Dover in Kent" in client.get("/accounts/").content.decode()
    client.force_login(person("somebody"))
    assert "You have no role yet" in client.get("/accounts/").content.decode()


def test_the_account_is_for_those_who_signed_in(client: Client) -> None:
    for address in ("/accounts/", "/accounts/password/", "/accounts/tokens/new/"):
        assert client.get(address)["Location"] == f"/accounts/sign-in/?next={address}"


def test_a_changed_password_ends_other_sessions_and_keeps_this_one(browser: Client, lead: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(lead)
    new = "another four words in a row"
    given = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert browser.post("/accounts/password/", given)["Location"] == "/accounts/"
    assert browser.get("/accounts/").status_code == 200
    assert elsewhere.get("/accounts/").status_code == 302
    lead.refresh_from_db()
    assert lead.check_password(new)


def test_a_short_password_is_refused(browser: Client) -> None:
    given = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert "at least 12 characters" in browser.post("/accounts/password/", given).content.decode()


def test_a_token_is_shown_once_works_at_once_and_is_kept_as_a_hash(browser: Client, lead: Person) -> None:
    answer = browser.post("/accounts/tokens/new/", {"name": "monthly export", "scope": "write", "days": "30"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    listed = browser.get("/accounts/").content.decode()
    assert "monthly export" in listed
    assert secret not in listed
    token = ApiToken.objects.get(user=lead)
    assert secret not in (token.digest, token.token_key)
    assert Client().get("/api/v1/places/", headers={"Authorization": f"Token {secret}"}).status_code == 200
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_revoked_token_is_refused_from_then_on(browser: Client, lead: Person) -> None:
    secret = browser.post("/accounts/tokens/new/", {"name": "old", "scope": "write", "days": "30"}).context["secret"]
    browser.post("/accounts/tokens/revoke/", {"token": ApiToken.objects.get(user=lead).digest})
    assert Client().get("/api/v1/places/", headers={"Authorization": f"Token {secret}"}).status_code == 401


def test_nobody_revokes_the_token_of_another(browser: Client) -> None:
    token, _ = ApiToken.objects.create(user=person("somebody"), name="theirs")
    browser.post("/accounts/tokens/revoke/", {"token": token.digest})
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_no_password_stands_in_the_history(browser: Client, lead: Person) -> None:
    told = History.objects.filter(table_name="pilots_person", row_id=lead.pk)
    assert told.exists()
    assert all("password" not in (row.after or {}) for row in told)

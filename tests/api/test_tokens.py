"""API tokens: printed once, hashed at rest, expiring, last use kept."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from pilots.models import ApiToken, Person

from .asking import Api


def issue(*arguments: str) -> str:
    """What the command prints: the token and nothing else."""
    printed = StringIO()
    call_command("issue_token", *arguments, stdout=printed)
    return printed.getvalue().strip()


@pytest.fixture
def lead_name(people):
    return people["place lead"].username


def test_the_command_prints_a_token_that_signs_in(lead_name):
    token = issue(lead_name, "--name", "nightly import")
    assert Api(token).get("places/kent/spend/?version=working").status == 200
    assert ApiToken.objects.get(user__username=lead_name).name == "nightly import"


def test_only_its_hash_is_stored(lead_name):
    token = issue(lead_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM pilots_apitoken t")
        [[stored]] = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM pilots_history WHERE coalesce(after, before)::text LIKE %s", [f"%{token}%"]
        )
        assert cursor.fetchone() == (0,)
    assert token not in stored


def test_a_token_expires(lead_name):
    token = issue(lead_name, "--expires", "30")
    stored = ApiToken.objects.get(user__username=lead_name)
    assert timedelta(days=29) < stored.expiry - timezone.now() < timedelta(days=31)
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert Api(token).get("places/").status == 401


def test_the_token_of_an_inactive_person_is_refused(lead_name):
    token = issue(lead_name)
    Person.objects.filter(username=lead_name).update(is_active=False)
    assert Api(token).get("places/").status == 401


def test_its_last_use_is_kept_to_the_minute(lead_name):
    token = issue(lead_name)
    Api(token).get("places/")
    first = ApiToken.objects.get(user__username=lead_name).last_used_at
    Api(token).get("places/")
    assert ApiToken.objects.get(user__username=lead_name).last_used_at == first
    assert timezone.now() - first < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nobody"], "There is no person"),
        (["place-lead", "--expires", "0"], "1 to 3,650 days"),
        (["place-lead", "--name", "x" * 81], "1 to 80 characters"),
        (["place-lead", "--name", " "], "1 to 80 characters"),
    ],
)
def test_what_cannot_be_issued_says_why(lead_name, arguments, why):
    with pytest.raises(CommandError, match=why):
        issue(*arguments)


def test_too_many_requests_are_told_the_limit_and_when_to_try_again(anybody, lead_name, settings):
    settings.API_LIMITS = {"anonymous": 2, "person": 3}
    # What other tests have asked for in this minute is not this one's.
    cache.clear()
    token = issue(lead_name)
    for api, limit in ((anybody, 2), (Api(token), 3)):
        # One more than two minutes allow, should a minute end meanwhile.
        answers = [api.get("service-lines/") for _ in range(2 * limit + 1)]
        refused = [answer for answer in answers if answer.status == 429]
        assert limit <= len(answers) - len(refused) <= 2 * limit
        assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
        assert f"At most {limit} requests a minute" in refused[0].detail

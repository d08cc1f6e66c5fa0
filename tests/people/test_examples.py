"""Example people of an embedded installation."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pilots.models import Person, Place
from pilots.people.examples import FILE, make_example_people
from pilots.permissions import Action, allows

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.EMBEDDED, settings.TOTALPLACE_HOME = True, tmp_path
    return tmp_path


def said() -> str:
    out = StringIO()
    call_command("make_example_people", stdout=out)
    return out.getvalue()


def test_there_is_one_person_a_role_and_each_can_sign_in(home: Path, client: Client) -> None:
    sign_ins = make_example_people()
    assert [row.username for row in sign_ins] == ["kent-contributor", "kent-lead", "leadership-centre", "administrator"]
    for row in sign_ins:
        assert client.login(username=row.username, password=row.password)
    lead, centre = Person.objects.get(username="kent-lead"), Person.objects.get(username="leadership-centre")
    assert allows(lead, Action.EDIT_SPEND, Place.objects.get(slug="kent"))
    assert allows(centre, Action.PUBLISH)
    assert {person.email.partition("@")[2] for person in Person.objects.all()} == {"example.org"}


def test_a_second_start_says_the_same(home: Path) -> None:
    first = said()
    assert said() == first
    assert Person.objects.count() == 4


def test_passwords_are_random_and_only_their_owner_reads_the_file(home: Path) -> None:
    passwords = {row.password for row in make_example_people()}
    assert len(passwords) == 4
    assert all(re.fullmatch(r"[\w-]{16}", password) for password in passwords)
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert len(json.loads((home / FILE).read_text())) == 4


def test_a_password_that_was_changed_since_is_left_alone_and_not_said(home: Path) -> None:
    make_example_people()
    lead = Person.objects.get(username="kent-lead")
    lead.set_password("chosen by its owner")
    lead.save()
    assert "kent-lead          (changed since)" in said()
    lead.refresh_from_db()
    assert lead.check_password("chosen by its owner")
    assert "(changed since)" in said()


def test_without_places_there_are_the_leadership_centre_and_an_administrator(home: Path) -> None:
    Place.objects.update(retired_on="2010-05-11")
    assert [row.username for row in make_example_people()] == ["leadership-centre", "administrator"]


def test_outside_embedded_mode_nobody_is_made(home: Path, settings) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="embedded mode only"):
        call_command("make_example_people")
    assert not Person.objects.exists()
    assert not (home / FILE).exists()
